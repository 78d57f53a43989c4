package org.vilam.vision.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Interpolation;
import org.vilam.vision.tensor.LayerNorm;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.ParameterScope;
import org.vilam.vision.tensor.PatchEmbed;

/**
 * The image tower: a CLS token and the patches row by row.
 *
 * <p>Letters: B batch, N patches, D width.
 */
public final class ClipVisionModel {
    private final ClipConfig.Vision config;
    private final NDArray classEmbedding; // (D)
    private final PatchEmbed patches;
    private final NDArray positions; // (1 + N, D)
    private final LayerNorm preNorm;
    private final List<ClipLayer> layers = new ArrayList<>();
    private final LayerNorm postNorm;

    /** What steps in between the attention and the feed-forward network of a block. */
    @FunctionalInterface
    public interface Inset {
        /**
         * The tokens as they go on.
         *
         * @param layer the block, from 0
         * @param x (B, 1 + N, D)
         * @return (B, 1 + N, D); x itself where nothing steps in
         */
        NDArray apply(int layer, NDArray x);
    }

    /** Builds the tower with the weights of a scope, {@code vision_model} in Hugging Face's files. */
    public ClipVisionModel(ParameterScope p, ClipConfig.Vision config) {
        int width = config.hiddenSize();
        double eps = config.layerNormEps();
        Initializer small = Initializer.normal(0.02);
        ParameterScope embeddings = p.scope("embeddings");
        this.config = config;
        this.classEmbedding = embeddings.get("class_embedding", new Shape(width), small);
        this.patches = new PatchEmbed(embeddings.scope("patch_embedding"), 3, config.patchSize(), width, false, small);
        this.positions = embeddings
                .scope("position_embedding")
                .get("weight", new Shape((long) config.grid() * config.grid() + 1, width), small);
        this.preNorm = new LayerNorm(p.scope("pre_layrnorm"), width, eps); // the checkpoints' spelling
        for (int i = 0; i < config.layers(); i++) {
            layers.add(new ClipLayer(
                    p.scope("encoder.layers").scope(i), width, config.intermediateSize(), config.heads(), eps));
        }
        this.postNorm = new LayerNorm(p.scope("post_layernorm"), width, eps);
    }

    /**
     * Encoded images.
     *
     * @param hiddenStates one (B, 1 + N, D) before the first block and one after each, CLS first, none with the last norm
     * @param pooled (B, D), CLS of the last with it
     */
    public record Encoded(List<NDArray> hiddenStates, NDArray pooled) {
        /** Copies the list. */
        public Encoded {
            hiddenStates = List.copyOf(hiddenStates);
        }
    }

    /** As {@link #forward(NDArray, Inset, Mode)} without anything between. */
    public Encoded forward(NDArray images, Mode mode) {
        return forward(images, null, mode);
    }

    /**
     * Encodes images; everything in the result lives as long as its manager.
     *
     * @param images (B, 3, height, width), normalised, both sides multiples of {@code patch_size}
     * @param inset what steps in between the halves of the blocks, or null
     */
    public Encoded forward(NDArray images, @Nullable Inset inset, Mode mode) {
        List<NDArray> states = new ArrayList<>();
        states.add(Intermediates.freeing(() -> preNorm.forward(embed(images))));
        for (int i = 0; i < layers.size(); i++) {
            states.add(layers.get(i).forward(states.get(i), false, inset, i, mode));
        }
        NDArray last = states.get(states.size() - 1);
        return new Encoded(states, Intermediates.freeing(() -> postNorm.forward(last.get(new NDIndex(":, 0")))));
    }

    /**
     * CLS and patches with their positions, before the first norm. Where the grid is not the table's, positions are resampled
     * bicubically with antialias, as in HiVG's {@code Modified_CLIPVisionEmbeddings}.
     *
     * @param images (B, 3, height, width)
     * @return (B, 1 + N, D)
     */
    public NDArray embed(NDArray images) {
        return Intermediates.freeing(() -> {
            NDArray embedded = patches.forward(images); // (B, N, D)
            NDArray cls = embedded.getManager()
                    .zeros(new Shape(embedded.getShape().get(0), 1, config.hiddenSize()))
                    .add(classEmbedding); // (B, 1, D)
            return cls.concat(embedded, 1).add(positions(images));
        });
    }

    private NDArray positions(NDArray images) {
        int rows = Math.toIntExact(images.getShape().get(2) / config.patchSize());
        int columns = Math.toIntExact(images.getShape().get(3) / config.patchSize());
        int grid = config.grid();
        return rows == grid && columns == grid
                ? positions
                : Interpolation.BICUBIC.withAntialias().positionTable(positions, 1, grid, grid, rows, columns);
    }
}
