package org.vilam.vision.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vilam.vision.image.Pixels.assertPixels;
import static org.vilam.vision.image.Pixels.assertRefused;
import static org.vilam.vision.image.Pixels.decode;
import static org.vilam.vision.image.Pixels.warningCodes;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.vilam.vision.error.ErrorCode;

class GifTest {
    private static final byte[] COLOURS = {
        (byte) 255, 0, 0, 0, (byte) 255, 0, 0, 0, (byte) 255, (byte) 255, (byte) 255, (byte) 255
    };

    private static Bytes screen(int width, int height) {
        return new Bytes()
                .text("GIF89a")
                .le16(width, height)
                .raw(0x80 | 1, 0, 0)
                .raw(COLOURS);
    }

    private static byte[] transparent(int index) {
        return new Bytes().raw(0x21, 0xF9, 4, 1, 0, 0, index, 0).done();
    }

    /** One frame; every pixel is a code of 3 bits, with a clear code after each so that codes never widen. */
    private static byte[] frame(int left, int top, int width, int height, boolean interlaced, int... indices) {
        Bytes codes = new Bytes();
        int gathered = 0;
        int filled = 0;
        for (int i = 0; i <= indices.length; i++) {
            int pair = i == indices.length ? 4 | 5 << 3 : 4 | indices[i] << 3; // clear, then index or end
            gathered |= pair << filled;
            filled += 6;
            while (filled >= 8) {
                codes.raw(gathered);
                gathered >>>= 8;
                filled -= 8;
            }
        }
        codes.raw(gathered);
        return new Bytes()
                .raw(0x2C)
                .le16(left, top, width, height)
                .raw(interlaced ? 0x40 : 0)
                .raw(2, codes.size())
                .raw(codes.done())
                .raw(0)
                .done();
    }

    static byte[] simple() {
        return screen(3, 2)
                .raw(frame(0, 0, 3, 2, false, 0, 1, 2, 3, 2, 1))
                .raw(0x3B)
                .done();
    }

    @Test
    void palette_colours_are_exact() {
        DecodedImage image = decode(simple());
        assertPixels(image, 3, 2, 0xFF0000, 0x00FF00, 0x0000FF, 0xFFFFFF, 0x0000FF, 0x00FF00);
        assertThat(image.info().bitDepth()).isEqualTo(2);
        assertThat(image.info().frames()).isEqualTo(1);
        assertThat(image.info().warnings()).isEmpty();
    }

    @Test
    void interlaced_rows_come_into_order() {
        // rows are stored 0 (every 8th), 4, 2, 6, then 1 3 5 7
        byte[] file = screen(1, 8)
                .raw(frame(0, 0, 1, 8, true, 0, 1, 2, 3, 0, 1, 2, 3))
                .raw(0x3B)
                .done();
        assertPixels(
                decode(file), 1, 8, 0xFF0000, 0xFF0000, 0x0000FF, 0x00FF00, 0x00FF00, 0x0000FF, 0xFFFFFF, 0xFFFFFF);
    }

    @Test
    void the_transparent_index_shows_the_background() {
        byte[] file = screen(2, 1)
                .raw(transparent(1))
                .raw(frame(0, 0, 2, 1, false, 0, 1))
                .raw(0x3B)
                .done();
        assertPixels(decode(file), 2, 1, 0xFF0000, 0xFFFFFF);
        assertPixels(Pixels.DOOR.decode(file, new DecodeOptions(0x123456, null)), 2, 1, 0xFF0000, 0x123456);
    }

    @Test
    void a_frame_smaller_than_the_screen_is_put_in_its_place() {
        byte[] file = screen(3, 3).raw(frame(1, 1, 1, 2, false, 0, 2)).raw(0x3B).done();
        int white = 0xFFFFFF;
        assertPixels(decode(file), 3, 3, white, white, white, white, 0xFF0000, white, white, 0x0000FF, white);
    }

    @Test
    void the_screen_grows_for_a_frame_that_hangs_over_it() {
        byte[] file = screen(1, 1).raw(frame(1, 0, 2, 1, false, 0, 2)).raw(0x3B).done();
        assertPixels(decode(file), 3, 1, 0xFFFFFF, 0xFF0000, 0x0000FF);
    }

    @Test
    void of_many_frames_the_first_is_read() {
        byte[] file = screen(1, 1)
                .raw(frame(0, 0, 1, 1, false, 0))
                .raw(0x21, 0xFE, 3, 'a', 'b', 'c', 0)
                .raw(frame(0, 0, 1, 1, false, 1))
                .raw(frame(0, 0, 1, 1, false, 2))
                .raw(0x3B)
                .done();
        DecodedImage image = decode(file);
        assertPixels(image, 1, 1, 0xFF0000);
        assertThat(image.info().frames()).isEqualTo(3);
        assertThat(warningCodes(image)).containsExactly("first_frame_only");
    }

    @Test
    void a_file_cut_off_anywhere_is_damaged_or_whole() {
        byte[] file = simple();
        int[] whole = Pixels.of(decode(file));
        int refused = 0;
        for (int length = 6; length < file.length; length++) {
            try {
                assertThat(Pixels.of(decode(Arrays.copyOf(file, length)))).containsExactly(whole);
            } catch (org.vilam.vision.error.VilamException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_CORRUPT);
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(file.length - 12);
    }

    @Test
    void files_without_a_picture_are_damage() {
        assertRefused(screen(3, 2).raw(0x3B).done(), ErrorCode.IMAGE_CORRUPT, "no picture");
        byte[] empty = screen(3, 2).raw(frame(0, 0, 0, 2, false)).raw(0x3B).done();
        assertRefused(empty, ErrorCode.IMAGE_CORRUPT, "0 x 2");
    }
}
