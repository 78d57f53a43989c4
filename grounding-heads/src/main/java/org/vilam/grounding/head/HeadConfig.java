package org.vilam.grounding.head;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The sizes of the heads.
 *
 * @param width E of the query decoder, a multiple of {@code heads} and of 4
 * @param heads attention heads of the query decoder
 * @param decoderLayers layers of the query decoder
 * @param anchors queries lie on a grid of this many by this many anchors
 * @param regionGrid G, cells along one side of a region's closer look, a multiple of 4
 * @param regionWidth C, channels of the closer look
 * @param regionLayers 3x3 convolutions of the closer look
 * @param keypoints K, how many named points a region may have; 0 for none
 * @param regionTokens R, tokens that stand for a region in front of the language model
 */
public record HeadConfig(
        @JsonProperty("width") int width,
        @JsonProperty("heads") int heads,
        @JsonProperty("decoder_layers") int decoderLayers,
        @JsonProperty("anchors") int anchors,
        @JsonProperty("region_grid") int regionGrid,
        @JsonProperty("region_width") int regionWidth,
        @JsonProperty("region_layers") int regionLayers,
        @JsonProperty("keypoints") int keypoints,
        @JsonProperty("region_tokens") int regionTokens) {
    /** Checks that the sizes fit each other. */
    public HeadConfig {
        require(
                width > 0 && width % 4 == 0 && heads > 0 && width % heads == 0,
                "width",
                "a multiple of heads and of 4");
        require(decoderLayers > 0, "decoder_layers", "above 0");
        require(anchors > 0, "anchors", "above 0");
        require(regionGrid > 0 && regionGrid % 4 == 0, "region_grid", "a multiple of 4");
        require(regionWidth > 0, "region_width", "above 0");
        require(regionLayers > 0, "region_layers", "above 0");
        require(keypoints >= 0, "keypoints", "0 or more");
        require(regionTokens > 0, "region_tokens", "above 0");
    }

    /** Q, how many objects the set head can tell apart. */
    public int queries() {
        return anchors * anchors;
    }

    private static void require(boolean holds, String field, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(field + " must be " + rule);
        }
    }
}
