package org.vilam.vision.eva;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The sizes of an EVA vision transformer, bound to {@code vision_config} of Hugging Face's InstructBLIP.
 *
 * @param hiddenSize D
 * @param intermediateSize F, hidden width of the feed-forward network
 * @param layers how many blocks
 * @param heads H
 * @param imageSize side of the square image, pixels, a multiple of {@code patchSize}
 * @param patchSize side of a patch, pixels
 * @param layerNormEps epsilon of the blocks' norms
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record EvaConfig(
        @JsonProperty("hidden_size") int hiddenSize,
        @JsonProperty("intermediate_size") int intermediateSize,
        @JsonProperty("num_hidden_layers") int layers,
        @JsonProperty("num_attention_heads") int heads,
        @JsonProperty("image_size") int imageSize,
        @JsonProperty("patch_size") int patchSize,
        @JsonProperty("layer_norm_eps") double layerNormEps) {
    /** ViT-g/14 at 224 pixels, less its last block, as BLIP-2 uses it: 39 blocks of width 1408. */
    public static final EvaConfig VIT_G = new EvaConfig(1408, 6144, 39, 16, 224, 14, 1e-6);

    /** Checks that the sizes fit each other. */
    public EvaConfig {
        require(
                heads > 0 && hiddenSize > 0 && hiddenSize % heads == 0,
                "hidden_size",
                "a multiple of num_attention_heads");
        require(intermediateSize > 0, "intermediate_size", "above 0");
        require(layers > 0, "num_hidden_layers", "above 0");
        require(patchSize > 0 && imageSize > 0 && imageSize % patchSize == 0, "image_size", "a multiple of patch_size");
        require(layerNormEps > 0, "layer_norm_eps", "above 0");
    }

    /** Tokens of an image: CLS and the patches. */
    public int tokens() {
        return 1 + imageSize / patchSize * (imageSize / patchSize);
    }

    private static void require(boolean holds, String field, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(field + " must be " + rule);
        }
    }
}
