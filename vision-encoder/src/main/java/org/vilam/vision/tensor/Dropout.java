package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;

/**
 * Dropout (Srivastava et al. 2014): in training each element is 0 with probability {@code rate}, and the others are scaled so
 * that the expectation stays; in inference the identity.
 *
 * <p>The probability is rounded to a multiple of 2^-16, and the scale is that of the rounded probability.
 */
public final class Dropout {
    private static final int STEPS = 1 << 16;

    private final int kept; // of STEPS

    /** @param rate 0 (never drop) up to but not including 1 */
    public Dropout(double rate) {
        this.kept = kept(rate);
    }

    /**
     * Drops elements, if training.
     *
     * @param x any shape, float32
     * @return the same shape; x itself where nothing is dropped
     */
    public NDArray forward(NDArray x, Mode mode) {
        if (!active(mode)) {
            return x;
        }
        return Intermediates.freeing(() -> {
            byte[] mask = draw(mode.random(), Math.toIntExact(x.size()), kept);
            NDArray keep = Constants.of(x.getManager(), mask, x.getShape());
            return Constants.scale(x.mul(keep), scale(kept));
        });
    }

    /** Whether a forward pass of this mode drops anything. */
    boolean active(Mode mode) {
        return mode.isTraining() && kept < STEPS;
    }

    static int kept(double rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("a drop rate lies in [0, 1), got " + rate);
        }
        return Math.max(1, (int) Math.round((1 - rate) * STEPS));
    }

    static double scale(int kept) {
        return (double) STEPS / kept;
    }

    /** Bytes that are 1 with probability kept / 2^16, else 0; four from each 64-bit draw. */
    static byte[] draw(SeededRandom random, int size, int kept) {
        byte[] mask = new byte[size];
        long bits = 0;
        for (int i = 0; i < size; i++) {
            bits = (i & 3) == 0 ? random.nextLong() : bits >>> 16;
            mask[i] = (byte) ((bits & (STEPS - 1)) < kept ? 1 : 0);
        }
        return mask;
    }
}
