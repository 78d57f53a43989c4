package org.vilam.vision.tensor;

import java.nio.charset.StandardCharsets;

/**
 * A small random generator whose numbers depend on the seed alone: not on the machine, the Java version or the tensor engine.
 *
 * <p>The generator is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014): the
 * state grows by the golden gamma {@code 0x9E3779B97F4A7C15} and each output is the state passed through {@link #mix}. Normal
 * numbers come from Marsaglia's polar method with {@link StrictMath}, which gives the same bits everywhere where
 * {@link Math} need not. Not safe for use by several threads.
 */
public final class SeededRandom {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

    private long state;
    private double spareNormal = Double.NaN;

    /** A generator whose state is {@code seed}. */
    public SeededRandom(long seed) {
        this.state = seed;
    }

    /**
     * The generator that belongs to a name under a seed; its state is {@code mix(mix(seed) ^ fnv1a64(UTF-8 of name))}.
     *
     * <p>Streams of different names are unrelated, so what is drawn for one never depends on which others were drawn before.
     */
    public static SeededRandom named(long seed, String name) {
        long hash = FNV_OFFSET;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * FNV_PRIME;
        }
        return new SeededRandom(mix(mix(seed) ^ hash));
    }

    /** The next 64 bits. */
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** A number in [0, 1): the upper 53 bits of {@link #nextLong}. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** A number in [low, high). */
    public double nextUniform(double low, double high) {
        return low + (high - low) * nextDouble();
    }

    /** A number of the normal distribution with mean 0 and standard deviation 1. */
    public double nextNormal() {
        if (!Double.isNaN(spareNormal)) {
            double normal = spareNormal;
            spareNormal = Double.NaN;
            return normal;
        }
        while (true) {
            double u = 2 * nextDouble() - 1;
            double v = 2 * nextDouble() - 1;
            double s = u * u + v * v;
            if (s > 0 && s < 1) {
                double stretch = StrictMath.sqrt(-2 * StrictMath.log(s) / s);
                spareNormal = v * stretch;
                return u * stretch;
            }
        }
    }

    /** The output function of SplitMix64 (Stafford's variant 13), a bijection of the 64-bit numbers. */
    static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }
}
