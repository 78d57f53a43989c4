package org.vilam.vision.clip;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.tensor.Activation;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.LayerNorm;
import org.vilam.vision.tensor.Mlp;
import org.vilam.vision.tensor.MlpNames;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.MultiHeadAttention;
import org.vilam.vision.tensor.ParameterScope;

/** One pre-norm block of either tower. Letters: B batch, T tokens, D width. */
final class ClipLayer {
    private final LayerNorm norm1;
    private final MultiHeadAttention attention;
    private final LayerNorm norm2;
    private final Mlp mlp;

    ClipLayer(ParameterScope p, int width, int hidden, int heads, double eps) {
        this.norm1 = new LayerNorm(p.scope("layer_norm1"), width, eps);
        this.attention = MultiHeadAttention.of(width, heads).build(p.scope("self_attn"));
        this.norm2 = new LayerNorm(p.scope("layer_norm2"), width, eps);
        this.mlp = new Mlp(p.scope("mlp"), MlpNames.FC, width, hidden, Activation.QUICK_GELU);
    }

    /**
     * Adds what the tokens' attention to each other gives.
     *
     * @param x (B, T, D)
     * @param causal whether tokens see only what came before
     * @return (B, T, D)
     */
    NDArray attend(NDArray x, boolean causal, Mode mode) {
        return Intermediates.freeing(() -> {
            NDArray normed = norm1.forward(x);
            return x.add(
                    causal
                            ? attention.forwardCausal(normed, null, null, null, mode)
                            : attention.forward(normed, null, mode));
        });
    }

    /** Adds what the feed-forward network gives; (B, T, D) to (B, T, D). */
    NDArray feedForward(NDArray x, Mode mode) {
        return Intermediates.freeing(() -> x.add(mlp.forward(norm2.forward(x), mode)));
    }

    /** The whole block, with something between its halves or nothing. */
    NDArray forward(NDArray x, boolean causal, ClipVisionModel.@Nullable Inset inset, int index, Mode mode) {
        return Intermediates.freeing(() -> {
            NDArray attended = attend(x, causal, mode);
            return feedForward(inset == null ? attended : inset.apply(index, attended), mode);
        });
    }
}
