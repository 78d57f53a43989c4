package org.vilam.vision.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.parity.ParityPack;

class PyTorchFileTest {
    private static final byte[] SIX = Elements.floats(0, 1, 2, 3, 4, 5).array();

    @TempDir
    private Path folder = Path.of("");

    private VilamException refusal(Path file) {
        return catchThrowableOfType(VilamException.class, () -> PyTorchFile.open(file));
    }

    /** A dictionary with one tensor 'a' over six floats. */
    private Path oneTensor(long offset, long[] shape, long[] strides) {
        byte[] pickle = new PickleAssembler()
                .raw("}")
                .text("a")
                .tensor("FloatStorage", "0", 6, offset, shape, strides)
                .raw("s")
                .stop();
        return TorchFiles.zip(folder.resolve("one.pth"), pickle, Map.of("0", SIX));
    }

    private void assertReads(long offset, long[] shape, long[] strides, Number... expected) {
        try (PyTorchFile file = PyTorchFile.open(oneTensor(offset, shape, strides));
                NDManager manager = NDManager.newBaseManager()) {
            assertThat(file.shape("a").getShape()).containsExactly(shape);
            assertThat(Elements.of(file, "a")).containsExactly(expected);
            assertThat(Elements.of(file.load("a", manager))).containsExactly(expected);
        }
    }

    @Test
    void views_are_laid_out_row_by_row() {
        assertReads(0, new long[] {2, 3}, new long[] {3, 1}, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0);
        assertReads(0, new long[] {3, 2}, new long[] {1, 3}, 0.0, 3.0, 1.0, 4.0, 2.0, 5.0);
        assertReads(1, new long[] {2, 2}, new long[] {3, 1}, 1.0, 2.0, 4.0, 5.0);
        assertReads(4, new long[] {2, 3}, new long[] {1, 0}, 4.0, 4.0, 4.0, 5.0, 5.0, 5.0);
        assertReads(5, new long[] {2, 2}, new long[] {0, 0}, 5.0, 5.0, 5.0, 5.0);
        assertReads(3, new long[] {}, new long[] {}, 3.0);
        assertReads(0, new long[] {1, 3, 1}, new long[] {77, 2, 99}, 0.0, 2.0, 4.0);
        assertReads(0, new long[] {2, 1, 3}, new long[] {1, 5, 2}, 0.0, 2.0, 4.0, 1.0, 3.0, 5.0);
        assertReads(0, new long[] {0, 3}, new long[] {3, 1});
    }

    @Test
    void views_beyond_their_storage_are_refused() {
        long[][][] wrong = {
            {{0}, {7}, {1}},
            {{1}, {6}, {1}},
            {{0}, {2}, {6}},
            {{-1}, {2}, {1}},
            {{5}, {2}, {-1}},
            {{0}, {2, 2}, {1}},
            {{0}, {-1}, {1}},
            {{0}, {1L << 40, 1L << 40}, {0, 0}},
            {{0}, {2}, {Long.MAX_VALUE}},
            {{Long.MAX_VALUE}, {2}, {1}},
            // repeats six numbers into four gigabytes
            {{0}, {1 << 30}, {0}},
        };
        for (long[][] view : wrong) {
            assertThat(refusal(oneTensor(view[0][0], view[1], view[2])).code()).isEqualTo(ErrorCode.CHECKPOINT_CORRUPT);
        }
    }

    @Test
    void an_untyped_storage_takes_its_type_from_the_tensor() {
        byte[] pickle = new PickleAssembler()
                .raw("}")
                .text("a")
                .global("torch._utils", "_rebuild_tensor_v3")
                .raw("((")
                .text("storage")
                .global("torch.storage", "UntypedStorage")
                .text("0")
                .text("cpu")
                .whole(24)
                .raw("tQ")
                .whole(2)
                .wholes(2)
                .wholes(1)
                .raw("\u0089}")
                .global("torch", "float32")
                .raw("tRs")
                .stop();
        try (PyTorchFile file = PyTorchFile.open(TorchFiles.zip(folder.resolve("v3.pth"), pickle, Map.of("0", SIX)))) {
            assertThat(Elements.of(file, "a")).containsExactly(2.0, 3.0);
        }
    }

