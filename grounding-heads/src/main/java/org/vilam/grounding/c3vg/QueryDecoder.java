package org.vilam.grounding.c3vg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.vilam.grounding.decoder.Decoder;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.ParameterScope;

/**
 * The first stage's query, {@code QueryAugment}: the CLS token looks at the text, and then at the image.
 *
 * <p>Letters: B batch, N patches, T text tokens, E width.
 */
final class QueryDecoder {
    private final NDArray queryEmbed; // (1, E)
    private final Decoder text;
    private final Decoder image;

    QueryDecoder(ParameterScope p, C3VgConfig config) {
        this.text = new Decoder(p.scope("query2text_crossattn"), config.transformer(1));
        this.image = new Decoder(p.scope("query2img_crossattn"), config.transformer(1));
        this.queryEmbed =
                p.scope("query_embed").get("weight", new Shape(1, config.hiddenChannels()), Initializer.normal(1));
    }

    /**
     * Decodes.
     *
     * @param cls (B, E)
     * @return (B, E)
     */
    NDArray forward(NDArray cls, Tokens words, Tokens patches, Mode mode) {
        return Intermediates.freeing(() -> {
            NDArray first = cls.add(queryEmbed).expandDims(1); // (B, 1, E)
            NDArray nothing = first.zerosLike();
            NDArray read =
                    text.forward(nothing, first, words.values(), words.positions(), words.mask(), mode); // (B, 1, E)
            return image.forward(nothing, read, patches.values(), patches.positions(), null, mode)
                    .squeeze(1); // (B, E)
        });
    }
}
