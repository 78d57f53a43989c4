package org.vilam.vision.image.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The items of encapsulated pixel data (PS3.5 section A.4); item 0 is the basic offset table. */
final class Fragments {
    private final ByteBuffer bytes;
    private int[] starts = new int[8];
    private int[] lengths = new int[8];
    private int count;

    /** @param bytes the whole file, which the fragments point into */
    Fragments(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    void add(int start, int length) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
            lengths = Arrays.copyOf(lengths, count * 2);
        }
        starts[count] = start;
        lengths[count] = length;
        count++;
    }

    /**
     * The bytes of the first frame.
     *
     * @param frames how many frames there are in all
     * @param endsWithEoi whether a frame ends with the JPEG marker EOI
     */
    ByteBuffer firstFrame(int frames, boolean endsWithEoi) {
        if (count < 2) {
            throw Refusal.corrupt(Tag.PIXEL_DATA + " holds no fragment");
        }
        if (frames == 1) {
            return join(count);
        }
        if (count - 1 == frames) {
            return join(2);
        }
        int second = secondFrameByOffsetTable();
        if (second > 1) {
            return join(second);
        }
        if (endsWithEoi) {
            for (int i = 1; i < count; i++) {
                if (containsEoi(starts[i], lengths[i])) {
                    return join(i + 1);
                }
            }
        }
        throw Refusal.corrupt("the " + (count - 1) + " fragments of " + Tag.PIXEL_DATA + " cannot be told apart into "
                + frames + " frames");
    }

    /** Index of the fragment where the second frame begins by the basic offset table, or -1. */
    private int secondFrameByOffsetTable() {
        if (lengths[0] < 8) {
            return -1;
        }
        // Offsets count from the first byte of the first fragment's item tag, which is 8 bytes before its value.
        long second = Bytes.u32(bytes, starts[0] + 4, ByteOrder.LITTLE_ENDIAN) + starts[1];
        for (int i = 2; i < count; i++) {
            if (starts[i] == second) {
                return i;
            }
        }
        return -1;
    }

    /** Whether the last bytes are FF D9, zero padding aside. */
    private boolean containsEoi(int start, int length) {
        int end = start + length;
        while (end > start && bytes.get(end - 1) == 0) {
            end--;
        }
        return end - start >= 2 && bytes.get(end - 1) == (byte) 0xD9 && bytes.get(end - 2) == (byte) 0xFF;
    }

    /** Fragments 1 .. {@code end} - 1 as one run of bytes. */
    private ByteBuffer join(int end) {
        if (end == 2) {
            return bytes.slice(starts[1], lengths[1]).order(ByteOrder.LITTLE_ENDIAN);
        }
        int total = 0;
        for (int i = 1; i < end; i++) {
            total += lengths[i];
        }
        byte[] joined = new byte[total];
        int at = 0;
        for (int i = 1; i < end; i++) {
            bytes.get(starts[i], joined, at, lengths[i]);
            at += lengths[i];
        }
        return ByteBuffer.wrap(joined).order(ByteOrder.LITTLE_ENDIAN);
    }
}
