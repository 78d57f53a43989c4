package org.vilam.vision.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HalfPrecisionTest {
    private static final int SEED = 7;

    private interface ToFloat {
        float of(short bits);
    }

    private interface FromFloat {
        short of(float value);
    }

    @Test
    void all_65536_halves_have_the_value_of_the_standard_and_come_back_unchanged() {
        check(Float16::toFloat, Float16::fromFloat, 5, 10);
    }

    @Test
    void all_65536_bfloats_have_the_value_of_the_standard_and_come_back_unchanged() {
        check(BFloat16::toFloat, BFloat16::fromFloat, 8, 7);
    }

    private static void check(ToFloat decode, FromFloat encode, int exponentBits, int fractionBits) {
        for (int raw = 0; raw < 65_536; raw++) {
            short bits = (short) raw;
            float value = decode.of(bits);
            double expected = Elements.binary(bits, exponentBits, fractionBits);
            if (Double.doubleToLongBits(expected) != Double.doubleToLongBits(value)) {
                throw new AssertionError(Integer.toHexString(raw) + " gives " + value + ", not " + expected);
            }
            if (encode.of(value) != bits) {
                throw new AssertionError(Integer.toHexString(raw) + " comes back otherwise");
            }
        }
    }

    @Test
    void rounding_to_half_takes_the_nearest_value_and_the_even_one_of_two() {
        checkRounding(Float16::fromFloat, 5, 10, 0x7BFF);
    }

    @Test
    void rounding_to_bfloat_takes_the_nearest_value_and_the_even_one_of_two() {
        checkRounding(BFloat16::fromFloat, 8, 7, 0x7F7F);
    }

    /** Against a search among all finite values; a magnitude half a step above the largest rounds to infinity. */
    private static void checkRounding(FromFloat encode, int exponentBits, int fractionBits, int largest) {
        TreeMap<Double, Integer> finite = new TreeMap<>();
        for (int bits = 0; bits <= largest; bits++) {
            finite.put(Elements.binary((short) bits, exponentBits, fractionBits), bits);
        }
        double step = Elements.binary((short) largest, exponentBits, fractionBits)
                - Elements.binary((short) (largest - 1), exponentBits, fractionBits);
        finite.put(Elements.binary((short) largest, exponentBits, fractionBits) + step, largest + 1);
        Random random = new Random(SEED);
        for (int i = 0; i < 2_000_000; i++) {
            float value = Math.abs(sample(random, finite));
            if (Float.isNaN(value)) {
                assertThat(Elements.binary(encode.of(value), exponentBits, fractionBits))
                        .isNaN();
                continue;
            }
            int expected = nearest(finite, value);
            if ((encode.of(value) & 0xFFFF) != expected || (encode.of(-value) & 0xFFFF) != (expected | 0x8000)) {
                throw new AssertionError(value + " rounds to " + Integer.toHexString(encode.of(value) & 0xFFFF)
                        + ", not " + Integer.toHexString(expected));
            }
        }
    }

    /** Any float, or one exactly or just beside the middle of two neighbours. */
    private static float sample(Random random, NavigableMap<Double, Integer> finite) {
        if (random.nextInt(2) == 0) {
            return Float.intBitsToFloat(random.nextInt());
        }
        double any = Math.abs(Float.intBitsToFloat(random.nextInt()));
        Double low = Double.isNaN(any) ? null : finite.floorKey(any);
        Double high = low == null ? null : finite.higherKey(low);
        if (low == null || high == null) {
            return Float.POSITIVE_INFINITY;
        }
        float middle = (float) ((low + high) / 2);
        return switch (random.nextInt(3)) {
            case 0 -> middle;
            case 1 -> Math.nextUp(middle);
            default -> Math.nextDown(middle);
        };
    }

    private static int nearest(NavigableMap<Double, Integer> finite, double value) {
        var low = finite.floorEntry(value);
        var high = finite.ceilingEntry(value);
        if (high == null) {
            return low.getValue();
        }
        double below = value - low.getKey();
        double above = high.getKey() - value;
        if (below == above) {
            return low.getValue() % 2 == 0 ? low.getValue() : high.getValue();
        }
        return below < above ? low.getValue() : high.getValue();
    }

    @Test
    void a_nan_stays_a_nan_whatever_its_bits() {
        for (int bits : new int[] {0x7F800001, 0xFF800001, 0x7FC00000, 0x7FFFFFFF, 0x7F801000}) {
            assertThat(Float16.toFloat(Float16.fromFloat(Float.intBitsToFloat(bits))))
                    .isNaN();
            assertThat(BFloat16.toFloat(BFloat16.fromFloat(Float.intBitsToFloat(bits))))
                    .isNaN();
        }
    }
}
