package org.vilam.vision.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.parity.ParityPack;

/**
 * Damaged and hostile files: whatever the bytes, a reader answers with tensors or with a VilamException, soon, and without
 * taking more memory than the file justifies. Each test runs for {@code -Dfuzz.seconds} seconds; {@code -Dfuzz.seed} gives
 * another series. A failure's message holds the file in Base64.
 */
class CheckpointFuzzTest {
    private static final double SECONDS = Double.parseDouble(System.getProperty("fuzz.seconds", "5"));
    private static final long SEED = Long.getLong("fuzz.seed", 20261120L);
    private static final long MAX_ALLOCATED = 96L << 20;
    private static final long MAX_NANOS = 20_000_000_000L;
    private static final int MAX_READ = 1 << 20;
    private static final ParityPack PACK = ParityPack.open("checkpoints");

    @TempDir
    private Path folder = Path.of("");

    private final Random random = new Random(SEED);
    private long read;

    private interface Reader {
        void read(Path file);
    }

    private interface Container {
        byte[] around(byte[] content) throws IOException;
    }

    @Test
    void mutated_safetensors_files_give_tensors_or_a_clear_refusal() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (String name : List.of(
                "all_dtypes.safetensors",
                "pth-expected.safetensors",
                "odd/ok_metadata.safetensors",
                "odd/ok_empty_tensor.safetensors",
                "odd/ok_header_order_differs.safetensors",
                "odd/ok_no_tensors.safetensors")) {
            seeds.add(Files.readAllBytes(PACK.file(name)));
        }
        run(seeds, seed -> random.nextInt(3) == 0 ? mutateBytes(seed) : mutateHeader(seed), bytes -> bytes, file -> {
            try (SafetensorsFile open = SafetensorsFile.open(file)) {
                readAll(open);
                read += open.metadata().size();
            }
        });
    }

    @Test
    void mutated_torch_containers_give_tensors_or_a_clear_refusal() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (String name : List.of("zip.pth", "legacy.pth", "bare-state-dict.pth", "meta-state_dict.pth")) {
            seeds.add(Files.readAllBytes(PACK.file(name)));
        }
        run(
                seeds,
                seed -> random.nextBoolean() ? mutateBytes(seed) : mutateTail(seed),
                bytes -> bytes,
                this::readTorch);
    }

    @Test
    void mutated_and_random_pickles_give_values_or_a_clear_refusal() throws IOException {
        Map<String, byte[]> storages = entries("zip.pth", "zip/data/");
        List<byte[]> seeds = List.of(
                entries("zip.pth", "zip/").get("data.pkl"),
                entries("meta-state_dict.pth", "meta-state_dict/").get("data.pkl"));
        Path written = folder.resolve("seed.pth");
        run(
                seeds,
                seed -> random.nextInt(3) == 0 ? randomPickle() : mutateBytes(seed),
                pickle -> Files.readAllBytes(TorchFiles.zip(written, pickle, storages)),
                this::readTorch);
    }

    private static Map<String, byte[]> entries(String file, String prefix) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(PACK.file(file).toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (entry.getName().startsWith(prefix)) {
                    entries.put(
                            entry.getName().substring(prefix.length()),
                            zip.getInputStream(entry).readAllBytes());
                }
            }
        }
        return entries;
    }

    private void readTorch(Path file) {
        try (PyTorchFile open = PyTorchFile.open(file)) {
            readAll(open);
            read += open.content().size();
            try (TensorSource state = open.stateDict()) {
                readAll(state);
            }
        }
    }

    private void readAll(TensorSource source) {
        for (String name : source.names()) {
            if (TensorInfo.bytes(source.dtype(name), source.shape(name).getShape()) <= MAX_READ) {
                ByteBuffer data = source.data(name);
                read += data.remaining();
                while (data.hasRemaining()) {
                    data.get();
                }
            }
        }
    }

    private void run(List<byte[]> seeds, UnaryOperator<byte[]> mutation, Container container, Reader reader)
            throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long end = System.nanoTime() + (long) (SECONDS * 1e9);
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < seeds.size() || System.nanoTime() < end; i++) {
            // The undamaged files come first: they must be accepted, else the mutations show nothing.
            byte[] bytes = container.around(
                    i < seeds.size() ? seeds.get(i) : mutation.apply(seeds.get(random.nextInt(seeds.size()))));
            Path file = Files.write(folder.resolve("input" + i), bytes);
            long allocated = threads.getCurrentThreadAllocatedBytes();
            long start = System.nanoTime();
            try {
                reader.read(file);
                accepted++;
            } catch (VilamException e) {
                refused++;
                assertThat(i)
                        .as("an undamaged file was refused: %s", e.getMessage())
                        .isGreaterThanOrEqualTo(seeds.size());
            } catch (RuntimeException | Error e) {
                throw new AssertionError("input " + i + " of seed " + SEED + ": " + describe(bytes), e);
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - allocated)
                    .as("memory taken for input %s of seed %s", i, SEED)
                    .isLessThan(MAX_ALLOCATED);
            assertThat(System.nanoTime() - start)
                    .as("time taken for input %s of seed %s", i, SEED)
                    .isLessThan(MAX_NANOS);
            Files.delete(file);
        }
        System.out.println(accepted + " mutated inputs accepted, " + refused + " refused");
        assertThat(refused).as("most mutations do harm").isPositive();
        assertThat(read).as("bytes read from what was accepted").isPositive();
    }

    private static String describe(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private byte[] mutateBytes(byte[] seed) {
        byte[] bytes = seed.clone();
        int rounds = 1 + random.nextInt(4);
        for (int i = 0; i < rounds && bytes.length > 0; i++) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(1 + random.nextInt(16), bytes.length - at);
            switch (random.nextInt(7)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                case 3 -> bytes = splice(bytes, at, at + length, new byte[0]);
                case 4 -> bytes = splice(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length));
                case 5 -> Arrays.fill(bytes, at, at + length, random.nextBoolean() ? (byte) 0xFF : 0);
                default -> {
                    int from = random.nextInt(bytes.length);
                    byte[] copied = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + length));
                    bytes = splice(bytes, at, at + length, copied);
                }
            }
        }
        return bytes;
    }

    /** Changes numbers near the end, where a zip archive keeps its directory and the legacy form its storages. */
    private byte[] mutateTail(byte[] seed) {
        ByteBuffer bytes = ByteBuffer.wrap(seed.clone()).order(ByteOrder.LITTLE_ENDIAN);
        int tail = Math.min(seed.length, 2200);
        int at = Math.max(0, seed.length - 1 - random.nextInt(tail) - Long.BYTES);
        switch (random.nextInt(3)) {
            case 0 -> bytes.putShort(at, (short) interesting());
            case 1 -> bytes.putInt(at, (int) interesting());
            default -> bytes.putLong(at, interesting());
        }
        return bytes.array();
    }

    private long interesting() {
        long[] values = {
            0,
            1,
            -1,
            2,
            4,
            7,
            8,
            127,
            128,
            255,
            256,
            65_535,
            65_536,
            Integer.MAX_VALUE,
            1L << 31,
            0xFFFFFFFFL,
            1L << 32,
            1L << 40,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            random.nextInt(10_000),
            random.nextLong()
        };
        return values[random.nextInt(values.length)];
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] middle) {
        ByteBuffer out = ByteBuffer.allocate(from + middle.length + bytes.length - to);
        return out.put(bytes, 0, from)
                .put(middle)
                .put(bytes, to, bytes.length - to)
                .array();
    }

    /** Edits the header as text and keeps its length true, so that the edit is what the reader meets. */
    private byte[] mutateHeader(byte[] seed) {
        int length = (int) ByteBuffer.wrap(seed).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        String header = new String(seed, Long.BYTES, length, StandardCharsets.UTF_8);
        int rounds = 1 + random.nextInt(2);
        for (int i = 0; i < rounds; i++) {
            header = switch (random.nextInt(6)) {
                case 0 -> replaceOne(header, "\\d+", Long.toUnsignedString(interesting()));
                case 1 -> replaceOne(header, "\\d+", String.format(Locale.ROOT, "%d", interesting()));
                case 2 ->
                    replaceOne(
                            header,
                            "\"[A-Z]+[0-9]*\"",
                            "\""
                                    + List.of(
                                                    "F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8",
                                                    "BOOL", "F4")
                                            .get(random.nextInt(11))
                                    + "\"");
                case 3 ->
                    replaceOne(
                            header,
                            "[\\[\\]{},:\"]",
                            List.of("", "[", "]", "{", "}", ",", ":", "\"", "null", "0.5", "\\u0000")
                                    .get(random.nextInt(11)));
                case 4 -> replaceOne(header, "\"[^\"]*\":\\{[^{}]*\\},?", "");
                default -> replaceOne(header, "\"(dtype|shape|data_offsets|a|b|z)\"", "\"a\"");
            };
        }
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        byte[] size = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .array();
        return splice(splice(seed, Long.BYTES, Long.BYTES + length, json), 0, Long.BYTES, size);
    }

    private String replaceOne(String text, String pattern, String replacement) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        List<int[]> places = new ArrayList<>();
        while (matcher.find()) {
            places.add(new int[] {matcher.start(), matcher.end()});
        }
        if (places.isEmpty()) {
            return text;
        }
        int[] place = places.get(random.nextInt(places.size()));
        return text.substring(0, place[0]) + replacement + text.substring(place[1]);
    }

    /** A program of sound pieces in random order. */
    private byte[] randomPickle() {
        String[] globals = {
            "collections\nOrderedDict",
            "torch._utils\n_rebuild_tensor_v2",
            "torch\nFloatStorage",
            "argparse\nNamespace",
            "torch._utils\n_rebuild_parameter",
            "numpy\ndtype",
            "numpy.core.multiarray\nscalar",
            "builtins\nset",
            "torch\nSize",
            "torch\ndevice",
            "pathlib\nPosixPath",
            "_codecs\nencode",
            "copyreg\n_reconstructor",
            "builtins\nobject",
            "collections\ndefaultdict",
            "torch._tensor\n_rebuild_from_type_v2",
            "torch\nTensor",
            "numpy.core.multiarray\n_reconstruct",
            "numpy\nndarray",
            "builtins\nslice",
            "os\nsystem"
        };
        String plain =
                ".0012(tl])}eausddRRRbbQ\u0081\u0085\u0086\u0087\u0088\u0089\u008f\u0090\u0091\u0092\u0093\u0094No";
        PickleAssembler pickle = new PickleAssembler();
        int steps = random.nextInt(60);
        for (int i = 0; i < steps; i++) {
            switch (random.nextInt(9)) {
                case 0 -> pickle.raw("c" + globals[random.nextInt(globals.length)] + "\n");
                case 1 ->
                    pickle.text(
                            List.of("storage", "0", "1", "cpu", "f8", "<", "").get(random.nextInt(7)));
                case 2 -> pickle.whole(random.nextInt(4) == 0 ? interesting() : random.nextInt(5));
                case 3 -> pickle.raw("q").u1(random.nextInt(8));
                case 4 -> pickle.raw("h").u1(random.nextInt(8));
                case 5 -> pickle.wholes(random.nextInt(4), random.nextInt(4));
                case 6 ->
                    pickle.tensor(
                            "FloatStorage", "0", 90, random.nextInt(60), new long[] {random.nextInt(5), 3}, new long[] {
                                random.nextInt(5), random.nextInt(5)
                            });
                default -> pickle.raw(String.valueOf(plain.charAt(1 + random.nextInt(plain.length() - 1))));
            }
        }
        return pickle.stop();
    }
}
