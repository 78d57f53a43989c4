package org.vilam.vision.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

class SafetensorsFileTest {
    @TempDir
    private Path folder = Path.of("");

    private Path file(String header, byte... data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json).put(data);
        return Files.write(folder.resolve("weights.safetensors"), bytes.array());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[1.0],\"data_offsets\":[0,1]}} | whole numbers",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[1e0],\"data_offsets\":[0,1]}} | whole numbers",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[-0],\"data_offsets\":[0,1]}} | whole numbers",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[99999999999999999999],\"data_offsets\":[0,1]}} | valid JSON",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1,1]}} | two numbers",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":1,\"data_offsets\":[0,1]}} | no array",
                "{\"a\":{\"dtype\":3,\"shape\":[1],\"data_offsets\":[0,1]}} | no string",
                "{\"a\":{\"dtype\":\"u8\",\"shape\":[1],\"data_offsets\":[0,1]}} | unknown dtype u8",
                "{\"a\":null} | not an object",
                "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}} | Duplicate",
                "{\"__metadata__\":{\"x\":\"1\",\"x\":\"2\"},\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}} | Duplicate",
                "{\"__metadata__\":[],\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}} | no object",
                "{\"\\ud800\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}} | surrogate",
                "{\"\\udc00\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}} | surrogate",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}} {} | goes on",
                "` {\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}` | begin with",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[0,4611686018427387904,4],\"data_offsets\":[0,0]}} | take 0 bytes",
            })
    void a_header_that_is_not_to_the_letter_is_refused(String header, String reason) throws IOException {
        Path file = file(header, (byte) 1);
        VilamException refusal = catchThrowableOfType(VilamException.class, () -> SafetensorsFile.open(file));
        assertThat(refusal.code()).isEqualTo(ErrorCode.CHECKPOINT_CORRUPT);
        assertThat(refusal).hasMessageContaining(reason);
    }

    @Test
    void fields_the_reference_passes_over_are_passed_over() throws IOException {
        Path file = file(
                "{\"__metadata__\":null,\"a\":{\"note\":[{}],\"data_offsets\":[0,1],\"shape\":[1],\"dtype\":\"U8\"}}",
                (byte) 9);
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            assertThat(Elements.of(open, "a")).containsExactly(9L);
            assertThat(open.metadata()).isEmpty();
        }
    }

    @Test
    void types_of_the_format_that_are_not_read_are_called_unsupported() throws IOException {
        Path file = file("{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[0,1]}}", (byte) 1);
        VilamException refusal = catchThrowableOfType(VilamException.class, () -> SafetensorsFile.open(file));
        assertThat(refusal.code()).isEqualTo(ErrorCode.CHECKPOINT_UNSUPPORTED);
        assertThat(refusal).hasMessageContaining("tensor a").hasMessageContaining("F8_E4M3");
    }

    @Test
    void data_is_read_only_little_endian_and_outlives_the_file() throws IOException {
        Path path = file("{\"a\":{\"dtype\":\"I16\",\"shape\":[1],\"data_offsets\":[0,2]}}", (byte) 2, (byte) 1);
        ByteBuffer data;
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            data = file.data("a");
            assertThatThrownBy(() -> file.data("b")).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(data.getShort(0)).isEqualTo((short) 258);
        assertThatThrownBy(() -> data.put(0, (byte) 0)).isInstanceOf(ReadOnlyBufferException.class);
    }

    @Test
    void a_closed_file_gives_no_more_data() throws IOException {
        Path path = file("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", (byte) 1);
        SafetensorsFile file = SafetensorsFile.open(path);
        file.close();
        assertThatThrownBy(() -> file.data("a")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_missing_file_a_folder_and_a_git_lfs_pointer_are_named_as_such() throws IOException {
        assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("none.safetensors")))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_UNREADABLE))
                .hasMessageContaining("none.safetensors");
        assertThatThrownBy(() -> SafetensorsFile.open(folder)).hasMessageContaining("not a regular file");
        Path pointer = Files.writeString(
                folder.resolve("pointer.safetensors"), "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
        assertThatThrownBy(() -> SafetensorsFile.open(pointer)).hasMessageContaining("Git LFS pointer");
    }

    @Test
    void a_file_inside_a_zip_file_system_is_read_too() throws IOException {
        Path weights = file("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", (byte) 7, (byte) 8);
        try (FileSystem zip = FileSystems.newFileSystem(folder.resolve("pack.jar"), Map.of("create", "true"))) {
            Path inside = Files.copy(weights, zip.getPath("/weights.safetensors"));
            try (SafetensorsFile file = SafetensorsFile.open(inside)) {
                assertThat(Elements.of(file, "a")).containsExactly(7L, 8L);
            }
        }
    }

    @Test
    void a_loaded_array_may_be_written_and_outlives_its_source() throws IOException {
        for (String dtype : new String[] {"F32", "BF16", "F16"}) {
            int width = dtype.equals("F32") ? 4 : 2;
            Path path = file(
                    "{\"a\":{\"dtype\":\"" + dtype + "\",\"shape\":[3],\"data_offsets\":[0," + 3 * width + "]}}",
                    new byte[3 * width]);
            try (NDManager manager = NDManager.newBaseManager()) {
                NDArray array;
                try (SafetensorsFile file = SafetensorsFile.open(path)) {
                    array = file.load("a", manager);
                    array.addi(1);
                    assertThat(file.load("a", manager).toFloatArray()).containsExactly(0, 0, 0);
                }
                NDArray view = array.get("1:");
                array.close();
                assertThat(view.toFloatArray()).containsExactly(1, 1);
            }
        }
    }

    @Test
    void unaligned_float32_elements_load_and_map_alike() throws IOException {
        // A header of 63 bytes: the data begins at byte 71.
        String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
        Path path = file(
                header + " ".repeat(63 - header.length()),
                Elements.floats(1.5f, -2f).array());
        try (SafetensorsFile file = SafetensorsFile.open(path);
                NDManager manager = NDManager.newBaseManager()) {
            assertThat(file.data("a").alignmentOffset(0, 4)).isNotZero();
            assertThat(file.load("a", manager).toFloatArray()).containsExactly(1.5f, -2f);
            assertThat(file.loadMapped("a", manager).toFloatArray()).containsExactly(1.5f, -2f);
        }
    }

    @Test
    void tensors_larger_than_the_conversion_buffer_load_exactly() throws IOException {
        int count = 3_000_001;
        for (DType dtype : DType.values()) {
            ByteBuffer data = ByteBuffer.allocate(count * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            int[] ends = {0, 1, 1 << 20, (1 << 20) - 1, (4 << 20) - 1, count / 2, count - 1};
            for (int index : ends) {
                if (index < count) {
                    put(data, dtype, index);
                }
            }
            Path path = folder.resolve("large.safetensors");
            TensorInfo info = new TensorInfo("a", dtype, new Shape(count));
            try (SafetensorsWriter writer = SafetensorsWriter.create(path, List.of(info), Map.of())) {
                writer.write("a", data);
                writer.finish();
            }
            try (SafetensorsFile file = SafetensorsFile.open(path);
                    NDManager manager = NDManager.newBaseManager()) {
                NDArray array = file.load("a", manager);
                assertThat(array.toType(DataType.FLOAT64, true).sum().getDouble())
                        .as(dtype.name())
                        .isEqualTo(6.0);
                assertThat(array.getShape().getShape()).containsExactly(count);
                for (int index : ends) {
                    if (index < count) {
                        NDArray element = array.get(index).toType(DataType.FLOAT64, true);
                        assertThat(element.getDouble()).as(dtype + " " + index).isEqualTo(1.0);
                    }
                }
            }
        }
    }

    private static void put(ByteBuffer data, DType dtype, int index) {
        switch (dtype) {
            case F64 -> data.putDouble(index * 8, 1);
            case F32 -> data.putFloat(index * 4, 1);
            case F16 -> data.putShort(index * 2, (short) 0x3C00);
            case BF16 -> data.putShort(index * 2, (short) 0x3F80);
            case I64 -> data.putLong(index * 8, 1);
            case I32 -> data.putInt(index * 4, 1);
            case I16 -> data.putShort(index * 2, (short) 1);
            case I8, U8, BOOL -> data.put(index, (byte) 1);
        }
    }

    @Test
    void several_threads_read_one_file_at_once() throws Exception {
        Path path = folder.resolve("shared.safetensors");
        List<TensorInfo> infos = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            infos.add(new TensorInfo("t" + i, i % 2 == 0 ? DType.BF16 : DType.F32, new Shape(100, 100)));
        }
        try (NDManager manager = NDManager.newBaseManager();
                SafetensorsWriter writer = SafetensorsWriter.create(path, infos, Map.of())) {
            for (int i = 0; i < 20; i++) {
                writer.write("t" + i, manager.full(new Shape(100, 100), i, DataType.FLOAT32));
            }
            writer.finish();
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int task = 0; task < 200; task++) {
                int i = task % 20;
                results.add(threads.submit(() -> {
                    try (NDManager manager = NDManager.newBaseManager()) {
                        NDArray array = file.load("t" + i, manager);
                        return array.min().getFloat() == i && array.max().getFloat() == i;
                    }
                }));
            }
            for (Future<Boolean> result : results) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_file_of_more_than_4_gib_is_read_at_both_ends_and_a_tensor_of_2_gib_is_refused_by_name() throws IOException {
        long middle = 1L << 32;
        String header = "{\"first\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
                + "\"huge\":{\"dtype\":\"U8\",\"shape\":[" + middle + "],\"data_offsets\":[2," + (middle + 2) + "]},"
                + "\"large\":{\"dtype\":\"U8\",\"shape\":[1500000000],\"data_offsets\":[" + (middle + 2) + ","
                + (middle + 1500000002L) + "]},"
                + "\"last\":{\"dtype\":\"I16\",\"shape\":[2],\"data_offsets\":[" + (middle + 1500000002L) + ","
                + (middle + 1500000006L) + "]}}";
        Path path = file(header, (byte) 3, (byte) 4);
        try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
            long end = 8 + header.length() + middle + 1500000006L;
            sparse.setLength(end);
            sparse.seek(end - 5);
            sparse.write(new byte[] {6, 1, 0, 2, 0});
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(Elements.of(file, "first")).containsExactly(3L, 4L);
            assertThat(Elements.of(file, "last")).containsExactly(1L, 2L);
            ByteBuffer large = file.data("large");
            assertThat(large.remaining()).isEqualTo(1_500_000_000);
            assertThat(large.get(1_499_999_999)).isEqualTo((byte) 6);
            assertThatThrownBy(() -> file.data("huge"))
                    .isInstanceOfSatisfying(
                            VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_UNSUPPORTED))
                    .hasMessageContaining("tensor huge")
                    .hasMessageContaining("4294967296");
        }
    }
}
