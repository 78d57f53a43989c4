package org.vilam.vision.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vilam.vision.image.Pixels.assertPixels;
import static org.vilam.vision.image.Pixels.assertPixelsNear;
import static org.vilam.vision.image.Pixels.assertRefused;
import static org.vilam.vision.image.Pixels.decode;
import static org.vilam.vision.image.Pixels.grey;
import static org.vilam.vision.image.Pixels.warningCodes;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.error.ErrorCode;

class PngTest {
    static final int[] SIX = {0xFF0000, 0x00FF00, 0x0000FF, 0xFFFFFF, 0x000000, 0x804020};
    private static final int[] SIX_RGB = {255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 128, 64, 32};

    private static PngWriter png(int colourType, int bits, boolean interlaced) {
        PngWriter png = new PngWriter(3, 2, colourType, bits);
        return interlaced ? png.interlaced() : png;
    }

    @ParameterizedTest
    @CsvSource({"1,false", "2,false", "4,false", "8,false", "1,true", "2,true", "4,true", "8,true"})
    void grey_levels_of_1_to_8_bits_spread_over_0_to_255(int bits, boolean interlaced) {
        int max = (1 << bits) - 1;
        DecodedImage image = decode(png(0, bits, interlaced).write(0, max, max / 2, 0, max / 3, max));
        int step = 255 / max;
        assertPixels(image, 3, 2, grey(0, 255, max / 2 * step, 0, max / 3 * step, 255));
        assertThat(image.info().bitDepth()).isEqualTo(bits);
        assertThat(image.info().channels()).isEqualTo(1);
        assertThat(image.info().window().source()).isEqualTo(GreyWindow.Source.FULL_RANGE);
    }

    @ParameterizedTest
    @CsvSource({"1,false", "2,false", "4,false", "8,false", "2,true", "4,true", "8,true"})
    void the_transparent_grey_level_shows_the_background(int bits, boolean interlaced) {
        int max = (1 << bits) - 1;
        byte[] file = png(0, bits, interlaced).with("tRNS", new byte[] {0, 1}).write(0, 1, max, 0, 1, max);
        DecodedImage image = Pixels.DOOR.decode(file, new DecodeOptions(0x102030, null));
        int top = bits == 1 ? 0x102030 : 0xFFFFFF;
        assertPixels(image, 3, 2, 0, 0x102030, top, 0, 0x102030, top);
    }

