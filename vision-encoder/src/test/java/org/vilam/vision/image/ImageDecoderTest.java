package org.vilam.vision.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vilam.vision.image.Pixels.assertPixels;
import static org.vilam.vision.image.Pixels.assertRefused;
import static org.vilam.vision.image.Pixels.refusal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

class ImageDecoderTest {
    private static final byte[] PNG = new PngWriter(3, 1, 0, 8).write(1, 2, 3);

    @Test
    void the_format_is_told_by_the_bytes_and_not_by_the_name(@TempDir Path folder) throws IOException {
        Path misnamed = Files.write(folder.resolve("picture.jpg"), PNG);
        DecodedImage image = new ImageDecoder().decode(misnamed);
        assertPixels(image, 3, 1, Pixels.grey(1, 2, 3));
        assertThat(image.info().format()).isEqualTo(ImageFormat.PNG);
        assertThat(image.info().mediaType()).isEqualTo("image/png");
        assertThat(image.info().spacing()).isNull();
    }

    @Test
    void the_digest_is_that_of_the_file() {
        // printf abc | sha256sum
        assertThat(ImageInfo.sha256Of(java.nio.ByteBuffer.wrap(new byte[] {'a', 'b', 'c'})))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(Pixels.decode(PNG).info().sha256()).isEqualTo(ImageInfo.sha256Of(java.nio.ByteBuffer.wrap(PNG)));
    }

    @Test
    void a_file_that_cannot_be_read_is_named(@TempDir Path folder) {
        for (Path path : List.of(folder.resolve("missing.png"), folder)) {
            VilamException e = catchThrowableOfType(VilamException.class, () -> new ImageDecoder().decode(path));
            assertThat(e.code()).isEqualTo(ErrorCode.FILE_UNREADABLE);
            assertThat(e).hasMessageContaining(path.getFileName().toString());
        }
    }

