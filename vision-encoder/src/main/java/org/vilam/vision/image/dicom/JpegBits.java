package org.vilam.vision.image.dicom;

import java.nio.ByteBuffer;

/** The bits of one scan's entropy-coded data, byte stuffing undone (ITU-T T.81 section F.2.2.5). */
final class JpegBits {
    private final ByteBuffer bytes;
    private int at;

    /** The next {@code count} bits in its lower end. */
    private long buffer;

    private int count;

    JpegBits(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** The next 16 bits without taking them; zeros after the end or a restart marker. */
    int peek16() {
        fill();
        return (int) (count >= 16 ? buffer >>> (count - 16) : buffer << (16 - count)) & 0xFFFF;
    }

    void skip(int bits) {
        if (bits > count) {
            throw Refusal.corrupt("the entropy-coded data of the JPEG frame end too early");
        }
        count -= bits;
        buffer &= (1L << count) - 1;
    }

    /** Takes up to 16 bits as an unsigned number. */
    int take(int bits) {
        int value = bits == 0 ? 0 : peek16() >>> (16 - bits);
        skip(bits);
        return value;
    }

    private void fill() {
        while (count <= 32 && at < bytes.limit()) {
            int next = JpegStream.u8(bytes, at);
            if (next == 0xFF) {
                if (at + 1 >= bytes.limit() || bytes.get(at + 1) != 0) {
                    return;
                }
                at++;
            }
            at++;
            buffer = buffer << 8 | next;
            count += 8;
        }
    }

    /** Drops what is left of the byte and goes past the restart marker that must follow. */
    void restart() {
        buffer = 0;
        count = 0;
        while (at + 1 < bytes.limit() && JpegStream.u8(bytes, at) == 0xFF && JpegStream.u8(bytes, at + 1) == 0xFF) {
            at++;
        }
        if (at + 1 >= bytes.limit() || JpegStream.u8(bytes, at) != 0xFF || (bytes.get(at + 1) & 0xF8) != 0xD0) {
            throw Refusal.corrupt("the JPEG frame lacks a restart marker where one is due");
        }
        at += 2;
    }
}
