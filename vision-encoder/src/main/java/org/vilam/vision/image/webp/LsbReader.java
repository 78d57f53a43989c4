package org.vilam.vision.image.webp;

import java.io.EOFException;

/** Bits from the lowest of each byte on, as VP8L packs them (RFC 9649 section 3.3). */
final class LsbReader {
    private final byte[] data;
    private final int end;
    private int at;
    private long bits;
    /** Valid bits in {@link #bits}, counting the zeros that stand for what follows the end. */
    private int count;
    /** How many of them are such zeros. */
    private int missing;

    /** Reads {@code data[from..end)}. */
    LsbReader(byte[] data, int from, int end) {
        this.data = data;
        this.at = from;
        this.end = end;
    }

    /** The next bits, at least 32 of them, without taking them; zeros follow the end. */
    int peek() {
        if (count < 32) {
            fill();
        }
        return (int) bits;
    }

    private void fill() {
        while (count <= 56) {
            if (at < end) {
                bits |= (data[at++] & 0xFFL) << count;
            } else {
                missing += 8;
            }
            count += 8;
        }
    }

    /** Takes {@code n} bits, at most 32, that were peeked at. */
    void skip(int n) throws EOFException {
        bits >>>= n;
        count -= n;
        if (count < missing) {
            throw new EOFException("the VP8L data end early");
        }
    }

    /** An unsigned number of {@code n} bits, at most 31. */
    int number(int n) throws EOFException {
        int number = peek() & ((1 << n) - 1);
        skip(n);
        return number;
    }

    boolean flag() throws EOFException {
        return number(1) != 0;
    }
}
