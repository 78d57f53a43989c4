package org.vilam.grounding.c3vg;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import org.vilam.grounding.decoder.DecoderConfig;

/**
 * The sizes of a C3VG head, in the reference's own names.
 *
 * @param inputChannels D, the encoder's width
 * @param hiddenChannels E, a multiple of 8
 * @param dropout of the transformer layers in training; 0.1, as in the official code, where left out
 */
public record C3VgConfig(
        @JsonProperty("input_channels") int inputChannels,
        @JsonProperty("hidden_channels") int hiddenChannels,
        @JsonProperty("dropout") @Nullable Double dropout) {
    private static final int HEADS = 8;
    private static final int FEED_FORWARD = 1024;
    private static final double DROPOUT = 0.1;

    /** Checks that the sizes fit each other. */
    public C3VgConfig {
        dropout = dropout == null ? DROPOUT : dropout;
        require(inputChannels > 0, "input_channels", "above 0");
        require(hiddenChannels > 0 && hiddenChannels % HEADS == 0, "hidden_channels", "a multiple of " + HEADS);
        require(dropout >= 0 && dropout < 1, "dropout", "0 or more and below 1");
    }

    /** The head of the published model, on BEiT-3 base. */
    public static C3VgConfig base() {
        return new C3VgConfig(768, 256, null);
    }

    /** The same without dropout. */
    public C3VgConfig withoutDropout() {
        return new C3VgConfig(inputChannels, hiddenChannels, 0.0);
    }

    DecoderConfig transformer(int layers) {
        return new DecoderConfig(hiddenChannels, HEADS, FEED_FORWARD, layers, dropout == null ? DROPOUT : dropout);
    }

    private static void require(boolean holds, String field, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(field + " must be " + rule);
        }
    }
}
