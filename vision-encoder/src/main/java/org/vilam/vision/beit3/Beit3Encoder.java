package org.vilam.vision.beit3;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.tensor.AttentionMasks;
import org.vilam.vision.tensor.ConvStem;
import org.vilam.vision.tensor.Embedding;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.LayerNorm;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Multiway;
import org.vilam.vision.tensor.ParameterScope;
import org.vilam.vision.tensor.PatchEmbed;
import org.vilam.vision.tensor.PositionTable;

/**
 * The encoder: an image, a text, or both as one sequence {@code [CLS, patches row by row, text]}.
 *
 * <p>Letters: B batch, N patches, T text tokens, D width. Padded text is computed like all else, since some heads read it; only
 * as keys it is hidden.
 */
public final class Beit3Encoder {
    /** Positions begin at row 2 of their tables, a habit of fairseq. */
    static final int FIRST_POSITION = 2;

    private final Beit3Config config;
    private final @Nullable PatchEmbed patchEmbed;
    private final @Nullable ConvStem convStem;
    private final @Nullable StemWords stemWords;
    private final NDArray clsToken; // (1, 1, D)
    private final Embedding textEmbed;
    private final PositionTable visionPositions;
    private final PositionTable textPositions;
    private final List<Beit3Layer> layers = new ArrayList<>();
    private final Multiway<LayerNorm> norm;

    /** Builds the encoder with the weights of a scope, {@code beit3} in BEiT-3's own files. */
    public Beit3Encoder(ParameterScope p, Beit3Config config) {
        int width = config.embedDim();
        long patches = (long) config.grid() * config.grid();
        // Not 0.02 as in BERT: embeddings meet branches that sub-LayerNorm has brought to unit size; see Beit3Layer.
        Initializer embedding = Initializer.normal(0.5);
        this.config = config;
        this.textEmbed = new Embedding(p.scope("text_embed"), config.vocabSize(), width, embedding);
        ParameterScope vision = p.scope("vision_embed");
        this.patchEmbed =
                config.convStem() ? null : new PatchEmbed(vision.scope("proj"), 3, config.patchSize(), width, true);
        this.convStem = config.convStem()
                ? new ConvStem(
                        vision.scope("stem"), 3, config.patchSize(), width, Objects.requireNonNull(config.stemBlocks()))
                : null;
        this.stemWords = config.stemWords()
                ? new StemWords(p.scope("stem_words"), width, config.layernormEps(), textEmbed)
                : null;
        this.clsToken = vision.get("cls_token", new Shape(1, 1, width), embedding, false);
        ParameterScope encoder = p.scope("encoder");
        ParameterScope positions = encoder.scope("embed_positions");
        this.visionPositions =
                new PositionTable(positions, "A.weight", new Shape(patches + 1 + FIRST_POSITION, width), embedding);
        this.textPositions =
                new PositionTable(positions, "B.weight", new Shape(config.maxSourcePositions(), width), embedding);
        for (int i = 0; i < config.layers(); i++) {
            double rate = config.layers() == 1 ? 0 : config.dropPathRate() * i / (config.layers() - 1);
            layers.add(new Beit3Layer(encoder.scope("layers").scope(i), config, rate));
        }
        this.norm = Multiway.of(encoder.scope("layer_norm"), s -> new LayerNorm(s, width, config.layernormEps()));
    }

    /** The sizes. */
    public Beit3Config config() {
        return config;
    }

    /** The embeddings of the vocabulary, (V, D), for tying. */
    public NDArray textEmbedding() {
        return textEmbed.weight();
    }

    /**
     * The encoded tokens.
     *
     * @param tokens (B, 1 + N + T, D): CLS, patches, text; without an image only the text, without a text only CLS and patches
     * @param vision how many of them are vision's: 1 + N or 0
     * @param maps of the convolutional stem, one row an image, finest first; empty where patches are linear or there is no image
     * @param owners which image each of the B rows is about; empty where row b is about image b
     */
    public record Encoded(NDArray tokens, long vision, List<NDArray> maps, List<Integer> owners) {
        /** Copies the lists. */
        public Encoded {
            maps = List.copyOf(maps);
            owners = List.copyOf(owners);
        }

        /** Rows that are about the images in their order. */
        public Encoded(NDArray tokens, long vision, List<NDArray> maps) {
            this(tokens, vision, maps, List.of());
        }

        /** Which image a row is about. */
        public int image(int row) {
            return owners.isEmpty() ? row : owners.get(row);
        }

