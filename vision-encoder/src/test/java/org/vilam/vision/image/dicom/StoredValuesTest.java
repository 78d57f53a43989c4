package org.vilam.vision.image.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.vilam.vision.image.DecodeOptions;
import org.vilam.vision.image.DecodedImage;
import org.vilam.vision.image.GreyWindow;
import org.vilam.vision.image.ImageWarning;

/** Exact grey levels of hand-made pictures: every depth, sign, number type and modality transformation. */
class StoredValuesTest {
    private static final GreyWindow.Source VOI = GreyWindow.Source.VOI_WINDOW;

    private static GreyWindow window(DicomWriter writer) {
        return writer.read().info().window();
    }

    private static String warnings(DecodedImage image) {
        return String.join(
                " ", image.info().warnings().stream().map(ImageWarning::code).toList());
    }

    // Modality transformation and depth.

    @Test
    void slope_and_intercept_come_before_the_window() {
        DicomWriter writer = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 3, 16, 12)
                .rescale("2", "-1000")
                .window("0.5", "201")
                .pixelWords(450, 500, 550);
        assertThat(writer.levels()).containsExactly(0, 128, 255);
        assertThat(window(writer)).isEqualTo(new GreyWindow(-100, 100, VOI));
    }

    @Test
    void a_negative_slope_turns_the_picture_round() {
        DicomWriter writer = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 3, 16, 16)
                .rescale("-1", "10")
                .pixelWords(0, 5, 10);
        assertThat(writer.levels()).containsExactly(255, 128, 0);
        assertThat(window(writer)).isEqualTo(new GreyWindow(0, 10, GreyWindow.Source.PERCENTILES));
    }

    @Test
    void a_slope_of_zero_is_not_applied_and_said() {
        DicomWriter writer = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 2, 16, 16)
                .rescale("0", "5")
                .pixelWords(3, 4);
        assertThat(window(writer)).isEqualTo(new GreyWindow(3, 4, GreyWindow.Source.PERCENTILES));
        assertThat(warnings(writer.read())).isEqualTo("rescale_ignored");
    }

    @Test
    void monochrome1_is_inverted_after_the_window() {
        DicomWriter writer = new DicomWriter(DicomWriter.EXPLICIT)
                .image("MONOCHROME1", 1, 1, 3, 16, 16, 15, 0)
                .window("128", "256")
                .pixelWords(0, 100, 255);
        assertThat(writer.levels()).containsExactly(255, 155, 0);
        assertThat(window(writer)).isEqualTo(new GreyWindow(0, 255, VOI));
        assertThat(warnings(writer.read())).isEqualTo("monochrome1");
    }

    @Test
    void bits_above_and_below_the_stored_ones_are_cut_off() {
        // 8 bits stored, high bit 11: the value is in bits 4..11; overlays may be in the others.
        DicomWriter writer = new DicomWriter(DicomWriter.EXPLICIT)
                .image("MONOCHROME2", 1, 1, 2, 16, 8, 11, 0)
                .pixelWords(0xF123, 0x0FF0);
        assertThat(writer.levels()).containsExactly(0x12, 0xFF);
    }

    @Test
    void the_sign_of_fewer_bits_than_allocated_is_extended() {
        // 12 bits stored: 0x800 is -2048, 0xFFF is -1; the upper 4 bits are garbage.
        DicomWriter writer = new DicomWriter(DicomWriter.EXPLICIT)
                .image("MONOCHROME2", 1, 1, 4, 16, 12, 11, 1)
                .pixelWords(0x7800, 0x0FFF, 0x3000, 0x07FF);
        assertThat(DicomWriter.levels(writer.read(DecodeOptions.windowed(-2048, 2047))))
                .containsExactly(0, 127, 128, 255);
        assertThat(DicomWriter.levels(writer.read(DecodeOptions.windowed(-1, 0))))
                .containsExactly(0, 0, 255, 255);
    }

    @Test
    void one_bit_is_black_or_white_from_the_lowest_bit_up_across_rows() {
        DicomWriter writer = DicomWriter.grey(DicomWriter.EXPLICIT, 3, 3, 1, 1).pixelBytes(0b1000_1101, 0b1);
        assertThat(writer.levels()).containsExactly(255, 0, 255, 255, 0, 0, 0, 255, 255);
        assertThat(window(writer)).isEqualTo(new GreyWindow(0, 1, GreyWindow.Source.FULL_RANGE));
        assertThat(writer.read().info().bitDepth()).isEqualTo(1);
    }

    @Test
    void eight_bits_without_window_are_shown_as_they_are() {
        DicomWriter writer = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 3, 8, 8).pixelBytes(3, 100, 200);
        assertThat(writer.levels()).containsExactly(3, 100, 200);
        assertThat(window(writer)).isEqualTo(new GreyWindow(0, 255, GreyWindow.Source.FULL_RANGE));
    }

    @Test
    void thirty_two_bits_are_whole_numbers_with_or_without_sign() {
        DicomWriter unsigned = new DicomWriter(DicomWriter.EXPLICIT).image("MONOCHROME2", 1, 1, 3, 32, 32, 31, 0);
        unsigned.raw(0x7FE00010, "OW", unsigned.longs(0, 1L << 31, 0xFFFFFFFFL));
        assertThat(unsigned.levels()).containsExactly(0, 128, 255);
        assertThat(window(unsigned)).isEqualTo(new GreyWindow(0, 4294967295.0, GreyWindow.Source.PERCENTILES));

        DicomWriter signed = new DicomWriter(DicomWriter.BIG_ENDIAN).image("MONOCHROME2", 1, 1, 3, 32, 32, 31, 1);
        signed.raw(0x7FE00010, "OW", signed.longs(-100, 0, 100));
        assertThat(signed.levels()).containsExactly(0, 128, 255);
        assertThat(window(signed)).isEqualTo(new GreyWindow(-100, 100, GreyWindow.Source.PERCENTILES));
    }

    private static byte[] floats(ByteOrder order, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(order);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    @Test
    void float_pixels_are_windowed_and_holes_are_black() {
        DicomWriter writer = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 5, 32, 32)
                .raw(0x7FE00008, "OF", floats(ByteOrder.LITTLE_ENDIAN, -1, 0, 1, Float.NaN, Float.POSITIVE_INFINITY));
        assertThat(writer.levels()).containsExactly(0, 128, 255, 0, 255);
        assertThat(window(writer)).isEqualTo(new GreyWindow(-1, 1, GreyWindow.Source.PERCENTILES));
        DicomWriter big = DicomWriter.grey(DicomWriter.BIG_ENDIAN, 1, 2, 32, 32)
                .raw(0x7FE00008, "OF", floats(ByteOrder.BIG_ENDIAN, 0.25f, 0.5f));
        assertThat(window(big)).isEqualTo(new GreyWindow(0.25, 0.5, GreyWindow.Source.PERCENTILES));
    }

    @Test
    void double_pixels_are_windowed() {
        byte[] bytes = ByteBuffer.allocate(24)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(0)
                .putDouble(0.5)
                .putDouble(1)
                .array();
        DicomWriter writer =
                DicomWriter.grey(DicomWriter.EXPLICIT, 1, 3, 64, 64).raw(0x7FE00009, "OD", bytes);
        assertThat(writer.levels()).containsExactly(0, 128, 255);
        assertThat(writer.read().info().bitDepth()).isEqualTo(64);
    }
}
