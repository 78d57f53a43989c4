package org.vilam.assistant.llama;

import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.vilam.assistant.text.TextTokenizer;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.MemoryPreflight;
import org.vilam.vision.tensor.Parameters;
import org.vilam.vision.tensor.WeightType;

/** An open model folder of family {@value LlamaFamily#NAME}: text in, more text out. Safe for several threads. */
public final class LanguageModel implements AutoCloseable {
    private static final LlamaFamily FAMILY = new LlamaFamily();

    private final LlamaModel model;
    private final TextTokenizer tokenizer;
    private final NDManager manager;
    private final TensorSource weights;
    private final int begin;
    private final int end;

    private LanguageModel(
            LlamaModel model, TextTokenizer tokenizer, NDManager manager, TensorSource weights, int begin, int end) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.manager = manager;
        this.weights = weights;
        this.begin = begin;
        this.end = end;
    }

    /**
     * Opens a model, tensor by tensor, after seeing that it fits the memory.
     *
     * @param parent gives the device; closing it closes the model
     * @throws VilamException INVALID_ARGUMENT when the weights do not fit the memory in this type; MODEL_INVALID;
     *     CHECKPOINT_MISMATCH when the weights are not exactly the network's
     */
    public static LanguageModel open(ModelFolder folder, NDManager parent, WeightType type) {
        LlamaConfig config = LlamaFamily.read(folder.config());
        preflight(config, MemoryPreflight.availableBytes()).require(type);
        TextTokenizer tokenizer = TextTokenizer.load(folder.tokenizer());
        NDManager manager = parent.newSubManager();
        TensorSource weights = null;
        try {
            if (tokenizer.vocabSize() > config.vocabSize()) {
                throw new VilamException(
                        ErrorCode.MODEL_INVALID,
                        folder.path() + ": tokenizer.json has " + tokenizer.vocabSize() + " tokens, config.json "
                                + config.vocabSize(),
                        "Import the model again with the tokenizer that belongs to it.");
            }
            weights = folder.openWeights();
            Parameters parameters = Parameters.map(manager, weights);
            type.packing().ifPresent(packing -> parameters.pack(packing, FAMILY::packs));
            LlamaModel model = new LlamaModel(parameters.root(), config);
            parameters.loadReport().requireExact();
            return new LanguageModel(
                    model,
                    tokenizer,
                    manager,
                    weights,
                    folder.config().path("bos_token_id").asInt(1),
                    folder.config().path("eos_token_id").asInt(2));
        } catch (RuntimeException | Error e) {
            manager.close();
            tokenizer.close();
            if (weights != null) {
                weights.close();
            }
            throw e;
        }
    }

    /** What the sizes need of the memory, with a cache as long as the model's positions. */
    public static MemoryPreflight preflight(LlamaConfig config, long availableBytes) {
        try (NDManager manager = NDManager.newBaseManager();
                Parameters outline = Parameters.outline(manager)) {
            new LlamaModel(outline.root(), config);
            return MemoryPreflight.of(
                    outline.shapes(), FAMILY::packs, config.cacheBytes(1, config.maxPositions()), availableBytes);
        }
    }

    /** The networks. */
    public LlamaModel model() {
        return model;
    }

    /** The tokenizer. */
    public TextTokenizer tokenizer() {
        return tokenizer;
    }

    /** The token that ends a text. */
    public int end() {
        return end;
    }

    /**
     * How the model continues a text.
     *
     * @param text the beginning; may be empty
     * @return the text with what follows it, special tokens left out
     */
    public String complete(String text, Generation generation) {
        long[] ids = LongStream.concat(LongStream.of(begin), LongStream.of(tokenizer.encodeLiteral(text)))
                .toArray();
        try (GradientScope scope = GradientScope.noGradient();
                NDManager scratch = manager.newSubManager()) {
            Prompt prompt = new Prompt(
                    model.embed(scratch.create(ids).expandDims(0)),
                    new int[][] {LongStream.of(ids).mapToInt(id -> 1).toArray()},
                    List.of(LongStream.of(ids).mapToInt(Math::toIntExact).toArray()));
            int[] said = new Generator(model)
                    .generate(scratch, prompt, generation)
                    .get(0)
                    .get(0)
                    .tokens();
            // Vocabularies are often rounded up to rows that no token has.
            long[] all = LongStream.concat(
                            Arrays.stream(ids), Arrays.stream(said).asLongStream())
                    .filter(id -> id < tokenizer.vocabSize())
                    .toArray();
            return tokenizer.decode(all, true);
        }
    }

    /** Frees weights and tokenizer. */
    @Override
    public void close() {
        manager.close();
        tokenizer.close();
        weights.close();
    }
}
