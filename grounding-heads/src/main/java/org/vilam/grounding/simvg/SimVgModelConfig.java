package org.vilam.grounding.simvg;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.vilam.vision.beit3.Beit3Config;

/**
 * The sizes of a SimVG, {@code config.json} of its folder; the parts are called as in the reference's code.
 *
 * @param family {@value SimVgFamily#NAME}
 * @param branch which branch answers: {@code decoder}, as in the official demo, or {@code token}, which is faster, and better after
 *     two-stage distillation
 * @param encoder BEiT-3
 * @param head of both branches
 */
public record SimVgModelConfig(
        @JsonProperty("family") String family,
        @JsonProperty("branch") Answering branch,
        @JsonProperty("vis_enc") Beit3Config encoder,
        @JsonProperty("head") SimVgConfig head) {
    /** Which branch answers. */
    public enum Answering {
        /** The DETR decoder over the image. */
        @JsonProperty("decoder")
        DECODER,
        /** The linear layer over the CLS token. */
        @JsonProperty("token")
        TOKEN
    }

    /** Checks that the parts fit each other. */
    public SimVgModelConfig {
        if (!SimVgFamily.NAME.equals(family)) {
            throw new IllegalArgumentException("family must be " + SimVgFamily.NAME);
        }
        if (branch == null) {
            throw new IllegalArgumentException("branch must be decoder or token");
        }
        if (encoder == null || head == null || head.inChannels() != encoder.embedDim()) {
            throw new IllegalArgumentException("head.in_channels must be vis_enc.encoder_embed_dim");
        }
    }
}
