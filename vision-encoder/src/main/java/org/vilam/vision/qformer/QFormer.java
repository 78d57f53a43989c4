package org.vilam.vision.qformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.tensor.AttentionMasks;
import org.vilam.vision.tensor.Dropout;
import org.vilam.vision.tensor.Embedding;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.LayerNorm;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.ParameterScope;
import org.vilam.vision.tensor.PositionTable;

/**
 * The Q-Former: queries and the instruction's tokens in, what the queries gathered from the image out.
 *
 * <p>Letters: B batch, Q queries, T instruction tokens, N image tokens, C image width, D width. Text positions begin at 0;
 * queries have none. One norm goes over the two together.
 */
public final class QFormer {
    private final QFormerConfig config;
    private final Embedding words;
    private final PositionTable positions;
    private final LayerNorm norm;
    private final Dropout dropout;
    private final List<QFormerLayer> layers = new ArrayList<>();

    /**
     * Builds the Q-Former with the weights of a scope, {@code qformer} in Hugging Face's files.
     *
     * @param dropout rate of hidden states and attention in training, 0.1 in the reference
     */
    public QFormer(ParameterScope p, QFormerConfig config, double dropout) {
        Initializer weight = Initializer.normal(0.02);
        ParameterScope embeddings = p.scope("embeddings");
        this.config = config;
        this.words =
                new Embedding(embeddings.scope("word_embeddings"), config.vocabSize(), config.hiddenSize(), weight);
        this.positions = new PositionTable(
                embeddings,
                "position_embeddings.weight",
                new Shape(config.maxPositions(), config.hiddenSize()),
                weight);
        this.norm = new LayerNorm(embeddings.scope("layernorm"), config.hiddenSize(), config.layerNormEps());
        this.dropout = new Dropout(dropout);
        for (int i = 0; i < config.layers(); i++) {
            boolean looks = i % config.crossAttentionFrequency() == 0;
            layers.add(new QFormerLayer(p.scope("encoder.layer").scope(i), config, looks, dropout, weight));
        }
    }

    /** The sizes. */
    public QFormerConfig config() {
        return config;
    }

    /**
     * Asks an image.
     *
     * @param queries (1, Q, D) learned, or (B, Q, D)
     * @param textIds (B, T) integers, or null where the queries ask without an instruction
     * @param textMask (B, T), 1 where a token is real, 0 where it is padding; null together with {@code textIds}
     * @param image (B, N, C)
     * @return (B, Q, D)
     */
    public NDArray forward(
            NDArray queries, @Nullable NDArray textIds, @Nullable NDArray textMask, NDArray image, Mode mode) {
        return forward(queries, textIds, textMask, image, mode, (name, tensor) -> {});
    }

    /** As the five-argument form; {@code tap} is shown {@code embeddings}, {@code layer0}, ..., each (B, Q + T, D). */
    public NDArray forward(
            NDArray queries,
            @Nullable NDArray textIds,
            @Nullable NDArray textMask,
            NDArray image,
            Mode mode,
            BiConsumer<String, NDArray> tap) {
        if ((textIds == null) != (textMask == null)) {
            throw new IllegalArgumentException("text ids and text mask are given together or not at all");
        }
        long count = queries.getShape().get(1);
        long batch = image.getShape().get(0);
        return Intermediates.freeing(() -> {
            NDArray x = image.getManager()
                    .zeros(new Shape(batch, count, config.hiddenSize()))
                    .add(queries); // (B, Q, D)
            NDArray mask = null;
            if (textIds != null && textMask != null) {
                x = x.concat(positions.addTo(words.forward(textIds), 0), 1); // (B, Q + T, D)
                NDArray real = textMask.toType(DataType.FLOAT32, false);
                mask = AttentionMasks.padding(
                        real.getManager().ones(new Shape(batch, count)).concat(real, 1)); // (B, 1, 1, Q + T)
            }
            x = dropout.forward(norm.forward(x), mode);
            tap.accept("embeddings", x);
            for (int i = 0; i < layers.size(); i++) {
                x = layers.get(i).forward(x, count, mask, image, mode);
                tap.accept("layer" + i, x);
            }
            return x.get(new NDIndex(":, :" + count)); // (B, Q, D)
        });
    }
}
