package org.vilam.assistant.llama;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.tensor.AttentionNames;
import org.vilam.vision.tensor.Embedding;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.KvCache;
import org.vilam.vision.tensor.Linear;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.MultiHeadAttention;
import org.vilam.vision.tensor.ParameterScope;
import org.vilam.vision.tensor.RmsNorm;
import org.vilam.vision.tensor.Rotary;
import org.vilam.vision.tensor.SwiGlu;

/**
 * The decoder with its output layer, {@code LlamaForCausalLM}: pre-norm layers with rotary positions, grouped key/value heads and
 * a gated network.
 *
 * <p>Letters: B batch, T new tokens, S tokens of the cache and T, D width, V vocabulary. Weights only: safe for several threads,
 * each with a cache of its own.
 */
public final class LlamaModel {
    private final LlamaConfig config;
    private final Embedding embedTokens;
    private final List<Layer> layers = new ArrayList<>();
    private final RmsNorm norm;
    private final Linear lmHead;
    private final Rotary rotary;

    private record Layer(RmsNorm inputNorm, MultiHeadAttention attention, RmsNorm attentionNorm, SwiGlu mlp) {
        NDArray forward(
                NDArray x, @Nullable NDArray mask, Rotary.Angles angles, KvCache.@Nullable Layer cache, Mode mode) {
            return Intermediates.freeing(() -> {
                NDArray y = x.add(attention.forwardCausal(inputNorm.forward(x), mask, angles, cache, mode));
                return y.add(mlp.forward(attentionNorm.forward(y), mode));
            });
        }
    }

    /** Builds the model with weights named as in Hugging Face's LLaMA, below the scope. */
    public LlamaModel(ParameterScope p, LlamaConfig config) {
        int width = config.hiddenSize();
        Initializer weight = Initializer.normal(0.02);
        ParameterScope model = p.scope("model");
        this.config = config;
        this.embedTokens = new Embedding(model.scope("embed_tokens"), config.vocabSize(), width, weight);
        for (int i = 0; i < config.layers(); i++) {
            ParameterScope s = model.scope("layers").scope(i);
            layers.add(new Layer(
                    new RmsNorm(s.scope("input_layernorm"), width, config.rmsNormEps()),
                    MultiHeadAttention.of(width, config.heads())
                            .names(AttentionNames.LLAMA)
                            .keyValueHeads(java.util.Objects.requireNonNull(config.keyValueHeads()))
                            .bias(false, false)
                            .initializer(weight)
                            .build(s.scope("self_attn")),
                    new RmsNorm(s.scope("post_attention_layernorm"), width, config.rmsNormEps()),
                    new SwiGlu(s.scope("mlp"), width, config.intermediateSize())));
        }
        this.norm = new RmsNorm(model.scope("norm"), width, config.rmsNormEps());
        this.lmHead = config.tieWordEmbeddings()
                ? new Linear("lm_head", embedTokens.weight(), null)
                : new Linear(p.scope("lm_head"), width, config.vocabSize(), false, weight);
        this.rotary = new Rotary(
                config.headWidth(),
                config.maxPositions(),
                java.util.Objects.requireNonNull(config.ropeTheta()),
                Rotary.Pairing.HALVES);
    }

    /** The sizes. */
    public LlamaConfig config() {
        return config;
    }

    /** The embeddings of tokens: ids (B, T) to (B, T, D). */
    public NDArray embed(NDArray ids) {
        return embedTokens.forward(ids);
    }

    /** The embeddings of the vocabulary, (V, D). */
    public NDArray embeddings() {
        return embedTokens.weight();
    }

    /** An empty cache for so many rows and tokens. */
    public KvCache newCache(NDManager manager, int batch, int capacity) {
        return new KvCache(
                manager,
                config.layers(),
                batch,
                java.util.Objects.requireNonNull(config.keyValueHeads()),
                capacity,
                config.headWidth());
    }

    /**
     * The logits of every new token.
     *
     * @param inputsEmbeds (B, T, D), token embeddings, soft prompts, or both
     * @param mask additive, broadcastable to (B, 1, T, S), over the tokens of the cache and the new ones; null where none is
     *     padding
     * @param positions (B, T) or one row for all; the rotary position of each new token
     * @param cache where keys and values are appended, or null
     * @return (B, T, V)
     */
    public NDArray forward(
            NDArray inputsEmbeds, @Nullable NDArray mask, int[][] positions, @Nullable KvCache cache, Mode mode) {
        return Intermediates.freeing(() -> lmHead.forward(states(inputsEmbeds, mask, positions, cache, mode), mode));
    }

    /** As {@link #forward}, but the logits of the last token alone: (B, V). */
    public NDArray forwardLast(
            NDArray inputsEmbeds, @Nullable NDArray mask, int[][] positions, @Nullable KvCache cache, Mode mode) {
        return Intermediates.freeing(() -> lmHead.forward(
                states(inputsEmbeds, mask, positions, cache, mode).get(new NDIndex(":, -1"))));
    }

    private NDArray states(
            NDArray inputsEmbeds, @Nullable NDArray mask, int[][] positions, @Nullable KvCache cache, Mode mode) {
        return Intermediates.freeing(() -> {
            Rotary.Angles angles = rotary.at(inputsEmbeds.getManager(), positions);
            NDArray x = inputsEmbeds;
            for (int i = 0; i < layers.size(); i++) {
                x = layers.get(i).forward(x, mask, angles, cache == null ? null : cache.layer(i), mode); // (B, T, D)
            }
            return norm.forward(x);
        });
    }
}
