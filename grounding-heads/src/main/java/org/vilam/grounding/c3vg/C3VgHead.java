package org.vilam.grounding.c3vg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.List;
import java.util.function.BiConsumer;
import org.vilam.grounding.decoder.MultiLayerPerceptron;
import org.vilam.grounding.simvg.SimVgHead;
import org.vilam.vision.tensor.AttentionMasks;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Linear;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.ParameterScope;
import org.vilam.vision.tensor.Shapes;
import org.vilam.vision.tensor.SinePositions;

/**
 * The head {@code UniHeadCoarseToFine}: box and mask, guessed first and then refined by each other.
 *
 * <p>Letters: B batch, N patches in a grid of rows and columns, T text tokens, D the encoder's width, E the head's. Inputs are the
 * encoder's outputs with padded text included, since the official pooling reads it.
 */
public final class C3VgHead {
    private static final Initializer TORCH = Initializer.kaimingUniform(Math.sqrt(5));
    /** How many times wider the second mask is than the grid of patches. */
    public static final int SCALE = 4;

    private final String name;
    private final C3VgConfig config;
    private final C3VgVariant variant;
    private final NDArray imageWeight; // (E, D, 1, 1)
    private final Linear textProjection;
    private final Linear clsProjection;
    private final QueryDecoder queryDecoder;
    private final MultiLayerPerceptron firstBox;
    private final MaskProjector projector;
    private final Interaction interaction;
    private final MultiLayerPerceptron secondBox;
    private final FeaturePyramid pyramid;
    private final PyramidDecoder pyramidDecoder;

    /** Builds the head with the weights of a scope, {@code head} in the official file, as it was published. */
    public C3VgHead(ParameterScope p, C3VgConfig config) {
        this(p, config, C3VgVariant.OFFICIAL);
    }

    /** As the two-argument form, with what is to be otherwise than in the official code. */
    public C3VgHead(ParameterScope p, C3VgConfig config, C3VgVariant variant) {
        int width = config.hiddenChannels();
        int in = config.inputChannels();
        this.name = p.path();
        this.config = config;
        this.variant = variant;
        this.firstBox = boxBranch(p, "first", width);
        this.pyramid = new FeaturePyramid(p.scope("neck"), width);
        this.pyramidDecoder = new PyramidDecoder(p.scope("fpn_decoder"), width);
        this.secondBox = boxBranch(p, "second", width);
        this.textProjection = new Linear(p.scope("lan_embedding"), in, width, false, TORCH);
        this.imageWeight = p.scope("img_embedding").get("weight", new Shape(width, in, 1, 1), TORCH);
        this.clsProjection = new Linear(p.scope("query_embedding"), in, width, false, TORCH);
        this.projector = new MaskProjector(p.scope("proj_pixel_level_cons"), width);
        this.queryDecoder = new QueryDecoder(p.scope("query_augment_module"), config);
        this.interaction = new Interaction(p.scope("UIM"), config, variant.regions());
        UnusedWeights.keep(p, config);
    }

    private static MultiLayerPerceptron boxBranch(ParameterScope p, String stage, int width) {
        return new MultiLayerPerceptron(p.scope("box_branch_" + stage).scope("predict"), width, width, width, 4);
    }

    /** The sizes. */
    public C3VgConfig config() {
        return config;
    }

    /**
     * What a stage answers.
     *
     * @param boxes (B, 4), (centre x, centre y, width, height) as parts 0..1 of the network input's sides
     * @param masks (B, 1, rows, columns) logits: on the grid of patches in the first stage, four times as fine in the second
     */
    public record Stage(NDArray boxes, NDArray masks) {
        /**
         * The masks' logits at the size of the network input.
         *
         * @return (B, 1, height, width)
         */
        public NDArray enlarged(int height, int width) {
            return PyramidDecoder.ENLARGED.resize(masks, height, width);
        }
    }

    /** What both stages answer; the second is the answer. */
    public record Output(Stage first, Stage second) {}

    /** Both stages' answers. */
    public Output forward(SimVgHead.Encoded encoded, Mode mode) {
        return forward(encoded, mode, (tensor, value) -> {});
    }

