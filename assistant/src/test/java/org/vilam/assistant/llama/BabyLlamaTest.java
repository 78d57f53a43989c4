package org.vilam.assistant.llama;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vilam.assistant.models.ModelImport;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.parity.SharedData;
import org.vilam.vision.tensor.WeightType;

/** A trained model of llama2.c's format: if a single matrix were read wrongly, it would not tell a story. */
final class BabyLlamaTest {
    private static final String STORY = "data/tokenizers/babyllama105/";

    @TempDir
    private Path folder = Path.of("");

    private ModelFolder imported() {
        return ModelImport.of(List.of(SharedData.path(STORY + "model5000.bin")))
                .family("llama")
                .tokenizer("tokenizer.json", SharedData.path(STORY + "tok105.model"))
                .licence("MIT")
                .into(folder.resolve("babyllama"))
                .folder();
    }

    @ParameterizedTest
    @EnumSource
    void it_tells_once_upon_a_time_from_an_empty_prompt(WeightType type) {
        try (NDManager manager = NDManager.newBaseManager();
                LanguageModel model = LanguageModel.open(imported(), manager, type)) {
            String story = model.complete("", Generation.grounding(100, model.end()));
            assertThat(story).startsWith("Once upon a time, there was a");
        }
    }

    @Test
    void a_file_that_is_one_byte_short_is_no_checkpoint() throws IOException {
        byte[] whole = Files.readAllBytes(SharedData.path(STORY + "model5000.bin"));
        Path cut = folder.resolve("cut.bin");
        Files.write(cut, java.util.Arrays.copyOf(whole, whole.length - 1));
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> TensorSource.open(cut))
                .isInstanceOfSatisfying(
                        VilamException.class,
                        e -> assertThat(e.code()).isIn(ErrorCode.CHECKPOINT_CORRUPT, ErrorCode.CHECKPOINT_UNSUPPORTED));
    }

    @Test
    void the_shared_output_layer_is_the_embedding() {
        try (TensorSource source = TensorSource.open(SharedData.path(STORY + "model5000.bin"))) {
            assertThat(source.names()).hasSize(2 + 5 * 9).doesNotContain("lm_head.weight");
            assertThat(source.config())
                    .hasValueSatisfying(config -> assertThat(Map.of(
                                    "heads", config.get("num_attention_heads").asInt(),
                                    "groups", config.get("num_key_value_heads").asInt(),
                                    "tied", config.get("tie_word_embeddings").asBoolean() ? 1 : 0))
                            .isEqualTo(Map.of("heads", 8, "groups", 4, "tied", 1)));
        }
    }
}
