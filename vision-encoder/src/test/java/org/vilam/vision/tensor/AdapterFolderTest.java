package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vilam.vision.checkpoint.DType;
import org.vilam.vision.checkpoint.SafetensorsFile;
import org.vilam.vision.checkpoint.SafetensorsWriter;
import org.vilam.vision.checkpoint.TensorInfo;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** Adapters in a folder. */
@org.jspecify.annotations.NullUnmarked // JUnit sets fields; maps are read by names that are there
class AdapterFolderTest extends BlockTest {
    private static final String BASE = "0123456789abcdef".repeat(4);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final LoraConfig QUERIES_AND_HEAD =
            new LoraConfig(2, 4, 0.25, LoraConfig.layersNamed("q_proj", "head"));

    @TempDir
    private Path folder;

    private static MultiHeadAttention network(Parameters p) {
        new Linear(p.scope("head"), 8, 3, true);
        return MultiHeadAttention.of(8, 2).build(p.scope("attn"));
    }

    private Parameters base() {
        return Parameters.initialise(manager, 11);
    }

    /** A network with adapters that learned something, and their folder. */
    private Parameters written(Path target) {
        Parameters p = base().adapt(QUERIES_AND_HEAD, 5);
        network(p);
        for (Parameter weight : p.adapters().all()) {
            Shape shape = weight.array().getShape();
            weight.array().set(Initializer.uniform(-0.5, 0.5).values(shape, SeededRandom.named(3, weight.name())));
        }
        AdapterFolder.write(target, p.adapters(), "models/mini", BASE);
        return p;
    }

    private Path adapter() {
        return folder.resolve("adapter");
    }

    @Test
    void adapters_read_back_give_the_same_answers() {
        Parameters saved = written(adapter());
        NDArray x = random("x", 2, 3, 8);
        NDArray expected = network(saved).forward(x, null, Mode.INFERENCE);
        try (AdapterFolder opened = AdapterFolder.open(adapter(), BASE)) {
            assertThat(opened.config().rank()).isEqualTo(2);
            assertThat(opened.config().alpha()).isEqualTo(4);
            assertThat(opened.config().dropout()).isEqualTo(0.25);
            Parameters p = base().adapt(opened);
            MultiHeadAttention network = network(p);
            assertThat(p.adapters().loadReport().requireExact().loaded()).hasSize(4);
            assertThat(p.adapters().layers())
                    .containsExactlyElementsOf(saved.adapters().layers());
            opened.close();
            assertThat(network.forward(x, null, Mode.INFERENCE)).isEqualTo(expected);
        }
        assertThat(expected).isNotEqualTo(network(parameters).forward(x, null, Mode.INFERENCE));
    }

