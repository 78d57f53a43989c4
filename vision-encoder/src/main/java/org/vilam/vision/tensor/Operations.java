package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tensor operations that DJL's {@link NDArray} lacks or does slowly.
 *
 * <p>Letters: B batch, H query heads, G key/value heads (H a multiple of G), T query tokens, S key tokens, K head width,
 * D input width, E output width. Arrays are FLOAT32 unless stated.
 *
 * <p>A result belongs to the manager of the first argument and is the only array an operation leaves there; arguments are
 * neither closed nor changed, except where a method says "in place". Operations may be called from several threads at
 * once. They are differentiable in every FLOAT32 argument unless stated; whether gradients are recorded is the calling
 * thread's choice, see {@link GradientScope}. Results computed while nothing was recorded are constants to whatever is
 * recorded later. Shapes that do not fit are {@link IllegalArgumentException}s.
 */
public interface Operations {
    /**
     * The operations of this process: fused ones where they load, else the plain ones (logged once, with the reason).
     *
     * <p>The system property {@code vilam.operations} set to {@code script} or {@code plain} before the first call asks for
     * one of them by name.
     */
    static Operations get() {
        return OperationsChoice.chosen();
    }

    /** What computes here, for logs and reports: {@code script} or {@code plain}. */
    String name();

    /**
     * Scaled dot product attention: {@code softmax(scale * q k^T + mask) v} (Vaswani et al. 2017, 3.2.1). Query head h reads
     * key/value head h / (H / G), as in grouped-query attention (Ainslie et al. 2023). A query all of whose keys are masked
     * with negative infinity gets zeros, and passes no gradient back.
     *
     * @param q (B, H, T, K)
     * @param k (B, G, S, K)
     * @param v (B, G, S, K)
     * @param mask added to the scores, broadcastable to (B, H, T, S), or null
     * @param causal whether token t sees only keys 0 .. S - T + t: the last query sees every key
     * @param scale usually 1 / sqrt(K)
     * @return (B, H, T, K)
     */
    NDArray attention(NDArray q, NDArray k, NDArray v, @Nullable NDArray mask, boolean causal, double scale);

    /**
     * {@link #attention} in bfloat16 for training: scaled queries, keys, values, scores, weights and result are rounded to
     * bfloat16, sums are taken in float32. Gradients come back FLOAT32 with the precision of bfloat16.
     */
    NDArray mixedAttention(NDArray q, NDArray k, NDArray v, @Nullable NDArray mask, boolean causal, double scale);

    /**
     * Linear layer: {@code x weight^T + bias}.
     *
     * @param x (..., D)
     * @param weight (E, D)
     * @param bias (E) or null
     * @return (..., E)
     */
    NDArray linear(NDArray x, NDArray weight, @Nullable NDArray bias);

    /**
     * Linear layer with a weight kept in fewer bits. Differentiable in x and bias, so that a frozen language model can be
     * trained through.
     *
     * <p>x and the product are rounded to bfloat16 (8 significant bits) where that is faster; sums are taken in float32, and
     * so are an {@link Int8Weight}'s scales and the bias.
     *
     * @param x (..., D)
     * @param weight (E, D)
     * @param bias (E) or null
     * @return (..., E)
     */
    NDArray linear(NDArray x, PackedWeight weight, @Nullable NDArray bias);

    /**
     * Linear layer for mixed-precision training: the weight stays FLOAT32, x, weight and product are rounded to bfloat16,
     * the bias is added in float32 (Micikevicius et al. 2018, with bfloat16 no loss scaling is needed). Gradients come
     * back FLOAT32, those of x and weight with the precision of bfloat16. Forward this is
     * {@code linear(x, toBfloat16(weight), bias)}.
     *
     * @param x (..., D)
     * @param weight (E, D)
     * @param bias (E) or null
     * @return (..., E)
     */
    NDArray mixedLinear(NDArray x, NDArray weight, @Nullable NDArray bias);

    /**
     * LayerNorm over the last axis (Ba et al. 2016): {@code (x - mean) / sqrt(variance + eps) * weight + bias}.
     *
     * @param x (..., D)
     * @param weight (D)
     * @param bias (D)
     * @return (..., D)
     */
    NDArray layerNorm(NDArray x, NDArray weight, NDArray bias, double eps);

