package org.vilam.grounding.c3vg;

import ai.djl.ndarray.NDArray;
import org.vilam.grounding.simvg.ExpressionReader;
import org.vilam.grounding.simvg.SimVgHead;
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.ParameterScope;

/**
 * A whole C3VG, {@code MIXUniModel}: encoder and head.
 *
 * @param config the sizes
 * @param encoder of image and text
 * @param head of both stages
 */
public record C3VgModel(C3VgModelConfig config, Beit3Encoder encoder, C3VgHead head) {
    /** Builds the networks with the weights of a scope, the root in the official file, as they were published. */
    public C3VgModel(ParameterScope p, C3VgModelConfig config) {
        this(
                config,
                new Beit3Encoder(p.scope("vis_enc").scope("beit3"), config.encoder()),
                new C3VgHead(p.scope("head"), config.head()));
    }

    /**
     * What both stages answer.
     *
     * @param images (B, 3, img_size, img_size) normalised
     */
    public C3VgHead.Output forward(NDArray images, ExpressionReader.Batch texts, Mode mode) {
        SimVgHead.Encoded encoded = SimVgHead.Encoded.of(
                encoder.forward(images, texts.ids(), texts.padding(), mode),
                encoder.config().grid(),
                texts.padding());
        return head.forward(encoded, mode);
    }
}
