package org.vilam.vision.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.vilam.vision.checkpoint.BFloat16;

/** bfloat16 as the tensor engine has it: {@link BFloat16} with one NaN only, and buffers of such numbers. */
public final class Bfloat16 {
    private static final short NAN = (short) 0x7FC0;

    private Bfloat16() {}

    /** The float of these bits; exact. */
    public static float toFloat(short bits) {
        return BFloat16.toFloat(bits);
    }

    /** The nearest bfloat16, ties to even (IEEE 754, 4.3.1); every NaN becomes 0x7FC0. */
    public static short fromFloat(float value) {
        return Float.isNaN(value) ? NAN : BFloat16.fromFloat(value);
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
