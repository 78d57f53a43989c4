package org.vilam.vision.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vilam.vision.image.Pixels.assertPixels;
import static org.vilam.vision.image.Pixels.assertRefused;
import static org.vilam.vision.image.Pixels.decode;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.error.ErrorCode;

class BmpTest {
    private static final int[] SIX = PngTest.SIX;

    /** A file with a Windows header of {@code headerBytes}; masks go into or behind the header as it is long. */
    static byte[] bmp(
            int headerBytes,
            int width,
            int height,
            int bits,
            int compression,
            int[] masks,
            byte[] palette,
            byte[] pixels) {
        int behind = headerBytes < 52 ? masks.length * 4 : 0;
        int at = 14 + headerBytes + behind + palette.length;
        Bytes file = new Bytes()
                .text("BM")
                .le32(at + pixels.length, 0, at)
                .le32(headerBytes, width, height)
                .le16(1, bits)
                .le32(compression, pixels.length, 2835, 2835, palette.length / 4, 0)
                .le32(masks);
        return file.zeros(at - palette.length - file.size())
                .raw(palette)
                .raw(pixels)
                .done();
    }

    private static byte[] plain(int width, int height, int bits, byte[] pixels) {
        return bmp(40, width, height, bits, 0, new int[0], new byte[0], pixels);
    }

    /** The six colours bottom row first, 24 bits, rows padded to 4 bytes. */
    private static byte[] six24(boolean topDown) {
        Bytes rows = new Bytes();
        for (int row = 0; row < 2; row++) {
            for (int x = 0; x < 3; x++) {
                int colour = SIX[(topDown ? row : 1 - row) * 3 + x];
                rows.raw(colour, colour >> 8, colour >> 16);
            }
            rows.zeros(3);
        }
        return rows.done();
    }

    private static byte[] words(int bytes, int... bottomRowFirst) {
        Bytes rows = new Bytes();
        for (int i = 0; i < bottomRowFirst.length; i++) {
            if (bytes == 2) {
                rows.le16(bottomRowFirst[i]);
            } else {
                rows.le32(bottomRowFirst[i]);
            }
        }
        return rows.done();
    }

    private static byte[] colours(int count) {
        Bytes palette = new Bytes();
        for (int i = 0; i < count; i++) {
            palette.raw(i, i * 2, i * 3, 0);
        }
        return palette.done();
    }

    private static int colour(int index) {
        return (index * 3 & 0xFF) << 16 | (index * 2 & 0xFF) << 8 | index;
    }

    static byte[] simple() {
        return plain(3, 2, 24, six24(false));
    }

    @Test
    void rows_come_bottom_up_or_top_down() {
        assertPixels(decode(simple()), 3, 2, SIX);
        assertPixels(decode(plain(3, -2, 24, six24(true))), 3, 2, SIX);
        assertThat(decode(simple()).info().channels()).isEqualTo(3);
    }

    @Test
    void the_header_of_os2_is_read() {
        byte[] file = new Bytes()
                .text("BM")
                .le32(50, 0, 26, 12)
                .le16(3, 2, 1, 24)
                .raw(six24(false))
                .done();
        assertPixels(decode(file), 3, 2, SIX);
        byte[] palette = new Bytes()
                .text("BM")
                .le32(40, 0, 32, 12)
                .le16(2, 1, 1, 1)
                .raw(1, 2, 3, 4, 5, 6) // three bytes a colour
                .raw(0x40, 0, 0, 0)
                .done();
        assertPixels(decode(palette), 2, 1, 0x030201, 0x060504);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void palettes_of_every_depth_are_exact(int bits) {
        int count = 1 << bits;
        int perByte = 8 / bits;
        byte[] rows = new byte[8];
        int[] expected = new int[6];
        for (int i = 0; i < 6; i++) {
            int index = (i * 5 + 1) % count;
            int x = i % 3;
            int row = 1 - i / 3;
            rows[row * 4 + x / perByte] |= (byte) (index << (8 - bits * (x % perByte + 1)));
            expected[i] = colour(index);
        }
        DecodedImage image = decode(bmp(40, 3, 2, bits, 0, new int[0], colours(count), rows));
        assertPixels(image, 3, 2, expected);
        assertThat(image.info().bitDepth()).isEqualTo(bits);
        assertThat(image.info().channels()).isEqualTo(1);
    }

    @Test
    void indices_beyond_the_palette_are_black() {
        byte[] rows = {1, 0, 7, 0};
        assertPixels(decode(bmp(40, 3, 1, 8, 0, new int[0], colours(2), rows)), 3, 1, colour(1), 0, 0);
    }

    @Test
    void words_without_masks_are_555_and_888() {
        assertPixels(decode(plain(2, 1, 16, words(2, 0x7C00, 0x03E0))), 2, 1, 0xFF0000, 0x00FF00);
        // the fourth byte is undefined, no alpha
        assertPixels(decode(plain(2, 1, 32, words(4, 0x00112233, 0x80445566))), 2, 1, 0x112233, 0x445566);
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 52, 56, 108, 124})
    void masks_say_where_colours_are(int headerBytes) {
        int[] rgb565 = {0xF800, 0x07E0, 0x001F};
        byte[] words = words(2, 0xF800, 0x07E0);
        int[] masks = headerBytes >= 56 ? Arrays.copyOf(rgb565, 4) : rgb565;
        assertPixels(decode(bmp(headerBytes, 2, 1, 16, 3, masks, new byte[0], words)), 2, 1, 0xFF0000, 0x00FF00);
        int[] tens = {0x3FF00000, 0x000FFC00, 0x000003FF};
        masks = headerBytes >= 56 ? Arrays.copyOf(tens, 4) : tens;
        byte[] deep = words(4, 1023 << 20 | 512 << 10, 4 << 20 | 2);
        // 512 of 1023 is 127.6 of 255; 4 is 0.997 and 2 is 0.4985
        assertPixels(decode(bmp(headerBytes, 2, 1, 32, 3, masks, new byte[0], deep)), 2, 1, 0xFF8000, 0x010000);
    }

