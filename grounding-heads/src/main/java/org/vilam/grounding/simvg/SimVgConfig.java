package org.vilam.grounding.simvg;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.vilam.grounding.decoder.DecoderConfig;

/**
 * The sizes of a SimVG head, in the reference's own names.
 *
 * @param numQueries Q, 1 for REC and 10 for GREC
 * @param inChannels D, the encoder's width
 * @param textMaxToken T, text tokens with padding
 * @param embedDim E, a multiple of 8
 * @param numDecoderLayers layers of the decoder branch
 * @param numTgqgLayers layers of the text-guided query generation
 * @param tgqsMidDim hidden width of the latter
 */
public record SimVgConfig(
        @JsonProperty("num_queries") int numQueries,
        @JsonProperty("in_channels") int inChannels,
        @JsonProperty("text_max_token") int textMaxToken,
        @JsonProperty("embed_dim") int embedDim,
        @JsonProperty("num_decoder_layers") int numDecoderLayers,
        @JsonProperty("num_tgqg_layers") int numTgqgLayers,
        @JsonProperty("tgqs_mid_dim") int tgqsMidDim) {
    private static final int HEADS = 8;
    private static final int DECODER_HIDDEN = 2048;
    private static final double DROPOUT = 0.1;

    /** Checks that the sizes fit each other. */
    public SimVgConfig {
        require(numQueries > 0, "num_queries", "above 0");
        require(inChannels > 0, "in_channels", "above 0");
        require(textMaxToken > 1, "text_max_token", "above 1");
        require(embedDim > 0 && embedDim % HEADS == 0, "embed_dim", "a multiple of " + HEADS);
        require(numDecoderLayers > 0, "num_decoder_layers", "above 0");
        require(numTgqgLayers > 0, "num_tgqg_layers", "above 0");
        require(tgqsMidDim > 0, "tgqs_mid_dim", "above 0");
    }

    /** The head of SimVG-B for one box (Q = 1) or a set of boxes (Q = 10). */
    public static SimVgConfig base(int queries) {
        return new SimVgConfig(queries, 768, 20, 256, 3, 2, 512);
    }

    /** The head of SimVG-L. */
    public static SimVgConfig large(int queries) {
        return new SimVgConfig(queries, 1024, 20, 256, 3, 2, 512);
    }

    DecoderConfig decoder() {
        return new DecoderConfig(embedDim, HEADS, DECODER_HIDDEN, numDecoderLayers, DROPOUT);
    }

    DecoderConfig queryGeneration() {
        return new DecoderConfig(embedDim, HEADS, tgqsMidDim, numTgqgLayers, DROPOUT);
    }

    private static void require(boolean holds, String field, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(field + " must be " + rule);
        }
    }
}