    /** RMSNorm: {@code x / sqrt(mean(x^2) + eps) * weight} over the last axis; x (..., D), weight (D). */
    NDArray rmsNorm(NDArray x, NDArray weight, double eps);

    /** SiLU: {@code x * sigmoid(x)}. */
    NDArray silu(NDArray x);

    /** GELU, exact (erf) or with the tanh approximation. */
    NDArray gelu(NDArray x, boolean tanh);

    /**
     * 2-D convolution with zero padding.
     *
     * @param x (B, D, height, width)
     * @param weight (E, D / groups, kernelHeight, kernelWidth)
     * @param bias (E) or null
     * @return (B, E, (height + 2 * padding - kernelHeight) / stride + 1, ...)
     */
    NDArray conv2d(NDArray x, NDArray weight, @Nullable NDArray bias, int stride, int padding, int groups);

    /**
     * {@link #conv2d} for mixed-precision training: x, weight, bias and result are rounded to
     * bfloat16, sums are taken in float32.
     */
    NDArray mixedConv2d(NDArray x, NDArray weight, @Nullable NDArray bias, int stride, int padding, int groups);

    /**
     * Transposed 2-D convolution.
     *
     * @param x (B, D, height, width)
     * @param weight (D, E, kernelHeight, kernelWidth)
     * @param bias (E) or null
     * @return (B, E, (height - 1) * stride - 2 * padding + kernelHeight, ...)
     */
    NDArray convTranspose2d(NDArray x, NDArray weight, @Nullable NDArray bias, int stride, int padding);

    /** Rounds to bfloat16, to nearest with ties to even; NaN stays NaN. Not differentiable. */
    Bfloat16Weight toBfloat16(NDArray weight);

    /**
     * Rounds to 8-bit integers, symmetrically, with one scale an output channel: {@code scale = max|row| / 127}. The error
     * of an element is at most half its row's scale. Not differentiable.
     *
     * @param weight (E, D), finite
     */
    Int8Weight toInt8(NDArray weight);

    /** The FLOAT32 values a packed weight stands for; belongs to the manager of the packed weight. Exact. */
    NDArray toFloat32(PackedWeight weight);

    /**
     * The gradients of a scalar loss. The recorded graph is used up: ask for all gradients in one call. Nothing is accumulated
     * from call to call, and parameters are frozen by leaving them out. The arrays returned share no memory with each other,
     * so that they can be changed in place.
     *
     * @param loss one element, computed while gradients were being recorded
     * @param parameters arrays on which {@link NDArray#setRequiresGradient} was called
     * @return one array a parameter, in order, of the loss's manager; zeros where the loss does not depend on it
     */
    List<NDArray> gradients(NDArray loss, List<NDArray> parameters);

    /**
     * One AdamW step (Loshchilov and Hutter 2019, algorithm 2, decoupled weight decay as in {@code torch.optim.AdamW}), in
     * place on parameters and moments.
     *
     * @param parameters arrays to move, of any shapes
     * @param gradients one a parameter, same shapes
     * @param firstMoments one a parameter, zeros before the first step
     * @param secondMoments one a parameter, zeros before the first step
     * @param step 1 for the first step
     */
    void adamW(
            List<NDArray> parameters,
            List<NDArray> gradients,
            List<NDArray> firstMoments,
            List<NDArray> secondMoments,
            long step,
            AdamW settings);

    /**
     * Scales gradients in place so that their joint Euclidean norm is at most {@code maxNorm}, as
     * {@code torch.nn.utils.clip_grad_norm_}. A norm that is not finite leaves them as they are, so that the caller can skip
     * the step.
     *
     * @return the norm before; 0 for no gradients
     */
    double clipGlobalNorm(List<NDArray> gradients, double maxNorm);

    /**
     * Exponential moving average in place: {@code average = decay * average + (1 - decay) * parameter}.
     *
     * @param averages arrays to move
     * @param parameters one an average, same shapes
     * @param decay 0..1
     */
    void movingAverage(List<NDArray> averages, List<NDArray> parameters, double decay);
}
