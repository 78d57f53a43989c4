package org.vilam.assistant.instructblip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.vilam.assistant.llama.Generation;
import org.vilam.assistant.llama.Generator;
import org.vilam.assistant.llama.Prompt;
import org.vilam.assistant.text.TextTokenizer;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.ImageProcessor;
import org.vilam.vision.image.ImageProcessorConfig;
import org.vilam.vision.image.RgbImage;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.MemoryPreflight;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Parameters;
import org.vilam.vision.tensor.WeightType;

/** An open model folder of family {@value InstructBlipFamily#NAME}: images and prompts in, text out. Safe for several threads. */
public final class InstructBlip implements AutoCloseable {
    private static final InstructBlipFamily FAMILY = new InstructBlipFamily();
    /** Of an answer with five beams, for the preflight. */
    private static final int BEAMS = 5;

    private final InstructBlipModel model;
    private final TextTokenizer tokenizer;
    private final TextTokenizer instructionTokenizer;
    private final ImageProcessor processor;
    private final NDManager manager;
    private final TensorSource weights;

    private InstructBlip(
            InstructBlipModel model,
            TextTokenizer tokenizer,
            TextTokenizer instructionTokenizer,
            ImageProcessor processor,
            NDManager manager,
            TensorSource weights) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.instructionTokenizer = instructionTokenizer;
        this.processor = processor;
        this.manager = manager;
        this.weights = weights;
    }

    /**
     * An answer.
     *
     * @param text without special tokens
     * @param probability 0..1, the geometric mean of its tokens' probabilities (after penalties)
     * @param finished whether it ended by itself rather than at the limit
     */
    public record Answer(String text, double probability, boolean finished) {}

    /**
     * Opens a model, tensor by tensor, after seeing that it fits the memory. The language model is kept in the weight type, the
     * rest in float32.
     *
     * @param parent gives the device; closing it closes the model
     * @throws VilamException INVALID_ARGUMENT when the weights do not fit the memory in this type; MODEL_INVALID;
     *     CHECKPOINT_MISMATCH when the weights are not exactly the network's
     */
    public static InstructBlip open(ModelFolder folder, NDManager parent, WeightType type) {
        InstructBlipConfig config = InstructBlipConfig.read(folder.config());
        preflight(config, MemoryPreflight.availableBytes()).require(type);
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            TextTokenizer tokenizer = TextTokenizer.load(folder.tokenizer());
            opened.add(tokenizer);
            TextTokenizer instructions =
                    TextTokenizer.load(folder.path().resolve(InstructBlipFamily.INSTRUCTION_TOKENIZER));
            opened.add(instructions);
            fits(folder, "tokenizer.json", tokenizer, config.language().vocabSize());
            fits(
                    folder,
                    InstructBlipFamily.INSTRUCTION_TOKENIZER,
                    instructions,
                    config.qformer().vocabSize());
            NDManager manager = parent.newSubManager();
            opened.add(manager);
            TensorSource weights = folder.openWeights();
            opened.add(weights);
            Parameters parameters = Parameters.map(manager, weights);
            type.packing().ifPresent(packing -> parameters.pack(packing, FAMILY::packs));
            InstructBlipModel model = new InstructBlipModel(parameters.root(), config);
            parameters.loadReport().requireExact();
            ImageProcessor processor = new ImageProcessor(ImageProcessorConfig.fromJson(folder.preprocessor()));
            return new InstructBlip(model, tokenizer, instructions, processor, manager, weights);
        } catch (RuntimeException | Error e) {
            opened.forEach(InstructBlip::closeQuietly);
            throw e;
        }
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            throw new IllegalStateException("closing does not fail", e);
        }
    }

    private static void fits(ModelFolder folder, String file, TextTokenizer tokenizer, int rows) {
        if (tokenizer.vocabSize() > rows) {
            throw new VilamException(
                    ErrorCode.MODEL_INVALID,
                    folder.path() + ": " + file + " has " + tokenizer.vocabSize() + " tokens, the network " + rows,
                    "Import the model again with the tokenizer that belongs to it.");
        }
    }

    /** What the sizes need of the memory, with a cache for five beams as long as the language model's positions. */
    public static MemoryPreflight preflight(InstructBlipConfig config, long availableBytes) {
        try (NDManager manager = NDManager.newBaseManager();
                Parameters outline = Parameters.outline(manager)) {
            new InstructBlipModel(outline.root(), config);
            return MemoryPreflight.of(
                    outline.shapes(),
                    FAMILY::packs,
                    config.language().cacheBytes(BEAMS, config.language().maxPositions()),
                    availableBytes);
        }
    }

    /** The networks. */
    public InstructBlipModel model() {
        return model;
    }

    /** LAVIS's way of answering: five beams and a repetition penalty of 1.5, up to 256 tokens. */
    public Generation compat() {
        return Generation.compat(256, model.config().endTokenId());
    }

    /** Greedy without penalties, for places: {@code maxNewTokens} of at least 512 lets a polygon of 25 points end. */
    public Generation grounding(int maxNewTokens) {
        return Generation.grounding(maxNewTokens, model.config().endTokenId());
    }

    /** The tokens of a prompt for the language model: the beginning token, then the text's. Special tokens in it have no power. */
    public int[] promptTokens(String prompt) {
        return LongStream.concat(
                        LongStream.of(model.config().beginTokenId()), LongStream.of(tokenizer.encodeLiteral(prompt)))
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    /** The tokens of a prompt for the Q-Former: {@code [CLS]}, the last that fit, {@code [SEP]}. */
    int[] instructionTokens(String prompt) {
        long[] text = instructionTokenizer.encodeLiteral(prompt);
        int room = model.config().maxInstruction() - 2;
        LongStream kept = Arrays.stream(text, Math.max(0, text.length - room), text.length);
        LongStream begun = LongStream.concat(LongStream.of(instructionTokenizer.id("[CLS]")), kept);
        return LongStream.concat(begun, LongStream.of(instructionTokenizer.id("[SEP]")))
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    /**
     * The best answer to each prompt about its image, in one batch.
     *
     * @param images one a prompt
     * @param prompts as the model was trained on them: no conversation format around them
     */
    public List<Answer> answer(List<RgbImage> images, List<String> prompts, Generation generation) {
        if (images.size() != prompts.size()) {
            throw new IllegalArgumentException(images.size() + " images for " + prompts.size() + " prompts");
        }
        try (GradientScope scope = GradientScope.noGradient();
                NDManager scratch = manager.newSubManager()) {
            NDArray pixels = processor.process(scratch, images).pixelValues();
            NDArray image = model.encodeImages(pixels, Mode.INFERENCE);
            List<int[]> instructions =
                    prompts.stream().map(this::instructionTokens).toList();
            int longest =
                    instructions.stream().mapToInt(ids -> ids.length).max().orElse(0);
            long[][] ids = new long[prompts.size()][longest];
            long[][] mask = new long[prompts.size()][longest];
            for (int row = 0; row < ids.length; row++) {
                for (int t = 0; t < instructions.get(row).length; t++) {
                    ids[row][t] = instructions.get(row)[t];
                    mask[row][t] = 1;
                }
            }
            NDArray soft = model.softPrompts(image, scratch.create(ids), scratch.create(mask), Mode.INFERENCE);
            Prompt prompt =
                    model.prompt(soft, prompts.stream().map(this::promptTokens).toList());
            return new Generator(model.language())
                    .generate(scratch, prompt, generation).stream()
                            .map(answers -> read(answers.get(0)))
                            .toList();
        }
    }

    private Answer read(Generator.Answer answer) {
        // Padding of finished beams is 0, which LAVIS rewrites to the ending token; neither is shown.
        long[] said = Arrays.stream(answer.tokens())
                .filter(id -> id != 0 && id != model.config().endTokenId())
                .filter(id -> id < tokenizer.vocabSize())
                .asLongStream()
                .toArray();
        double probability = Math.min(1, Math.exp(answer.score()));
        return new Answer(tokenizer.decode(said, true).strip(), probability, answer.finished());
    }

    /** Frees weights and tokenizers. */
    @Override
    public void close() {
        manager.close();
        tokenizer.close();
        instructionTokenizer.close();
        weights.close();
    }
}
