package org.vilam.assistant.instructblip;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.assistant.llama.Generation;
import org.vilam.assistant.llama.Generator;
import org.vilam.assistant.llama.Prompt;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.AttentionMasks;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.Packing;
import org.vilam.vision.tensor.Parameters;

/** The whole model against Hugging Face's InstructBlipForConditionalGeneration, from pixels to answers, loss and gradients. */
final class InstructBlipParityTest {
    private static final int SOFT = 8;
    private static final ParityPack PACK = ParityPack.open("instructblip-tiny");

    /** The model of the pack, open for one test. */
    private static final class Loaded implements AutoCloseable {
        final NDManager manager = NDManager.newBaseManager();
        final TensorSource weights;
        final Parameters parameters;
        final InstructBlipModel model;

        Loaded(String file, double eps) throws IOException {
            this(file, eps, null);
        }

        Loaded(String file, double eps, @Nullable Packing packing) throws IOException {
            InstructBlipFamily family = new InstructBlipFamily();
            TensorSource published = TensorSource.open(PACK.file(file));
            assertThat(family.recognises(published)).isTrue();
            weights = family.keyMap().apply(published);
            JsonNode config = ((ObjectNode) PACK.caseJson().get("config")).put("ln_vision_eps", eps);
            parameters = Parameters.load(manager, weights);
            if (packing != null) {
                parameters.pack(packing, name -> name.startsWith("language_model."));
            }
            model = new InstructBlipModel(parameters.root(), InstructBlipConfig.read(family.config(weights, config)));
            parameters.loadReport().requireExact();
        }

        NDArray softPrompts() {
            NDArray image = model.encodeImages(floats(manager, "pixel_values"), Mode.INFERENCE);
            return model.softPrompts(
                    image,
                    integers(manager, "qformer_input_ids"),
                    integers(manager, "qformer_attention_mask"),
                    Mode.INFERENCE);
        }

        /** The rows' texts without placeholders and padding. */
        Prompt prompt() {
            return model.prompt(softPrompts(), texts("input_ids", "attention_mask"));
        }

        @Override
        public void close() {
            parameters.close();
            weights.close();
            manager.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "weights.safetensors, 1e-6, io.safetensors",
        "weights.safetensors, 1e-5, io-eps1e-5.safetensors",
        "weights-lavis.safetensors, 1e-6, io.safetensors",
        "weights-lavis.safetensors, 1e-5, io-eps1e-5.safetensors"
    })
    void logits_and_answers_agree_for_both_layouts_and_both_epsilons(String weights, double eps, String io)
            throws IOException {
        try (Loaded loaded = new Loaded(weights, eps);
                GradientScope scope = GradientScope.noGradient()) {
            Prompt prompt = loaded.prompt();
            assertThat(prompt.mask()).isDeepEqualTo(rows("attention_mask"));
            ParityPack.Tensor expected = PACK.tensor(io, "logits");
            int[][] plain = IntStream.range(0, 2)
                    .mapToObj(row -> IntStream.range(0, 16).toArray())
                    .toArray(int[][]::new);
            assertLogits(loaded, prompt, plain, expected);
            assertIds(loaded, io, "greedy.ids", prompt, new Generation(12, 0, 1, 0, 1, 1, 1, false, 2, 0));
            assertIds(loaded, io, "greedy_rp1.5.ids", prompt, new Generation(12, 0, 1, 0, 1, 1.5, 1, false, 2, 0));
        }
    }

    @Test
    void padding_between_image_and_text_consumes_no_positions() throws IOException {
        try (Loaded loaded = new Loaded("weights.safetensors", 1e-6);
                GradientScope scope = GradientScope.noGradient()) {
            Prompt prompt = loaded.prompt();
            assertLogits(loaded, prompt, prompt.positions(), PACK.io("logits_mask_positions"));
        }
    }

