package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * LayerNorm over the last axis (Ba et al. 2016): {@code (x - mean) / sqrt(variance + eps) * weight + bias}, with the biased
 * variance, {@code torch.nn.LayerNorm}.
 *
 * <p>Letters: D width. The epsilon has no default because the families differ: 1e-5 in torch, CLIP and BEiT-3, 1e-6 in EVA and
 * timm's ViT, 1e-12 in BERT.
 */
public final class LayerNorm {
    private final String name;
    private final NDArray weight; // (D)
    private final NDArray bias; // (D)
    private final double eps;

    /** A norm with the tensors {@code weight} (D) and {@code bias} (D) of the scope, beginning as 1 and 0. */
    public LayerNorm(ParameterScope p, long width, double eps) {
        this.name = p.path();
        this.weight = p.get("weight", new Shape(width), Initializer.ones());
        this.bias = p.get("bias", new Shape(width), Initializer.zeros());
        this.eps = requirePositive(eps);
    }

    /**
     * Normalises.
     *
     * @param x (..., D)
     * @return (..., D)
     */
    public NDArray forward(NDArray x) {
        Shapes.requireLast(name, "input", x, weight.size());
        return Operations.get().layerNorm(x, weight, bias, eps);
    }

    static double requirePositive(double eps) {
        if (!(eps > 0)) {
            throw new IllegalArgumentException("the epsilon of a norm is above 0, got " + eps);
        }
        return eps;
    }
}
