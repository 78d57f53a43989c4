package org.vilam.vision.image.webp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pictures of libwebp's and ImageMagick's encoders, decoded bit by bit as libwebp decodes them. */
class WebpPictureTest {
    private static void nothing() {}

    private static byte[] resource(String name) {
        try (InputStream in = WebpPictureTest.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(name, e);
        }
    }

    static Stream<String> pictures() {
        return new String(resource("expected.tsv"), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#"));
    }

    private static Map<String, ByteBuffer> chunks(byte[] file) {
        ByteBuffer fields = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        Map<String, ByteBuffer> chunks = new HashMap<>();
        for (int at = 12; at + 8 <= file.length; ) {
            int length = fields.getInt(at + 4);
            chunks.put(new String(file, at, 4, StandardCharsets.ISO_8859_1), fields.slice(at + 8, length));
            at += 8 + length + length % 2;
        }
        return chunks;
    }

    private static WebpPicture decode(Map<String, ByteBuffer> chunks, int width, int height, Runnable checkpoint)
            throws IOException {
        @Nullable ByteBuffer lossless = chunks.get("VP8L");
        return lossless != null
                ? WebpPicture.lossless(lossless, width, height, checkpoint)
                : WebpPicture.lossy(
                        Objects.requireNonNull(chunks.get("VP8 ")), chunks.get("ALPH"), width, height, checkpoint);
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void every_pixel_is_that_of_libwebp(String line) throws Exception {
        String[] fields = line.split("\t", -1);
        int width = Integer.parseInt(fields[1]);
        int height = Integer.parseInt(fields[2]);
        WebpPicture picture = decode(chunks(resource(fields[0])), width, height, WebpPictureTest::nothing);
        byte[] rgba = new byte[width * height * 4];
        for (int i = 0; i < width * height; i++) {
            System.arraycopy(picture.rgb(), 3 * i, rgba, 4 * i, 3);
            rgba[4 * i + 3] = picture.alpha() == null ? (byte) 255 : picture.alpha()[i];
        }
        byte[] digest = java.security.MessageDigest.getInstance("SHA-256").digest(rgba);
        assertThat(HexFormat.of().formatHex(digest)).isEqualTo(fields[3]);
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void data_that_end_early_are_an_error(String line) throws IOException {
        String[] fields = line.split("\t", -1);
        int width = Integer.parseInt(fields[1]);
        int height = Integer.parseInt(fields[2]);
        Map<String, ByteBuffer> chunks = chunks(resource(fields[0]));
        String type = chunks.containsKey("VP8L") ? "VP8L" : "VP8 ";
        ByteBuffer whole = Objects.requireNonNull(chunks.get(type));
        WebpPicture expected = decode(chunks, width, height, WebpPictureTest::nothing);
        int errors = 0;
        for (int length = 0; length < whole.limit(); length++) {
            chunks.put(type, whole.slice(0, length));
            try {
                // a few bytes at the end are flushed by the encoder and hold nothing
                assertThat(decode(chunks, width, height, WebpPictureTest::nothing)
                                .rgb())
                        .isEqualTo(expected.rgb());
            } catch (IOException e) {
                errors++;
            }
        }
        assertThat(errors).isGreaterThan(whole.limit() - 8);
    }

    @Test
    void damaged_data_are_decoded_or_an_error_and_nothing_else() throws IOException {
        Random random = new Random(5);
        for (String line : pictures().toList()) {
            String[] fields = line.split("\t", -1);
            int width = Integer.parseInt(fields[1]);
            int height = Integer.parseInt(fields[2]);
            byte[] file = resource(fields[0]);
            for (int round = 0; round < 300; round++) {
                byte[] damaged = file.clone();
                for (int i = random.nextInt(6); i >= 0; i--) {
                    damaged[20 + random.nextInt(file.length - 20)] = (byte) random.nextInt();
                }
                try {
                    WebpPicture picture = decode(chunks(damaged), width, height, WebpPictureTest::nothing);
                    assertThat(picture.rgb()).hasSize(width * height * 3);
                } catch (IOException e) {
                    assertThat(e).hasMessageNotContaining("null");
                } catch (IndexOutOfBoundsException e) {
                    // only when a length of the container was hit, which is the test's own reading
                    assertThat(Arrays.toString(e.getStackTrace()))
                            .doesNotContain("Vp8")
                            .doesNotContain("PrefixCode");
                } catch (NullPointerException e) {
                    assertThat(e.getStackTrace()[1].getClassName()).contains("WebpPictureTest");
                }
            }
        }
    }

    @Test
    void another_size_than_the_picture_data_state_is_an_error() {
        Map<String, ByteBuffer> lossless = chunks(resource("lossless_plain.webp"));
        Map<String, ByteBuffer> lossy = chunks(resource("lossy_fine.webp"));
        assertThatThrownBy(() -> decode(lossless, 31, 45, WebpPictureTest::nothing))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> decode(lossy, 31, 46, WebpPictureTest::nothing))
                .isInstanceOf(IOException.class);
    }

    @Test
    void the_checkpoint_can_end_a_decode() {
        Runnable stop = () -> {
            throw new IllegalStateException("enough");
        };
        for (String name : new String[] {"lossless_plain.webp", "lossy_fine.webp"}) {
            Map<String, ByteBuffer> chunks = chunks(resource(name));
            assertThatThrownBy(() -> decode(chunks, 45, 31, stop)).hasMessage("enough");
        }
    }
}
