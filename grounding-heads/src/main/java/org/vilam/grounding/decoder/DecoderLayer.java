package org.vilam.grounding.decoder;

import ai.djl.ndarray.NDArray;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.tensor.Activation;
import org.vilam.vision.tensor.AttentionNames;
import org.vilam.vision.tensor.Dropout;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.LayerNorm;
import org.vilam.vision.tensor.Mlp;
import org.vilam.vision.tensor.MlpNames;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.MultiHeadAttention;
import org.vilam.vision.tensor.ParameterScope;

/**
 * One layer of DETR's decoder (Carion et al. 2020, figure 10): queries attend to each other, then to the memory, then pass a
 * feed-forward network with ReLU; each step is added to its input and normalised after (post-norm, epsilon 1e-5).
 *
 * <p>Positions are added to the queries and keys of an attention, never to its values, nor to what is carried on.
 *
 * <p>Letters: B batch, Q queries, M memory tokens, E width.
 */
public final class DecoderLayer {
    /** The epsilon of all norms. */
    static final double EPS = 1e-5;

    private final MultiHeadAttention selfAttention;
    private final LayerNorm selfNorm;
    private final MultiHeadAttention crossAttention;
    private final LayerNorm crossNorm;
    private final Mlp mlp;
    private final Dropout dropout;
    private final LayerNorm mlpNorm;

    /** A layer with the tensors {@code attentions.{0,1}.attn}, {@code ffns.0} and {@code norms.{0,1,2}} of the scope. */
    public DecoderLayer(ParameterScope p, DecoderConfig config) {
        int width = config.width();
        ParameterScope attentions = p.scope("attentions");
        ParameterScope norms = p.scope("norms");
        Initializer xavier = Initializer.xavierUniform();
        this.selfAttention = attention(attentions.scope(0), config);
        this.selfNorm = new LayerNorm(norms.scope(0), width, EPS);
        this.crossAttention = attention(attentions.scope(1), config);
        this.crossNorm = new LayerNorm(norms.scope(1), width, EPS);
        this.mlp = new Mlp(
                p.scope("ffns").scope(0),
                MlpNames.MMCV,
                width,
                config.hidden(),
                Activation.RELU,
                OptionalDouble.empty(),
                config.dropout(),
                xavier);
        this.dropout = new Dropout(config.dropout());
        this.mlpNorm = new LayerNorm(norms.scope(2), width, EPS);
    }

    private static MultiHeadAttention attention(ParameterScope p, DecoderConfig config) {
        return MultiHeadAttention.of(config.width(), config.heads())
                .names(AttentionNames.TORCH)
                .dropout(config.dropout())
                .initializer(Initializer.xavierUniform())
                .build(p.scope("attn"));
    }

    /**
     * Applies the layer.
     *
     * @param query (B, Q, E)
     * @param queryPosition broadcastable to (B, Q, E), or null for none
     * @param memory (B, M, E)
     * @param memoryPosition broadcastable to (B, M, E), or null for none
     * @param memoryMask additive, broadcastable to (B, heads, Q, M), or null; see
     *     {@link org.vilam.vision.tensor.AttentionMasks#padding}
     * @return (B, Q, E)
     */
    public NDArray forward(
            NDArray query,
            @Nullable NDArray queryPosition,
            NDArray memory,
            @Nullable NDArray memoryPosition,
            @Nullable NDArray memoryMask,
            Mode mode) {
        return Intermediates.freeing(() -> {
            NDArray x = query;
            NDArray placed = place(x, queryPosition);
            x = selfNorm.forward(x.add(selfAttention.forward(placed, placed, x, null, mode)));
            NDArray seen = crossAttention.forward(
                    place(x, queryPosition), place(memory, memoryPosition), memory, memoryMask, mode);
            x = crossNorm.forward(x.add(seen));
            return mlpNorm.forward(x.add(dropout.forward(mlp.forward(x, mode), mode))); // (B, Q, E)
        });
    }

    private static NDArray place(NDArray x, @Nullable NDArray position) {
        return position == null ? x : x.add(position);
    }
}
