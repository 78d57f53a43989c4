package org.vilam.assistant.llama;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The sizes of a LLaMA, bound to the names of Hugging Face's {@code config.json}.
 *
 * @param vocabSize V, rows of the embedding and of the output layer
 * @param hiddenSize D
 * @param intermediateSize F, hidden width of the gated network
 * @param layers how many layers
 * @param heads H, query heads
 * @param keyValueHeads G, of which H is a multiple; H where the file does not say
 * @param maxPositions longest sequence
 * @param rmsNormEps epsilon of every norm
 * @param ropeTheta base of the rotary positions; 10000 where the file does not say
 * @param tieWordEmbeddings whether the output layer is the embedding
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LlamaConfig(
        @JsonProperty("vocab_size") int vocabSize,
        @JsonProperty("hidden_size") int hiddenSize,
        @JsonProperty("intermediate_size") int intermediateSize,
        @JsonProperty("num_hidden_layers") int layers,
        @JsonProperty("num_attention_heads") int heads,
        @JsonProperty("num_key_value_heads") @Nullable Integer keyValueHeads,
        @JsonProperty("max_position_embeddings") int maxPositions,
        @JsonProperty("rms_norm_eps") double rmsNormEps,
        @JsonProperty("rope_theta") @Nullable Double ropeTheta,
        @JsonProperty("tie_word_embeddings") boolean tieWordEmbeddings) {
    /** Fills what may be left out and checks that the sizes fit each other. */
    public LlamaConfig {
        keyValueHeads = keyValueHeads == null ? Integer.valueOf(heads) : keyValueHeads;
        ropeTheta = ropeTheta == null ? Double.valueOf(10000) : ropeTheta;
        require(vocabSize > 0, "vocab_size", "above 0");
        require(
                heads > 0 && hiddenSize > 0 && hiddenSize % heads == 0,
                "hidden_size",
                "a multiple of num_attention_heads");
        require(hiddenSize / heads % 2 == 0, "hidden_size", "such that the head width is even");
        require(
                keyValueHeads > 0 && heads % keyValueHeads == 0,
                "num_key_value_heads",
                "a divisor of num_attention_heads");
        require(intermediateSize > 0, "intermediate_size", "above 0");
        require(layers > 0, "num_hidden_layers", "above 0");
        require(maxPositions > 0, "max_position_embeddings", "above 0");
        require(rmsNormEps > 0, "rms_norm_eps", "above 0");
        require(ropeTheta > 1, "rope_theta", "above 1");
    }

    /** K, the width of a head. */
    public int headWidth() {
        return hiddenSize / heads;
    }

    /** Bytes of the keys and values of so many rows and tokens. */
    public long cacheBytes(int batch, int tokens) {
        int groups = keyValueHeads == null ? heads : keyValueHeads;
        return 2L * Float.BYTES * layers * groups * headWidth() * batch * tokens;
    }

    private static void require(boolean holds, String field, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(field + " must be " + rule);
        }
    }
}
