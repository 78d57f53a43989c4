package org.vilam.vision.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.parity.SharedData;

/**
 * Damaged files of every format: what comes out is an image or a refusal, in time, and no thread stays behind.
 *
 * <p>Seeded. Runs 5 seconds; {@code -Dfuzz.seconds=600} makes it longer and {@code -Dfuzz.seed=n} starts elsewhere. A file
 * that breaks the rule is written to {@code target/fuzz-failures}.
 */
class FuzzTest {
    private static final int[] EXTREMES = {
        0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0xFFFFFF, 0x7FFFFFFF, 0x80000000, -1, -2, -3
    };
    private static final DecodeLimits LIMITS =
            new DecodeLimits(1 << 24, 4_000_000, 65_500, 10_000, Duration.ofSeconds(5), 1 << 28);

    private final Random random = new Random(Long.getLong("fuzz.seed", 20_261_120));
    private final ImageDecoder door = new ImageDecoder(LIMITS);
    private final Map<ErrorCode, Integer> refused = new EnumMap<>(ErrorCode.class);
    private int read;
    private long slowest;

    @Test
    void damaged_files_are_read_or_refused_in_time() throws Exception {
        List<byte[]> seeds = seeds();
        long end = System.nanoTime()
                + Duration.ofSeconds(Long.getLong("fuzz.seconds", 5)).toNanos();
        int count = 0;
        for (; System.nanoTime() < end; count++) {
            tryOne(mutate(seeds));
        }
        System.out.println("fuzz: " + count + " files, " + read + " read, refused " + refused + ", slowest "
                + slowest / 1_000_000 + " ms");
        assertThat(read).as("some files survive").isPositive();
        assertThat(refused).containsKey(ErrorCode.IMAGE_CORRUPT);
        assertThat(refused.keySet())
                .isSubsetOf(
                        ErrorCode.IMAGE_CORRUPT,
                        ErrorCode.IMAGE_TOO_LARGE,
                        ErrorCode.IMAGE_UNSUPPORTED,
                        ErrorCode.IMAGE_TIMEOUT);
        assertNoThreadStaysBehind();
    }

    private void tryOne(byte[] file) throws IOException {
        long start = System.nanoTime();
        try {
            DecodedImage image = door.decode(file);
            assertThat(image.pixels().rgb())
                    .hasSize(image.info().width() * image.info().height() * 3);
            read++;
        } catch (VilamException e) {
            refused.merge(e.code(), 1, Integer::sum);
            if (e.code() == ErrorCode.IMAGE_TIMEOUT) {
                keep("timeout", file);
            }
            if (String.valueOf(e.getMessage()).contains("more memory than is left")) {
                throw new AssertionError("a header's promise was believed; the file is " + keep("memory", file));
            }
        } catch (RuntimeException e) {
            throw new AssertionError("neither image nor refusal; the file is " + keep("failure", file), e);
        }
        long time = System.nanoTime() - start;
        slowest = Math.max(slowest, time);
        if (time > LIMITS.timeout().plusSeconds(2).toNanos()) {
            throw new AssertionError("took " + time / 1_000_000 + " ms; the file is " + keep("slow", file));
        }
    }

    private static Path keep(String kind, byte[] file) throws IOException {
        Path folder = Files.createDirectories(Path.of("target/fuzz-failures"));
        return Files.write(folder.resolve(kind + "-" + Arrays.hashCode(file) + ".bin"), file);
    }

