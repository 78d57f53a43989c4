package org.vilam.vision.beit3;

import ai.djl.ndarray.NDArray;
import java.util.OptionalDouble;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.tensor.Activation;
import org.vilam.vision.tensor.DropPath;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.LayerNorm;
import org.vilam.vision.tensor.Linear;
import org.vilam.vision.tensor.Mlp;
import org.vilam.vision.tensor.MlpNames;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.MultiHeadAttention;
import org.vilam.vision.tensor.Multiway;
import org.vilam.vision.tensor.ParameterScope;

/**
 * One layer: joint attention and a feed-forward network, both pre-norm and with sub-LayerNorm; every weight exists for vision
 * (A) and for language (B).
 *
 * <p>Letters: B batch, T tokens, D width, F hidden width.
 */
final class Beit3Layer {
    private final int heads;
    private final Multiway<LayerNorm> attentionNorm;
    private final Multiway<Linear> query;
    private final Multiway<Linear> key;
    private final Multiway<Linear> value;
    private final Multiway<LayerNorm> innerNorm;
    private final Multiway<Linear> out;
    private final Multiway<LayerNorm> finalNorm;
    private final Multiway<Mlp> ffn;
    private final DropPath dropPath;

    Beit3Layer(ParameterScope p, Beit3Config config, double dropPathRate) {
        int width = config.embedDim();
        double eps = config.layernormEps();
        Initializer weight = Initializer.xavierUniform();
        ParameterScope attention = p.scope("self_attn");
        this.heads = config.attentionHeads();
        this.attentionNorm = Multiway.of(p.scope("self_attn_layer_norm"), s -> new LayerNorm(s, width, eps));
        this.query = Multiway.of(attention.scope("q_proj"), s -> new Linear(s, width, width, true, weight));
        this.key = Multiway.of(attention.scope("k_proj"), s -> new Linear(s, width, width, true, weight));
        this.value = Multiway.of(attention.scope("v_proj"), s -> new Linear(s, width, width, true, weight));
        this.innerNorm = Multiway.of(attention.scope("inner_attn_ln"), s -> new LayerNorm(s, width, eps));
        this.out = Multiway.of(attention.scope("out_proj"), s -> new Linear(s, width, width, true, weight));
        this.finalNorm = Multiway.of(p.scope("final_layer_norm"), s -> new LayerNorm(s, width, eps));
        this.ffn = Multiway.of(
                p.scope("ffn"),
                s -> new Mlp(
                        s,
                        MlpNames.FC,
                        width,
                        config.ffnEmbedDim(),
                        Activation.GELU,
                        OptionalDouble.of(eps),
                        0,
                        weight));
        this.dropPath = new DropPath(dropPathRate);
    }

    /**
     * Applies the layer.
     *
     * @param x (B, T, D)
     * @param split how many tokens are vision's
     * @param mask additive, broadcastable to (B, H, T, T), or null
     * @return (B, T, D)
     */
    NDArray forward(NDArray x, long split, @Nullable NDArray mask, Mode mode) {
        BiFunction<Linear, NDArray, NDArray> project = (linear, t) -> linear.forward(t, mode);
        return Intermediates.freeing(() -> {
            NDArray a = attentionNorm.forward(x, split, LayerNorm::forward);
            a = MultiHeadAttention.attend(
                    query.forward(a, split, project),
                    key.forward(a, split, project),
                    value.forward(a, split, project),
                    heads,
                    mask,
                    mode); // (B, T, D)
            a = innerNorm.forward(a, split, LayerNorm::forward);
            NDArray y = x.add(dropPath.forward(out.forward(a, split, project), mode));
            NDArray f = finalNorm.forward(y, split, LayerNorm::forward);
            return y.add(dropPath.forward(ffn.forward(f, split, (mlp, t) -> mlp.forward(t, mode)), mode));
        });
    }
}
