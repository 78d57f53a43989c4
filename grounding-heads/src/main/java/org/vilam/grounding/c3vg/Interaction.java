package org.vilam.grounding.c3vg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.function.BiConsumer;
import org.vilam.grounding.decoder.Decoder;
import org.vilam.grounding.decoder.MultiLayerPerceptron;
import org.vilam.grounding.mask.BatchNorm;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Linear;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.ParameterScope;

/**
 * The second stage, the mask-guided interaction module (MIM; {@code UIM} in the code): the first box and the first mask weigh the
 * image's map, and from what they point out come features of the box and of every place. The first stage is not detached, so
 * both stages train it, the box by its coordinates alone.
 *
 * <p>Letters: B batch, N patches in a grid of rows and columns, E width.
 */
final class Interaction {
    private static final Initializer TORCH = Initializer.kaimingUniform(Math.sqrt(5));
    private static final int LAYERS = 3;

    private final int width;
    private final RegionPooling regions;
    private final NDArray imageWeight; // (E, E, 1, 1)
    private final BatchNorm imageNorm;
    private final Linear boxEmbed;
    private final MultiLayerPerceptron boxMlp;
    private final MultiLayerPerceptron placeMlp;
    private final Decoder boxText;
    private final Decoder boxImage;
    private final SelfAttention places;

    Interaction(ParameterScope p, C3VgConfig config, RegionPooling regions) {
        this.width = config.hiddenChannels();
        this.regions = regions;
        this.boxText = new Decoder(p.scope("box2text_crossattn"), config.transformer(1));
        this.boxImage = new Decoder(p.scope("box2img_crossattn"), config.transformer(LAYERS));
        this.places = new SelfAttention(p.scope("sa"), config.transformer(LAYERS));
        this.boxEmbed = new Linear(p.scope("box_coorinate_embed"), 4, width, true, TORCH); // spelt as in the file
        this.imageWeight = p.scope("img_embedding").scope(0).get("weight", new Shape(width, width, 1, 1), TORCH);
        this.imageNorm = new BatchNorm(p.scope("img_embedding").scope(1), width);
        this.boxMlp = new MultiLayerPerceptron(p.scope("box_linear"), 2 * width, width, width, width);
        this.placeMlp = new MultiLayerPerceptron(p.scope("seg_linear"), 4 * width, width, width, width);
    }

    /**
     * What the module makes; the caller closes it.
     *
     * @param box (B, E), the feature of the box
     * @param map (B, E, rows, columns), the features of places
     */
    record Output(NDArray box, NDArray map) {}

    /**
     * Interacts.
     *
     * @param image (B, E, rows, columns), the projected patches
     * @param words the text; their positions are not used here
     * @param positions (N, E), those of the patches
     * @param box (B, 4), the first stage's, (centre x, centre y, width, height) as parts of the sides
     * @param mask (B, 1, rows, columns), the first stage's logits
     */
    Output forward(
            NDArray image,
            Tokens words,
            NDArray positions,
            NDArray box,
            NDArray mask,
            Mode mode,
            BiConsumer<String, NDArray> tap) {
        Shape shape = image.getShape();
        try (NDArray features = Intermediates.freeing(() -> Activation.relu(
                        imageNorm.forward(Operations.get().conv2d(image, imageWeight, null, 1, 0, 1), mode)));
                NDArray seen = places(features, box, mask)) {
            tap.accept("interaction_image_feature", features);
            tap.accept("seg_embed", seen);
            NDArray boxOut = Intermediates.freeing(() -> {
                NDArray pooled = regions.pool(features, box); // (B, E)
                tap.accept("roi_feature", pooled);
                NDArray feature = boxMlp.forward(pooled.concat(boxEmbed.forward(box), 1)); // (B, E)
                tap.accept("box_feature", feature);
                NDArray query = feature.expandDims(1); // (B, 1, E)
                query = boxText.forward(query, null, words.values(), null, words.mask(), mode);
                return boxImage.forward(query, null, seen, positions, null, mode)
                        .squeeze(1); // (B, E)
            });
            tap.accept("interaction_box_out", boxOut);
            NDArray mapOut = Intermediates.freeing(() ->
                    places.forward(seen, positions, mode).transpose(0, 2, 1).reshape(shape)); // (B, E, rows, columns)
            tap.accept("interaction_seg_out", mapOut);
            return new Output(boxOut, mapOut);
        }
    }

    /** The map as mask, box, both and nothing weigh it, (B, N, E). */
    private NDArray places(NDArray features, NDArray box, NDArray mask) {
        Shape shape = features.getShape();
        return Intermediates.freeing(() -> {
            NDArray byMask = features.mul(Activation.sigmoid(mask));
            NDArray weights =
                    BoxWeights.of(features.getManager(), box, (int) shape.get(2), (int) shape.get(3)); // (B, 1, ...)
            NDArray all = NDArrays.concat(
                    new NDList(byMask, features.mul(weights), byMask.mul(weights), features), 1); // (B, 4 E, ...)
            return placeMlp.forward(all.reshape(shape.get(0), 4L * width, -1).transpose(0, 2, 1));
        });
    }
}
