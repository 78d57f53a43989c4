package org.vilam.assistant.instructblip;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.vilam.assistant.llama.LlamaConfig;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.eva.EvaConfig;
import org.vilam.vision.qformer.QFormerConfig;

/**
 * The sizes of an InstructBLIP, {@code config.json} of its folder, in the names of Hugging Face's {@code InstructBlipConfig} as far
 * as it has them.
 *
 * @param family {@value InstructBlipFamily#NAME}
 * @param vision the image encoder
 * @param qformer between image and language
 * @param language the language model
 * @param queryTokens Q, soft prompts an image becomes
 * @param visionNormEps epsilon of {@code ln_vision}: 1e-5 in LAVIS; Hugging Face takes the vision configuration's 1e-6
 * @param beginTokenId what every prompt begins with: 2, since LAVIS declares {@code </s>} to be the beginning of a text too.
 *     Published weights are trained so and answer worse after 1
 * @param endTokenId what ends an answer
 * @param maxInstruction most tokens of the instruction that the Q-Former reads; longer ones are cut at their beginning
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record InstructBlipConfig(
        @JsonProperty("family") String family,
        @JsonProperty("vision_config") EvaConfig vision,
        @JsonProperty("qformer_config") QFormerConfig qformer,
        @JsonProperty("text_config") LlamaConfig language,
        @JsonProperty("num_query_tokens") int queryTokens,
        @JsonProperty("ln_vision_eps") double visionNormEps,
        @JsonProperty("bos_token_id") int beginTokenId,
        @JsonProperty("eos_token_id") int endTokenId,
        @JsonProperty("max_instruction") int maxInstruction) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Checks that the parts fit each other. */
    public InstructBlipConfig {
        require(InstructBlipFamily.NAME.equals(family), "family", InstructBlipFamily.NAME);
        require(queryTokens > 0, "num_query_tokens", "above 0");
        require(visionNormEps > 0, "ln_vision_eps", "above 0");
        require(
                beginTokenId >= 0 && beginTokenId < language.vocabSize(),
                "bos_token_id",
                "below text_config.vocab_size");
        require(endTokenId >= 0 && endTokenId < language.vocabSize(), "eos_token_id", "below text_config.vocab_size");
        require(
                qformer.encoderHiddenSize() == vision.hiddenSize(),
                "qformer_config.encoder_hidden_size",
                "vision_config.hidden_size");
        require(
                maxInstruction > 1 && maxInstruction <= qformer.maxPositions(),
                "max_instruction",
                "2 or more and at most qformer_config.max_position_embeddings");
    }

    /**
     * Reads {@code config.json}.
     *
     * @throws VilamException MODEL_INVALID naming the field
     */
    public static InstructBlipConfig read(JsonNode config) {
        try {
            return JSON.treeToValue(config, InstructBlipConfig.class);
        } catch (JsonProcessingException e) {
            throw new VilamException(
                    ErrorCode.MODEL_INVALID,
                    "config.json of an " + InstructBlipFamily.NAME + ": " + e.getOriginalMessage(),
                    "Install or import the model again.",
                    e);
        }
    }

    private static void require(boolean holds, String field, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(field + " must be " + rule);
        }
    }
}