    @Test
    void a_refused_file_is_named(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("letter.txt"), "Dear all,");
        assertThatThrownBy(() -> new ImageDecoder().decode(file))
                .isInstanceOf(VilamException.class)
                .hasMessageContaining("letter.txt")
                .hasMessageContaining("unknown");
    }

    private static byte[] gzip(byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(data);
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
        return out.toByteArray();
    }

    private static byte[] nifti() {
        byte[] header = new Bytes().le32(348).zeros(344).done();
        System.arraycopy("n+1".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, header, 344, 3);
        return header;
    }

    static Stream<Arguments> refusals() {
        Bytes none = new Bytes();
        return Stream.of(
                Arguments.of(none.done(), "empty"),
                Arguments.of(
                        new Bytes()
                                .be32(24)
                                .text("ftypheic")
                                .be32(0)
                                .text("mif1heic")
                                .done(),
                        "HEIC"),
                Arguments.of(
                        new Bytes()
                                .be32(24)
                                .text("ftypmif1")
                                .be32(0)
                                .text("mif1miaf")
                                .done(),
                        "HEIC"),
                Arguments.of(
                        new Bytes()
                                .be32(28)
                                .text("ftypavif")
                                .be32(0)
                                .text("avifmif1miaf")
                                .done(),
                        "AVIF"),
                Arguments.of(
                        new Bytes()
                                .be32(24)
                                .text("ftypmif1")
                                .be32(0)
                                .text("mif1avif")
                                .done(),
                        "AVIF"),
                Arguments.of(
                        new Bytes()
                                .be32(24)
                                .text("ftypisom")
                                .be32(0)
                                .text("isommp41")
                                .done(),
                        "video"),
                Arguments.of(
                        new Bytes()
                                .be32(24)
                                .text("ftypcrx ")
                                .be32(0)
                                .text("crx isom")
                                .done(),
                        "CR3"),
                Arguments.of(
                        new Bytes().be32(12).text("jP  ").raw(13, 10, 0x87, 10).done(), "JPEG 2000"),
                Arguments.of(new Bytes().raw(0xFF, 0x4F, 0xFF, 0x51).zeros(40).done(), "JPEG 2000"),
                Arguments.of(
                        new Bytes().be32(12).text("JXL ").raw(13, 10, 0x87, 10).done(), "JPEG XL"),
                Arguments.of(new Bytes().raw(0xFF, 0x0A, 1, 2).done(), "JPEG XL"),
                Arguments.of(new Bytes().raw(0, 0, 1, 0, 1, 0).zeros(16).done(), "ICO"),
                Arguments.of(new Bytes().text("8BPS").zeros(30).done(), "PSD"),
                Arguments.of(new Bytes().text("%PDF-1.7\n").done(), "PDF"),
                Arguments.of(new Bytes().text("%!PS-Adobe-3.0 EPSF").done(), "PostScript"),
                Arguments.of(
                        new Bytes()
                                .text("<svg xmlns='http://www.w3.org/2000/svg'/>")
                                .done(),
                        "SVG"),
                Arguments.of(
                        new Bytes()
                                .raw(0xEF, 0xBB, 0xBF)
                                .text("\n<?xml version='1.0'?>\n<!-- x --><SVG/>")
                                .done(),
                        "SVG"),
                Arguments.of(new Bytes().text("<!DOCTYPE html><html></html>").done(), "web page"),
                Arguments.of(nifti(), "NIfTI"),
                Arguments.of(gzip(nifti()), "NIfTI"),
                Arguments.of(new Bytes().le32(540).text("n+2").zeros(500).done(), "NIfTI"),
                Arguments.of(new Bytes().le32(348).zeros(344).done(), "Analyze"),
                Arguments.of(
                        gzip(new Bytes().be32(1, 256, 256, 256, 1).zeros(300).done()), "MGZ"),
                Arguments.of(gzip(new Bytes().text("hello").done()), "gzip"),
                Arguments.of(new Bytes().raw(0x1F, 0x8B, 8, 0).done(), "gzip"),
                Arguments.of(
                        new Bytes()
                                .text("II")
                                .raw(42, 0, 16, 0, 0, 0)
                                .text("CR")
                                .raw(2, 0)
                                .zeros(9)
                                .done(),
                        "CR2"),
                Arguments.of(new Bytes().raw('I', 'I', 0xBC, 1).zeros(30).done(), "JPEG XR"),
                Arguments.of(new Bytes().raw(0x76, 0x2F, 0x31, 1).zeros(30).done(), "OpenEXR"),
                Arguments.of(new Bytes().text("#?RADIANCE\n").done(), "Radiance"),
                Arguments.of(new Bytes().text("PK").raw(3, 4).zeros(30).done(), "ZIP"),
                Arguments.of(new Bytes().text("hello, world").done(), "68 65 6c 6c 6f 2c 20 77"),
                Arguments.of(new Bytes().zeros(64).done(), "unknown"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void what_is_not_read_is_refused_by_name(byte[] file, String name) {
        assertRefused(file, ErrorCode.IMAGE_UNSUPPORTED, name);
    }

    private static DecodeLimits limits(long bytes, long pixels, int side, int frames, Duration time, long memory) {
        return new DecodeLimits(bytes, pixels, side, frames, time, memory);
    }

    private static void assertTooLarge(DecodeLimits limits, byte[] file, String naming) {
        VilamException e = refusal(new ImageDecoder(limits), file);
        assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_TOO_LARGE);
        assertThat(e).hasMessageContaining(naming);
    }

    @Test
    void every_limit_is_kept_to_the_last_unit(@TempDir Path folder) throws IOException {
        Duration time = Duration.ofSeconds(20);
        long enough = 1 << 24;
        byte[] animated = WebpTest.ANIMATED; // 24 x 20, two frames
        new ImageDecoder(limits(animated.length, 480, 24, 2, time, enough)).decode(animated);
        assertTooLarge(limits(animated.length - 1, 480, 24, 2, time, enough), animated, "bytes");
        assertTooLarge(limits(animated.length, 479, 24, 2, time, enough), animated, "24 x 20");
        assertTooLarge(limits(animated.length, 480, 23, 2, time, enough), animated, "24 x 20");
        assertTooLarge(limits(animated.length, 480, 24, 1, time, enough), animated, "2 frames");
        assertTooLarge(limits(animated.length, 480, 24, 2, time, 1000), animated, "MB of memory");
        Path file = Files.write(folder.resolve("long.webp"), Arrays.copyOf(animated, 100_000));
        DecodeLimits shorter = limits(99_999, 480, 24, 2, time, enough);
        assertThatThrownBy(() -> new ImageDecoder(shorter).decode(file)).hasMessageContaining("99999 bytes");
    }

    static Stream<Arguments> bombs() {
        return Stream.of(
                Arguments.of("PNG", new PngWriter(65000, 65000, 6, 16).file(PngWriter.deflate(new byte[1000]))),
                Arguments.of("PNG", new PngWriter(Integer.MAX_VALUE, 1, 0, 8).file(new byte[9])),
                Arguments.of(
                        "GIF",
                        new Bytes()
                                .text("GIF89a")
                                .le16(65535, 65535)
                                .raw(0, 0, 0, 0x2C)
                                .le16(0, 0, 65535, 65535)
                                .raw(0, 2, 1, 0, 0, 0x3B)
                                .done()),
                Arguments.of("BMP", BmpTest.bmp(40, 65000, 65000, 8, 1, new int[0], new byte[1024], new byte[2])),
                Arguments.of(
                        "TIFF", TiffWriter.of(65000, 65000).samples(1, 1, 1, 1).write(new byte[10])),
                Arguments.of("PNM", new Bytes().text("P5 65000 65000 255\n").done()),
                Arguments.of(
                        "WEBP",
                        WebpTest.riff(
                                WebpTest.canvas(2, 1 << 24, 1 << 24),
                                WebpTest.chunk(
                                        "ANMF",
                                        new Bytes()
                                                .zeros(6)
                                                .raw(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF)
                                                .zeros(4)
                                                .raw(WebpTest.chunk(
                                                        "VP8L",
                                                        new Bytes()
                                                                .raw(0x2F)
                                                                .le32(-1)
                                                                .zeros(9)
                                                                .done()))
                                                .done()))),
                Arguments.of("JPEG", jpegOf(65500, 65500)));
    }

    private static byte[] jpegOf(int width, int height) {
        byte[] file = JpegTest.progressive();
        for (int i = 0; i + 9 < file.length; i++) {
            if (file[i] == (byte) 0xFF && file[i + 1] == (byte) 0xC2) {
                System.arraycopy(new Bytes().be16(height, width).done(), 0, file, i + 5, 4);
                return file;
            }
        }
        throw new AssertionError("a progressive JPEG has a frame header");
    }

    @ParameterizedTest
    @MethodSource("bombs")
    void a_bomb_is_refused_at_once(String format, byte[] file) {
        long start = System.nanoTime();
        VilamException e = refusal(file);
        assertThat(e.code()).as(e.getMessage()).isIn(ErrorCode.IMAGE_TOO_LARGE, ErrorCode.IMAGE_CORRUPT);
        assertThat(e).hasMessageContaining(format);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }

    /** Four million plain numbers: some 50 ms of work. */
    private static byte[] slow() {
        Bytes file = new Bytes().text("P2 2000 2000 255\n");
        byte[] row = "1 22 133 4 ".repeat(500).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        for (int y = 0; y < 2000; y++) {
            file.raw(row);
        }
        return file.done();
    }

    @Test
    void a_decode_ends_at_its_deadline() {
        DecodeLimits hurried = limits(1 << 30, 64_000_000, 65_500, 10, Duration.ofNanos(200_000), 1 << 30);
        byte[] file = slow();
        long start = System.nanoTime();
        assertThat(refusal(new ImageDecoder(hurried), file).code()).isEqualTo(ErrorCode.IMAGE_TIMEOUT);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        assertThat(new ImageDecoder().decode(file).pixels().get(1, 0, 0)).isEqualTo(22);
    }

    @Test
    void an_interrupted_caller_comes_back() {
        Thread.currentThread().interrupt();
        assertThat(refusal(slow()).code()).isEqualTo(ErrorCode.IMAGE_TIMEOUT);
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    }

    @Test
    void eight_decodes_at_once_give_the_bytes_of_one_by_one() throws Exception {
        List<byte[]> files = List.of(
                JpegTest.baseline(),
                JpegTest.progressive(),
                JpegTest.RESTARTS,
                PNG,
                GifTest.simple(),
                BmpTest.simple(),
                TiffTest.simple(),
                WebpTest.SIX_ALPHA,
                WebpTest.LOSSY_ALPHA,
                WebpTest.ANIMATED);
        List<DecodedImage> alone = files.stream().map(Pixels::decode).toList();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int round = 0; round < 400; round++) {
                int i = round % files.size();
                tasks.add(() -> {
                    DecodedImage image = Pixels.decode(files.get(i));
                    assertThat(image.pixels().rgb())
                            .isEqualTo(alone.get(i).pixels().rgb());
                    assertThat(image.info()).isEqualTo(alone.get(i).info());
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void limits_and_options_out_of_range_are_refused() {
        Duration time = Duration.ofSeconds(1);
        assertThatThrownBy(() -> limits(0, 1, 1, 1, time, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> limits(1, 1, 1, 1, Duration.ZERO, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> limits(1, 1, 1, 1, time, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DecodeOptions(0x1000000, null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DecodeOptions.windowed(5, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DecodeOptions.windowed(0, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        GreyWindow found = new GreyWindow(0, 1, GreyWindow.Source.PERCENTILES);
        assertThatThrownBy(() -> new DecodeOptions(0, found)).isInstanceOf(IllegalArgumentException.class);
    }
}