    @Test
    void tensors_with_attributes_and_parameters_are_their_tensors() {
        byte[] pickle = new PickleAssembler()
                .raw("}")
                .text("a")
                .global("torch._tensor", "_rebuild_from_type_v2")
                .raw("(")
                .global("torch._utils", "_rebuild_tensor_v2")
                .global("torch.nn.parameter", "Parameter")
                .raw("(")
                .storage("FloatStorage", "0", 6)
                .whole(0)
                .wholes(2)
                .wholes(1)
                .raw("\u0089}t}tR}b")
                .raw("s")
                .stop();
        try (PyTorchFile file = PyTorchFile.open(TorchFiles.zip(folder.resolve("p.pth"), pickle, Map.of("0", SIX)))) {
            assertThat(Elements.of(file, "a")).containsExactly(0.0, 1.0);
        }
    }

    @Test
    void a_storage_that_is_missing_or_short_is_refused() {
        byte[] pickle = new PickleAssembler()
                .raw("}")
                .text("a")
                .tensor("FloatStorage", "7", 6, 0, new long[] {6}, new long[] {1})
                .raw("s")
                .stop();
        assertThat(refusal(TorchFiles.zip(folder.resolve("missing.pth"), pickle, Map.of("0", SIX))))
                .hasMessageContaining("archive/data/7");
        assertThat(refusal(TorchFiles.zip(folder.resolve("short.pth"), pickle, Map.of("7", new byte[23]))))
                .hasMessageContaining("23 of the 24 bytes");
    }

    private PickleAssembler state(PickleAssembler to, String... names) {
        to.raw("}");
        for (String name : names) {
            to.text(name)
                    .tensor("FloatStorage", "0", 6, 0, new long[] {2}, new long[] {1})
                    .raw("s");
        }
        return to;
    }

    private Path saved(PickleAssembler pickle) {
        return TorchFiles.zip(folder.resolve("saved.pth"), pickle.stop(), Map.of("0", SIX));
    }

    @Test
    void the_state_dict_is_found_inside_nested_wrappers_and_beside_other_things() {
        PickleAssembler pickle = new PickleAssembler()
                .raw("}")
                .text("model")
                .raw("}")
                .text("name")
                .raw("U\u0003vits")
                .raw("s");
        state(pickle.text("state_dict").raw("}").text("module"), "module.a", "module.b")
                .raw("ss");
        state(pickle.text("optimizer"), "exp_avg").raw("s");
        state(pickle.text("ema_state_dict"), "module.module.e").raw("s");
        Path file = saved(pickle);
        try (PyTorchFile open = PyTorchFile.open(file)) {
            assertThat(open.names())
                    .containsExactly(
                            "state_dict/module/module.a",
                            "state_dict/module/module.b",
                            "optimizer/exp_avg",
                            "ema_state_dict/module.module.e");
            assertThat(open.stateDict().names()).containsExactly("a", "b");
            assertThat(open.stateDict("ema_state_dict").names()).containsExactly("e");
            assertThat(open.stateDict("optimizer").names()).containsExactly("exp_avg");
            assertThatThrownBy(() -> open.stateDict("weights"))
                    .isInstanceOf(VilamException.class)
                    .hasMessageContaining("no weights")
                    .hasMessageContaining("ema_state_dict");
        }
    }