    @Test
    void a_batch_with_padding_answers_as_its_rows_alone() throws IOException {
        try (Loaded loaded = new Loaded("weights.safetensors", 1e-6);
                GradientScope scope = GradientScope.noGradient()) {
            NDArray soft = loaded.softPrompts();
            List<int[]> texts = texts("input_ids", "attention_mask");
            assertThat(texts.get(0).length).as("a test of padding").isNotEqualTo(texts.get(1).length);
            Generation greedy = Generation.grounding(12, 2);
            Generator generator = new Generator(loaded.model.language());
            List<List<Generator.Answer>> both =
                    generator.generate(loaded.manager, loaded.model.prompt(soft, texts), greedy);
            for (int row = 0; row < 2; row++) {
                Prompt alone =
                        loaded.model.prompt(soft.get(new NDIndex(row + ":" + (row + 1))), texts.subList(row, row + 1));
                assertThat(generator
                                .generate(loaded.manager, alone, greedy)
                                .get(0)
                                .get(0)
                                .tokens())
                        .isEqualTo(both.get(row).get(0).tokens());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1.5})
    void beam_search_agrees_in_answers_and_scores(double penalty) throws IOException {
        try (Loaded loaded = new Loaded("weights-lavis.safetensors", 1e-6)) {
            String key = "beam5_rp" + penalty;
            Generation beams = new Generation(12, 0, 5, 0, 1, penalty, 1, false, 2, 0);
            List<Generator.Answer> answers = assertIds(loaded, "io.safetensors", key + ".ids", loaded.prompt(), beams);
            double[] scores = PACK.io(key + ".scores").values();
            for (int i = 0; i < scores.length; i++) {
                assertThat(answers.get(i).score()).isCloseTo(scores[i], Offset.offset(1e-4));
            }
        }
    }

    @Test
    void loss_and_gradients_through_the_language_model_agree() throws IOException {
        List<String> learned = List.of(
                "query_tokens",
                "language_projection.weight",
                "vision_model.post_layernorm.weight",
                "vision_model.encoder.layers.1.self_attn.qkv.weight",
                "qformer.encoder.layer.2.crossattention.attention.value.weight",
                "qformer.encoder.layer.1.intermediate_query.dense.weight");
        try (Loaded loaded = new Loaded("weights.safetensors", 1e-6)) {
            loaded.parameters.requireGradients(learned::contains);
            List<NDArray> parameters =
                    learned.stream().map(loaded.parameters::array).toList();
            List<NDArray> gradients;
            try (GradientScope scope = GradientScope.recording()) {
                NDArray loss = loss(loaded);
                assertThat(loss.getFloat())
                        .isCloseTo((float) PACK.io("train_loss").values()[0], Offset.offset(1e-4f));
                gradients = Operations.get().gradients(loss, parameters);
            }
            for (int i = 0; i < learned.size(); i++) {
                double[] expected = PACK.io("grad." + learned.get(i)).values();
                float[] actual = gradients.get(i).toFloatArray();
                for (int j = 0; j < expected.length; j++) {
                    assertThat((double) actual[j])
                            .as(learned.get(i))
                            .isCloseTo(expected[j], Offset.offset(2e-5 + 1e-3 * Math.abs(expected[j])));
                }
            }
        }
    }

    /** Mean cross-entropy of each next token whose label is not -100. */
    private static NDArray loss(Loaded loaded) {
        int[][] ids = rows("train_input_ids");
        long[][] texts = new long[2][];
        Arrays.setAll(
                texts,
                row -> Arrays.stream(ids[row], SOFT, ids[row].length)
                        .asLongStream()
                        .toArray());
        NDArray embeds = loaded.softPrompts().concat(loaded.model.language().embed(loaded.manager.create(texts)), 1);
        int[][] positions = {IntStream.range(0, 16).toArray()};
        NDArray logits = loaded.model
                .language()
                .forward(
                        embeds,
                        AttentionMasks.padding(loaded.manager.create(rows("train_attention_mask"))),
                        positions,
                        null,
                        Mode.INFERENCE);
        int[][] labels = rows("train_labels");
        NDArray log = logits.logSoftmax(-1);
        List<NDArray> terms = new ArrayList<>();
        for (int row = 0; row < 2; row++) {
            for (int t = 1; t < 16; t++) {
                if (labels[row][t] >= 0) {
                    terms.add(log.get(new NDIndex(row + ", " + (t - 1) + ", " + labels[row][t]))
                            .neg());
                }
            }
        }
        NDArray sum = terms.get(0);
        for (NDArray term : terms.subList(1, terms.size())) {
            sum = sum.add(term);
        }
        return sum.div(terms.size());
    }

    @Test
    void lavis_names_to_hugging_face_and_back_change_no_bit() throws IOException {
        try (TensorSource lavis = TensorSource.open(PACK.file("weights-lavis.safetensors"));
                TensorSource huggingFace = TensorSource.open(PACK.file("weights.safetensors"));
                TensorSource mapped = InstructBlipKeys.toHuggingFace().apply(lavis);
                TensorSource back = InstructBlipKeys.toLavis().apply(huggingFace)) {
            assertThat(mapped.names()).containsExactlyInAnyOrderElementsOf(huggingFace.names());
            huggingFace
                    .names()
                    .forEach(name -> assertThat(mapped.data(name)).as(name).isEqualTo(huggingFace.data(name)));
            assertThat(lavis.names()).containsAll(back.names());
            assertThat(lavis.names().stream().filter(name -> !back.names().contains(name)))
                    .allMatch(name -> name.endsWith("position_ids") || name.endsWith("inv_freq"));
            back.names().forEach(name -> assertThat(back.data(name)).as(name).isEqualTo(lavis.data(name)));
        }
    }

    @ParameterizedTest
    @CsvSource({"BFLOAT16, 0.05", "INT8, 0.05"})
    void a_language_model_in_fewer_bits_stays_near_the_reference(Packing packing, double most) throws IOException {
        try (Loaded loaded = new Loaded("weights.safetensors", 1e-6, packing);
                GradientScope scope = GradientScope.noGradient()) {
            Prompt prompt = loaded.prompt();
            NDArray mask = AttentionMasks.padding(loaded.manager.create(prompt.mask()));
            float[] logits = loaded.model
                    .language()
                    .forward(prompt.embeds(), mask, prompt.positions(), null, Mode.INFERENCE)
                    .toFloatArray();
            double[] expected = PACK.io("logits_mask_positions").values();
            double error = 0;
            double size = 0;
            for (int i = 0; i < logits.length; i++) {
                if (prompt.mask()[i / 321 / 16][i / 321 % 16] == 1) {
                    error += Math.pow(logits[i] - expected[i], 2);
                    size += Math.pow(expected[i], 2);
                }
            }
            assertThat(Math.sqrt(error / size)).as("relative error").isBetween(1e-5, most);
        }
    }

    private static void assertLogits(Loaded loaded, Prompt prompt, int[][] positions, ParityPack.Tensor expected) {
        NDArray mask = AttentionMasks.padding(loaded.manager.create(prompt.mask()));
        float[] logits = loaded.model
                .language()
                .forward(prompt.embeds(), mask, positions, null, Mode.INFERENCE)
                .toFloatArray();
        for (int i = 0; i < logits.length; i++) {
            if (prompt.mask()[i / 321 / 16][i / 321 % 16] == 1) {
                double e = expected.values()[i];
                assertThat((double) logits[i]).isCloseTo(e, Offset.offset(1e-4 + 1e-4 * Math.abs(e)));
            }
        }
    }

    private static List<Generator.Answer> assertIds(
            Loaded loaded, String io, String key, Prompt prompt, Generation generation) {
        ParityPack.Tensor expected = PACK.tensor(io, key);
        List<Generator.Answer> answers = new Generator(loaded.model.language())
                .generate(loaded.manager, prompt, generation).stream()
                        .flatMap(List::stream)
                        .toList();
        for (int i = 0; i < answers.size(); i++) {
            int[] ids = new int[12];
            for (int t = 0; t < 12; t++) {
                ids[t] = (int) expected.values()[i * 12 + t];
            }
            assertThat(Arrays.copyOf(answers.get(i).tokens(), 12))
                    .as(key + " " + i)
                    .isEqualTo(ids);
        }
        return answers;
    }

    private static List<int[]> texts(String ids, String mask) {
        int[][] all = rows(ids);
        int[][] real = rows(mask);
        return IntStream.range(0, all.length)
                .mapToObj(row -> IntStream.range(SOFT, all[row].length)
                        .filter(t -> real[row][t] == 1)
                        .map(t -> all[row][t])
                        .toArray())
                .toList();
    }

    private static int[][] rows(String key) {
        ParityPack.Tensor t = PACK.io(key);
        int columns = (int) t.shape()[1];
        return IntStream.range(0, (int) t.shape()[0])
                .mapToObj(r -> IntStream.range(0, columns)
                        .map(c -> (int) t.values()[r * columns + c])
                        .toArray())
                .toArray(int[][]::new);
    }

    private static NDArray floats(NDManager manager, String key) {
        ParityPack.Tensor t = PACK.io(key);
        return manager.create(t.floats(), new Shape(t.shape()));
    }

    private static NDArray integers(NDManager manager, String key) {
        ParityPack.Tensor t = PACK.io(key);
        return manager.create(Arrays.stream(t.values()).mapToLong(v -> (long) v).toArray(), new Shape(t.shape()));
    }
}
