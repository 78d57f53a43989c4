package org.vilam.vision.image.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.image.DecodeOptions;
import org.vilam.vision.image.DecodedImage;
import org.vilam.vision.image.GreyWindow;

/** Exact colours of hand-made pictures: every photometric interpretation, layout and palette. */
class ColourTest {
    private static DicomWriter colour(String photometric, int planar, int rows, int columns) {
        return new DicomWriter(DicomWriter.EXPLICIT)
                .image(photometric, 3, rows, columns, 8, 8, 7, 0)
                .us(0x00280006, planar);
    }

    private static int[] channels(DicomWriter writer) {
        return DicomWriter.channels(writer.read());
    }

    @Test
    void rgb_is_taken_as_it_is_side_by_side_or_plane_by_plane() {
        assertThat(channels(colour("RGB", 0, 1, 3).pixelBytes(1, 2, 3, 4, 5, 6, 7, 8, 9)))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(channels(colour("RGB", 1, 1, 3).pixelBytes(1, 4, 7, 2, 5, 8, 3, 6, 9)))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void rgb_of_sixteen_bits_is_scaled_by_the_bits_stored() {
        DicomWriter writer = new DicomWriter(DicomWriter.EXPLICIT)
                .image("RGB", 3, 1, 1, 16, 10, 9, 0)
                .pixelWords(0, 512, 1023);
        assertThat(channels(writer)).containsExactly(0, 128, 255);
        assertThat(writer.read().info().window()).isEqualTo(new GreyWindow(0, 1023, GreyWindow.Source.FULL_RANGE));
        DicomWriter wide = new DicomWriter(DicomWriter.EXPLICIT).image("RGB", 3, 1, 1, 32, 32, 31, 0);
        wide.raw(0x7FE00010, "OW", wide.longs(0xFFFFFFFFL, 0x80000000L, 0));
        assertThat(channels(wide)).containsExactly(255, 128, 0);
    }

    @Test
    void rgb_with_one_row_more_than_words_is_read_to_its_odd_end() {
        assertThat(channels(colour("RGB", 0, 3, 1).pixelBytes(9, 8, 7, 6, 5, 4, 3, 2, 1)))
                .containsExactly(9, 8, 7, 6, 5, 4, 3, 2, 1);
    }

    @Test
    void a_requested_window_does_not_touch_colours_and_that_is_said() {
        DecodedImage image = colour("RGB", 0, 1, 1).pixelBytes(1, 2, 3).read(DecodeOptions.windowed(0, 10));
        assertThat(DicomWriter.channels(image)).containsExactly(1, 2, 3);
        assertThat(image.info().warnings().get(0).code()).isEqualTo("window_unused");
    }

    @Test
    void ybr_full_becomes_rgb_by_its_equations() {
        // Primaries by PS3.3 C.7.6.3.1.2: red is Y 76.2, CB 85.0, CR 255.5; grey has CB = CR = 128.
        int[] rgb =
                channels(colour("YBR_FULL", 0, 1, 4).pixelBytes(76, 85, 255, 150, 44, 21, 29, 255, 107, 77, 128, 128));
        // R = Y + 1.402 (CR - 128), G = Y - 0.344136 (CB - 128) - 0.714136 (CR - 128), B = Y + 1.772 (CB - 128)
        assertThat(rgb).containsExactly(254, 0, 0, 0, 255, 1, 0, 0, 254, 77, 77, 77);
        assertThat(channels(colour("YBR_FULL", 1, 1, 2).pixelBytes(76, 77, 85, 128, 255, 128)))
                .containsExactly(254, 0, 0, 77, 77, 77);
    }

    @Test
    void ybr_full_422_shares_chrominances_between_two_pixels_of_a_row() {
        // Y1 Y2 CB CR: two reds of different luminance, then two greys.
        int[] rgb = channels(colour("YBR_FULL_422", 0, 2, 2).pixelBytes(76, 100, 85, 255, 10, 20, 128, 128));
        assertThat(rgb).containsExactly(254, 0, 0, 255, 24, 24, 10, 10, 10, 20, 20, 20);
    }

    @Test
    void ybr_full_422_with_chrominances_for_every_pixel_is_noticed_by_its_length() {
        DecodedImage image = colour("YBR_FULL_422", 0, 1, 2)
                .pixelBytes(76, 85, 255, 77, 128, 128)
                .read();
        assertThat(DicomWriter.channels(image)).containsExactly(254, 0, 0, 77, 77, 77);
        assertThat(image.info().warnings().get(0).code()).isEqualTo("photometric_contradicted");
    }

    @Test
    void ybr_partial_422_has_studio_range() {
        // BT.601: Y 16 is black, 235 white, chrominances reach 112 from 128; the red primary is Y 81.5, CB 90.2, CR
        // 240.
        int[] rgb = channels(colour("YBR_PARTIAL_422", 0, 2, 2).pixelBytes(16, 235, 128, 128, 81, 81, 90, 240));
        assertThat(rgb).containsExactly(0, 0, 0, 255, 255, 255, 254, 0, 0, 254, 0, 0);
    }

    @Test
    void an_odd_row_cannot_share_chrominances() {
        assertThat(colour("YBR_FULL_422", 0, 2, 1)
                        .pixelBytes(1, 2, 3, 4)
                        .refusal()
                        .code())
                .isEqualTo(ErrorCode.IMAGE_CORRUPT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HSV", "CMYK", "ARGB", "YBR_ICT", "YBR_RCT", "YBR_PARTIAL_420", "XYB"})
    void other_interpretations_are_refused_by_name(String photometric) {
        var refusal = colour(photometric, 0, 1, 1).pixelBytes(1, 2, 3).refusal();
        assertThat(refusal.code()).isEqualTo(ErrorCode.IMAGE_UNSUPPORTED);
        assertThat(refusal).hasMessageContaining(photometric);
    }

    // Palettes.

    private static DicomWriter palette(int bits, int signed, int first, int entries, int... indices) {
        DicomWriter writer =
                new DicomWriter(DicomWriter.EXPLICIT).image("PALETTE COLOR", 1, 1, indices.length, 8, 8, 7, signed);
        for (int colour = 0; colour < 3; colour++) {
            int tag = 0x00281101 + colour;
            writer = signed == 1 ? writer.ss(tag, entries, first, bits) : writer.us(tag, entries, first, bits);
        }
        return writer;
    }

    private static DicomWriter tables(DicomWriter writer, int[] red, int[] green, int[] blue) {
        return writer.raw(0x00281201, "OW", writer.words(red))
                .raw(0x00281202, "OW", writer.words(green))
                .raw(0x00281203, "OW", writer.words(blue));
    }

    @Test
    void a_palette_of_sixteen_bits_gives_its_upper_bytes_and_is_clamped_at_its_ends() {
        int[] indices = {0, 10, 11, 12, 255};
        DicomWriter writer = tables(
                palette(16, 0, 10, 3, indices),
                new int[] {0x0100, 0x02FF, 0xFFFF},
                new int[] {0x1000, 0x2000, 0x3000},
                new int[] {0, 0x8000, 0x00FF});
        assertThat(channels(writer.pixelBytes(indices)))
                .containsExactly(1, 16, 0, 1, 16, 0, 2, 32, 128, 255, 48, 0, 255, 48, 0);
        DecodedImage image = writer.read();
        assertThat(image.info().channels()).isEqualTo(1);
        assertThat(image.info().bitDepth()).isEqualTo(8);
    }

    @Test
    void a_palette_of_eight_bits_packs_two_entries_in_a_word() {
        DicomWriter writer = palette(8, 0, 0, 3, 0, 1, 2)
                .raw(0x00281201, "OW", new byte[] {1, 2, 3, 0})
                .raw(0x00281202, "OW", new byte[] {4, 5, 6, 0})
                .raw(0x00281203, "OW", new byte[] {7, 8, (byte) 250, 0});
        assertThat(channels(writer.pixelBytes(0, 1, 2))).containsExactly(1, 4, 7, 2, 5, 8, 3, 6, 250);
    }

    @Test
    void a_palette_that_says_sixteen_bits_but_holds_bytes_is_not_shown_black() {
        DicomWriter writer =
                tables(palette(16, 0, 0, 2, 0, 1), new int[] {1, 255}, new int[] {2, 128}, new int[] {3, 64});
        assertThat(channels(writer.pixelBytes(0, 1))).containsExactly(1, 2, 3, 255, 128, 64);
    }

    @Test
    void signed_indices_find_a_palette_that_starts_below_zero() {
        DicomWriter writer = tables(
                palette(16, 1, -1, 3, 255, 0, 1), new int[] {0x0A00, 0x0B00, 0x0C00}, new int[] {0, 0, 0}, new int[] {
                    0, 0, 0
                });
        assertThat(channels(writer.pixelBytes(255, 0, 1))).containsExactly(10, 0, 0, 11, 0, 0, 12, 0, 0);
    }

    private static DicomWriter segmented(DicomWriter writer, byte[] data) {
        return writer.raw(0x00281221, "OW", data).raw(0x00281222, "OW", data).raw(0x00281223, "OW", data);
    }

    @Test
    void segments_of_sixteen_bits_are_expanded() {
        // Discrete 0x0000 0x4000; linear 3 steps to 0x1000; indirect: one segment copied from byte 0.
        int[] indices = {0, 1, 2, 3, 4, 5, 6};
        DicomWriter writer = palette(16, 0, 0, 7, indices);
        writer = segmented(writer, writer.words(0, 2, 0x0000, 0x4000, 1, 3, 0x1000, 2, 1, 0, 0));
        int[] rgb = channels(writer.pixelBytes(indices));
        int[] red = new int[7];
        for (int i = 0; i < 7; i++) {
            red[i] = rgb[3 * i];
        }
        assertThat(red).containsExactly(0x00, 0x40, 0x30, 0x20, 0x10, 0x00, 0x40);
    }

    @Test
    void an_indirect_segment_of_linear_segments_goes_on_from_the_last_value() {
        // Discrete 0x8000; linear 2 steps to 0x4000 (at byte 6); discrete 0xC000; indirect: the linear one again.
        int[] indices = {0, 1, 2, 3, 4, 5};
        DicomWriter writer = palette(16, 0, 0, 6, indices);
        writer = segmented(writer, writer.words(0, 1, 0x8000, 1, 2, 0x4000, 0, 1, 0xC000, 2, 1, 6, 0));
        int[] rgb = channels(writer.pixelBytes(indices));
        assertThat(new int[] {rgb[0], rgb[3], rgb[6], rgb[9], rgb[12], rgb[15]})
                .containsExactly(0x80, 0x60, 0x40, 0xC0, 0x80, 0x40);
    }

    @Test
    void segments_of_eight_bits_are_expanded() {
        // Discrete 10 20; linear 2 steps to 40; indirect: one segment from byte 0, offset in four bytes.
        int[] indices = {0, 1, 2, 3, 4, 5};
        DicomWriter writer =
                segmented(palette(8, 0, 0, 6, indices), new byte[] {0, 2, 10, 20, 1, 2, 40, 2, 1, 0, 0, 0, 0, 0});
        int[] rgb = channels(writer.pixelBytes(indices));
        assertThat(new int[] {rgb[0], rgb[3], rgb[6], rgb[9], rgb[12], rgb[15]})
                .containsExactly(10, 20, 30, 40, 10, 20);
    }

    @Test
    void impossible_segments_are_refused() {
        int[][] impossible = {
            {1, 2, 0x4000}, // begins with a linear segment
            {0, 1, 5, 3, 1, 1}, // kind 3
            {0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9}, // more entries than the descriptor says
            {0, 1, 5, 2, 1, 0xFFFF, 0xFFFF}, // offset outside
            {0, 1, 5, 2, 1, 6, 0}, // an indirect segment that copies itself
            {0, 4, 5}, // ends inside a segment
        };
        for (int[] words : impossible) {
            DicomWriter writer = palette(16, 0, 0, 4, 0, 1, 2, 3);
            writer = segmented(writer, writer.words(words)).pixelBytes(0, 1, 2, 3);
            assertThat(writer.refusal().code()).isEqualTo(ErrorCode.IMAGE_CORRUPT);
        }
    }

    @Test
    void a_palette_that_is_missing_or_too_short_is_refused() {
        assertThat(palette(16, 0, 0, 2, 0, 1).pixelBytes(0, 1).refusal())
                .hasMessageContaining("RedPaletteColorLookupTableData (0028,1201) is missing");
        DicomWriter writer = tables(palette(16, 0, 0, 2, 0, 1), new int[] {1}, new int[] {1}, new int[] {1});
        assertThat(writer.pixelBytes(0, 1).refusal().code()).isEqualTo(ErrorCode.IMAGE_CORRUPT);
    }
}
