package org.vilam.vision.qformer;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The sizes of a Q-Former, bound to {@code qformer_config} of Hugging Face's InstructBLIP.
 *
 * @param vocabSize rows of the word table
 * @param hiddenSize D
 * @param layers how many layers
 * @param heads H
 * @param intermediateSize F, hidden width of the feed-forward networks
 * @param maxPositions longest instruction, tokens
 * @param layerNormEps epsilon of every norm
 * @param crossAttentionFrequency every so many layers the queries look at the image, beginning with layer 0
 * @param encoderHiddenSize C, width of the image tokens
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record QFormerConfig(
        @JsonProperty("vocab_size") int vocabSize,
        @JsonProperty("hidden_size") int hiddenSize,
        @JsonProperty("num_hidden_layers") int layers,
        @JsonProperty("num_attention_heads") int heads,
        @JsonProperty("intermediate_size") int intermediateSize,
        @JsonProperty("max_position_embeddings") int maxPositions,
        @JsonProperty("layer_norm_eps") double layerNormEps,
        @JsonProperty("cross_attention_frequency") int crossAttentionFrequency,
        @JsonProperty("encoder_hidden_size") int encoderHiddenSize) {
    /** InstructBLIP's: BERT-base with cross-attention to EVA ViT-g. */
    public static final QFormerConfig INSTRUCTBLIP = new QFormerConfig(30523, 768, 12, 12, 3072, 512, 1e-12, 2, 1408);

    /** Checks that the sizes fit each other. */
    public QFormerConfig {
        require(vocabSize > 0, "vocab_size", "above 0");
        require(
                heads > 0 && hiddenSize > 0 && hiddenSize % heads == 0,
                "hidden_size",
                "a multiple of num_attention_heads");
        require(layers > 0, "num_hidden_layers", "above 0");
        require(intermediateSize > 0, "intermediate_size", "above 0");
        require(maxPositions > 0, "max_position_embeddings", "above 0");
        require(layerNormEps > 0, "layer_norm_eps", "above 0");
        require(crossAttentionFrequency > 0, "cross_attention_frequency", "above 0");
        require(encoderHiddenSize > 0, "encoder_hidden_size", "above 0");
    }

    private static void require(boolean holds, String field, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(field + " must be " + rule);
        }
    }
}
