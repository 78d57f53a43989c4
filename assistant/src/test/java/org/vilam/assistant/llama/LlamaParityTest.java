package org.vilam.assistant.llama;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.checkpoint.SafetensorsFile;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.AttentionMasks;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Parameters;

/** The decoder and its generation against Hugging Face's LlamaForCausalLM, with and without grouped heads. */
final class LlamaParityTest {
    private static final int EOS = 2;

    /** A model of a pack, open for one test. */
    private static final class Loaded implements AutoCloseable {
        final ParityPack pack;
        final NDManager manager = NDManager.newBaseManager();
        final SafetensorsFile weights;
        final Parameters parameters;
        final LlamaModel model;

        Loaded(String name) throws IOException {
            pack = ParityPack.open(name);
            weights = SafetensorsFile.open(pack.file("weights.safetensors"));
            parameters = Parameters.load(manager, weights);
            model = new LlamaModel(
                    parameters.root(),
                    new ObjectMapper().treeToValue(pack.caseJson().get("config"), LlamaConfig.class));
            parameters.loadReport().requireExact();
        }

        int[][] integers(String key) {
            ParityPack.Tensor t = pack.io(key);
            int columns = (int) t.shape()[1];
            return IntStream.range(0, (int) t.shape()[0])
                    .mapToObj(r -> IntStream.range(0, columns)
                            .map(c -> (int) t.values()[r * columns + c])
                            .toArray())
                    .toArray(int[][]::new);
        }

        NDArray embeds() {
            ParityPack.Tensor t = pack.io("inputs_embeds");
            return manager.create(t.floats(), new Shape(t.shape()));
        }

        Prompt fromEmbeds() {
            return new Prompt(embeds(), integers("embeds_attention_mask"), List.of());
        }

        Prompt fromIds() {
            int[][] ids = integers("input_ids");
            return new Prompt(model.embed(manager.create(ids)), integers("attention_mask"), List.of(ids));
        }

        @Override
        public void close() {
            parameters.close();
            weights.close();
            manager.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-mha", "llama-gqa"})
    void logits_agree_with_the_reference(String name) throws IOException {
        try (Loaded llama = new Loaded(name)) {
            Prompt prompt = llama.fromEmbeds();
            NDArray mask = AttentionMasks.padding(llama.manager.create(prompt.mask()));
            float[] logits = llama.model
                    .forward(prompt.embeds(), mask, prompt.positions(), null, Mode.INFERENCE)
                    .toFloatArray();
            double[] expected = llama.pack.io("embeds_mask_positions.logits").values();
            int vocabulary = llama.model.config().vocabSize();
            int tokens = prompt.mask()[0].length;
            for (int i = 0; i < logits.length; i++) {
                int token = i / vocabulary;
                if (prompt.mask()[token / tokens][token % tokens] == 1) {
                    assertThat((double) logits[i])
                            .isCloseTo(expected[i], Offset.offset(5e-5 + 1e-4 * Math.abs(expected[i])));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-mha", "llama-gqa"})
    void greedy_answers_agree_with_and_without_repetition_penalty(String name) throws IOException {
        try (Loaded llama = new Loaded(name)) {
            for (double penalty : new double[] {1, 1.5}) {
                Generation greedy = new Generation(16, 0, 1, 0, 1, penalty, 1, false, EOS, 0);
                String prefix = penalty == 1 ? "greedy" : "greedy_rp1.5";
                assertIds(llama, prefix + "_embeds", llama.fromEmbeds(), greedy);
                assertIds(llama, prefix + "_ids", llama.fromIds(), greedy);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-mha", "llama-gqa"})
    void beam_search_agrees_in_answers_and_scores(String name) throws IOException {
        try (Loaded llama = new Loaded(name)) {
            for (double penalty : new double[] {1, 1.5}) {
                Generation beams = new Generation(16, 0, 5, 0, 1, penalty, 1, false, EOS, 0);
                String prefix = "beam5_rp" + penalty;
                assertIds(llama, prefix + "_embeds", llama.fromEmbeds(), beams);
                assertIds(llama, prefix + "_ids", llama.fromIds(), beams);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-mha", "llama-gqa"})
    void beams_that_end_early_agree_for_all_length_penalties_and_ways_of_stopping(String name) throws IOException {
        try (Loaded llama = new Loaded(name)) {
            int eos = llama.pack
                    .caseJson()
                    .get("values")
                    .get("early_eos_token_id")
                    .asInt();
            Prompt prompt = llama.fromEmbeds();
            assertIds(
                    llama,
                    "beam5_earlyeos_rp1.0_lp1.0_es0",
                    prompt,
                    new Generation(16, 0, 5, 0, 1, 1, 1, false, eos, 0));
            assertIds(
                    llama,
                    "beam5_earlyeos_rp1.5_lp1.0_es0",
                    prompt,
                    new Generation(16, 0, 5, 0, 1, 1.5, 1, false, eos, 0));
            assertIds(
                    llama,
                    "beam5_earlyeos_rp1.0_lp0.0_es0",
                    prompt,
                    new Generation(16, 0, 5, 0, 1, 1, 0, false, eos, 0));
            assertIds(
                    llama,
                    "beam5_earlyeos_rp1.0_lp2.0_es0",
                    prompt,
                    new Generation(16, 0, 5, 0, 1, 1, 2, false, eos, 0));
            assertIds(
                    llama,
                    "beam5_earlyeos_rp1.0_lp1.0_es1",
                    prompt,
                    new Generation(16, 0, 5, 0, 1, 1, 1, true, eos, 0));
            assertIds(
                    llama,
                    "beam5_earlyeos_rp1.0_lp-1.0_es0",
                    prompt,
                    new Generation(16, 0, 5, 0, 1, 1, -1, false, eos, 0));
            assertIds(llama, "beam5_earlyeos_minlen6", prompt, new Generation(16, 6, 5, 0, 1, 1, 1, false, eos, 0));
        }
    }

    private static void assertIds(Loaded llama, String key, Prompt prompt, Generation generation) {
        int[][] expected = llama.integers(key + ".ids");
        List<Generator.Answer> answers = new Generator(llama.model)
                .generate(llama.manager, prompt, generation).stream()
                        .flatMap(List::stream)
                        .toList();
        assertThat(answers).as(key).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Arrays.copyOf(answers.get(i).tokens(), 16))
                    .as(key + ", answer " + i)
                    .isEqualTo(expected[i]);
        }
        if (generation.beams() > 1) {
            double[] scores = llama.pack.io(key + ".scores").values();
            for (int i = 0; i < scores.length; i++) {
                assertThat(answers.get(i).score())
                        .as(key + ", score " + i)
                        .isCloseTo(scores[i], Offset.offset(5e-5 + 1e-5 * Math.abs(scores[i])));
            }
        }
    }
}
