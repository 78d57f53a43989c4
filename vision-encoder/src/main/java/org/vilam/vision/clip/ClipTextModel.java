package org.vilam.vision.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.vilam.vision.tensor.Embedding;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.LayerNorm;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.ParameterScope;
import org.vilam.vision.tensor.PositionTable;

/**
 * The text tower: causal, so that padding behind a text changes nothing in front of it and needs no mask.
 *
 * <p>Letters: B batch, T tokens, D width.
 */
public final class ClipTextModel {
    private final Embedding tokens;
    private final PositionTable positions;
    private final List<ClipLayer> layers = new ArrayList<>();
    private final LayerNorm finalNorm;

    /** Builds the tower with the weights of a scope, {@code text_model} in Hugging Face's files. */
    public ClipTextModel(ParameterScope p, ClipConfig.Text config) {
        int width = config.hiddenSize();
        Initializer small = Initializer.normal(0.02);
        ParameterScope embeddings = p.scope("embeddings");
        this.tokens = new Embedding(embeddings.scope("token_embedding"), config.vocabSize(), width, small);
        this.positions = new PositionTable(
                embeddings, "position_embedding.weight", new Shape(config.maxPositions(), width), small);
        for (int i = 0; i < config.layers(); i++) {
            layers.add(new ClipLayer(
                    p.scope("encoder.layers").scope(i),
                    width,
                    config.intermediateSize(),
                    config.heads(),
                    config.layerNormEps()));
        }
        this.finalNorm = new LayerNorm(p.scope("final_layer_norm"), width, config.layerNormEps());
    }

    /**
     * Encoded texts.
     *
     * @param hiddenStates one (B, T, D) before the first block and one after each, without the final norm
     * @param tokens (B, T, D), the last of them with it
     * @param pooled (B, D), the row of {@code tokens} at the largest id, which is the end token's
     */
    public record Encoded(List<NDArray> hiddenStates, NDArray tokens, NDArray pooled) {
        /** Copies the list. */
        public Encoded {
            hiddenStates = List.copyOf(hiddenStates);
        }
    }

    /**
     * Encodes texts; everything in the result lives as long as its manager.
     *
     * @param ids (B, T) int64, T at most {@code max_position_embeddings}
     */
    public Encoded forward(NDArray ids, Mode mode) {
        List<NDArray> states = new ArrayList<>();
        states.add(Intermediates.freeing(() -> positions.addTo(tokens.forward(ids), 0)));
        for (ClipLayer layer : layers) {
            states.add(layer.forward(states.get(states.size() - 1), true, null, 0, mode));
        }
        NDArray last = finalNorm.forward(states.get(states.size() - 1)); // (B, T, D)
        return new Encoded(states, last, atLargestId(last, ids));
    }

    /**
     * The row of each text at its largest id, CLIP's end token.
     *
     * @param x (B, T, D)
     * @param ids (B, T) integers
     * @return (B, D)
     */
    public static NDArray atLargestId(NDArray x, NDArray ids) {
        Shape shape = x.getShape();
        long batch = shape.get(0);
        long length = shape.get(1);
        return Intermediates.freeing(() -> {
            NDArray first = ids.getManager()
                    .arange(0, Math.toIntExact(batch * length), Math.toIntExact(length), DataType.INT64);
            NDArray rows = ids.argMax(1).toType(DataType.INT64, false).add(first); // (B)
            return x.reshape(batch * length, shape.get(2)).get(new NDIndex("{}", rows)); // (B, D)
        });
    }
}
