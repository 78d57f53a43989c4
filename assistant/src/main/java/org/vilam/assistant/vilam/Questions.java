package org.vilam.assistant.vilam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.llama.Generation;
import org.vilam.assistant.llama.Generator;
import org.vilam.assistant.llama.Prompt;
import org.vilam.grounding.head.RegionHead;
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Mode;

/**
 * Questions about images as the language model reads them: soft prompts, region tokens, the beginning, the question.
 *
 * <p>Letters: I images, P questions, Q soft prompts, R region tokens, T text tokens, E the language model's width.
 */
public final class Questions {
    private static final Box WHOLE = new Box(0, 0, 1, 1);

    private final VilamModel model;
    private final List<Question> questions;

    /** Questions to a model; at least one. */
    public Questions(VilamModel model, List<Question> questions) {
        this.model = model;
        this.questions = List.copyOf(questions);
    }

    /**
     * A question.
     *
     * @param image which of the encoded images it is about
     * @param region what of it, parts 0..1 of the network input's sides, or null for the whole
     * @param instruction its tokens
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    public record Question(int image, @Nullable Box region, int[] instruction) {}

    /** Q + R, the tokens before the text. */
    public int lead() {
        return model.config().queryTokens() + model.config().heads().regionTokens();
    }

    /** Whether token {@code t} before the text is real for question {@code p}: region tokens are where there is a region. */
    public boolean real(int p, int t) {
        return t < model.config().queryTokens() || questions.get(p).region() != null;
    }

    /**
     * What stands before the text.
     *
     * @param images (I, 3, S, S)
     * @param encoded the images without a text
     * @return (P, Q + R, E)
     */
    public NDArray leadEmbeds(NDArray images, Beit3Encoder.Encoded encoded, Mode mode) {
        NDManager manager = images.getManager();
        List<int[]> instructions = questions.stream().map(Question::instruction).toList();
        List<RegionHead.Region> regions = questions.stream()
                .map(q -> new RegionHead.Region(q.image(), q.region() == null ? WHOLE : q.region()))
                .toList();
        return Intermediates.freeing(() -> {
            NDArray owners = indices(manager);
            NDArray soft = model.softPrompts(
                    encoded.patches().get(new NDIndex("{}", owners)),
                    ids(manager, instructions, false),
                    real(manager, instructions),
                    mode); // (P, Q, E)
            RegionHead.Look look = model.regionHead().look(images, encoded, regions, mode);
            return soft.concat(model.regionTokens(look, encoded, mode), 1); // (P, Q + R, E)
        });
    }

    /**
     * Answers, chosen token by token; records no gradients.
     *
     * @param images (I, 3, S, S)
     * @param encoded the images without a text
     * @return for each question the tokens of the answer, the ending one left out
     */
    public List<int[]> answer(NDArray images, Beit3Encoder.Encoded encoded, Generation generation) {
        return answer(images, encoded, generation, (row, token) -> true);
    }

    /** As the three-argument form; the listener hears the tokens, see {@link Generator}. */
    List<int[]> answer(
            NDArray images, Beit3Encoder.Encoded encoded, Generation generation, Generator.TokenListener listener) {
        NDManager manager = images.getManager();
        int longest = 1
                + questions.stream().mapToInt(q -> q.instruction().length).max().orElse(0);
        int[][] mask = new int[questions.size()][lead() + longest];
        List<int[]> begun = new ArrayList<>();
        for (int p = 0; p < questions.size(); p++) {
            int[] instruction = questions.get(p).instruction();
            int[] text = new int[instruction.length + 1];
            text[0] = SpecialTokens.BEGIN;
            System.arraycopy(instruction, 0, text, 1, instruction.length);
            begun.add(text);
            for (int t = 0; t < mask[p].length; t++) {
                // Padding lies before the text, so that the last token of every row is its last word.
                mask[p][t] = t < lead() ? (real(p, t) ? 1 : 0) : (t >= lead() + longest - text.length ? 1 : 0);
            }
        }
        try (NDArray embeds = Intermediates.freeing(() -> leadEmbeds(images, encoded, Mode.INFERENCE)
                .concat(model.language().embed(ids(manager, begun, true)), 1))) {
            List<int[]> answers = new ArrayList<>();
            for (List<Generator.Answer> row : new Generator(model.language())
                    .generate(manager, new Prompt(embeds, mask, List.of()), generation, listener)) {
                answers.add(Arrays.stream(row.get(0).tokens())
                        .filter(token -> token != SpecialTokens.END)
                        .toArray());
            }
            return answers;
        }
    }

    private NDArray indices(NDManager manager) {
        try (NDArray borrowed =
                manager.create(questions.stream().mapToLong(Question::image).toArray())) {
            return borrowed.duplicate();
        }
    }

    /** Texts side by side, (P, T) int64, padded after or before the text. */
    static NDArray ids(NDManager manager, List<int[]> texts, boolean padBefore) {
        int longest = longest(texts);
        long[] ids = new long[texts.size() * longest];
        for (int p = 0; p < texts.size(); p++) {
            int[] text = texts.get(p);
            int from = p * longest + (padBefore ? longest - text.length : 0);
            for (int t = 0; t < text.length; t++) {
                ids[from + t] = text[t];
            }
        }
        return manager.create(ids, new Shape(texts.size(), longest)).toType(DataType.INT64, true);
    }

    /** 1 where a text padded after it is real, (P, T). */
    static NDArray real(NDManager manager, List<int[]> texts) {
        int longest = longest(texts);
        float[] real = new float[texts.size() * longest];
        for (int p = 0; p < texts.size(); p++) {
            Arrays.fill(real, p * longest, p * longest + texts.get(p).length, 1);
        }
        return Constants.of(manager, real, new Shape(texts.size(), longest));
    }

    private static int longest(List<int[]> texts) {
        return Math.max(1, texts.stream().mapToInt(t -> t.length).max().orElse(1));
    }
}
