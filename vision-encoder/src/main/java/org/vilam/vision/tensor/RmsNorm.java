package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * RMSNorm over the last axis (Zhang and Sennrich 2019): {@code x / sqrt(mean(x^2) + eps) * weight}, LLaMA's norm.
 *
 * <p>Letters: D width.
 */
public final class RmsNorm {
    private final String name;
    private final NDArray weight; // (D)
    private final double eps;

    /** A norm with the tensor {@code weight} (D) of the scope, beginning as 1. */
    public RmsNorm(ParameterScope p, long width, double eps) {
        this.name = p.path();
        this.weight = p.get("weight", new Shape(width), Initializer.ones());
        this.eps = LayerNorm.requirePositive(eps);
    }

    /**
     * Normalises.
     *
     * @param x (..., D)
     * @return (..., D)
     */
    public NDArray forward(NDArray x) {
        Shapes.requireLast(name, "input", x, weight.size());
        return Operations.get().rmsNorm(x, weight, eps);
    }
}
