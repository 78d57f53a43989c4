package org.vilam.vision.checkpoint;

/** IEEE 754 half precision: 1 sign bit, 5 exponent bits, 10 fraction bits. */
public final class Float16 {
    private static final int QUIET_NAN = 0x7E00;

    private Float16() {}

    /** The value of a half, exactly; the fraction bits of a NaN are kept. */
    public static float toFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >>> 10) & 0x1F;
        int fraction = half & 0x3FF;
        if (exponent == 0x1F) {
            return Float.intBitsToFloat(sign | 0x7F800000 | fraction << 13);
        }
        if (exponent == 0) {
            // Zero and subnormals: fraction * 2^-24, exact in single precision.
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        return Float.intBitsToFloat(sign | (exponent + 112) << 23 | fraction << 13);
    }

    /** The nearest half, ties to even; magnitudes from 65520 on become infinite. */
    public static short fromFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits >>> 16) & 0x8000;
        int magnitude = bits & 0x7FFFFFFF;
        if (magnitude > 0x7F800000) {
            int fraction = (magnitude >>> 13) & 0x3FF;
            // A NaN whose set bits all lie below the half's fraction must not turn into an infinity.
            return (short) (sign | (fraction == 0 ? QUIET_NAN : 0x7C00 | fraction));
        }
        if (magnitude >= 0x477FF000) {
            return (short) (sign | 0x7C00);
        }
        if (magnitude < 0x38800000) {
            // Below 2^-14: one addition of 0.5 rounds to multiples of 2^-24, which is what the hardware adder does
            // best.
            float shifted = Float.intBitsToFloat(magnitude) + 0.5f;
            return (short) (sign | (Float.floatToRawIntBits(shifted) - 0x3F000000));
        }
        int rounded = magnitude + 0xFFF + ((magnitude >>> 13) & 1);
        return (short) (sign | ((rounded - (112 << 23)) >>> 13));
    }
}
