package org.vilam.vision.image.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.vilam.vision.image.DecodeOptions;
import org.vilam.vision.image.DecodedImage;
import org.vilam.vision.image.GreyWindow;
import org.vilam.vision.image.ImageWarning;
import org.vilam.vision.image.PixelSpacing;

/** Exact grey levels of hand-made pictures: every window function, look-up table and choice of a window. */
class GreyWindowTest {
    private static final GreyWindow.Source VOI = GreyWindow.Source.VOI_WINDOW;

    private static GreyWindow window(DicomWriter writer) {
        return writer.read().info().window();
    }

    private static String warnings(DecodedImage image) {
        return String.join(
                " ", image.info().warnings().stream().map(ImageWarning::code).toList());
    }

    // Window functions, PS3.3 C.11.2.1.

    @Test
    void the_linear_window_follows_its_equation_to_the_level() {
        // The example of PS3.3 C.11.2.1.2.1: center 2048, width 4096 maps 0 to 0, 4095 to 255.
        DicomWriter writer = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 5, 16, 12)
                .window("2048", "4096")
                .pixelWords(0, 1, 2047, 2048, 4095);
        // ((x - 2047.5) / 4095 + 0.5) * 255 = 0, 0.06, 127.47, 127.53, 255
        assertThat(writer.levels()).containsExactly(0, 0, 127, 128, 255);
        assertThat(window(writer)).isEqualTo(new GreyWindow(0, 4095, VOI));
    }

    @Test
    void a_linear_window_of_width_one_is_a_threshold() {
        // C.11.2.1.2.1: "center 0, width 1: all input values less than or equal to -0.5 are 0, all others 255".
        DicomWriter writer = new DicomWriter(DicomWriter.EXPLICIT)
                .image("MONOCHROME2", 1, 1, 3, 16, 16, 15, 1)
                .window("0", "1")
                .pixelWords(-1, 0, 1);
        assertThat(writer.levels()).containsExactly(0, 255, 255);
        assertThat(window(writer).low()).isEqualTo(-0.5);
        assertThat(window(writer).high()).isGreaterThan(-0.5).isLessThan(-0.499999);
    }

    @Test
    void the_linear_exact_window_has_no_half_steps() {
        DicomWriter writer = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 4, 16, 16)
                .window("100", "100")
                .text(0x00281056, "CS", "LINEAR_EXACT")
                .pixelWords(50, 75, 100, 150);
        // ((x - 100) / 100 + 0.5) * 255 = 0, 63.75, 127.5, 255
        assertThat(writer.levels()).containsExactly(0, 64, 128, 255);
        assertThat(window(writer)).isEqualTo(new GreyWindow(50, 150, VOI));
    }

    @Test
    void the_sigmoid_window_is_a_logistic_curve() {
        DicomWriter writer = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 4, 16, 16)
                .window("100", "100")
                .text(0x00281056, "CS", "SIGMOID")
                .pixelWords(0, 75, 100, 200);
        // 255 / (1 + exp(-4 (x - 100) / 100)) = 4.59, 68.6, 127.5, 250.4
        assertThat(writer.levels()).containsExactly(5, 69, 128, 250);
        assertThat(warnings(writer.read())).isEqualTo("sigmoid_window");
    }

    @Test
    void an_unknown_window_function_is_taken_as_linear_and_said() {
        DicomWriter writer = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 2, 16, 16)
                .window("128", "256")
                .text(0x00281056, "CS", "CUBIC")
                .pixelWords(0, 255);
        assertThat(writer.levels()).containsExactly(0, 255);
        assertThat(warnings(writer.read())).isEqualTo("bad_value");
    }

    @Test
    void a_width_below_one_is_taken_exactly() {
        DicomWriter writer = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 3, 16, 16)
                .window("0.5", "0.5")
                .rescale("0.01", "0")
                .pixelWords(25, 50, 75);
        assertThat(writer.levels()).containsExactly(0, 128, 255);
        assertThat(window(writer)).isEqualTo(new GreyWindow(0.25, 0.75, VOI));
    }

    @Test
    void the_first_of_several_windows_counts_and_the_others_are_named() {
        DicomWriter writer = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 2, 16, 16)
                .ds(0x00281050, "50\\500\\5")
                .ds(0x00281051, "101\\1000\\10")
                .text(0x00281055, "LO", "BRAIN\\BONE")
                .pixelWords(0, 100);
        assertThat(window(writer)).isEqualTo(new GreyWindow(-0.5, 99.5, VOI));
        assertThat(writer.read().info().warnings())
                .containsExactly(new ImageWarning(
                        "other_windows",
                        "The file offers 3 windows; the first (BRAIN) was used, the others are: BONE, unnamed."));
    }

    @Test
    void a_malformed_window_is_passed_over_and_said() {
        DicomWriter writer = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 2, 16, 16)
                .window("4O", "80")
                .pixelWords(1, 9);
        assertThat(window(writer)).isEqualTo(new GreyWindow(1, 9, GreyWindow.Source.PERCENTILES));
        assertThat(warnings(writer.read())).isEqualTo("bad_value");
        DicomWriter zero = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 2, 16, 16)
                .window("40", "0")
                .pixelWords(1, 9);
        assertThat(window(zero).source()).isEqualTo(GreyWindow.Source.PERCENTILES);
    }

    @Test
    void a_requested_window_goes_before_all_others() {
        DicomWriter writer = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 4, 16, 16)
                .window("50", "10")
                .rescale("1", "-1000")
                .pixelWords(900, 1000, 1050, 1100);
        DecodedImage image = writer.read(DecodeOptions.windowed(-100, 100));
        assertThat(DicomWriter.levels(image)).containsExactly(0, 128, 191, 255);
        assertThat(image.info().window()).isEqualTo(new GreyWindow(-100, 100, GreyWindow.Source.REQUESTED));
    }

    // Look-up tables.

    @Test
    void a_voi_table_is_scaled_by_its_bits_and_clamped_at_its_ends() {
        DicomWriter writer = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 5, 16, 16)
                .window("50", "10")
                .sq(0x00283010, item -> item.us(0x00283002, 3, 10, 12).raw(0x00283006, "OW", item.words(0, 4095, 2048)))
                .pixelWords(0, 10, 11, 12, 60000);
        // 2048 * 255 / 4095 = 127.53
        assertThat(writer.levels()).containsExactly(0, 0, 255, 128, 128);
        assertThat(window(writer)).isEqualTo(new GreyWindow(10, 12, GreyWindow.Source.VOI_LUT));
        assertThat(warnings(writer.read())).isEqualTo("other_windows");
    }

    @Test
    void a_voi_table_of_bytes_with_a_negative_start_is_read() {
        DicomWriter writer = new DicomWriter(DicomWriter.EXPLICIT)
                .image("MONOCHROME2", 1, 1, 3, 16, 16, 15, 1)
                .sq(
                        0x00283010,
                        item -> item.ss(0x00283002, 3, -1, 8).raw(0x00283006, "OW", new byte[] {7, (byte) 200, 9, 0}))
                .pixelWords(-1, 0, 1);
        assertThat(writer.levels()).containsExactly(7, 200, 9);
        assertThat(window(writer)).isEqualTo(new GreyWindow(-1, 1, GreyWindow.Source.VOI_LUT));
    }

    @Test
    void an_implicit_voi_table_starts_negative_where_values_can_be() {
        DicomWriter writer = new DicomWriter(DicomWriter.IMPLICIT)
                .image("MONOCHROME2", 1, 1, 3, 16, 12, 11, 0)
                .rescale("1", "-1024")
                .sq(0x00283010, item -> item.us(0x00283002, 2, -1024, 8).raw(0x00283006, "OW", item.words(5, 77)))
                .pixelWords(0, 1, 2);
        assertThat(writer.levels()).containsExactly(5, 77, 77);
    }

    @Test
    void a_voi_table_of_65536_entries_says_zero() {
        int[] entries = new int[65536];
        Arrays.setAll(entries, i -> 65535 - i);
        DicomWriter writer = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 3, 16, 16)
                .sq(0x00283010, item -> item.us(0x00283002, 0, 0, 16).raw(0x00283006, "OW", item.words(entries)))
                .pixelWords(0, 32768, 65535);
        assertThat(writer.levels()).containsExactly(255, 127, 0);
    }

    @Test
    void a_modality_table_comes_before_the_window() {
        DicomWriter writer = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 4, 8, 8)
                .sq(
                        0x00283000,
                        item -> item.us(0x00283002, 3, 1, 16).raw(0x00283006, "OW", item.words(1000, 1500, 2000)))
                .window("1500.5", "1001")
                .pixelBytes(0, 1, 2, 3);
        assertThat(writer.levels()).containsExactly(0, 0, 128, 255);
        assertThat(window(writer)).isEqualTo(new GreyWindow(1000, 2000, VOI));
    }

    // Windows chosen from the pixels.

    /** 2000 samples 0 .. 1999 but for the first {@code padded}, which are {@code padding}. */
    private static DicomWriter ramp(int padding, int padded) {
        int[] samples = new int[2000];
        Arrays.setAll(samples, i -> i < padded ? padding : i);
        return DicomWriter.grey(DicomWriter.EXPLICIT, 20, 100, 16, 16)
                .us(0x00280120, padding)
                .pixelWords(samples);
    }

    @Test
    void without_a_window_the_percentiles_become_black_and_white() {
        // Ranks round(0.005 * 1999) = 10 and round(0.995 * 1999) = 1989.
        assertThat(window(ramp(60000, 0))).isEqualTo(new GreyWindow(10, 1989, GreyWindow.Source.PERCENTILES));
    }

    @Test
    void padding_does_not_count_for_percentiles() {
        // 1000 .. 1999 remain: ranks round(0.005 * 999) = 5 and round(0.995 * 999) = 994.
        assertThat(window(ramp(60000, 1000))).isEqualTo(new GreyWindow(1005, 1994, GreyWindow.Source.PERCENTILES));
    }

    @Test
    void a_range_of_padding_does_not_count_for_percentiles() {
        DicomWriter writer = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 6, 16, 16)
                .us(0x00280120, 1)
                .us(0x00280121, 3)
                .pixelWords(1, 2, 3, 100, 150, 200);
        assertThat(window(writer)).isEqualTo(new GreyWindow(100, 200, GreyWindow.Source.PERCENTILES));
    }

    @Test
    void signed_padding_does_not_count_even_when_written_unsigned() {
        DicomWriter writer = new DicomWriter(DicomWriter.EXPLICIT)
                .image("MONOCHROME2", 1, 1, 3, 16, 16, 15, 1)
                .us(0x00280120, -2000)
                .pixelWords(-2000, 0, 10);
        assertThat(window(writer)).isEqualTo(new GreyWindow(0, 10, GreyWindow.Source.PERCENTILES));
    }

    @Test
    void a_few_bright_pixels_on_black_span_the_whole_range() {
        int[] samples = new int[10000];
        samples[5000] = 700;
        DicomWriter writer =
                DicomWriter.grey(DicomWriter.EXPLICIT, 100, 100, 16, 16).pixelWords(samples);
        assertThat(window(writer)).isEqualTo(new GreyWindow(0, 700, GreyWindow.Source.PERCENTILES));
        assertThat(writer.levels()[5000]).isEqualTo(255);
    }

    @Test
    void a_picture_of_one_value_is_shown_in_the_range_of_its_bits() {
        DicomWriter writer = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 2, 16, 12)
                .rescale("1", "-1024")
                .pixelWords(4095, 4095);
        assertThat(window(writer)).isEqualTo(new GreyWindow(-1024, 3071, GreyWindow.Source.FULL_RANGE));
        assertThat(writer.levels()).containsExactly(255, 255);
        DicomWriter onlyPadding = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 2, 16, 16)
                .us(0x00280120, 7)
                .pixelWords(7, 7);
        assertThat(onlyPadding.levels()).containsExactly(0, 0);
    }

    // Enhanced multi-frame objects.

    @Test
    void functional_groups_give_rescale_window_and_spacing_of_the_first_frame() {
        DicomWriter writer = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 2, 16, 16)
                .text(0x00280008, "IS", "2")
                .sq(
                        0x52009229,
                        shared -> shared.sq(0x00289145, item -> item.rescale("1", "-100"))
                                .sq(0x00289110, item -> item.ds(0x00280030, "0.5\\0.25"))
                                .sq(0x00289132, item -> item.window("1", "2")))
                .sq(
                        0x52009230,
                        frame -> frame.sq(0x00289132, item -> item.window("50.5", "101")),
                        frame -> frame.sq(0x00289132, item -> item.window("3", "4")))
                .pixelWords(100, 200, 0, 0);
        DecodedImage image = writer.read();
        assertThat(image.info().window()).isEqualTo(new GreyWindow(0, 100, VOI));
        assertThat(DicomWriter.levels(image)).containsExactly(0, 255);
        assertThat(image.info().spacing()).isEqualTo(new PixelSpacing(0.25, 0.5));
        assertThat(image.info().frames()).isEqualTo(2);
        assertThat(warnings(image)).isEqualTo("first_frame_only non_square_pixels");
    }
}
