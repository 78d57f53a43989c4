package org.vilam.vision.clip;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;

/**
 * The sizes of a CLIP, bound to the {@code config.json} of Hugging Face's. The activation is QuickGELU, as in OpenAI's weights.
 *
 * @param text the text tower
 * @param vision the image tower
 * @param projectionDim H, the width of the space both towers are projected into
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClipConfig(
        @JsonProperty("text_config") Text text,
        @JsonProperty("vision_config") Vision vision,
        @JsonProperty("projection_dim") int projectionDim) {
    /** OpenAI's ViT-B/16 at 224 pixels. */
    public static final ClipConfig VIT_B_16 = new ClipConfig(
            new Text(49408, 512, 2048, 12, 8, 77, 1e-5), new Vision(768, 3072, 12, 12, 224, 16, 1e-5), 512);
    /** OpenAI's ViT-L/14 at 224 pixels. */
    public static final ClipConfig VIT_L_14 = new ClipConfig(
            new Text(49408, 768, 3072, 12, 12, 77, 1e-5), new Vision(1024, 4096, 24, 16, 224, 14, 1e-5), 768);

    /** Checks that all is there. */
    public ClipConfig {
        Objects.requireNonNull(text, "text_config");
        Objects.requireNonNull(vision, "vision_config");
        require(projectionDim > 0, "projection_dim", "above 0");
    }

    /**
     * The text tower.
     *
     * @param vocabSize V
     * @param hiddenSize D, a multiple of {@code heads}
     * @param intermediateSize hidden width of the feed-forward networks
     * @param layers how many blocks
     * @param heads of every attention
     * @param maxPositions the most tokens of a text
     * @param layerNormEps epsilon of every norm
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Text(
            @JsonProperty("vocab_size") int vocabSize,
            @JsonProperty("hidden_size") int hiddenSize,
            @JsonProperty("intermediate_size") int intermediateSize,
            @JsonProperty("num_hidden_layers") int layers,
            @JsonProperty("num_attention_heads") int heads,
            @JsonProperty("max_position_embeddings") int maxPositions,
            @JsonProperty("layer_norm_eps") double layerNormEps) {
        /** Checks that the sizes fit each other. */
        public Text {
            require(vocabSize > 0, "vocab_size", "above 0");
            require(maxPositions > 0, "max_position_embeddings", "above 0");
            requireBlocks(hiddenSize, intermediateSize, layers, heads, layerNormEps);
        }
    }

    /**
     * The image tower.
     *
     * @param hiddenSize D, a multiple of {@code heads}
     * @param intermediateSize hidden width of the feed-forward networks
     * @param layers how many blocks
     * @param heads of every attention
     * @param imageSize side of the square image the position table is for, pixels, a multiple of {@code patchSize}
     * @param patchSize side of a patch, pixels
     * @param layerNormEps epsilon of every norm
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Vision(
            @JsonProperty("hidden_size") int hiddenSize,
            @JsonProperty("intermediate_size") int intermediateSize,
            @JsonProperty("num_hidden_layers") int layers,
            @JsonProperty("num_attention_heads") int heads,
            @JsonProperty("image_size") int imageSize,
            @JsonProperty("patch_size") int patchSize,
            @JsonProperty("layer_norm_eps") double layerNormEps) {
        /** Checks that the sizes fit each other. */
        public Vision {
            require(
                    patchSize > 0 && imageSize > 0 && imageSize % patchSize == 0,
                    "image_size",
                    "a multiple of patch_size");
            requireBlocks(hiddenSize, intermediateSize, layers, heads, layerNormEps);
        }

        /** Patches along one side of the image. */
        public int grid() {
            return imageSize / patchSize;
        }
    }

    private static void requireBlocks(int width, int hidden, int layers, int heads, double eps) {
        require(heads > 0 && width > 0 && width % heads == 0, "hidden_size", "a multiple of num_attention_heads");
        require(hidden > 0, "intermediate_size", "above 0");
        require(layers > 0, "num_hidden_layers", "above 0");
        require(eps > 0, "layer_norm_eps", "above 0");
    }

    private static void require(boolean holds, String field, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(field + " must be " + rule);
        }
    }
}
