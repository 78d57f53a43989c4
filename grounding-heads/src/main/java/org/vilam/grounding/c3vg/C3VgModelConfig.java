package org.vilam.grounding.c3vg;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.vilam.vision.beit3.Beit3Config;

/**
 * The sizes of a C3VG, {@code config.json} of its folder; the parts are called as in the reference's code.
 *
 * @param family {@value C3VgFamily#NAME}
 * @param maxToken T, text tokens with padding
 * @param encoder BEiT-3
 * @param head of both stages
 */
public record C3VgModelConfig(
        @JsonProperty("family") String family,
        @JsonProperty("max_token") int maxToken,
        @JsonProperty("vis_enc") Beit3Config encoder,
        @JsonProperty("head") C3VgConfig head) {
    /** Checks that the parts fit each other. */
    public C3VgModelConfig {
        if (!C3VgFamily.NAME.equals(family)) {
            throw new IllegalArgumentException("family must be " + C3VgFamily.NAME);
        }
        if (maxToken < 3) {
            throw new IllegalArgumentException("max_token must be 3 or more");
        }
        if (encoder == null || head == null || head.inputChannels() != encoder.embedDim()) {
            throw new IllegalArgumentException("head.input_channels must be vis_enc.encoder_embed_dim");
        }
    }
}
