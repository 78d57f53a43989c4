package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tensor operations that DJL's {@link NDArray} lacks or does slowly.
 *
 * <p>Letters: B batch, H query heads, G key/value heads (H a multiple of G), T query tokens, S key tokens, K head width,
 * D input width, E output width. Results belong to the manager of the first argument. All operations but the optimiser ones
 * are differentiable in every floating argument unless stated.
 */
public interface Operations {
    /**
     * Scaled dot product attention: {@code softmax(scale * q k^T + mask) v}.
     *
     * @param q (B, H, T, K)
     * @param k (B, G, S, K)
     * @param v (B, G, S, K)
     * @param mask additive, broadcastable to (B, H, T, S), or null
     * @param causal whether token t sees only keys 0 .. S - T + t
     * @param scale usually 1 / sqrt(K)
     * @return (B, H, T, K)
     */
    NDArray attention(NDArray q, NDArray k, NDArray v, @Nullable NDArray mask, boolean causal, double scale);

    /** RMSNorm: {@code x / sqrt(mean(x^2) + eps) * weight} over the last axis; x (..., D), weight (D). */
    NDArray rmsNorm(NDArray x, NDArray weight, double eps);

    /** SiLU: {@code x * sigmoid(x)}. */
    NDArray silu(NDArray x);

    /** GELU, exact (erf) or with the tanh approximation. */
    NDArray gelu(NDArray x, boolean tanh);

    /**
     * Transposed 2-D convolution.
     *
     * @param x (B, D, height, width)
     * @param weight (D, E, kernelHeight, kernelWidth)
     * @param bias (E) or null
     * @return (B, E, (height - 1) * stride - 2 * padding + kernelHeight, ...)
     */
    NDArray convTranspose2d(NDArray x, NDArray weight, @Nullable NDArray bias, int stride, int padding);

    /**
     * The gradients of a scalar loss.
     *
     * @param loss one element, computed while gradients were being recorded
     * @param parameters arrays that require gradients
     * @return one array a parameter, in order; zeros where the loss does not depend on it
     */
    List<NDArray> gradients(NDArray loss, List<NDArray> parameters);
}