        /** The CLS token, (B, D). */
        public NDArray cls() {
            return tokens.get(new NDIndex(":, 0"));
        }

        /** The patches, (B, N, D), row by row. */
        public NDArray patches() {
            return tokens.get(new NDIndex(":, 1:" + vision));
        }

        /** The text with its padding, (B, T, D). */
        public NDArray text() {
            return tokens.get(new NDIndex(":, " + vision + ":"));
        }
    }

    /**
     * Encodes several texts with each image; what does not depend on the text is computed once an image.
     *
     * @param images (I, 3, img_size, img_size)
     * @param owners which image each of the B texts goes with
     */
    public Encoded forward(NDArray images, List<Integer> owners, NDArray textIds, NDArray textPadding, Mode mode) {
        return forward(images, owners, textIds, textPadding, mode, (name, tensor) -> {});
    }

    /** Encodes an image and a text together; see {@link #forward(NDArray, NDArray, NDArray, Mode, BiConsumer)}. */
    public Encoded forward(NDArray images, NDArray textIds, NDArray textPadding, Mode mode) {
        return forward(images, textIds, textPadding, mode, (name, tensor) -> {});
    }

    /**
     * What the convolutional stem makes of images, before any layer.
     *
     * @param images (B, 3, img_size, img_size) normalised
     * @throws IllegalArgumentException where patches are linear
     */
    public ConvStem.Output forwardStem(NDArray images, Mode mode) {
        if (convStem == null) {
            throw new IllegalArgumentException("this encoder embeds patches linearly, it has no convolutional stem");
        }
        return stem(images, mode);
    }

    /**
     * What the stem tells in words.
     *
     * @throws IllegalArgumentException where the configuration has none
     */
    public StemWords stemWords() {
        if (stemWords == null) {
            throw new IllegalArgumentException("this encoder's configuration has no stem_words");
        }
        return stemWords;
    }

    /** Encodes images alone, (B, 3, img_size, img_size). */
    public Encoded forwardImage(NDArray images, Mode mode) {
        return forward(images, null, null, mode, (name, tensor) -> {});
    }

    /** Encodes texts alone. */
    public Encoded forwardText(NDArray textIds, NDArray textPadding, Mode mode) {
        return forward(null, textIds, textPadding, mode, (name, tensor) -> {});
    }

    /**
     * Encodes.
     *
     * @param images (B, 3, img_size, img_size) normalised, or null for text alone
     * @param textIds (B, T) integers, or null for images alone
     * @param textPadding (B, T), 1 where {@code textIds} is padding, 0 where it is a token, any type; null together with them
     * @param tap is shown intermediate results as they arise, by name: {@code embeddings}, {@code layer_0}, ...; they are freed
     *     soon after
     */
    public Encoded forward(
            @Nullable NDArray images,
            @Nullable NDArray textIds,
            @Nullable NDArray textPadding,
            Mode mode,
            BiConsumer<String, NDArray> tap) {
        return forward(images, List.of(), textIds, textPadding, mode, tap);
    }

    /**
     * Encodes an image some of whose patches are hidden, and a text, as masked modelling does.
     *
     * @param hidden which patches, and what stands in their place
     */
    public Encoded forwardMasked(
            NDArray images,
            MaskedPatches hidden,
            NDArray textIds,
            NDArray textPadding,
            Mode mode,
            BiConsumer<String, NDArray> tap) {
        return forward(images, hidden, List.of(), textIds, textPadding, mode, tap);
    }

    /**
     * Patches that are hidden from the encoder, before positions are added.
     *
     * @param mask (B, N) float32, 1 where a patch is hidden
     * @param token (1, 1, D), what stands in place of each
     */
    public record MaskedPatches(NDArray mask, NDArray token) {}

    private Encoded forward(
            @Nullable NDArray images,
            List<Integer> owners,
            @Nullable NDArray textIds,
            @Nullable NDArray textPadding,
            Mode mode,
            BiConsumer<String, NDArray> tap) {
        return forward(images, null, owners, textIds, textPadding, mode, tap);
    }

