package org.vilam.vision.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.parity.ParityPack;

/** Files written by safetensors 0.8 and torch.save of PyTorch 2.13, and what those readers say of each. */
class CheckpointParityTest {
    private static final ParityPack PACK = ParityPack.open("checkpoints");

    @TestFactory
    Stream<DynamicTest> every_type_and_shape_reads_as_the_reference_wrote_it() {
        JsonNode expected = PACK.caseJson().get("all_dtypes.safetensors");
        SafetensorsFile file = SafetensorsFile.open(PACK.file("all_dtypes.safetensors"));
        assertThat(file.names())
                .containsExactlyInAnyOrderElementsOf(
                        expected.properties().stream().map(Map.Entry::getKey).toList());
        return expected.properties().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    String name = entry.getKey();
                    JsonNode tensor = entry.getValue();
                    assertThat(file.dtype(name))
                            .isEqualTo(dtype(tensor.get("dtype").asText()));
                    assertThat(file.shape(name)).isEqualTo(shape(tensor.get("shape")));
                    List<Number> values = values(tensor.get("values"), file.dtype(name));
                    assertThat(Elements.of(file, name)).isEqualTo(values);
                    try (NDManager manager = NDManager.newBaseManager()) {
                        List<Number> loaded = values.stream()
                                .map(value -> value instanceof Double d ? (Number) (double) d.floatValue() : value)
                                .toList();
                        assertThat(file.load(name, manager).getShape()).isEqualTo(file.shape(name));
                        assertThat(Elements.of(file.load(name, manager))).isEqualTo(loaded);
                        assertThat(Elements.of(file.loadMapped(name, manager))).isEqualTo(loaded);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> every_odd_header_gets_the_verdict_of_the_reference() {
        return PACK.caseJson().get("odd").properties().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Path file = PACK.file(entry.getValue().get("file").asText());
                    if (entry.getValue().get("verdict").asText().equals("accept")) {
                        SafetensorsFile.open(file).close();
                    } else {
                        VilamException refusal =
                                catchThrowableOfType(VilamException.class, () -> SafetensorsFile.open(file));
                        assertThat(refusal.code()).isEqualTo(ErrorCode.CHECKPOINT_CORRUPT);
                        assertThat(refusal)
                                .hasMessageContaining(file.getFileName().toString());
                    }
                }));
    }

    @Test
    void metadata_is_kept_and_a_header_in_another_order_reads_by_place() {
        try (SafetensorsFile file = SafetensorsFile.open(PACK.file("odd/ok_metadata.safetensors"))) {
            assertThat(file.metadata()).isEqualTo(Map.of("format", "pt", "note", "x"));
            assertThat(file.names()).containsExactly("a");
        }
        try (SafetensorsFile file = SafetensorsFile.open(PACK.file("odd/ok_header_order_differs.safetensors"))) {
            assertThat(file.names()).containsExactly("a", "b");
            assertThat(Elements.of(file, "a")).containsExactly(0.0, 1.0, 2.0, 3.0, 4.0);
            assertThat(Elements.of(file, "b")).containsExactly(5.0, 6.0, 7.0, 8.0, 9.0);
        }
    }

    @Test
    void shards_read_as_the_one_file_they_were_cut_from() {
        try (TensorSource shards = TensorSource.open(PACK.file("sharded"));
                SafetensorsFile whole = SafetensorsFile.open(PACK.file("sharded-expected.safetensors"))) {
            assertSame(shards, whole, whole.names());
        }
    }

    @TestFactory
    Stream<DynamicTest> torch_files_hold_exactly_the_tensors_torch_loads() {
        return Stream.of("zip.pth", "legacy.pth")
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    try (PyTorchFile file = PyTorchFile.open(PACK.file(name));
                            SafetensorsFile expected = SafetensorsFile.open(PACK.file("pth-expected.safetensors"))) {
                        assertSame(file, expected, expected.names());
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> torch_files_hold_the_plain_values_torch_loads() {
        return Stream.of("zip.pth", "legacy.pth")
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    try (PyTorchFile file = PyTorchFile.open(PACK.file(name))) {
                        JsonNode content = file.content();
                        for (Map.Entry<String, JsonNode> entry :
                                PACK.caseJson().get("pth").get("plain_values").properties()) {
                            JsonNode found = content.at("/" + entry.getKey());
                            if (entry.getKey().equals("big")) {
                                assertThat(found.bigIntegerValue())
                                        .isEqualTo(
                                                new BigInteger(entry.getValue().asText()));
                            } else {
                                assertThat(found.toString())
                                        .as(entry.getKey())
                                        .isEqualTo(entry.getValue().toString());
                            }
                        }
                        assertThat(content.at("/model/module.flag").toString())
                                .isEqualTo("{\"tensor\":\"BOOL\",\"shape\":[2]}");
                    }
                }));
    }

    @Test
    void the_state_dict_is_found_in_every_wrapping_and_loses_the_data_parallel_prefix() {
        try (TensorSource expected = SafetensorsFile.open(PACK.file("pth-expected.safetensors"))) {
            List<String> weights = expected.names().stream()
                    .filter(name -> name.startsWith("model/module."))
                    .toList();
            for (String name : List.of("zip.pth", "legacy.pth", "bare-state-dict.pth", "meta-state_dict.pth")) {
                try (TensorSource state = TensorSource.open(PACK.file(name))) {
                    List<String> present = weights.stream()
                            .filter(key -> !name.startsWith("meta")
                                    || key.startsWith("model/module.conv")
                                    || key.startsWith("model/module.bn"))
                            .toList();
                    assertThat(state.names())
                            .as(name)
                            .containsExactlyInAnyOrderElementsOf(present.stream()
                                    .map(key -> key.substring("model/module.".length()))
                                    .toList());
                    for (String key : present) {
                        String stripped = key.substring("model/module.".length());
                        assertThat(Elements.of(state, stripped)).isEqualTo(Elements.of(expected, key));
                    }
                }
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> every_torch_file_gets_the_verdict_of_the_reference() {
        return PACK.caseJson().get("verdicts").properties().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Path file = PACK.file(entry.getKey());
                    if (entry.getValue().get("verdict").asText().equals("accept")) {
                        PyTorchFile.open(file).close();
                    } else {
                        VilamException refusal =
                                catchThrowableOfType(VilamException.class, () -> PyTorchFile.open(file));
                        assertThat(refusal).isNotNull().hasMessageContaining(entry.getKey());
                    }
                }));
    }

    @Test
    void a_refused_global_is_named_as_the_file_spells_it() {
        assertThat(refusal("refuse-zip.pth")).contains("__builtin__.print");
        assertThat(refusal("refuse-legacy.pth")).contains("__builtin__.print");
        assertThat(refusal("refuse-getattr.pth")).contains("__builtin__.getattr");
    }

    private static String refusal(String name) {
        VilamException refusal = catchThrowableOfType(VilamException.class, () -> TensorSource.open(PACK.file(name)));
        assertThat(refusal.code()).isEqualTo(ErrorCode.CHECKPOINT_REFUSED);
        return String.valueOf(refusal.getMessage());
    }

    @Test
    void the_writer_gives_the_bytes_of_the_reference_library(@TempDir Path folder) throws IOException {
        for (String name : List.of(
                "all_dtypes.safetensors",
                "pth-expected.safetensors",
                "sharded-expected.safetensors",
                "sharded/model-00001-of-00003.safetensors",
                "sharded/model-00003-of-00003.safetensors")) {
            Path copy = folder.resolve("copy.safetensors");
            try (SafetensorsFile original = SafetensorsFile.open(PACK.file(name))) {
                SafetensorsWriter.copy(original, copy, original.metadata());
            }
            assertThat(Files.readAllBytes(copy)).as(name).isEqualTo(Files.readAllBytes(PACK.file(name)));
        }
    }

    private static void assertSame(TensorSource actual, TensorSource expected, Iterable<String> names) {
        assertThat(actual.names()).containsExactlyInAnyOrderElementsOf(names);
        try (NDManager manager = NDManager.newBaseManager()) {
            for (String name : names) {
                assertThat(actual.dtype(name)).as(name).isEqualTo(expected.dtype(name));
                assertThat(actual.shape(name)).as(name).isEqualTo(expected.shape(name));
                assertThat(actual.data(name)).as(name).isEqualTo(expected.data(name));
                assertThat(Elements.of(actual.load(name, manager)))
                        .as(name)
                        .isEqualTo(Elements.of(expected.load(name, manager)));
            }
        }
    }

    private static DType dtype(String torch) {
        return switch (torch) {
            case "float64" -> DType.F64;
            case "float32" -> DType.F32;
            case "float16" -> DType.F16;
            case "bfloat16" -> DType.BF16;
            case "int64" -> DType.I64;
            case "int32" -> DType.I32;
            case "int16" -> DType.I16;
            case "int8" -> DType.I8;
            case "uint8" -> DType.U8;
            case "bool" -> DType.BOOL;
            default -> throw new AssertionError(torch);
        };
    }

    private static Shape shape(JsonNode sides) {
        List<Long> shape = new ArrayList<>();
        sides.forEach(side -> shape.add(side.asLong()));
        return new Shape(shape);
    }

    private static List<Number> values(JsonNode values, DType dtype) {
        List<Number> numbers = new ArrayList<>();
        for (JsonNode value : values) {
            if (dtype == DType.BOOL) {
                numbers.add(value.asBoolean() ? 1L : 0L);
            } else if (dtype.floating()) {
                numbers.add(value.isTextual() ? Double.valueOf(value.asText()) : Double.valueOf(value.asDouble()));
            } else {
                numbers.add(value.asLong());
            }
        }
        return numbers;
    }
}
