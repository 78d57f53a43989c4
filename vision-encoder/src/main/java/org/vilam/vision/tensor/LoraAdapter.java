package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import org.jspecify.annotations.Nullable;

/**
 * What low-rank adaptation adds to one linear layer; see {@link LoraConfig}.
 *
 * <p>Letters: D input width, E output width, R rank.
 */
final class LoraAdapter {
    private final @Nullable NDArray base; // (E, D), or null where it is packed
    private final Parameter a; // (R, D)
    private final Parameter b; // (E, R)
    private final double scale;
    private final Dropout dropout;
    private volatile @Nullable NDArray merged; // (E, D)

    LoraAdapter(@Nullable NDArray base, Parameter a, Parameter b, LoraConfig config) {
        this.base = base;
        this.a = a;
        this.b = b;
        this.scale = config.scale();
        this.dropout = new Dropout(config.dropout());
    }

    Parameter a() {
        return a;
    }

    Parameter b() {
        return b;
    }

    /** The weight the layer multiplies with before {@link #add}: its own, or the merged one; null where it is packed. */
    @Nullable
    NDArray weight(Mode mode) {
        NDArray whole = merged;
        if (whole != null && mode.isTraining()) {
            throw new IllegalStateException(a.name() + " is merged into its layer and cannot learn: unmerge first");
        }
        return whole == null ? base : whole;
    }

    /**
     * Adds what the adapter gives.
     *
     * @param y (..., E), the layer's output without it
     * @param x (..., D), the layer's input
     * @return (..., E); y itself while the adapter is merged
     */
    NDArray add(NDArray y, NDArray x, Mode mode) {
        return merged == null ? add(y, x, b.array(), mode) : y;
    }

    /** As the three-argument form, for the outputs {@code from} up to {@code to} alone. */
    NDArray add(NDArray y, NDArray x, long from, long to, Mode mode) {
        return merged == null ? add(y, x, b.array().get(x.getManager(), new NDIndex().addSliceDim(from, to)), mode) : y;
    }

    private NDArray add(NDArray y, NDArray x, NDArray rows, Mode mode) {
        NDArray low = Linear.apply(dropout.forward(x, mode), a.array(), null, mode); // (..., R)
        return y.add(Linear.apply(Constants.scale(low, scale), rows, null, mode));
    }

    /** Makes the weight that gives at once what layer and adapter give together; the layer's own stays as it is. */
    void merge() {
        NDArray own = base;
        if (own == null) {
            throw new IllegalStateException(
                    a.name() + " cannot be merged into a packed weight: load the model without packing");
        }
        if (merged == null) {
            try (GradientScope scope = GradientScope.noGradient()) {
                NDArray whole = Intermediates.freeing(() ->
                        Constants.scale(b.array().matMul(a.array()), scale).add(own)); // (E, D)
                NDScope.unregister(whole);
                merged = whole;
            }
        }
    }

    void unmerge() {
        NDArray whole = merged;
        if (whole != null) {
            merged = null;
            whole.close();
        }
    }

    @Nullable
    NDArray merged() {
        return merged;
    }
}