    @Test
    void the_files_are_laid_out_as_pefts() throws IOException {
        written(adapter());
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(adapter()));
        JsonNode json = JSON.readTree(adapter().resolve("adapter_config.json").toFile());
        assertThat(json.get("peft_type").asText()).isEqualTo("LORA");
        assertThat(json.get("r").isInt()).isTrue();
        assertThat(json.get("lora_alpha").isInt()).isTrue();
        assertThat(json.get("lora_dropout").asDouble()).isEqualTo(0.25);
        assertThat(json.get("base_model_name_or_path").asText()).isEqualTo("models/mini");
        assertThat(json.get("base_model_sha256").asText()).isEqualTo(BASE);
        assertThat(json.get("target_modules").toString()).isEqualTo("[\"head\",\"attn.q_proj\"]");
        try (SafetensorsFile weights = SafetensorsFile.open(adapter().resolve("adapter_model.safetensors"))) {
            assertThat(weights.names())
                    .containsExactlyInAnyOrder(
                            "base_model.model.attn.q_proj.lora_A.weight",
                            "base_model.model.attn.q_proj.lora_B.weight",
                            "base_model.model.head.lora_A.weight",
                            "base_model.model.head.lora_B.weight");
            assertThat(weights.shape("base_model.model.head.lora_A.weight")).isEqualTo(new Shape(2, 8));
            assertThat(weights.shape("base_model.model.head.lora_B.weight")).isEqualTo(new Shape(3, 2));
            assertThat(weights.metadata()).containsEntry("format", "pt");
        }
    }

    @Test
    void adapters_of_another_model_are_refused() throws IOException {
        written(adapter());
        assertRefused(() -> open("f".repeat(64)), ErrorCode.CHECKPOINT_MISMATCH, "base_model_sha256", "f".repeat(64));
        AdapterFolder.open(adapter(), BASE.toUpperCase(Locale.ROOT)).close();
        edit(json -> json.remove("base_model_sha256")); // as peft writes it
        AdapterFolder.open(adapter(), "f".repeat(64)).close();
    }

    @Test
    void adapters_of_a_layer_the_network_has_not_show_in_the_report() {
        written(adapter());
        try (AdapterFolder opened = AdapterFolder.open(adapter(), BASE)) {
            Parameters p = base().adapt(opened);
            new Linear(p.scope("head"), 8, 4, true); // one more class
            assertThat(p.adapters().loadReport().wrongShapes())
                    .extracting(wrong -> wrong.name())
                    .containsExactly("base_model.model.head.lora_B.weight");
            assertThat(p.adapters().loadReport().unexpected()).hasSize(2);
            assertThatThrownBy(() -> p.adapters().loadReport().requireExact()).hasMessageContaining("attn.q_proj");
            float[] y = new Linear(p.scope("head"), 8, 4, true)
                    .forward(random("x", 8))
                    .toFloatArray();
            assertThat(y).containsOnly(Float.NaN);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "peft_type       | \"LOHA\"",
                "bias            | \"all\"",
                "use_dora        | true",
                "use_rslora      | true",
                "fan_in_fan_out  | true",
                "rank_pattern    | {\"head\": 4}",
                "alpha_pattern   | {\"head\": 4}",
                "modules_to_save | [\"head\"]",
                "layer_replication | [[0, 1]]",
                "init_lora_weights | \"pissa\""
            })
    void another_kind_of_adapter_is_refused_by_its_field(String field, String value) throws IOException {
        written(adapter());
        edit(json -> json.set(field, JSON.readTree(value)));
        assertRefused(() -> open(BASE), ErrorCode.CHECKPOINT_UNSUPPORTED, field);
    }

    @Test
    void what_peft_writes_beside_it_does_not_matter() throws IOException {
        written(adapter());
        edit(json -> {
            json.put("target_modules", "(a+)+$"); // a regular expression, which is not run
            json.putNull("modules_to_save");
            json.putObject("rank_pattern");
            json.put("lora_bias", false);
            json.putNull("layer_replication");
            json.put("revision", "main");
        });
        AdapterFolder.open(adapter(), BASE).close();
    }

    @ParameterizedTest
    @CsvSource({"r, 0", "r, 3", "r, \"x\"", "lora_alpha, -1", "lora_dropout, 1", "lora_dropout, -0.5"})
    void numbers_that_cannot_be_are_refused(String field, String value) throws IOException {
        written(adapter());
        edit(json -> json.set(field, JSON.readTree(value)));
        assertRefused(() -> open(BASE), ErrorCode.CHECKPOINT_CORRUPT, "adapter");
    }

    @Test
    void a_folder_without_its_files_is_refused() throws IOException {
        assertRefused(() -> open(BASE), ErrorCode.FILE_UNREADABLE, "adapter_config.json");
        written(adapter());
        Files.delete(adapter().resolve("adapter_model.safetensors"));
        assertRefused(() -> open(BASE), ErrorCode.FILE_UNREADABLE, "adapter_model.safetensors");
        Files.writeString(adapter().resolve("adapter_config.json"), "{\"r\": ");
        assertRefused(() -> open(BASE), ErrorCode.CHECKPOINT_CORRUPT, "no JSON");
    }

    @ParameterizedTest
    @CsvSource({
        "CHECKPOINT_CORRUPT, base_model.model.head.lora_A.weight, 2, 8", // without its B
        "CHECKPOINT_UNSUPPORTED, base_model.model.head.weight, 3, 8",
        "CHECKPOINT_UNSUPPORTED, head.lora_A.weight, 2, 8"
    })
    void a_weight_file_of_something_else_is_refused(ErrorCode code, String tensor, long rows, long columns) {
        written(adapter());
        NDArray array = manager.zeros(new Shape(rows, columns));
        TensorInfo info = new TensorInfo(tensor, DType.F32, array.getShape());
        Path file = adapter().resolve("adapter_model.safetensors");
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, List.of(info), Map.of())) {
            writer.write(tensor, array);
            writer.finish();
        }
        assertRefused(() -> open(BASE), code, tensor);
    }

    /** A folder opens or is refused with a code, whatever its configuration says. */
    @Test
    void a_damaged_configuration_never_ends_in_another_error() throws IOException {
        written(adapter());
        Path file = adapter().resolve("adapter_config.json");
        byte[] whole = Files.readAllBytes(file);
        SeededRandom random = new SeededRandom(4);
        List<String> pieces = List.of("null", "[]", "{}", "-1", "1e999", "\"\"", "true", "\u0000", ",", "}");
        int refused = 0;
        for (int i = 0; i < 150; i++) {
            int at = (int) random.nextUniform(0, whole.length);
            int to = (int) Math.min(whole.length, at + random.nextUniform(0, 12));
            byte[] piece =
                    pieces.get((int) random.nextUniform(0, pieces.size())).getBytes(StandardCharsets.UTF_8);
            List<Byte> bytes = new ArrayList<>();
            for (byte[] part : List.of(Arrays.copyOf(whole, at), piece, Arrays.copyOfRange(whole, to, whole.length))) {
                for (byte b : part) {
                    bytes.add(b);
                }
            }
            byte[] damaged = new byte[bytes.size()];
            for (int b = 0; b < damaged.length; b++) {
                damaged[b] = bytes.get(b);
            }
            Files.write(file, damaged);
            try {
                AdapterFolder.open(adapter(), BASE).close();
            } catch (VilamException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(75, 149);
    }

    @Test
    void nothing_is_written_where_something_is_or_where_there_is_nothing_to_write() {
        Parameters p = written(adapter());
        assertRefused(
                () -> AdapterFolder.write(adapter(), p.adapters(), "", BASE), ErrorCode.INVALID_ARGUMENT, "adapter");
        Parameters none = base().adapt(new LoraConfig(2, 4, 0, LoraConfig.layersNamed("nowhere")), 5);
        network(none);
        assertRefused(
                () -> AdapterFolder.write(folder.resolve("none"), none.adapters(), "", BASE),
                ErrorCode.INVALID_ARGUMENT,
                "targets");
        assertRefused(
                () -> AdapterFolder.write(folder.resolve("no/where"), p.adapters(), "", BASE),
                ErrorCode.FILE_UNREADABLE,
                "where");
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(adapter()));
    }

    private void open(String baseSha256) {
        AdapterFolder.open(adapter(), baseSha256).close();
    }

    private interface Edit {
        void apply(ObjectNode json) throws IOException;
    }

    private void edit(Edit edit) throws IOException {
        Path file = adapter().resolve("adapter_config.json");
        ObjectNode json = (ObjectNode) JSON.readTree(file.toFile());
        edit.apply(json);
        JSON.writeValue(file.toFile(), json);
    }

    private static void assertRefused(ThrowingCallable call, ErrorCode code, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(words);
    }
}