    /**
     * As the two-argument form.
     *
     * @param tap is shown intermediate results as they arise, by name; they are freed soon after
     */
    public Output forward(SimVgHead.Encoded encoded, Mode mode, BiConsumer<String, NDArray> tap) {
        requireInputs(encoded);
        try (Tokens words = words(encoded);
                Tokens patches = patches(encoded);
                NDArray pooled = Intermediates.freeing(
                        () -> variant.pooling().pool(words.values(), encoded.padding())); // (B, E)
                NDArray map = map(patches.values(), encoded.rows(), encoded.columns())) {
            tap.accept("pooled_text", pooled);
            tap.accept("image_proj", map);
            Stage first = first(encoded, words, patches, pooled, map, mode, tap);
            Interaction.Output met =
                    interaction.forward(map, words, patches.positions(), first.boxes(), first.masks(), mode, tap);
            try (NDArray box = met.box();
                    NDArray places = met.map()) {
                return new Output(first, new Stage(read(secondBox, box), fine(places, pooled, mode, tap)));
            }
        }
    }

    private Stage first(
            SimVgHead.Encoded encoded,
            Tokens words,
            Tokens patches,
            NDArray pooled,
            NDArray map,
            Mode mode,
            BiConsumer<String, NDArray> tap) {
        try (NDArray query = Intermediates.freeing(
                () -> queryDecoder.forward(clsProjection.forward(encoded.cls()), words, patches, mode))) {
            tap.accept("query_out", query);
            return new Stage(read(firstBox, query), projector.forward(map, pooled));
        }
    }

    /** The second mask, (B, 1, 4 rows, 4 columns). */
    private NDArray fine(NDArray places, NDArray pooled, Mode mode, BiConsumer<String, NDArray> tap) {
        return Intermediates.freeing(() -> {
            List<NDArray> levels = pyramid.forward(places);
            for (int i = 0; i < levels.size(); i++) {
                tap.accept("fpn_level_" + i, levels.get(i));
            }
            NDArray decoded = pyramidDecoder.forward(levels, mode); // (B, E, 4 rows, 4 columns)
            tap.accept("decoder_out", decoded);
            return projector.forward(decoded, pooled);
        });
    }

    private static NDArray read(MultiLayerPerceptron branch, NDArray feature) {
        return Intermediates.freeing(() -> Activation.sigmoid(branch.forward(feature))); // (B, 4)
    }

    private Tokens words(SimVgHead.Encoded encoded) {
        NDArray text = textProjection.forward(encoded.text()); // (B, T, E)
        int length = Math.toIntExact(text.getShape().get(1));
        return new Tokens(
                text,
                variant.positions(text.getManager(), length, config.hiddenChannels()),
                Intermediates.freeing(
                        () -> AttentionMasks.padding(encoded.padding().eq(0)))); // (B, 1, 1, T)
    }

    private Tokens patches(SimVgHead.Encoded encoded) {
        NDArray image = Intermediates.freeing(() -> Operations.get()
                .linear(encoded.patches(), imageWeight.reshape(config.hiddenChannels(), -1), null)); // (B, N, E)
        return new Tokens(
                image,
                SinePositions.of2d(image.getManager(), encoded.rows(), encoded.columns(), config.hiddenChannels()),
                null);
    }

    /** Tokens row by row as a map, (B, E, rows, columns). */
    private static NDArray map(NDArray tokens, int rows, int columns) {
        Shape shape = tokens.getShape();
        return Intermediates.freeing(
                () -> tokens.transpose(0, 2, 1).reshape(shape.get(0), shape.get(2), rows, columns));
    }

    private void requireInputs(SimVgHead.Encoded encoded) {
        int in = config.inputChannels();
        Shapes.require(name, "patches", encoded.patches(), "B", (long) encoded.rows() * encoded.columns(), in);
        if (encoded.rows() < 2 || encoded.columns() < 2) {
            throw new IllegalArgumentException(name + ": a grid of patches has two rows and columns or more");
        }
        long batch = encoded.patches().getShape().get(0);
        Shapes.require(name, "text", encoded.text(), batch, "T", in);
        Shapes.require(name, "cls", encoded.cls(), batch, in);
        Shape text = new Shape(batch, encoded.text().getShape().get(1));
        if (text.get(1) < 2 || !encoded.padding().getShape().equals(text)) {
            throw new IllegalArgumentException(name + ": padding is "
                    + encoded.padding().getShape() + ", expected " + text + " of two tokens or more");
        }
    }
}
