package org.vilam.vision.image.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.DecodeLimits;
import org.vilam.vision.image.DecodeOptions;
import org.vilam.vision.parity.SharedData;

/**
 * Damages valid files and reads them for {@code fuzz.seconds} (a system property, 5 by default): whatever the damage, the
 * answer is a picture or a {@link VilamException} of a code that fits, within seconds.
 */
class DicomFuzzTest {
    private static final DecodeLimits LIMITS =
            new DecodeLimits(10_000_000, 4_000_000, 4096, 1000, Duration.ofSeconds(20), 200_000_000);

    private static List<byte[]> seeds() throws IOException {
        List<Path> folders = new ArrayList<>(
                List.of(ReferencePicturesTest.resource("grey12.dcm").getParent()));
        if (SharedData.present()) {
            folders.add(SharedData.path("data/formats/dicom"));
        }
        List<byte[]> seeds = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(f -> f.toString().endsWith(".dcm"))
                        .sorted()
                        .toList()) {
                    seeds.add(Files.readAllBytes(file));
                }
            }
        }
        seeds.add(new DicomWriter(DicomWriter.EXPLICIT)
                .image("PALETTE COLOR", 1, 1, 4, 8, 8, 7, 0)
                .us(0x00281101, 4, 0, 8)
                .us(0x00281102, 4, 0, 8)
                .us(0x00281103, 4, 0, 8)
                .raw(0x00281221, "OW", new byte[] {0, 2, 10, 20, 2, 1, 0, 0, 0, 0})
                .raw(0x00281222, "OW", new byte[] {0, 2, 10, 20, 1, 2, 40, 0})
                .raw(0x00281223, "OW", new byte[] {0, 4, 1, 2, 3, 4})
                .pixelBytes(0, 1, 2, 3)
                .file());
        seeds.add(DicomWriter.grey(DicomWriter.EXPLICIT, 1, 2, 16, 16)
                .sq(0x00283000, item -> item.us(0x00283002, 2, 0, 16).raw(0x00283006, "OW", new byte[4]))
                .sq(0x00283010, item -> item.us(0x00283002, 2, 0, 16).raw(0x00283006, "OW", new byte[4]))
                .sq(0x52009229, group -> group.sq(0x00289145, item -> item.rescale("1", "-100")))
                .pixelWords(0, 1)
                .file());
        seeds.add(DicomWriter.grey(DicomWriter.EXPLICIT, 2, 2, 32, 32)
                .raw(0x7FE00008, "OF", new byte[16])
                .file());
        seeds.add(new DicomWriter(DicomWriter.JPEG_LOSSLESS)
                .image("RGB", 3, 3, 3, 8, 8, 7, 0)
                .fragments(new byte[0], new LosslessJpegWriter(3, 3, 3, 8, 7, 0, 1, false).encode(new int[27]))
                .file());
        return seeds;
    }

    private static byte[] damage(byte[] seed, List<byte[]> seeds, Random random) {
        byte[] bytes = seed.clone();
        for (int n = 1 << random.nextInt(5); n > 0; n--) {
            // Headers are where decisions are made: half of the hits go to the first kilobyte and a half.
            int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(bytes.length, 1500));
            switch (random.nextInt(8)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0xFF : 0);
                case 3 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) 0xFF);
                case 4 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                case 5 -> {
                    // A piece moved: elements repeated, nested or out of order.
                    int from = random.nextInt(bytes.length);
                    int length = Math.min(1 + random.nextInt(64), bytes.length - Math.max(from, at));
                    System.arraycopy(bytes, from, bytes, at, length);
                }
                case 6 -> {
                    byte[] other = seeds.get(random.nextInt(seeds.size()));
                    int length = Math.min(Math.min(1 + random.nextInt(256), bytes.length - at), other.length);
                    System.arraycopy(other, random.nextInt(other.length - length + 1), bytes, at, length);
                }
                default -> {
                    byte[] longer = Arrays.copyOf(bytes, bytes.length + 2);
                    System.arraycopy(bytes, at, longer, at + 2, bytes.length - at);
                    bytes = longer;
                }
            }
        }
        return bytes;
    }

    @Test
    void a_damaged_file_is_a_picture_or_a_stated_error() throws IOException {
        List<byte[]> seeds = seeds();
        long seconds = Long.getLong("fuzz.seconds", 5);
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        long trial = 0;
        int pictures = 0;
        int corrupt = 0;
        long slowest = 0;
        while (System.nanoTime() < end) {
            Random random = new Random(trial);
            byte[] file = damage(seeds.get((int) (trial % seeds.size())), seeds, random);
            long start = System.nanoTime();
            try {
                DicomReader.read(
                        ByteBuffer.wrap(file),
                        LIMITS,
                        random.nextBoolean() ? DecodeOptions.DEFAULT : DecodeOptions.windowed(0, 1000));
                pictures++;
            } catch (VilamException e) {
                assertThat(e.code())
                        .as("trial %d", trial)
                        .isIn(ErrorCode.IMAGE_CORRUPT, ErrorCode.IMAGE_UNSUPPORTED, ErrorCode.IMAGE_TOO_LARGE);
                corrupt += e.code() == ErrorCode.IMAGE_CORRUPT ? 1 : 0;
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                throw new AssertionError("trial " + trial + " of the fuzz test", e);
            }
            slowest = Math.max(slowest, System.nanoTime() - start);
            trial++;
        }
        System.out.printf(
                "DICOM fuzz: %d files in %d s, %d pictures, %d corrupt, slowest %d ms%n",
                trial, seconds, pictures, corrupt, slowest / 1_000_000);
        assertThat(pictures)
                .as("a fuzz test that breaks everything tests nothing")
                .isPositive();
        assertThat(corrupt).isPositive();
        assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofSeconds(10));
    }
}