    @Test
    void a_masked_alpha_is_laid_on_the_background_unless_it_is_zero_everywhere() {
        int[] masks = {0xFF, 0xFF00, 0xFF0000, 0xFF000000};
        byte[] words = words(4, 0xFF0064C8, 0x330064C8);
        int[] expected = {0xC86400, 0xF4E0CC};
        assertPixels(decode(bmp(124, 2, 1, 32, 3, masks, new byte[0], words)), 2, 1, expected);
        assertPixels(decode(bmp(108, 2, 1, 32, 3, masks, new byte[0], words)), 2, 1, expected);
        assertPixels(decode(bmp(56, 2, 1, 32, 3, masks, new byte[0], words)), 2, 1, expected);
        assertPixels(decode(bmp(40, 2, 1, 32, 6, masks, new byte[0], words)), 2, 1, expected);
        byte[] unused = words(4, 0x000064C8, 0x000064C8);
        assertPixels(decode(bmp(124, 2, 1, 32, 3, masks, new byte[0], unused)), 2, 1, 0xC86400, 0xC86400);
        assertThat(decode(bmp(124, 2, 1, 32, 3, masks, new byte[0], words))
                        .info()
                        .channels())
                .isEqualTo(4);
    }

    private static byte[] runLength(int bits, int width, int height, int... codes) {
        return bmp(
                40,
                width,
                height,
                bits,
                bits == 8 ? 1 : 2,
                new int[0],
                colours(1 << bits),
                new Bytes().raw(codes).done());
    }

    @Test
    void run_lengths_of_8_bits_are_read() {
        // run, literal of odd length, end of row; delta of 2 right and 0 up, run; end
        byte[] file = runLength(8, 5, 2, 2, 9, 0, 3, 1, 2, 3, 0, 0, 0, 0, 2, 2, 0, 1, 7, 0, 1);
        assertPixels(
                decode(file),
                5,
                2,
                colour(0),
                colour(0),
                colour(7),
                colour(0),
                colour(0),
                colour(9),
                colour(9),
                colour(1),
                colour(2),
                colour(3));
    }

    @Test
    void run_lengths_of_4_bits_are_read() {
        // a run alternates its two pixels; a literal of 5 takes 3 bytes and one of padding
        byte[] file = runLength(4, 5, 2, 3, 0x12, 2, 0x34, 0, 0, 0, 5, 0x12, 0x34, 0x50, 0, 0, 1);
        assertPixels(
                decode(file),
                5,
                2,
                colour(1),
                colour(2),
                colour(3),
                colour(4),
                colour(5),
                colour(1),
                colour(2),
                colour(1),
                colour(3),
                colour(4));
    }

    @Test
    void a_run_length_picture_may_say_that_it_ends_early() {
        assertPixels(decode(runLength(8, 2, 2, 1, 5, 0, 1)), 2, 2, colour(0), colour(0), colour(5), colour(0));
        assertRefused(runLength(8, 2, 2, 1, 5, 0), ErrorCode.IMAGE_CORRUPT, "cut off");
        assertRefused(runLength(8, 2, 2, 5, 5, 0, 1), ErrorCode.IMAGE_CORRUPT, "past the end of its row");
    }

    @Test
    void the_padding_of_a_row_may_be_encoded_and_is_dropped() {
        // A row of 2 pixels is stored in 4 bytes; ImageMagick writes runs of all 4.
        assertPixels(
                decode(runLength(8, 2, 2, 4, 5, 0, 0, 4, 6, 0, 1)), 2, 2, colour(6), colour(6), colour(5), colour(5));
    }

    @Test
    void a_file_cut_off_anywhere_is_damaged_or_whole() {
        byte[] file = simple();
        for (int length = 18; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            if (length < file.length - 3) {
                assertThat(Pixels.refusal(cut).code()).isEqualTo(ErrorCode.IMAGE_CORRUPT);
            } else { // only the padding of the last row is missing
                assertPixels(decode(cut), 3, 2, SIX);
            }
        }
    }

    @Test
    void headers_that_contradict_themselves_are_damage() {
        assertRefused(plain(-3, 2, 24, six24(false)), ErrorCode.IMAGE_CORRUPT, "-3 x 2");
        assertRefused(plain(3, 0, 24, six24(false)), ErrorCode.IMAGE_CORRUPT, "3 x 0");
        assertRefused(plain(3, Integer.MIN_VALUE, 24, six24(false)), ErrorCode.IMAGE_CORRUPT, "-2147483648");
        assertRefused(plain(3, 2, 7, six24(false)), ErrorCode.IMAGE_CORRUPT, "7 bits");
        assertRefused(bmp(40, 3, 2, 24, 1, new int[0], new byte[0], six24(false)), ErrorCode.IMAGE_CORRUPT, "24 bits");
        assertRefused(bmp(40, 3, 2, 24, 4, new int[0], new byte[0], six24(false)), ErrorCode.IMAGE_UNSUPPORTED, "JPEG");
        assertRefused(plain(60000, 60000, 24, six24(false)), ErrorCode.IMAGE_TOO_LARGE, "60000 x 60000");
    }
}
