package org.vilam.vision.qformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
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
 * One post-norm layer: queries and text attend to each other, the queries look at the image, and each goes through a
 * feed-forward network of its own.
 *
 * <p>Letters: B batch, Q queries, T text tokens, N image tokens, C image width, D width.
 */
final class QFormerLayer {
    private final MultiHeadAttention attention;
    private final LayerNorm attentionNorm;
    private final @Nullable MultiHeadAttention crossAttention;
    private final @Nullable LayerNorm crossAttentionNorm;
    private final Mlp queryMlp;
    private final LayerNorm queryNorm;
    private final Mlp textMlp;
    private final LayerNorm textNorm;
    private final Dropout dropout;

    QFormerLayer(ParameterScope p, QFormerConfig config, boolean looks, double dropout, Initializer weight) {
        int width = config.hiddenSize();
        double eps = config.layerNormEps();
        ParameterScope self = p.scope("attention");
        ParameterScope cross = p.scope("crossattention");
        this.attention = MultiHeadAttention.of(width, config.heads())
                .names(AttentionNames.QFORMER)
                .dropout(dropout)
                .initializer(weight)
                .build(self);
        this.attentionNorm = new LayerNorm(self.scope("output.LayerNorm"), width, eps);
        this.crossAttention = looks
                ? MultiHeadAttention.of(width, config.heads())
                        .names(AttentionNames.QFORMER)
                        .keyValueWidth(config.encoderHiddenSize())
                        .dropout(dropout)
                        .initializer(weight)
                        .build(cross)
                : null;
        this.crossAttentionNorm = looks ? new LayerNorm(cross.scope("output.LayerNorm"), width, eps) : null;
        this.queryMlp = mlp(p, "_query", config, weight);
        this.queryNorm = new LayerNorm(p.scope("output_query.LayerNorm"), width, eps);
        this.textMlp = mlp(p, "", config, weight);
        this.textNorm = new LayerNorm(p.scope("output.LayerNorm"), width, eps);
        this.dropout = new Dropout(dropout);
    }

    private static Mlp mlp(ParameterScope p, String suffix, QFormerConfig config, Initializer weight) {
        MlpNames names = new MlpNames("intermediate" + suffix + ".dense", "output" + suffix + ".dense", "norm");
        return new Mlp(
                p,
                names,
                config.hiddenSize(),
                config.intermediateSize(),
                Activation.GELU,
                java.util.OptionalDouble.empty(),
                0,
                weight);
    }

    /**
     * Applies the layer.
     *
     * @param x (B, Q + T, D)
     * @param queries Q
     * @param mask additive (B, 1, 1, Q + T), or null
     * @param image (B, N, C)
     * @return (B, Q + T, D)
     */
    NDArray forward(NDArray x, long queries, @Nullable NDArray mask, NDArray image, Mode mode) {
        return Intermediates.freeing(() -> {
            NDArray y = attentionNorm.forward(x.add(dropout.forward(attention.forward(x, mask, mode), mode)));
            boolean text = y.getShape().get(1) > queries;
            NDArray q = text ? y.get(new NDIndex(":, :" + queries)) : y; // (B, Q, D)
            NDArray asked = q;
            if (crossAttention != null && crossAttentionNorm != null) {
                NDArray seen = dropout.forward(crossAttention.forward(q, image, image, null, mode), mode);
                asked = crossAttentionNorm.forward(q.add(seen));
            }
            NDArray out = queryNorm.forward(asked.add(dropout.forward(queryMlp.forward(asked, mode), mode)));
            if (!text) {
                return out;
            }
            NDArray t = y.get(new NDIndex(":, " + queries + ":")); // (B, T, D)
            NDArray spoken = textNorm.forward(t.add(dropout.forward(textMlp.forward(t, mode), mode)));
            return out.concat(spoken, 1);
        });
    }
}
