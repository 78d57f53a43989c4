package org.vilam.grounding.simvg;

import ai.djl.ndarray.NDArray;
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.ParameterScope;

/**
 * A whole SimVG, {@code MIXDETRMB}: encoder and head.
 *
 * @param config the sizes
 * @param encoder of image and text
 * @param head of both branches
 */
public record SimVgModel(SimVgModelConfig config, Beit3Encoder encoder, SimVgHead head) {
    /** Builds the networks with the weights of a scope, the root in official files. */
    public SimVgModel(ParameterScope p, SimVgModelConfig config) {
        this(
                config,
                new Beit3Encoder(p.scope("vis_enc").scope("beit3"), config.encoder()),
                new SimVgHead(p.scope("head"), config.head()));
    }

    /**
     * What the head reads.
     *
     * @param images (B, 3, img_size, img_size) normalised
     */
    public SimVgHead.Encoded encode(NDArray images, ExpressionReader.Batch texts, Mode mode) {
        return SimVgHead.Encoded.of(
                encoder.forward(images, texts.ids(), texts.padding(), mode),
                encoder.config().grid(),
                texts.padding());
    }
}
