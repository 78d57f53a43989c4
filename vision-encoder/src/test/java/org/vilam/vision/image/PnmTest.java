package org.vilam.vision.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vilam.vision.image.Pixels.assertPixels;
import static org.vilam.vision.image.Pixels.assertRefused;
import static org.vilam.vision.image.Pixels.decode;
import static org.vilam.vision.image.Pixels.grey;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.error.ErrorCode;

class PnmTest {
    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "P1\n3 2\n1 0 1\n0 1 0\n",
                "P1 3 2 101010",
                "P1\n# width\n3 # and height\n2\n1 0\n# between rows\n1 0 1 0",
                "P1\t3\r\n2\r\n1 01 0 1 0"
            })
    void a_plain_bitmap_has_black_ones(String file) {
        DecodedImage image = decode(text(file));
        assertPixels(image, 3, 2, grey(0, 255, 0, 255, 0, 255));
        assertThat(image.info().bitDepth()).isEqualTo(1);
        assertThat(image.info().format()).isEqualTo(ImageFormat.PNM);
    }

    @Test
    void a_raw_bitmap_has_rows_of_whole_bytes() {
        byte[] file =
                new Bytes().text("P4\n#c\n10 2\n").raw(0xAA, 0x80, 0x55, 0x40).done();
        assertPixels(
                decode(file),
                10,
                2,
                grey(0, 255, 0, 255, 0, 255, 0, 255, 0, 255, 255, 0, 255, 0, 255, 0, 255, 0, 255, 0));
    }

    @Test
    void plain_levels_are_scaled_by_their_maximum() {
        assertPixels(decode(text("P2 # c\n3 2\n15\n0 5 15 # x\n3 6\n9")), 3, 2, grey(0, 85, 255, 51, 102, 153));
        assertPixels(decode(text("P3 2 1 100 100 0 50 0 100 0")), 2, 1, 0xFF0080, 0x00FF00);
        assertThat(decode(text("P3 2 1 100 100 0 50 0 100 0")).info().channels())
                .isEqualTo(3);
    }

    @Test
    void raw_levels_are_scaled_by_their_maximum() {
        byte[] grey = new Bytes().text("P5 3 1 100\n").raw(0, 50, 100).done();
        assertPixels(decode(grey), 3, 1, grey(0, 128, 255));
        byte[] colour =
                new Bytes().text("P6\n2 1\n255\n").raw(1, 2, 3, 10, 13, 32).done();
        assertPixels(decode(colour), 2, 1, 0x010203, 0x0A0D20);
    }

    @Test
    void a_level_above_the_maximum_is_white() {
        assertPixels(decode(new Bytes().text("P5 2 1 100\n").raw(120, 100).done()), 2, 1, grey(255, 255));
        assertPixels(decode(text("P2 2 1 100 4000 50")), 2, 1, grey(255, 128));
    }

    @Test
    void grey_of_more_than_8_bits_is_windowed_by_its_percentiles() {
        byte[] raw = new Bytes()
                .text("P5\n6 1\n65535\n")
                .be16(1000, 2000, 3000, 4000, 5000, 6000)
                .done();
        assertPixels(decode(raw), 6, 1, grey(0, 51, 102, 153, 204, 255));
        assertThat(decode(raw).info().window()).isEqualTo(new GreyWindow(1000, 6000, GreyWindow.Source.PERCENTILES));
        DecodedImage plain = decode(text("P2 3 1 4095 100 200 300"));
        assertPixels(plain, 3, 1, grey(0, 128, 255));
        DecodedImage asked = Pixels.DOOR.decode(raw, DecodeOptions.windowed(0, 65535));
        assertPixels(asked, 6, 1, grey(4, 8, 12, 16, 19, 23));
    }

    @Test
    void equal_levels_are_shown_in_the_full_range_of_their_maximum() {
        byte[] black = new Bytes().text("P5 2 1 65535\n").be16(0, 0).done();
        assertPixels(decode(black), 2, 1, grey(0, 0));
        byte[] middle = new Bytes().text("P5 2 1 1000\n").be16(500, 500).done();
        assertPixels(decode(middle), 2, 1, grey(128, 128));
        assertThat(decode(middle).info().window()).isEqualTo(new GreyWindow(0, 1000, GreyWindow.Source.FULL_RANGE));
    }

    @Test
    void colour_of_16_bits_is_scaled() {
        byte[] file = new Bytes().text("P6 1 1 65535\n").be16(65535, 32896, 0).done();
        assertPixels(decode(file), 1, 1, 0xFF8000);
    }

    @Test
    void pam_has_alpha() {
        String header = "P7\nWIDTH 2\n# c\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n";
        byte[] colour =
                new Bytes().text(header).raw(1, 2, 3, 255, 200, 100, 0, 51).done();
        assertPixels(decode(colour), 2, 1, 0x010203, 0xF4E0CC);
        byte[] grey = new Bytes()
                .text("P7\nWIDTH 2\nHEIGHT 1\nDEPTH 2\nMAXVAL 255\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\n")
                .raw(100, 51, 7, 255)
                .done();
        assertPixels(decode(grey), 2, 1, grey(224, 7));
        byte[] bits = new Bytes()
                .text("P7\nWIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 1\nTUPLTYPE BLACKANDWHITE\nENDHDR\n")
                .raw(0, 1)
                .done();
        assertPixels(decode(bits), 2, 1, grey(0, 255)); // in PAM, unlike PBM, one is white
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "P2 3 1 255 1 2",
                "P5 3 1 255\n..",
                "P5 3 1",
                "P5 3 1 0\n...",
                "P5 3 1 70000\n......",
                "P2 3 1 255 1 2 x",
                "P1 3 1 1 2 0",
                "P6 99999999999 1 255\n",
                "P4 100 100\n",
                "P7\nWIDTH 2\nHEIGHT x\nENDHDR\n",
                "P7\nWIDTH 2\n"
            })
    void what_ends_early_or_is_no_number_is_damage(String file) {
        assertRefused(text(file), ErrorCode.IMAGE_CORRUPT, "PNM");
    }
}
