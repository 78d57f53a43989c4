package org.vilam.vision.beit3;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.Objects;
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
        // What a branch adds begins small. Sub-LayerNorm lifts the mean over all tokens, which is what attention sees
        // at first,
        // to unit size: added at that size it would bury what tells the tokens apart, and training from scratch would
        // stall.
        Initializer branch = Initializer.truncatedNormal(0.02);
        ParameterScope attention = p.scope("self_attn");
        this.heads = config.attentionHeads();
        this.attentionNorm = Multiway.of(p.scope("self_attn_layer_norm"), s -> new LayerNorm(s, width, eps));
        this.query = Multiway.of(attention.scope("q_proj"), s -> new Linear(s, width, width, true, weight));
        this.key = Multiway.of(attention.scope("k_proj"), s -> new Linear(s, width, width, true, weight));
        this.value = Multiway.of(attention.scope("v_proj"), s -> new Linear(s, width, width, true, weight));
        this.innerNorm = Multiway.of(attention.scope("inner_attn_ln"), s -> new LayerNorm(s, width, eps));
        this.out = Multiway.of(attention.scope("out_proj"), s -> new Linear(s, width, width, true, branch));
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
                        branch));
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
        // The two kinds part once before and once after the attention, which is where they meet: cutting and joining
        // for every
        // norm and every linear layer would cost as much as they do.
        return Intermediates.freeing(() -> {
            Parts parts = Parts.of(x, split);
            Parts normed = parts.apply(attentionNorm, LayerNorm::forward);
            NDArray attended = MultiHeadAttention.attend(
                    normed.apply(query, (linear, t) -> linear.forward(t, mode)).whole(),
                    normed.apply(key, (linear, t) -> linear.forward(t, mode)).whole(),
                    normed.apply(value, (linear, t) -> linear.forward(t, mode)).whole(),
                    heads,
                    mask,
                    mode); // (B, T, D)
            Parts met = Parts.of(attended, split)
                    .apply(innerNorm, LayerNorm::forward)
                    .apply(out, (linear, t) -> linear.forward(t, mode))
                    .times(dropPath.factors(x, mode))
                    .plus(parts);
            return met.apply(finalNorm, LayerNorm::forward)
                    .apply(ffn, (mlp, t) -> mlp.forward(t, mode))
                    .times(dropPath.factors(x, mode))
                    .plus(met)
                    .whole();
        });
    }

    /** The tokens of vision and those of language, (B, split, D) and (B, T - split, D); null where there are none. */
    private record Parts(@Nullable NDArray a, @Nullable NDArray b) {
        static Parts of(NDArray x, long split) {
            long tokens = x.getShape().get(1);
            if (split == 0 || split == tokens) {
                return split == 0 ? new Parts(null, x) : new Parts(x, null);
            }
            return new Parts(x.get(new NDIndex(":, :" + split)), x.get(new NDIndex(":, " + split + ":")));
        }

        <M> Parts apply(Multiway<M> experts, BiFunction<M, NDArray, NDArray> forward) {
            return new Parts(
                    a == null ? null : forward.apply(experts.a(), a), b == null ? null : forward.apply(experts.b(), b));
        }

        Parts times(@Nullable NDArray factors) {
            return factors == null
                    ? this
                    : new Parts(a == null ? null : a.mul(factors), b == null ? null : b.mul(factors));
        }

        Parts plus(Parts other) {
            return new Parts(
                    a == null || other.a == null ? null : other.a.add(a),
                    b == null || other.b == null ? null : other.b.add(b));
        }

        NDArray whole() {
            if (a == null || b == null) {
                return Objects.requireNonNull(a == null ? b : a);
            }
            return a.concat(b, 1);
        }
    }
}