    private Encoded forward(
            @Nullable NDArray images,
            @Nullable MaskedPatches hidden,
            List<Integer> owners,
            @Nullable NDArray textIds,
            @Nullable NDArray textPadding,
            Mode mode,
            BiConsumer<String, NDArray> tap) {
        if (images == null && textIds == null) {
            throw new IllegalArgumentException("there is neither an image nor a text to encode");
        }
        if ((textIds == null) != (textPadding == null)) {
            throw new IllegalArgumentException("text ids and text padding are given together or not at all");
        }
        long vision = images == null ? 0 : 1L + (long) config.grid() * config.grid();
        ConvStem.Output stem = images == null ? null : stem(images, mode);
        NDArray encoded = Intermediates.freeing(() -> {
            NDArray x = embed(stem, owners, textIds, textPadding, hidden, mode);
            tap.accept("embeddings", x);
            NDArray mask = textPadding == null ? null : keyMask(textPadding, vision);
            for (int i = 0; i < layers.size(); i++) {
                x = layers.get(i).forward(x, vision, mask, mode);
                tap.accept("layer_" + i, x);
            }
            return norm.forward(x, vision, LayerNorm::forward);
        });
        if (stem != null) {
            stem.tokens().close();
        }
        return new Encoded(encoded, vision, stem == null ? List.of() : stem.maps(), owners);
    }

    private ConvStem.Output stem(NDArray images, Mode mode) {
        Shape shape = images.getShape();
        if (shape.dimension() != 4 || shape.get(2) != config.imgSize() || shape.get(3) != config.imgSize()) {
            throw new VilamException(
                    ErrorCode.TENSOR_MISMATCH,
                    "images are " + shape + ", the encoder wants (B, 3, " + config.imgSize() + ", " + config.imgSize()
                            + ")",
                    "Resize the images to the size the model was trained for.");
        }
        return convStem != null
                ? convStem.forwardMaps(images, mode)
                : new ConvStem.Output(
                        List.of(), Objects.requireNonNull(patchEmbed).forward(images));
    }

    private NDArray embed(
            ConvStem.@Nullable Output stem,
            List<Integer> owners,
            @Nullable NDArray textIds,
            @Nullable NDArray textPadding,
            @Nullable MaskedPatches hidden,
            Mode mode) {
        if (textIds == null || textPadding == null) {
            return embedPatches(hide(Objects.requireNonNull(stem).tokens(), hidden));
        }
        NDArray real = textPadding.toType(DataType.FLOAT32, false).neg().add(1).expandDims(2); // (B, T, 1)
        NDArray words = textEmbed.forward(textIds); // (B, T, D)
        NDArray text = textPositions.addTo(words, FIRST_POSITION).mul(real); // (B, T, D)
        if (stem == null) {
            return text;
        }
        NDArray rows = rows(owners, textIds);
        NDArray patches = owners.isEmpty() ? stem.tokens() : stem.tokens().get(new NDIndex("{}", rows)); // (B, N, D)
        if (stemWords != null) {
            NDArray coarsest = PatchEmbed.tokens(stem.maps().get(stem.maps().size() - 1)); // (I, N, D)
            patches = patches.add(stemWords.matched(coarsest, rows, words, text, real, mode));
        }
        return embedPatches(hide(patches, hidden)).concat(text, 1); // (B, 1 + N + T, D)
    }

    private static NDArray hide(NDArray patches, @Nullable MaskedPatches hidden) {
        if (hidden == null) {
            return patches;
        }
        NDArray mask = hidden.mask().expandDims(2); // (B, N, 1)
        return patches.mul(mask.neg().add(1)).add(mask.mul(hidden.token()));
    }

    /** Which image each text goes with, (B). */
    private static NDArray rows(List<Integer> owners, NDArray textIds) {
        long[] rows = new long[Math.toIntExact(textIds.getShape().get(0))];
        for (int b = 0; b < rows.length; b++) {
            rows[b] = owners.isEmpty() ? b : owners.get(b);
        }
        try (NDArray borrowed = textIds.getManager().create(rows)) {
            return borrowed.duplicate();
        }
    }

    private NDArray embedPatches(NDArray patches) {
        NDArray cls = patches.getManager()
                .zeros(new Shape(patches.getShape().get(0), 1, config.embedDim()))
                .add(clsToken); // (B, 1, D)
        return visionPositions.addTo(cls.concat(patches, 1), FIRST_POSITION); // (B, 1 + N, D)
    }

    /** Padded text is hidden as a key; vision never is. (B, 1, 1, 1 + N + T) */
    private static NDArray keyMask(NDArray textPadding, long vision) {
        long batch = textPadding.getShape().get(0);
        NDArray text = textPadding.toType(DataType.FLOAT32, false);
        NDArray all = vision == 0
                ? text
                : text.getManager().zeros(new Shape(batch, vision)).concat(text, 1);
        return AttentionMasks.padding(all.neg().add(1));
    }
}
