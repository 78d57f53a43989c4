package org.vilam.grounding.simvg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.function.BiConsumer;
import org.vilam.grounding.decoder.Decoder;
import org.vilam.grounding.decoder.MultiLayerPerceptron;
import org.vilam.vision.beit3.Beit3Encoder;
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
 * The head {@code TextGuidedQuerySelectKDDETRHead}: queries that know the text look for boxes, once by a DETR decoder over the
 * image and once by a linear layer over the encoder's CLS token (SimVG's "object token").
 *
 * <p>Letters: B batch, N patches, T text tokens, D the encoder's width, E the head's, Q queries, L decoder layers. Inputs are the
 * encoder's outputs with padded text included, since {@link TextPooling#LAST_TWO} reads it.
 */
public final class SimVgHead {
    private static final Initializer TORCH_LINEAR = Initializer.kaimingUniform(Math.sqrt(5));

    private final String name;
    private final SimVgConfig config;
    private final TextPooling pooling;
    private final NDArray imageWeight; // (E, D, 1, 1)
    private final NDArray imageBias; // (E)
    private final Linear textProjection;
    private final Linear clsProjection;
    private final NDArray queryEmbed; // (Q, E)
    private final Decoder queryGeneration;
    private final Decoder decoder;
    private final Linear decoderClass;
    private final MultiLayerPerceptron decoderBox;
    private final MultiLayerPerceptron tokenMlp;
    private final Linear tokenClass;
    private final MultiLayerPerceptron tokenBox;

    /** Builds the head with the weights of a scope, {@code head} in the official files, and its official pooling. */
    public SimVgHead(ParameterScope p, SimVgConfig config) {
        this(p, config, TextPooling.LAST_TWO);
    }

    /** As the two-argument form, with the pooling of the text. */
    public SimVgHead(ParameterScope p, SimVgConfig config, TextPooling pooling) {
        int width = config.embedDim();
        int in = config.inChannels();
        this.name = p.path();
        this.config = config;
        this.pooling = pooling;
        this.decoder = new Decoder(p.scope("transformer.decoder"), config.decoder());
        ParameterScope image = p.scope("input_proj");
        this.imageWeight = image.get("weight", new Shape(width, in, 1, 1), TORCH_LINEAR);
        this.imageBias = image.get("bias", new Shape(width), Initializer.zeros());
        this.textProjection = new Linear(p.scope("input_text_proj"), in, width, true, TORCH_LINEAR);
        this.clsProjection = new Linear(p.scope("input_cls_proj"), in, width, true, TORCH_LINEAR);
        this.queryEmbed =
                p.scope("query_embed").get("weight", new Shape(config.numQueries(), width), Initializer.normal(1));
        this.tokenMlp = new MultiLayerPerceptron(p.scope("mlp"), width, width);
        this.decoderClass = new Linear(p.scope("class_embed_decoder"), width, 2, true, TORCH_LINEAR);
        this.decoderBox = new MultiLayerPerceptron(p.scope("bbox_embed_decoder"), width, width, width, 4);
        this.tokenClass = new Linear(p.scope("class_embed_token"), width, 2, true, TORCH_LINEAR);
        this.tokenBox = new MultiLayerPerceptron(p.scope("bbox_embed_token"), width, width, width, 4);
        this.queryGeneration =
                new Decoder(p.scope("text_guided_query_generation_transformer"), config.queryGeneration());
        // Class weights that lie in official files as buffers; the loss has its own (SetCriterion), these only keep
        // files whole.
        Initializer classWeights = (shape, random) -> new float[] {1, 0.1f};
        p.scope("criterion").buffer("empty_weight", new Shape(2), classWeights);
        p.scope("criterion_harddistill").buffer("empty_weight", new Shape(2), classWeights);
    }

    /** The sizes. */
    public SimVgConfig config() {
        return config;
    }

    /**
     * What the encoder made of a batch.
     *
     * @param patches (B, N, D), row by row
     * @param rows of the patch grid; times {@code columns} it is N
     * @param columns of the patch grid
     * @param text (B, T, D), padding included
     * @param padding (B, T), 0 where a token is real, 1 where it is padding, any type
     * @param cls (B, D)
     */
    public record Encoded(NDArray patches, int rows, int columns, NDArray text, NDArray padding, NDArray cls) {
        /**
         * The encoder's tokens, apart.
         *
         * @param grid patches a side
         */
        public static Encoded of(Beit3Encoder.Encoded tokens, int grid, NDArray padding) {
            return new Encoded(tokens.patches(), grid, grid, tokens.text(), padding, tokens.cls());
        }
    }

    /**
     * What a branch answers.
     *
     * @param logits (..., B, Q, 2), class 0 being "object", class 1 "no object"
     * @param boxes (..., B, Q, 4), (centre x, centre y, width, height) as parts 0..1 of the network input's sides
     */
    public record Branch(NDArray logits, NDArray boxes) {
        /** The answer of the last layer, where there is one of each: (B, Q, ...). */
        public Branch last() {
            return new Branch(logits.get(-1), boxes.get(-1));
        }
    }

