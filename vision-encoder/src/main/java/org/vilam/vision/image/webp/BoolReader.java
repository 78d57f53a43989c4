package org.vilam.vision.image.webp;

import java.io.EOFException;

/** The boolean entropy decoder of VP8 (RFC 6386 section 7), in the arithmetic of libwebp's bit reader. */
final class BoolReader {
    private final byte[] data;
    private final int end;
    private int at;
    private long value;
    /** The size of the current interval, less one. */
    private int range = 254;
    /** How many bits of {@link #value} lie below the eight that are compared. */
    private int bits = -8;

    /** Reads {@code data[from..end)}. */
    BoolReader(byte[] data, int from, int end) {
        this.data = data;
        this.at = from;
        this.end = end;
    }

    /** One bit that is 0 with probability {@code probability / 256}. */
    int bit(int probability) throws EOFException {
        if (bits < 0) {
            load();
        }
        int split = (range * probability) >> 8;
        int size;
        int bit;
        if ((int) (value >> bits) > split) {
            size = range - split;
            value -= (long) (split + 1) << bits;
            bit = 1;
        } else {
            size = split + 1;
            bit = 0;
        }
        int shift = Integer.numberOfLeadingZeros(size) - 24;
        range = (size << shift) - 1;
        bits -= shift;
        return bit;
    }

    private void load() throws EOFException {
        if (end - at >= 4) {
            int next = (data[at] & 0xFF) << 24
                    | (data[at + 1] & 0xFF) << 16
                    | (data[at + 2] & 0xFF) << 8
                    | (data[at + 3] & 0xFF);
            value = value << 32 | (next & 0xFFFFFFFFL);
            at += 4;
            bits += 32;
        } else if (at < end) {
            value = value << 8 | (data[at++] & 0xFF);
            bits += 8;
        } else {
            throw new EOFException("a VP8 partition ends early");
        }
    }

    /** A bit of even odds. */
    boolean flag() throws EOFException {
        return bit(128) != 0;
    }

    /** An unsigned number of {@code count} bits, highest first. */
    int number(int count) throws EOFException {
        int number = 0;
        for (int i = 0; i < count; i++) {
            number = number << 1 | bit(128);
        }
        return number;
    }

    /** A number of {@code count} bits followed by its sign. */
    int signed(int count) throws EOFException {
        int number = number(count);
        return flag() ? -number : number;
    }

    /** A {@link #signed} number behind a flag that says whether there is one, else 0. */
    int optionalSigned(int count) throws EOFException {
        return flag() ? signed(count) : 0;
    }
}
