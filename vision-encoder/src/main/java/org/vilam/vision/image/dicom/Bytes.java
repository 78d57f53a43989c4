package org.vilam.vision.image.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Unsigned numbers of a given byte order, read at a place that the caller has checked. */
final class Bytes {
    /** The length that says "until a delimitation item" (PS3.5 section 7.1.1). */
    static final long UNDEFINED = 0xFFFFFFFFL;

    private Bytes() {}

    static int u16(ByteBuffer bytes, int at, ByteOrder order) {
        int first = bytes.get(at) & 0xFF;
        int second = bytes.get(at + 1) & 0xFF;
        return order == ByteOrder.LITTLE_ENDIAN ? second << 8 | first : first << 8 | second;
    }

    static long u32(ByteBuffer bytes, int at, ByteOrder order) {
        long first = u16(bytes, at, order);
        long second = u16(bytes, at + 2, order);
        return order == ByteOrder.LITTLE_ENDIAN ? second << 16 | first : first << 16 | second;
    }

    /** The tag at {@code at}: group in the upper, element in the lower 16 bits. */
    static int tag(ByteBuffer bytes, int at, ByteOrder order) {
        return u16(bytes, at, order) << 16 | u16(bytes, at + 2, order);
    }
}