    @Test
    void a_file_without_tensors_and_names_that_become_equal_are_refused() {
        Path none = saved(new PickleAssembler().raw("}").text("epoch").raw("K\u0003s"));
        assertThatThrownBy(() -> TensorSource.open(none))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_UNSUPPORTED))
                .hasMessageContaining("epoch");
        Path equal = saved(state(new PickleAssembler(), "a", "module.a"));
        assertThatThrownBy(() -> TensorSource.open(equal)).hasMessageContaining("two tensors are named a");
    }

    @Test
    void opening_does_not_read_the_storages() throws IOException {
        Path file = oneTensor(0, new long[] {6}, new long[] {1});
        byte[] bytes = Files.readAllBytes(file);
        int at = indexOf(bytes, SIX);
        try (PyTorchFile open = PyTorchFile.open(file)) {
            try (RandomAccessFile changed = new RandomAccessFile(file.toFile(), "rw")) {
                changed.seek(at);
                changed.write(Elements.floats(42).array());
            }
            assertThat(Elements.of(open, "a").get(0)).as("mapped where it lies").isEqualTo(42.0);
        }
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        for (int i = 0; i <= bytes.length - wanted.length; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        throw new AssertionError("not found");
    }

    private Path archive(Map<String, byte[]> changed, int method) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("x/data.pkl", new PickleAssembler().raw("}.").bytes());
        entries.putAll(changed);
        return TorchFiles.zipOf(folder.resolve("archive.pth"), entries, method);
    }

    @Test
    void archives_of_other_kinds_are_refused_by_kind() {
        assertThat(refusal(archive(Map.of(), ZipEntry.DEFLATED))).hasMessageContaining("compressed");
        assertThat(refusal(archive(Map.of("x/byteorder", "big".getBytes(StandardCharsets.US_ASCII)), ZipEntry.STORED)))
                .hasMessageContaining("big-endian");
        assertThat(refusal(archive(Map.of("x/constants.pkl", new byte[1]), ZipEntry.STORED)))
                .hasMessageContaining("TorchScript");
        assertThat(refusal(archive(Map.of("y/data.pkl", new byte[1]), ZipEntry.STORED)))
                .hasMessageContaining("data.pkl");
        assertThat(refusal(TorchFiles.zipOf(folder.resolve("z.pth"), Map.of("a.txt", new byte[1]), ZipEntry.STORED)))
                .hasMessageContaining("data.pkl is missing");
    }

    @Test
    void an_archive_without_a_folder_and_one_with_any_folder_name_are_read() {
        byte[] pickle = new PickleAssembler().raw("K\u0005.").bytes();
        for (String name : new String[] {"data.pkl", "größe 7/data.pkl"}) {
            Path file = TorchFiles.zipOf(folder.resolve("top.pth"), Map.of(name, pickle), ZipEntry.STORED);
            try (PyTorchFile open = PyTorchFile.open(file)) {
                assertThat(open.content().asInt()).isEqualTo(5);
            }
        }
    }

    @Test
    void the_tar_form_plain_pickles_and_git_lfs_pointers_are_refused_by_kind() throws IOException {
        byte[] tar = new byte[1024];
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
        assertThat(refusal(Files.write(folder.resolve("old.pth"), tar))).hasMessageContaining("tar form");
        assertThat(refusal(Files.write(
                        folder.resolve("plain.pkl"),
                        new PickleAssembler().raw("\u0080\u0002}.").bytes())))
                .hasMessageContaining("not one of torch.save");
        assertThat(refusal(Files.writeString(folder.resolve("text.pth"), "weights")))
                .hasMessageContaining("neither form");
        assertThat(refusal(ParityPack.open("checkpoints").file("not-a-checkpoint.pth")))
                .hasMessageContaining("Git LFS pointer");
    }

    @Test
    void the_form_is_told_by_content_even_where_a_safetensors_length_looks_like_a_pickle() throws IOException {
        // A header of 0x280 bytes: the file begins like a pickle of protocol 2.
        String header = "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}";
        byte[] json = (header + " ".repeat(0x280 - header.length())).getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 1).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json).put((byte) 9);
        try (TensorSource source = TensorSource.open(Files.write(folder.resolve("weights.bin"), bytes.array()))) {
            assertThat(Elements.of(source, "a")).containsExactly(9L);
        }
    }

    @Test
    void a_zip64_archive_of_over_4_gib_is_read() throws IOException {
        long padding = (4L << 30) + 100;
        byte[] pickle = new PickleAssembler()
                .raw("}")
                .text("a")
                .tensor("FloatStorage", "0", 6, 0, new long[] {6}, new long[] {1})
                .raw("s")
                .stop();
        Path path = folder.resolve("zip64.pth");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            Map<String, long[]> places = new LinkedHashMap<>();
            local(file, places, "big/data.pkl", pickle, pickle.length);
            local(file, places, "big/data/1", new byte[0], padding);
            local(file, places, "big/data/0", SIX, SIX.length);
            long directory = file.getFilePointer();
            for (Map.Entry<String, long[]> entry : places.entrySet()) {
                central(file, entry.getKey(), entry.getValue()[0], entry.getValue()[1]);
            }
            long end = file.getFilePointer();
            ByteBuffer tail = ByteBuffer.allocate(56 + 20 + 22).order(ByteOrder.LITTLE_ENDIAN);
            tail.putInt(0x06064b50)
                    .putLong(44)
                    .putShort((short) 45)
                    .putShort((short) 45)
                    .putInt(0)
                    .putInt(0);
            tail.putLong(3).putLong(3).putLong(end - directory).putLong(directory);
            tail.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
            tail.putInt(0x06054b50)
                    .putInt(0)
                    .putShort((short) -1)
                    .putShort((short) -1)
                    .putInt(-1)
                    .putInt(-1);
            file.write(tail.array());
        }
        try (PyTorchFile file = PyTorchFile.open(path)) {
            assertThat(Elements.of(file, "a")).containsExactly(0.0, 1.0, 2.0, 3.0, 4.0, 5.0);
        }
    }

    private static void local(RandomAccessFile file, Map<String, long[]> places, String name, byte[] content, long size)
            throws IOException {
        places.put(name, new long[] {file.getFilePointer(), size});
        byte[] raw = name.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer header = ByteBuffer.allocate(30 + raw.length).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0x04034b50).putShort((short) 45);
        header.putInt(18, -1)
                .putInt(22, -1)
                .putShort(26, (short) raw.length)
                .position(30)
                .put(raw);
        file.write(header.array());
        file.write(content);
        file.seek(file.getFilePointer() + size - content.length);
    }

    private static void central(RandomAccessFile file, String name, long offset, long size) throws IOException {
        byte[] raw = name.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer entry = ByteBuffer.allocate(46 + raw.length + 6 + 28).order(ByteOrder.LITTLE_ENDIAN);
        entry.putInt(0x02014b50).putInt(20, -1).putInt(24, -1).putShort(28, (short) raw.length);
        entry.putShort(30, (short) 34).putInt(42, -1).position(46).put(raw);
        // An extra field of another kind stands before the zip64 one.
        entry.putShort((short) 0x4246).putShort((short) 2).putShort((short) 0);
        entry.putShort((short) 1)
                .putShort((short) 24)
                .putLong(size)
                .putLong(size)
                .putLong(offset);
        file.write(entry.array());
    }

    @Test
    void the_legacy_form_is_refused_when_its_storages_do_not_fit() throws IOException {
        byte[] legacy = Files.readAllBytes(ParityPack.open("checkpoints").file("legacy.pth"));
        int first = legacy.length - 1259;
        Map<String, byte[]> wrong = new HashMap<>();
        byte[] count = legacy.clone();
        count[first]++;
        wrong.put("count.pth", count);
        byte[] negative = legacy.clone();
        negative[first + 7] = (byte) 0x80;
        wrong.put("negative.pth", negative);
        byte[] endian = legacy.clone();
        endian[73] = (byte) 0x89;
        wrong.put("endian.pth", endian);
        byte[] version = legacy.clone();
        version[18]++;
        wrong.put("version.pth", version);
        for (int cut : new int[] {14, 20, 136, 3000, 3691, 4244, first, first + 4, first + 8, legacy.length - 1}) {
            wrong.put("cut" + cut + ".pth", Arrays.copyOf(legacy, cut));
        }
        for (Map.Entry<String, byte[]> file : wrong.entrySet()) {
            assertThat(refusal(Files.write(folder.resolve(file.getKey()), file.getValue())))
                    .as(file.getKey())
                    .isNotNull();
        }
    }
}
