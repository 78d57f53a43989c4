package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Drop path, also called stochastic depth (Huang et al. 2016): in training the branch of a residual block is 0 for a whole
 * sample with probability {@code rate}, and scaled for the others so that the expectation stays, as timm's {@code DropPath};
 * in inference the identity.
 *
 * <p>Letters: B batch.
 */
public final class DropPath {
    private final int kept;
    private final boolean drops;

    /** @param rate 0 (never drop) up to but not including 1 */
    public DropPath(double rate) {
        this.kept = Dropout.kept(rate);
        this.drops = rate > 0;
    }

    /**
     * The rate of one layer when rates grow linearly over the depth, 0 for the first and {@code last} for the last, as in
     * timm and torchscale.
     */
    public static double linearRate(double last, int layer, int layers) {
        return layers == 1 ? 0 : last * layer / (layers - 1);
    }

    /**
     * Drops samples, if training.
     *
     * @param x (B, ...), float32: the branch, before it is added
     * @return the same shape; x itself where nothing is dropped
     */
    public NDArray forward(NDArray x, Mode mode) {
        if (!drops || !mode.isTraining()) {
            return x;
        }
        return Intermediates.freeing(() -> x.mul(Objects.requireNonNull(factors(x, mode))));
    }

    /**
     * What each sample of a branch is multiplied by, for branches that are computed in parts.
     *
     * @param x (B, ...), a part of the branch
     * @return (B, 1, ...) with as many axes as x: 0 where the sample is dropped; null where nothing is dropped
     */
    public @Nullable NDArray factors(NDArray x, Mode mode) {
        if (!drops || !mode.isTraining()) {
            return null;
        }
        long[] sides = new long[x.getShape().dimension()];
        Arrays.fill(sides, 1);
        sides[0] = x.getShape().get(0);
        byte[] mask = Dropout.draw(mode.random(), Math.toIntExact(sides[0]), kept);
        float[] factors = new float[mask.length];
        for (int i = 0; i < mask.length; i++) {
            factors[i] = (float) (mask[i] * Dropout.scale(kept));
        }
        return Constants.of(x.getManager(), factors, new Shape(sides));
    }
}