    /**
     * What both branches answer.
     *
     * @param decoder of every layer, the answer last: logits (L, B, Q, 2) and boxes (L, B, Q, 4)
     * @param token logits (B, Q, 2) and boxes (B, Q, 4)
     */
    public record Output(Branch decoder, Branch token) {
        /** The decoder branch's answer, that of its last layer. */
        public Branch decoderAnswer() {
            return decoder.last();
        }
    }

    /** Both branches' answers, as training needs them. */
    public Output forward(Encoded encoded, Mode mode) {
        return forward(encoded, mode, (tensor, value) -> {});
    }

    /**
     * As the two-argument form.
     *
     * @param tap is shown intermediate results as they arise, by name; they are freed soon after
     */
    public Output forward(Encoded encoded, Mode mode, BiConsumer<String, NDArray> tap) {
        requireInputs(encoded);
        try (NDArray queries = queries(encoded, mode, tap)) {
            return new Output(decoderBranch(encoded, queries, mode, tap), tokenBranch(encoded, queries, tap));
        }
    }

    /** The decoder branch's answer alone, (L, B, Q, ...): stage one of two-stage training. */
    public Branch forwardDecoder(Encoded encoded, Mode mode) {
        requireInputs(encoded);
        try (NDArray queries = queries(encoded, mode, (tensor, value) -> {})) {
            return decoderBranch(encoded, queries, mode, (tensor, value) -> {});
        }
    }

    /** The token branch's answer alone, (B, Q, ...), without the decoder: the fast way to answer. */
    public Branch forwardToken(Encoded encoded, Mode mode) {
        requireInputs(encoded);
        try (NDArray queries = queries(encoded, mode, (tensor, value) -> {})) {
            return tokenBranch(encoded, queries, (tensor, value) -> {});
        }
    }

    /** Text-guided query generation (TQG): queries look at the text, then take it in as a whole. (B, Q, E) */
    private NDArray queries(Encoded encoded, Mode mode, BiConsumer<String, NDArray> tap) {
        return Intermediates.freeing(() -> {
            NDArray text = textProjection.forward(encoded.text()); // (B, T, E)
            tap.accept("text_proj", text);
            NDArray positions = IntegerSinePositions.of(text.getManager(), config.textMaxToken(), config.embedDim());
            tap.accept("position_1d", positions);
            NDArray mask = AttentionMasks.padding(encoded.padding().eq(0)); // (B, 1, 1, T)
            NDArray generated =
                    queryGeneration.forward(zeros(text), queryEmbed, text, positions, mask, mode); // (B, Q, E)
            tap.accept("tqg_out", generated);
            NDArray pooled = pooling.pool(text, encoded.padding()); // (B, E)
            tap.accept("pooled_text", pooled);
            NDArray queries = generated.add(pooled.expandDims(1)).add(queryEmbed);
            tap.accept("decoder_query_pos", queries);
            return queries;
        });
    }

    private Branch decoderBranch(Encoded encoded, NDArray queries, Mode mode, BiConsumer<String, NDArray> tap) {
        try (NDArray hidden = Intermediates.freeing(() -> {
            NDArray image = Operations.get()
                    .linear(encoded.patches(), imageWeight.reshape(config.embedDim(), -1), imageBias); // (B, N, E)
            tap.accept("image_proj", image);
            NDArray positions =
                    SinePositions.of2d(image.getManager(), encoded.rows(), encoded.columns(), config.embedDim());
            tap.accept("position_2d", positions);
            NDArray layers = decoder.forwardLayers(zeros(image), queries, image, positions, null, mode);
            tap.accept("decoder_hidden", layers); // (L, B, Q, E)
            return layers;
        })) {
            return answer(hidden, decoderClass, decoderBox);
        }
    }

    private Branch tokenBranch(Encoded encoded, NDArray queries, BiConsumer<String, NDArray> tap) {
        try (NDArray hidden = Intermediates.freeing(() -> {
            NDArray cls = clsProjection.forward(encoded.cls()).expandDims(1); // (B, 1, E)
            NDArray token = tokenMlp.forward(queries.add(cls)); // (B, Q, E)
            tap.accept("token_hidden", token);
            return token;
        })) {
            return answer(hidden, tokenClass, tokenBox);
        }
    }

    private static Branch answer(NDArray hidden, Linear classes, MultiLayerPerceptron boxes) {
        return new Branch(
                classes.forward(hidden), // (..., Q, 2)
                Intermediates.freeing(() -> Activation.sigmoid(boxes.forward(hidden)))); // (..., Q, 4)
    }

    /** The content of queries before the first layer, (B, Q, E). */
    private NDArray zeros(NDArray like) {
        return like.getManager().zeros(new Shape(like.getShape().get(0), config.numQueries(), config.embedDim()));
    }

    private void requireInputs(Encoded encoded) {
        int in = config.inChannels();
        Shapes.require(name, "patches", encoded.patches(), "B", (long) encoded.rows() * encoded.columns(), in);
        long batch = encoded.patches().getShape().get(0);
        Shapes.require(name, "text", encoded.text(), batch, config.textMaxToken(), in);
        Shapes.require(name, "cls", encoded.cls(), batch, in);
        if (!encoded.padding().getShape().equals(new Shape(batch, config.textMaxToken()))) {
            throw new IllegalArgumentException(name + ": padding is "
                    + encoded.padding().getShape() + ", expected (" + batch + ", " + config.textMaxToken() + ")");
        }
    }
}
