package org.vilam.assistant.vilam;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.vilam.assistant.llama.LlamaConfig;
import org.vilam.grounding.head.HeadConfig;
import org.vilam.vision.beit3.Beit3Config;
import org.vilam.vision.geometry.Skeleton;
import org.vilam.vision.qformer.QFormerConfig;

/**
 * The sizes of a ViLaM with grounding heads, {@code config.json} of its folder.
 *
 * @param family {@value #FAMILY}
 * @param encoder of image and text
 * @param heads that answer in places
 * @param queryTokens Q, soft prompts the Q-Former makes of an image
 * @param qformer between the encoder and the language model
 * @param language the language model
 * @param maxText longest expression the heads read, tokens; longer ones are cut
 */
public record VilamConfig(
        @JsonProperty("family") String family,
        @JsonProperty("encoder") Beit3Config encoder,
        @JsonProperty("heads") HeadConfig heads,
        @JsonProperty("num_query_tokens") int queryTokens,
        @JsonProperty("qformer_config") QFormerConfig qformer,
        @JsonProperty("text_config") LlamaConfig language,
        @JsonProperty("max_text") int maxText) {
    /** What {@code family} says in the files of this family. */
    public static final String FAMILY = "vilam-grounding";

    /** Checks that the parts fit each other. */
    public VilamConfig {
        require(FAMILY.equals(family), "family", FAMILY);
        require(encoder != null, "encoder", "given");
        require(heads != null, "heads", "given");
        require(qformer != null, "qformer_config", "given");
        require(language != null, "text_config", "given");
        require(encoder.convStem() && encoder.patchSize() >= 4, "encoder.conv_stem", "true, of patches of 4 and more");
        int named = Skeleton.COCO_PERSON.names().size();
        require(
                heads.keypoints() == 0 || heads.keypoints() == named,
                "heads.keypoints",
                "0, or " + named + " as COCO's");
        require(queryTokens > 0, "num_query_tokens", "above 0");
        require(
                qformer.encoderHiddenSize() == encoder.embedDim(),
                "qformer_config.encoder_hidden_size",
                "encoder.encoder_embed_dim");
        require(
                maxText > 0 && maxText + 2 <= encoder.maxSourcePositions(),
                "max_text",
                "above 0 and 2 below encoder.max_source_positions");
    }

    private static void require(boolean holds, String field, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(field + " must be " + rule);
        }
    }
}
