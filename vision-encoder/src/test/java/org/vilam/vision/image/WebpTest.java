package org.vilam.vision.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vilam.vision.image.Pixels.assertPixels;
import static org.vilam.vision.image.Pixels.assertPixelsNear;
import static org.vilam.vision.image.Pixels.assertRefused;
import static org.vilam.vision.image.Pixels.decode;
import static org.vilam.vision.image.Pixels.warningCodes;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.error.ErrorCode;

/** WebP has no encoder in Java: the pictures were made by libwebp 1.2.4, containers and faults are made here. */
class WebpTest {
    /** 3 x 2, lossless, the six colours of {@link PngTest#SIX}. */
    static final byte[] SIX =
            base64("UklGRjoAAABXRUJQVlA4TC0AAAAvAkAAAC8gECBI8x9lQ0BQdN1yAgGCFP+R5j9AbHJsFShI24DF3VOyiP7H1QEA");
    /** The same, the last pixel of alpha 128. */
    static final byte[] SIX_ALPHA =
            base64("UklGRj4AAABXRUJQVlA4TDEAAAAvAkAAEC8gECBI8x9lQ0BQdN1yAgGCFP+RBARF1y0XYGxybFVQkLYBi7unZBH9j6sDAA==");
    /** 16 x 16, lossy, all (200, 80, 40). */
    static final byte[] LOSSY =
            base64("UklGRj4AAABXRUJQVlA4IDIAAADQAQCdASoQABAAAMASJaACdLoB+AADsAD+7nZ//unr2nr2nr+YP/9Ch/Qof0KH/zwgAA==");
    /** The same with alpha 255 in the left half and 64 in the right, losslessly coded. */
    static final byte[] LOSSY_ALPHA = base64("UklGRmwAAABXRUJQVlA4WAoAAAAQAAAADwAADwAAQUxQSBMAAAABD/Cg/4iIIBZM5i/dnUFE"
            + "/0MXAFZQOCAyAAAA0AEAnQEqEAAQAADAEiWgAnS6AfgAA7AA/u52f/7p69p69p6/mD//Qof0KH9Ch/88IAA=");
    /** 24 x 20, two frames: red at (6, 4) of size 12 x 8, then blue all over. */
    static final byte[] ANIMATED = base64("UklGRoQAAABXRUJQVlA4WAoAAAACAAAAFwAAEwAAQU5JTQYAAAAAAAAAAABBTk1GKAAAAAMAAAIA"
            + "AAsAAAcAAGQAAAJWUDhMDwAAAC8LwAEABxD9j/4HIqL/AQBBTk1GKAAAAAAAAAAAABcAABMAAGQAAABWUDhMDwAAAC8XwAQABxDR//4HIqL/"
            + "AQA=");

    private static byte[] base64(String text) {
        return Base64.getDecoder().decode(text);
    }

    static byte[] riff(byte[]... chunks) {
        Bytes body = new Bytes().text("WEBP");
        for (byte[] chunk : chunks) {
            body.raw(chunk);
        }
        return new Bytes().text("RIFF").le32(body.size()).raw(body.done()).done();
    }

    static byte[] chunk(String type, byte[] data) {
        return new Bytes()
                .text(type)
                .le32(data.length)
                .raw(data)
                .zeros(data.length % 2)
                .done();
    }

    static byte[] canvas(int flags, int width, int height) {
        return chunk(
                "VP8X",
                new Bytes()
                        .le32(flags)
                        .raw(width - 1, (width - 1) >> 8, (width - 1) >> 16)
                        .raw(height - 1, (height - 1) >> 8, (height - 1) >> 16)
                        .done());
    }

    /** The picture chunk of a simple file. */
    private static byte[] picture(byte[] simple) {
        return Arrays.copyOfRange(simple, 12, simple.length);
    }

    static byte[] withExif(byte[] simple, int width, int height, byte[] exif) {
        return riff(canvas(8, width, height), picture(simple), chunk("EXIF", exif));
    }

    @Test
    void lossless_pictures_are_exact() {
        DecodedImage image = decode(SIX);
        assertPixels(image, 3, 2, PngTest.SIX);
        assertThat(image.info().channels()).isEqualTo(3);
        assertThat(image.info().mediaType()).isEqualTo("image/webp");
    }

    @Test
    void alpha_of_lossless_pictures_is_laid_on_the_background() {
        // (128, 64, 32) of 128/255 on white
        assertPixels(decode(SIX_ALPHA), 3, 2, 0xFF0000, 0x00FF00, 0x0000FF, 0xFFFFFF, 0x000000, 0xBF9F8F);
        assertThat(decode(SIX_ALPHA).info().channels()).isEqualTo(4);
    }

    @Test
    void lossy_pictures_are_near() {
        int[] flat = new int[256];
        Arrays.fill(flat, 0xC85028);
        assertPixelsNear(decode(LOSSY), 3, flat);
    }

