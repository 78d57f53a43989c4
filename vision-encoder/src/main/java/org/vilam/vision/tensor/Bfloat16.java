package org.vilam.vision.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** bfloat16, the upper 16 bits of an IEEE 754 float, to and from float in Java. */
public final class Bfloat16 {
    private static final short NAN = (short) 0x7FC0;

    private Bfloat16() {}

    /** The float of these bits; exact. */
    public static float toFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** The nearest bfloat16, ties to even (IEEE 754, 4.3.1); every NaN becomes 0x7FC0. */
    public static short fromFloat(float value) {
        if (Float.isNaN(value)) {
            return NAN;
        }
        int bits = Float.floatToRawIntBits(value);
        // Half a unit in the last place kept, less one where that place is even; an overflow carries into infinity.
        return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }

    /** Reads little-endian numbers from a buffer's position to its limit; the buffer is left as it is. */
    public static float[] toFloats(ByteBuffer buffer) {
        ByteBuffer source = buffer.slice().order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[source.remaining() / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = toFloat(source.getShort(2 * i));
        }
        return values;
    }

    /** Rounds to little-endian numbers, 2 bytes each, in a direct buffer ready to read. */
    public static ByteBuffer fromFloats(float[] values) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            buffer.putShort(2 * i, fromFloat(values[i]));
        }
        return buffer;
    }
}
