package org.vilam.vision.checkpoint;

/** The bfloat16 format: the upper half of a single, with its 8 exponent bits and 7 fraction bits. */
public final class BFloat16 {
    private BFloat16() {}

    /** The value, exactly. */
    public static float toFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** The nearest bfloat16, ties to even; a NaN stays a NaN. */
    public static short fromFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            int upper = bits >>> 16;
            return (short) ((upper & 0x7F) == 0 ? upper | 0x40 : upper);
        }
        // Half a unit in the last place kept, less one where that place is even; an overflow carries into infinity.
        return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }
}