    @Test
    void alpha_of_lossy_pictures_is_laid_on_the_background() {
        int[] halves = new int[256];
        for (int i = 0; i < 256; i++) {
            halves[i] = i % 16 < 8 ? 0xC85028 : 0xF1D3C9; // 64/255 on white
        }
        assertPixelsNear(decode(LOSSY_ALPHA), 3, halves);
    }

    /** TwelveMonkeys' reader leaves such pictures opaque. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void alpha_stored_plainly_in_each_prediction_is_applied(int filter) {
        int[] alpha = new int[256];
        for (int i = 0; i < 256; i++) {
            alpha[i] = (i * 7 + i / 16 * 31) & 0xFF;
        }
        Bytes coded = new Bytes().raw(filter << 2);
        for (int y = 0; y < 16; y++) {
            for (int x = 0; x < 16; x++) {
                coded.raw(alpha[y * 16 + x] - predict(alpha, x, y, filter));
            }
        }
        DecodedImage image = decode(riff(canvas(0x10, 16, 16), chunk("ALPH", coded.done()), picture(LOSSY)));
        int[] opaque = Pixels.of(decode(LOSSY));
        int[] expected = new int[256];
        for (int i = 0; i < 256; i++) {
            for (int shift = 0; shift <= 16; shift += 8) {
                int value = opaque[i] >> shift & 0xFF;
                expected[i] |= ((value * alpha[i] + 255 * (255 - alpha[i]) + 127) / 255) << shift;
            }
        }
        assertPixels(image, 16, 16, expected);
    }

    private static int predict(int[] alpha, int x, int y, int filter) {
        int left = x > 0 ? alpha[y * 16 + x - 1] : 0;
        int up = y > 0 ? alpha[(y - 1) * 16 + x] : 0;
        if (filter == 0 || (x == 0 && y == 0)) {
            return 0;
        }
        if (x == 0 || y == 0) {
            return x == 0 ? up : left;
        }
        int gradient = Math.max(0, Math.min(255, left + up - alpha[(y - 1) * 16 + x - 1]));
        return filter == 1 ? left : filter == 2 ? up : gradient;
    }

    @Test
    void the_first_frame_of_an_animation_is_read_at_its_place() {
        DecodedImage image = decode(ANIMATED);
        int[] expected = new int[24 * 20];
        for (int i = 0; i < expected.length; i++) {
            int x = i % 24;
            int y = i / 24;
            expected[i] = x >= 6 && x < 18 && y >= 4 && y < 12 ? 0xFF0000 : 0xFFFFFF;
        }
        assertPixels(image, 24, 20, expected);
        assertThat(image.info().frames()).isEqualTo(2);
        assertThat(warningCodes(image)).containsExactly("first_frame_only");
    }

    @Test
    void colours_of_a_profile_become_srgb() {
        byte[] linear = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
        byte[] file = riff(canvas(0x20, 16, 16), chunk("ICCP", linear), picture(LOSSY));
        int[] flat = new int[256];
        Arrays.fill(flat, 0xE59771); // sRGB of linear 200/255, 80/255, 40/255
        assertPixelsNear(decode(file), 4, flat);
    }

    @Test
    void metadata_cannot_disturb_the_picture() {
        byte[] file = riff(
                canvas(0xFFFFFF & ~0x12, 3, 2),
                chunk("ICCP", new byte[] {1, 2, 3}),
                chunk("EXIF", new byte[] {4}),
                chunk("XMP ", new byte[7]),
                picture(SIX),
                chunk("????", new byte[3]));
        DecodedImage image = decode(file);
        assertPixels(image, 3, 2, PngTest.SIX);
        assertThat(warningCodes(image)).containsExactly("exif_unreadable", "icc_ignored");
    }

    @Test
    void a_wrong_container_length_is_forgiven() {
        for (int length : new int[] {0, 4, 1_000_000, -1}) {
            byte[] file = withExif(SIX, 3, 2, new byte[8]);
            System.arraycopy(new Bytes().le32(length).done(), 0, file, 4, 4);
            assertPixels(decode(file), 3, 2, PngTest.SIX);
        }
    }

    @Test
    void picture_data_of_another_size_than_the_canvas_are_damage() {
        byte[] huge = LOSSY.clone();
        System.arraycopy(new Bytes().le16(16383, 16383).done(), 0, huge, 26, 4);
        assertRefused(huge, ErrorCode.IMAGE_TOO_LARGE, "16383 x 16383");
        assertRefused(riff(canvas(0, 16, 16), picture(huge)), ErrorCode.IMAGE_CORRUPT, "contradict");
        assertRefused(riff(canvas(0, 4, 2), picture(SIX)), ErrorCode.IMAGE_CORRUPT, "contradict");
        assertRefused(riff(canvas(0, 4, 2)), ErrorCode.IMAGE_CORRUPT, "no picture");
    }
}
