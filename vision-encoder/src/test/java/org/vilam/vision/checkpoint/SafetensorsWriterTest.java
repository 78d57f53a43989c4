package org.vilam.vision.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vilam.vision.error.VilamException;

class SafetensorsWriterTest {
    private static Path scratch = Path.of("");

    @TempDir
    private Path folder = Path.of("");

    @BeforeContainer
    static void makeScratch() throws IOException {
        scratch = Files.createTempDirectory("safetensors");
    }

    @AfterContainer
    static void deleteScratch() throws IOException {
        ModelFolder.delete(scratch);
    }

    @Provide
    Arbitrary<List<TensorInfo>> tensors() {
        Arbitrary<String> names = Arbitraries.strings()
                .all()
                .excludeChars('\ud800', '\udfff')
                .ofMaxLength(12)
                .filter(name -> StandardCharsets.UTF_8.newEncoder().canEncode(name));
        Arbitrary<Shape> shapes =
                Arbitraries.longs().between(0, 5).list().ofMaxSize(4).map(Shape::new);
        return Combinators.combine(names, Arbitraries.of(DType.class), shapes)
                .as(TensorInfo::new)
                .list()
                .ofMaxSize(8)
                .uniqueElements(TensorInfo::name);
    }

    @Property(tries = 300)
    void what_is_written_is_read_back_for_every_type_shape_and_name(
            @ForAll("tensors") List<TensorInfo> tensors, @ForAll long seed) throws IOException {
        Path path = scratch.resolve("property.safetensors");
        Random random = new Random(seed);
        List<byte[]> contents = new ArrayList<>();
        try (SafetensorsWriter writer = SafetensorsWriter.create(path, tensors, Map.of("seed", Long.toString(seed)))) {
            for (TensorInfo info : tensors) {
                byte[] content = new byte[(int) info.bytes()];
                random.nextBytes(content);
                contents.add(content);
                writer.write(info.name(), ByteBuffer.wrap(content));
            }
            writer.finish();
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.names())
                    .containsExactlyInAnyOrderElementsOf(
                            tensors.stream().map(TensorInfo::name).toList());
            assertThat(file.metadata()).isEqualTo(Map.of("seed", Long.toString(seed)));
            for (int i = 0; i < tensors.size(); i++) {
                TensorInfo info = tensors.get(i);
                assertThat(file.dtype(info.name())).isEqualTo(info.dtype());
                assertThat(file.shape(info.name())).isEqualTo(info.shape());
                assertThat(file.data(info.name())).isEqualTo(ByteBuffer.wrap(contents.get(i)));
            }
        }
        assertThat(Files.size(path) % 8)
                .isEqualTo(tensors.stream().mapToLong(TensorInfo::bytes).sum() % 8);
        try (Stream<Path> files = Files.list(scratch)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Property(tries = 100)
    void arrays_come_back_as_they_were(@ForAll("tensors") List<TensorInfo> tensors, @ForAll long seed) {
        Path path = scratch.resolve("arrays.safetensors");
        Random random = new Random(seed);
        try (NDManager manager = NDManager.newBaseManager()) {
            List<NDArray> arrays = new ArrayList<>();
            try (SafetensorsWriter writer = SafetensorsWriter.create(path, tensors, Map.of())) {
                for (TensorInfo info : tensors) {
                    NDArray array = array(manager, info, random);
                    arrays.add(array);
                    writer.write(info.name(), array);
                }
                writer.finish();
            }
            try (SafetensorsFile file = SafetensorsFile.open(path)) {
                for (int i = 0; i < tensors.size(); i++) {
                    NDArray loaded = file.load(tensors.get(i).name(), manager);
                    assertThat(loaded.getShape()).isEqualTo(arrays.get(i).getShape());
                    assertThat(Elements.of(loaded)).isEqualTo(Elements.of(arrays.get(i)));
                }
            }
        } finally {
            path.toFile().delete();
        }
    }

    /** Whole numbers of up to 7 bits: every type holds them exactly. */
    private static NDArray array(NDManager manager, TensorInfo info, Random random) {
        float[] values = new float[(int) info.shape().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = info.dtype() == DType.BOOL ? random.nextInt(2) : random.nextInt(128);
        }
        DataType type = ArrayLoader.arrayType(info.dtype());
        return values.length == 0
                ? manager.create(info.shape(), type)
                : manager.create(values, info.shape()).toType(type, true);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F16", "BF16", "F64"})
    void a_float32_array_is_rounded_to_the_announced_type(DType dtype) {
        float[] values = {0f, -0f, 1f / 3, 65_519f, 65_520f, 1e-8f, -3.14159f, Float.NaN, Float.NEGATIVE_INFINITY};
        Path path = folder.resolve("rounded.safetensors");
        try (NDManager manager = NDManager.newBaseManager();
                SafetensorsWriter writer = SafetensorsWriter.create(
                        path, List.of(new TensorInfo("a", dtype, new Shape(values.length))), Map.of())) {
            writer.write("a", manager.create(values));
            writer.finish();
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            List<Number> expected = new ArrayList<>();
            for (float value : values) {
                expected.add(
                        switch (dtype) {
                            case F16 -> (double) Float16.toFloat(Float16.fromFloat(value));
                            case BF16 -> (double) BFloat16.toFloat(BFloat16.fromFloat(value));
                            default -> (double) value;
                        });
            }
            assertThat(Elements.of(file, "a")).isEqualTo(expected);
        }
    }

    @Test
    void transposed_and_large_arrays_are_written_in_row_major_order() {
        Path path = folder.resolve("large.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array =
                    manager.arange(2_400_000).reshape(1200, 2000).transpose().toType(DataType.FLOAT32, true);
            TensorInfo info = new TensorInfo("a", DType.F32, new Shape(2000, 1200));
            try (SafetensorsWriter writer = SafetensorsWriter.create(path, List.of(info), Map.of())) {
                writer.write("a", array);
                writer.finish();
            }
            try (SafetensorsFile file = SafetensorsFile.open(path)) {
                ByteBuffer data = file.data("a");
                for (int row = 0; row < 2000; row++) {
                    for (int column = 0; column < 1200; column++) {
                        if (data.getFloat((row * 1200 + column) * 4) != column * 2000f + row) {
                            throw new AssertionError(row + ", " + column);
                        }
                    }
                }
            }
        }
    }

    @Test
    void equal_tensors_give_equal_bytes_whatever_the_order() throws IOException {
        TensorInfo a = new TensorInfo("a", DType.F16, new Shape(1));
        TensorInfo b = new TensorInfo("b", DType.I64, new Shape());
        byte[] first = written(List.of(a, b), List.of("a", "b"));
        byte[] second = written(List.of(b, a), List.of("b", "a"));
        assertThat(first).isEqualTo(second);
        assertThat(ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong(0) % 8)
                .isZero();
    }

    private byte[] written(List<TensorInfo> infos, List<String> order) throws IOException {
        Path path = folder.resolve("order.safetensors");
        try (SafetensorsWriter writer = SafetensorsWriter.create(path, infos, Map.of("b", "2", "a", "1"))) {
            for (String name : order) {
                writer.write(name, ByteBuffer.allocate(name.equals("a") ? 2 : 8));
            }
            writer.finish();
        }
        return Files.readAllBytes(path);
    }

    @Test
    void a_file_that_is_not_finished_leaves_what_was_there_and_no_trace() throws IOException {
        Path path = Files.writeString(folder.resolve("kept.safetensors"), "before");
        TensorInfo info = new TensorInfo("a", DType.U8, new Shape(3));
        try (SafetensorsWriter writer = SafetensorsWriter.create(path, List.of(info), Map.of())) {
            assertThatThrownBy(writer::finish)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("a");
        }
        assertThat(path).hasContent("before");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void mistakes_of_the_caller_are_named() {
        Path path = folder.resolve("mistakes.safetensors");
        TensorInfo info = new TensorInfo("a", DType.F32, new Shape(2));
        try (NDManager manager = NDManager.newBaseManager();
                SafetensorsWriter writer = SafetensorsWriter.create(path, List.of(info), Map.of())) {
            assertThatThrownBy(() -> writer.write("b", ByteBuffer.allocate(8)))
                    .hasMessageContaining("b was not announced");
            assertThatThrownBy(() -> writer.write("a", ByteBuffer.allocate(7)))
                    .hasMessageContaining("takes 8 bytes, not 7");
            assertThatThrownBy(() -> writer.write("a", manager.ones(new Shape(3))))
                    .hasMessageContaining("announced as (2)");
            assertThatThrownBy(() -> writer.write("a", manager.ones(new Shape(2), DataType.INT32)))
                    .hasMessageContaining("announced as F32");
            writer.write("a", ByteBuffer.allocate(8));
            assertThatThrownBy(() -> writer.write("a", ByteBuffer.allocate(8))).hasMessageContaining("written already");
        }
        assertThatThrownBy(() -> SafetensorsWriter.create(path, List.of(info, info), Map.of()))
                .hasMessageContaining("announced twice");
        TensorInfo reserved = new TensorInfo("__metadata__", DType.F32, new Shape(2));
        assertThatThrownBy(() -> SafetensorsWriter.create(path, List.of(reserved), Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        Path nowhere = folder.resolve("missing").resolve("a.safetensors");
        assertThatThrownBy(() -> SafetensorsWriter.create(nowhere, List.of(info), Map.of()))
                .isInstanceOf(VilamException.class);
        TensorInfo narrow = new TensorInfo("n", DType.I16, new Shape(1));
        try (NDManager manager = NDManager.newBaseManager();
                SafetensorsWriter writer = SafetensorsWriter.create(path, List.of(narrow), Map.of())) {
            assertThatThrownBy(() -> writer.write("n", manager.create(new int[] {40_000})))
                    .hasMessageContaining("40000 does not fit");
        }
    }

    @Test
    void shards_fill_in_order_and_the_index_leads_to_every_tensor() throws IOException {
        List<TensorInfo> infos = List.of(
                new TensorInfo("c", DType.F32, new Shape(10)),
                new TensorInfo("b", DType.F32, new Shape(10)),
                new TensorInfo("large", DType.F32, new Shape(100)),
                new TensorInfo("a", DType.F32, new Shape(10)));
        try (ShardedSafetensorsWriter writer =
                ShardedSafetensorsWriter.create(folder, infos, Map.of("format", "pt"), 100)) {
            for (int i = 0; i < infos.size(); i++) {
                float[] values = new float[(int) infos.get(i).shape().size()];
                Arrays.fill(values, i);
                writer.write(infos.get(i).name(), Elements.floats(values));
            }
            writer.finish();
        }
        assertThat(folder.resolve("model.safetensors.index.json")).hasContent("""
                        {
                          "metadata" : {
                            "total_size" : 520
                          },
                          "weight_map" : {
                            "a" : "model-00003-of-00003.safetensors",
                            "b" : "model-00001-of-00003.safetensors",
                            "c" : "model-00001-of-00003.safetensors",
                            "large" : "model-00002-of-00003.safetensors"
                          }
                        }
                        """);
        try (TensorSource source = TensorSource.open(folder)) {
            assertThat(source.names()).containsExactly("b", "c", "large", "a");
            for (int i = 0; i < infos.size(); i++) {
                assertThat(Elements.of(source, infos.get(i).name())).containsOnly((double) i);
            }
        }
        try (ShardedSafetensorsWriter writer =
                ShardedSafetensorsWriter.create(folder, infos.subList(0, 1), Map.of(), 100)) {
            writer.write("c", Elements.floats(new float[10]));
            writer.finish();
        }
        try (TensorSource source = TensorSource.open(folder)) {
            assertThat(source.names())
                    .as("an old index does not outlive its weights")
                    .containsExactly("c");
        }
    }

    @Test
    void shards_that_are_not_finished_leave_no_trace() throws IOException {
        TensorInfo info = new TensorInfo("a", DType.F32, new Shape(2));
        ShardedSafetensorsWriter.create(folder, List.of(info), Map.of(), 1).close();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }
}