    private static void assertNoThreadStaysBehind() throws InterruptedException {
        for (int wait = 0; wait < 100; wait++) {
            if (Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(t -> t.getName().equals("image-decode"))) {
                return;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("a decode thread runs on 10 s after its deadline");
    }

    private byte[] mutate(List<byte[]> seeds) {
        byte[] file = pick(seeds).clone();
        for (int round = random.nextInt(4); round >= 0; round--) {
            if (file.length < 4) {
                break;
            }
            switch (random.nextInt(8)) {
                case 0, 1 -> flipBits(file);
                case 2, 3, 4 -> extreme(file);
                case 5 -> file = Arrays.copyOf(file, 1 + random.nextInt(file.length));
                case 6 -> file = splice(file, pick(seeds));
                default -> file = repeat(file);
            }
        }
        if (random.nextInt(4) > 0) {
            repairPng(file);
        }
        return file;
    }

    private byte[] pick(List<byte[]> seeds) {
        return seeds.get(random.nextInt(seeds.size()));
    }

    /** Headers matter most: half of the changes fall into the first 128 bytes. */
    private int place(byte[] file) {
        return random.nextInt(random.nextBoolean() ? Math.min(128, file.length) : file.length);
    }

    private void flipBits(byte[] file) {
        for (int i = random.nextInt(8); i >= 0; i--) {
            file[place(file)] ^= (byte) (1 << random.nextInt(8));
        }
    }

    private void extreme(byte[] file) {
        ByteOrder order = random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        ByteBuffer fields = ByteBuffer.wrap(file).order(order);
        int at = Math.min(place(file), file.length - 4);
        int value = EXTREMES[random.nextInt(EXTREMES.length)];
        switch (random.nextInt(3)) {
            case 0 -> fields.put(at, (byte) value);
            case 1 -> fields.putShort(at, (short) value);
            default -> fields.putInt(at, value);
        }
    }

    private byte[] splice(byte[] head, byte[] tail) {
        int cut = random.nextInt(head.length);
        int from = random.nextInt(tail.length);
        return new Bytes()
                .raw(Arrays.copyOf(head, cut))
                .raw(Arrays.copyOfRange(tail, from, tail.length))
                .done();
    }

    private byte[] repeat(byte[] file) {
        int from = random.nextInt(file.length);
        int to = from + random.nextInt(Math.min(200, file.length - from));
        byte[] part = Arrays.copyOfRange(file, from, to);
        Bytes longer = new Bytes().raw(Arrays.copyOf(file, to));
        for (int i = 1 << random.nextInt(8); i > 0; i--) {
            longer.raw(part);
        }
        return longer.raw(Arrays.copyOfRange(file, to, file.length)).done();
    }

    /** Gives PNG chunks their checksums again, so that damage reaches the decoder. */
    private static void repairPng(byte[] file) {
        if (file.length < 8 || file[1] != 'P' || file[2] != 'N' || file[3] != 'G') {
            return;
        }
        ByteBuffer fields = ByteBuffer.wrap(file);
        int at = 8;
        while (at + 12 <= file.length) {
            int length = fields.getInt(at);
            if (length < 0 || at + 12L + length > file.length) {
                return;
            }
            CRC32 crc = new CRC32();
            crc.update(file, at + 4, length + 4);
            fields.putInt(at + 8 + length, (int) crc.getValue());
            at += 12 + length;
        }
    }

    /** Valid files of every kind made here and, where the shared folder is there, its small ones. */
    private static List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>(List.of(
                JpegTest.baseline(),
                JpegTest.progressive(),
                JpegTest.RESTARTS,
                JpegTest.with(
                        JpegTest.baseline(),
                        0xEE,
                        new Bytes().text("Adobe").be16(100, 0, 0).raw(2).done()),
                JpegTest.write(JpegTest.halves(new int[] {1, 2, 3, 4}, new int[] {200, 100, 50, 0}), false),
                new PngWriter(3, 2, 2, 8).interlaced().write(new int[18]),
                new PngWriter(3, 2, 6, 16)
                        .with("eXIf", OrientationTest.exif(ByteOrder.BIG_ENDIAN, 6))
                        .write(new int[24]),
                new PngWriter(3, 2, 0, 16).with("tRNS", new byte[2]).write(1, 2, 3, 4, 5, 6),
                new PngWriter(3, 2, 3, 4)
                        .with("PLTE", new byte[12])
                        .with("tRNS", new byte[3])
                        .write(0, 1, 2, 3, 2, 1),
                GifTest.simple(),
                BmpTest.simple(),
                BmpTest.bmp(40, 5, 2, 8, 1, new int[0], new byte[1024], new byte[] {5, 1, 0, 0, 5, 2, 0, 1}),
                BmpTest.bmp(124, 2, 1, 32, 3, new int[] {255, 0xFF00, 0xFF0000, 0xFF000000}, new byte[0], new byte[8]),
                TiffTest.simple(),
                new TiffWriter(ByteOrder.BIG_ENDIAN, true)
                        .size(3, 2)
                        .samples(1, 1, 32, 3)
                        .write(new byte[24]),
                TiffWriter.of(3, 2).samples(6, 3, 8, 1).tag(259, 3, 7).write(JpegTest.baseline()),
                WebpTest.SIX,
                WebpTest.SIX_ALPHA,
                WebpTest.LOSSY_ALPHA,
                WebpTest.ANIMATED,
                new Bytes().text("P2 # c\n3 2 15\n0 5 15 3 6 9").done(),
                new Bytes().text("P6 3 2 255\n").raw(TiffTest.SIX_BYTES).done(),
                new Bytes()
                        .text("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 2\nMAXVAL 300\nENDHDR\n")
                        .be16(1, 2)
                        .done()));
        if (SharedData.present()) {
            try (Stream<Path> files = Files.walk(SharedData.path("data/formats"))) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    if (Files.size(file) < 40_000) {
                        seeds.add(Files.readAllBytes(file));
                    }
                }
            }
        }
        return seeds;
    }
}