    @ParameterizedTest
    @CsvSource({"1,false", "2,false", "4,false", "8,false", "1,true", "2,true", "4,true", "8,true"})
    void palette_colours_come_out_as_they_are_and_transparent_ones_on_the_background(int bits, boolean interlaced) {
        PngWriter png = png(3, bits, interlaced).with("PLTE", new byte[] {10, 20, 30, (byte) 200, 100, 50});
        assertPixels(
                decode(png.write(0, 1, 0, 1, 1, 0)), 3, 2, 0x0A141E, 0xC86432, 0x0A141E, 0xC86432, 0xC86432, 0x0A141E);
        byte[] halfAndHalf = png.with("tRNS", new byte[] {0, (byte) 128}).write(0, 1, 0, 1, 1, 0);
        // 128/255 of (200, 100, 50) on 127/255 of white
        int mixed = 0xE3B198;
        assertPixels(decode(halfAndHalf), 3, 2, 0xFFFFFF, mixed, 0xFFFFFF, mixed, mixed, 0xFFFFFF);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rgb_of_8_and_16_bits_is_exact(boolean interlaced) {
        assertPixels(decode(png(2, 8, interlaced).write(SIX_RGB)), 3, 2, SIX);
        int[] wide = Arrays.stream(SIX_RGB).map(v -> v * 257).toArray();
        DecodedImage image = decode(png(2, 16, interlaced).write(wide));
        assertPixels(image, 3, 2, SIX);
        assertThat(image.info().window()).isEqualTo(new GreyWindow(0, 65535, GreyWindow.Source.FULL_RANGE));
    }

    @Test
    void samples_of_16_bit_colour_are_rounded_not_cut() {
        // 384 / 257 = 1.494 -> 1; 386 / 257 = 1.502 -> 2; the high byte of both is 1
        assertPixels(decode(new PngWriter(1, 1, 2, 16).write(384, 386, 65535)), 1, 1, 0x0102FF);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void the_transparent_colour_shows_the_background(boolean interlaced) {
        byte[] eight = png(2, 8, interlaced)
                .with("tRNS", new byte[] {0, 0, 0, (byte) 255, 0, 0})
                .write(SIX_RGB);
        assertPixels(decode(eight), 3, 2, 0xFF0000, 0xFFFFFF, 0x0000FF, 0xFFFFFF, 0x000000, 0x804020);
        int[] wide = Arrays.stream(SIX_RGB).map(v -> v * 257).toArray();
        byte[] sixteen = png(2, 16, interlaced)
                .with("tRNS", new byte[] {0, 0, -1, -1, 0, 0})
                .write(wide);
        assertPixels(decode(sixteen), 3, 2, 0xFF0000, 0xFFFFFF, 0x0000FF, 0xFFFFFF, 0x000000, 0x804020);
    }

    @ParameterizedTest
    @CsvSource({"8,false", "16,false", "8,true", "16,true"})
    void alpha_is_laid_on_the_background(int bits, boolean interlaced) {
        int unit = bits == 16 ? 257 : 1;
        int[] rgba = {
            200 * unit,
            100 * unit,
            0,
            255 * unit,
            200 * unit,
            100 * unit,
            0,
            0,
            200 * unit,
            100 * unit,
            0,
            51 * unit,
            0,
            0,
            0,
            255 * unit,
            0,
            0,
            0,
            128 * unit,
            255 * unit,
            255 * unit,
            255 * unit,
            0
        };
        // 51 of 255 is a fifth: 200/5 + 255*4/5 = 244, 100/5 + 204 = 224, 0 + 204
        assertPixels(
                decode(png(6, bits, interlaced).write(rgba)),
                3,
                2,
                0xC86400,
                0xFFFFFF,
                0xF4E0CC,
                0x000000,
                0x7F7F7F,
                0xFFFFFF);
        DecodedImage onBlack =
                Pixels.DOOR.decode(png(6, bits, interlaced).write(rgba), new DecodeOptions(0x000000, null));
        assertPixels(onBlack, 3, 2, 0xC86400, 0x000000, 0x281400, 0x000000, 0x000000, 0x000000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void grey_with_alpha_is_laid_on_the_background(boolean interlaced) {
        byte[] file = png(4, 8, interlaced).write(100, 255, 100, 0, 100, 51, 0, 255, 255, 255, 0, 128);
        assertPixels(decode(file), 3, 2, grey(100, 255, 224, 0, 255, 127));
        assertThat(decode(file).info().channels()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void grey_of_16_bits_is_windowed_by_its_percentiles(boolean interlaced) {
        DecodedImage image = decode(png(0, 16, interlaced).write(1000, 2000, 3000, 4000, 5000, 6000));
        assertPixels(image, 3, 2, grey(0, 51, 102, 153, 204, 255));
        assertThat(image.info().window()).isEqualTo(new GreyWindow(1000, 6000, GreyWindow.Source.PERCENTILES));
        assertThat(image.info().bitDepth()).isEqualTo(16);
    }

    @Test
    void transparent_pixels_do_not_count_for_the_window() {
        byte[] alpha = new PngWriter(3, 1, 4, 16).write(100, 65535, 200, 65535, 60000, 0);
        assertPixels(decode(alpha), 3, 1, grey(0, 255, 255));
        assertThat(decode(alpha).info().window().high()).isEqualTo(200);
        byte[] level =
                new PngWriter(3, 1, 0, 16).with("tRNS", new byte[] {0, 0}).write(100, 200, 0);
        assertPixels(decode(level), 3, 1, grey(0, 255, 255));
    }

    @Test
    void a_requested_window_is_applied_to_grey_of_any_depth() {
        DecodeOptions options = DecodeOptions.windowed(100, 200);
        DecodedImage wide = Pixels.DOOR.decode(new PngWriter(4, 1, 0, 16).write(0, 100, 140, 60000), options);
        assertPixels(wide, 4, 1, grey(0, 0, 102, 255));
        assertThat(wide.info().window()).isEqualTo(new GreyWindow(100, 200, GreyWindow.Source.REQUESTED));
        DecodedImage shallow = Pixels.DOOR.decode(new PngWriter(4, 1, 0, 8).write(0, 100, 140, 250), options);
        assertPixels(shallow, 4, 1, grey(0, 0, 102, 255));
        assertThat(shallow.info().window().source()).isEqualTo(GreyWindow.Source.REQUESTED);
    }

    @Test
    void a_requested_window_is_said_to_be_unused_where_there_are_no_grey_levels() {
        DecodeOptions options = DecodeOptions.windowed(100, 200);
        assertThat(warningCodes(Pixels.DOOR.decode(png(2, 8, false).write(SIX_RGB), options)))
                .containsExactly("window_unused");
        byte[] palette = png(3, 8, false).with("PLTE", new byte[6]).write(0, 1, 0, 1, 1, 0);
        assertThat(warningCodes(Pixels.DOOR.decode(palette, options))).containsExactly("window_unused");
    }

    @Test
    void colours_of_a_profile_become_srgb() {
        byte[] linear = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
        byte[] chunk = new Bytes()
                .text("linear")
                .raw(0, 0)
                .raw(PngWriter.deflate(linear))
                .done();
        // sRGB encodes a linear 55 / 255 = 0.2157 as 0.5019, 128 of 255
        byte[] file = new PngWriter(2, 1, 2, 8).with("iCCP", chunk).write(55, 55, 55, 255, 0, 55);
        assertPixelsNear(decode(file), 1, 0x808080, 0xFF0080);
        byte[] alpha = new PngWriter(1, 1, 6, 8).with("iCCP", chunk).write(55, 55, 55, 51);
        assertPixelsNear(decode(alpha), 1, 0xE6E6E6); // converted first (128), then laid on white
        byte[] palette = new PngWriter(1, 1, 3, 8)
                .with("iCCP", chunk)
                .with("PLTE", new byte[] {55, 55, 55})
                .write(0);
        assertPixelsNear(decode(palette), 1, 0x808080);
        byte[] overruled = new PngWriter(1, 1, 2, 8)
                .with("sRGB", new byte[1])
                .with("iCCP", chunk)
                .write(55, 55, 55);
        assertPixels(decode(overruled), 1, 1, 0x373737);
    }

    @Test
    void a_broken_profile_is_ignored_with_a_warning() {
        byte[] chunk = new Bytes().text("bad").raw(0, 0).raw(1, 2, 3, 4).done();
        DecodedImage image = decode(png(2, 8, false).with("iCCP", chunk).write(SIX_RGB));
        assertPixels(image, 3, 2, SIX);
        assertThat(warningCodes(image)).containsExactly("icc_ignored");
    }

    @Test
    void of_an_animation_the_default_image_is_read() {
        byte[] actl = new Bytes().be32(5, 0).done();
        DecodedImage image = decode(png(2, 8, false).with("acTL", actl).write(SIX_RGB));
        assertPixels(image, 3, 2, SIX);
        assertThat(image.info().frames()).isEqualTo(5);
        assertThat(warningCodes(image)).containsExactly("first_frame_only");
    }

    @Test
    void a_wrong_checksum_is_damage() {
        byte[] file = png(2, 8, false).write(SIX_RGB);
        file[file.length - 20] ^= 1; // in the picture data
        assertRefused(file, ErrorCode.IMAGE_CORRUPT, "checksum of its IDAT");
    }

    @Test
    void headers_that_no_png_has_are_damage() {
        assertRefused(png(2, 4, false).file(new byte[9]), ErrorCode.IMAGE_CORRUPT, "4 bits for colour type 2");
        assertRefused(png(3, 16, false).file(new byte[9]), ErrorCode.IMAGE_CORRUPT, "16 bits for colour type 3");
        assertRefused(new PngWriter(0, 5, 2, 8).file(new byte[9]), ErrorCode.IMAGE_CORRUPT, "header is cut off");
        byte[] apple = new Bytes()
                .raw(0x89, 'P', 'N', 'G', 13, 10, 26, 10)
                .raw(PngWriter.chunk("CgBI", new byte[4]))
                .done();
        assertRefused(apple, ErrorCode.IMAGE_UNSUPPORTED, "CgBI");
    }
}
