package org.vilam.vision.image.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** RLE lossless (PS3.5 annex G): PackBits, one segment for each byte of each sample, most significant byte first. */
final class RleDecoder {
    private static final int HEADER = 64;

    private RleDecoder() {}

    static StoredSamples decode(ByteBuffer frame, PixelFormat format) {
        if (format.bitsAllocated() % 8 != 0 || format.type() != PixelFormat.SampleType.INTEGER) {
            throw Refusal.corrupt("RLE is not defined for " + format.bitsAllocated() + " bits allocated");
        }
        int width = format.bitsAllocated() / 8;
        int segments = format.samples() * width;
        if (frame.remaining() < HEADER || Bytes.u32(frame, 0, ByteOrder.LITTLE_ENDIAN) != segments) {
            throw Refusal.corrupt("the RLE header does not name " + segments + " segments");
        }
        int pixels = Math.toIntExact(format.pixels());
        byte[] out = new byte[Math.toIntExact(format.frameBytes())];
        for (int segment = 0; segment < segments; segment++) {
            long from = offset(frame, segment);
            long to = segment + 1 < segments ? offset(frame, segment + 1) : frame.limit();
            if (from < HEADER || to < from || to > frame.limit()) {
                throw Refusal.corrupt("the offset of RLE segment " + (segment + 1) + " is outside the frame");
            }
            int sample = segment / width;
            int significance = width - 1 - segment % width;
            unpack(frame, (int) from, (int) to, out, sample * width + significance, segments, pixels);
        }
        return new StoredSamples(
                format.interleaved(format.photometric()), ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN), false);
    }

    private static long offset(ByteBuffer frame, int segment) {
        return Bytes.u32(frame, 4 + 4 * segment, ByteOrder.LITTLE_ENDIAN);
    }

    /** Unpacks {@code count} bytes into every {@code step}-th place of {@code out}, beginning with {@code at}. */
    private static void unpack(ByteBuffer in, int from, int to, byte[] out, int at, int step, int count) {
        int end = at + count * step;
        while (at < end) {
            if (to - from < 2) {
                throw Refusal.corrupt("an RLE segment ends before its last pixel");
            }
            int control = in.get(from++);
            if (control >= 0) {
                if (control >= to - from) {
                    throw Refusal.corrupt("an RLE segment ends inside a literal run");
                }
                for (int i = 0; i <= control && at < end; i++, at += step) {
                    out[at] = in.get(from + i);
                }
                from += control + 1;
            } else if (control != -128) {
                byte repeated = in.get(from++);
                for (int i = 0; i <= -control && at < end; i++, at += step) {
                    out[at] = repeated;
                }
            }
        }
    }
}
