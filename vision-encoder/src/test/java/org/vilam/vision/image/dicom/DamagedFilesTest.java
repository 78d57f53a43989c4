package org.vilam.vision.image.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** What is refused, with which code and which words. */
class DamagedFilesTest {
    private static final int PRIVATE = 0x00091010;

    /** A picture of 2 x 1 pixels, black and white. */
    private static DicomWriter picture(String syntax) {
        return DicomWriter.grey(syntax, 1, 2, 16, 16).window("128", "256");
    }

    @Test
    void a_file_without_pixels_is_refused_with_its_kind() {
        VilamException refusal = new DicomWriter(DicomWriter.EXPLICIT)
                .text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.104.1")
                .text(0x00100010, "PN", "Doe^Jane")
                .refusal();
        assertThat(refusal.code()).isEqualTo(ErrorCode.IMAGE_UNSUPPORTED);
        assertThat(refusal).hasMessageContaining("Encapsulated PDF Storage (1.2.840.10008.5.1.4.1.1.104.1)");
        assertThat(refusal.getMessage()).doesNotContain("Doe");
    }

    @Test
    void a_uid_that_is_none_is_not_repeated() {
        VilamException refusal = new DicomWriter("Doe^Jane").us(0x00280010, 1).refusal();
        assertThat(refusal.code()).isEqualTo(ErrorCode.IMAGE_UNSUPPORTED);
        assertThat(refusal.getMessage()).doesNotContain("Doe").contains("malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.80", "1.2.840.113619.5.2", "1.2.3"})
    void other_transfer_syntaxes_are_refused_by_uid_with_the_way_to_convert(String syntax) {
        VilamException refusal = new DicomWriter(syntax).us(0x00280010, 1).refusal();
        assertThat(refusal.code()).isEqualTo(ErrorCode.IMAGE_UNSUPPORTED);
        assertThat(refusal).hasMessageContaining(syntax);
        assertThat(refusal.hint()).contains("gdcmconv --raw", "dcmdjpeg");
    }

    @Test
    void a_video_is_refused_with_another_way() {
        VilamException refusal =
                new DicomWriter("1.2.840.10008.1.2.4.102").us(0x00280010, 1).refusal();
        assertThat(refusal).hasMessageContaining("MPEG-4 AVC/H.264");
        assertThat(refusal.hint()).contains("one frame");
    }

    @Test
    void numbers_too_great_to_count_with_are_malformed() {
        assertThat(picture(DicomWriter.EXPLICIT)
                        .rescale("1e101", "0")
                        .pixelWords(0, 0)
                        .refusal())
                .hasMessageContaining("RescaleSlope");
        assertThat(picture(DicomWriter.EXPLICIT)
                        .rescale("1e99", "-1e99")
                        .pixelWords(0, 1)
                        .levels())
                .containsExactly(0, 0);
    }

    @Test
    void a_file_cut_off_anywhere_is_refused() {
        for (String syntax : new String[] {DicomWriter.IMPLICIT, DicomWriter.EXPLICIT, DicomWriter.DEFLATED}) {
            byte[] file = picture(syntax)
                    .delimitedSq(0x00291010, "SQ", syntax, item -> item.us(0x00280010, 77))
                    .sq(0x00283010, item -> item.us(0x00283002, 1, 0, 8).raw(0x00283006, "OW", new byte[2]))
                    .pixelWords(0, 255)
                    .file();
            for (int length = 0; length < file.length; length++) {
                assertThat(DicomWriter.refusal(Arrays.copyOf(file, length)).code())
                        .as("%s cut to %d of %d", syntax, length, file.length)
                        .isIn(ErrorCode.IMAGE_CORRUPT, ErrorCode.IMAGE_UNSUPPORTED);
            }
        }
    }

    @Test
    void sequences_nested_without_end_are_refused() {
        DicomWriter writer = picture(DicomWriter.EXPLICIT);
        for (int i = 0; i < 100_000; i++) {
            writer.bytes(0x29, 0, 0x10, 0x10, 'S', 'Q', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF);
            writer.bytes(0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF);
        }
        assertThat(writer.refusal()).hasMessageContaining("nested");
    }

    @Test
    void a_length_beyond_the_end_is_refused_before_anything_is_allocated() {
        for (int tag : new int[] {PRIVATE, 0x00281050, 0x7FE00010}) {
            DicomWriter writer = new DicomWriter(DicomWriter.EXPLICIT).us(0x00080010, 1);
            writer.bytes(tag >>> 16, tag >>> 24, tag, tag >>> 8, 'O', 'B', 0, 0, 0xFE, 0xFF, 0xFF, 0xFF);
            assertThat(writer.refusal().code()).isEqualTo(ErrorCode.IMAGE_CORRUPT);
        }
    }

    @Test
    void missing_and_contradictory_elements_are_refused_by_name() {
        assertThat(new DicomWriter(DicomWriter.EXPLICIT)
                        .us(0x00280010, 1)
                        .pixelWords(0)
                        .refusal())
                .hasMessageContaining("Columns (0028,0011) is missing");
        assertThat(DicomWriter.grey(DicomWriter.EXPLICIT, 1, 2, 16, 17)
                        .pixelWords(0, 0)
                        .refusal())
                .hasMessageContaining("stored 17");
        assertThat(DicomWriter.grey(DicomWriter.EXPLICIT, 1, 0, 16, 16)
                        .pixelWords(0, 0)
                        .refusal())
                .hasMessageContaining("0 x 1");
        assertThat(DicomWriter.grey(DicomWriter.EXPLICIT, 1, 2, 12, 12)
                        .pixelWords(0, 0)
                        .refusal()
                        .code())
                .isEqualTo(ErrorCode.IMAGE_UNSUPPORTED);
        assertThat(picture(DicomWriter.EXPLICIT)
                        .rescale("one", "0")
                        .pixelWords(0, 0)
                        .refusal())
                .hasMessageContaining("RescaleSlope (0028,1053) is not a number");
        assertThat(picture(DicomWriter.EXPLICIT).pixelWords(0).refusal()).hasMessageContaining("has 4 bytes");
        assertThat(new DicomWriter(DicomWriter.EXPLICIT)
                        .image("RGB", 1, 1, 1, 8, 8, 7, 0)
                        .pixelBytes(1)
                        .refusal())
                .hasMessageContaining("SamplesPerPixel (0028,0002) is 1, but RGB has 3");
        assertThat(picture(DicomWriter.EXPLICIT)
                        .fragments(new byte[0], new byte[4])
                        .refusal())
                .hasMessageContaining("in fragments");
        assertThat(picture(DicomWriter.RLE).pixelWords(0, 0).refusal()).hasMessageContaining("not in fragments");
    }
}
