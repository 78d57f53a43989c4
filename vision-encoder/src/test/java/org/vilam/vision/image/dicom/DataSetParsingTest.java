package org.vilam.vision.image.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.DecodeLimits;
import org.vilam.vision.image.DecodeOptions;
import org.vilam.vision.image.DecodedImage;
import org.vilam.vision.image.ImageInfo;
import org.vilam.vision.image.PixelSpacing;

/** Files of every encoding, odd but readable ones, and damaged ones. */
class DataSetParsingTest {
    private static final int PRIVATE = 0x00091010;

    private static int[] read(byte[] file) {
        return DicomWriter.levels(
                DicomReader.read(ByteBuffer.wrap(file), DecodeLimits.DEFAULT, DecodeOptions.DEFAULT));
    }

    /** A picture of 2 x 1 pixels, black and white. */
    private static DicomWriter picture(String syntax) {
        return DicomWriter.grey(syntax, 1, 2, 16, 16).window("128", "256");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        DicomWriter.IMPLICIT,
        DicomWriter.EXPLICIT,
        DicomWriter.BIG_ENDIAN,
        DicomWriter.DEFLATED
    })
    void every_uncompressed_transfer_syntax_is_read(String syntax) {
        assertThat(picture(syntax).pixelWords(0, 255).levels()).containsExactly(0, 255);
    }

    @Test
    void encapsulated_uncompressed_pixels_are_joined_from_their_fragments() {
        DicomWriter writer = picture(DicomWriter.ENCAPSULATED);
        writer.fragments(new byte[0], new byte[] {0, 0}, new byte[] {(byte) 255, 0});
        assertThat(writer.levels()).containsExactly(0, 255);
    }

    @ParameterizedTest
    @ValueSource(strings = {DicomWriter.IMPLICIT, DicomWriter.EXPLICIT, DicomWriter.BIG_ENDIAN})
    void a_bare_data_set_without_preamble_and_meta_information_is_read(String syntax) {
        byte[] file = picture(syntax).pixelWords(0, 255).bare();
        assertThat(DicomReader.looksLikeDicom(ByteBuffer.wrap(file))).isTrue();
        assertThat(read(file)).containsExactly(0, 255);
    }

    @Test
    void a_file_that_begins_with_its_meta_information_is_read() {
        byte[] file = picture(DicomWriter.IMPLICIT).pixelWords(0, 255).file();
        assertThat(read(Arrays.copyOfRange(file, 128, file.length))).containsExactly(0, 255);
        assertThat(read(Arrays.copyOfRange(file, 132, file.length))).containsExactly(0, 255);
    }

    @Test
    void a_wrong_group_length_does_not_matter() {
        byte[] file = picture(DicomWriter.EXPLICIT).pixelWords(0, 255).file();
        file[140] = 127;
        assertThat(read(file)).containsExactly(0, 255);
    }

    @Test
    void an_explicit_data_set_under_an_implicit_header_is_read_as_what_it_is() {
        byte[] file = picture(DicomWriter.IMPLICIT).pixelWords(0, 255).file();
        byte[] header = Arrays.copyOf(file, file.length - picture(DicomWriter.IMPLICIT).pixelWords(0, 255).bare().length);
        byte[] explicit = picture(DicomWriter.EXPLICIT).pixelWords(0, 255).bare();
        assertThat(read(concat(header, explicit))).containsExactly(0, 255);
    }

    @Test
    void an_implicit_data_set_under_an_explicit_header_is_read_as_what_it_is() {
        byte[] file = picture(DicomWriter.EXPLICIT).pixelWords(0, 255).file();
        byte[] header = Arrays.copyOf(file, file.length - picture(DicomWriter.EXPLICIT).pixelWords(0, 255).bare().length);
        byte[] implicit = picture(DicomWriter.IMPLICIT).pixelWords(0, 255).bare();
        assertThat(read(concat(header, implicit))).containsExactly(0, 255);
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    @Test
    void the_buffer_is_left_as_it_was_and_only_its_window_is_read() {
        byte[] file = picture(DicomWriter.EXPLICIT).pixelWords(0, 255).file();
        ByteBuffer wide = ByteBuffer.allocate(file.length + 20);
        wide.position(10).put(file).position(10).limit(10 + file.length);
        DecodedImage image = DicomReader.read(wide.asReadOnlyBuffer(), DecodeLimits.DEFAULT, DecodeOptions.DEFAULT);
        assertThat(DicomWriter.levels(image)).containsExactly(0, 255);
        assertThat(image.info().sha256()).isEqualTo(ImageInfo.sha256Of(ByteBuffer.wrap(file)));
        DicomReader.read(wide, DecodeLimits.DEFAULT, DecodeOptions.DEFAULT);
        assertThat(wide.position()).isEqualTo(10);
        assertThat(wide.limit()).isEqualTo(10 + file.length);
    }

    // Sequences and representations.

    @ParameterizedTest
    @ValueSource(strings = {DicomWriter.IMPLICIT, DicomWriter.EXPLICIT, DicomWriter.BIG_ENDIAN})
    void private_sequences_of_undefined_length_are_stepped_over_at_any_depth(String syntax) {
        DicomWriter writer = new DicomWriter(syntax)
                .image("MONOCHROME2", 1, 1, 2, 16, 16, 15, 0)
                .delimitedSq(0x00291010, "SQ", syntax, item -> item.delimitedSq(
                                0x00291011, "SQ", syntax, inner -> inner.us(0x00280010, 77).text(0x00291012, "LO", "x"))
                        .delimitedSq(0x00291013, "SQ", syntax))
                .pixelWords(0, 255);
        assertThat(writer.levels()).containsExactly(0, 255);
    }

    @ParameterizedTest
    @ValueSource(strings = {DicomWriter.IMPLICIT, DicomWriter.EXPLICIT})
    void sequences_of_unknown_representation_are_implicit_or_explicit_inside(String inside) {
        DicomWriter writer = picture(DicomWriter.EXPLICIT)
                .delimitedSq(0x00291010, "UN", inside, item -> item.us(0x00280010, 77).text(0x00291012, "LO", "x"))
                .delimitedSq(
                        0x52009229, "UN", inside, item -> item.sq(0x00289110, m -> m.ds(0x00280030, "2\\3")))
                .pixelWords(0, 255);
        assertThat(writer.levels()).containsExactly(0, 255);
        assertThat(writer.read().info().spacing()).isEqualTo(new PixelSpacing(3, 2));
    }

    @Test
    void elements_written_as_unknown_have_the_representation_of_the_dictionary() {
        DicomWriter writer = new DicomWriter(DicomWriter.EXPLICIT);
        writer.raw(0x00280002, "UN", writer.words(1))
                .raw(0x00280004, "UN", "MONOCHROME2 ".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .raw(0x00280010, "UN", writer.words(1))
                .raw(0x00280011, "UN", writer.words(2))
                .raw(0x00280100, "UN", writer.words(16))
                .raw(0x00281050, "UN", "50".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .raw(0x00281051, "UN", "100 ".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .raw(0x7FE00010, "UN", writer.words(0, 255));
        assertThat(writer.levels()).containsExactly(0, 255);
        assertThat(writer.read().info().window().high()).isEqualTo(99);
    }

    @Test
    void numbers_in_another_representation_than_the_standards_are_read() {
        DicomWriter writer = new DicomWriter(DicomWriter.EXPLICIT);
        writer.text(0x00280004, "CS", "MONOCHROME2")
                .raw(0x00280010, "UL", writer.longs(1))
                .text(0x00280011, "IS", "2")
                .us(0x00280100, 16)
                .raw(0x00281050, "FD", new byte[] {0, 0, 0, 0, 0, 0, 0x49, 0x40})
                .raw(0x00281051, "FL", new byte[] {0, 0, (byte) 0xC8, 0x42})
                .pixelWords(0, 255);
        assertThat(writer.levels()).containsExactly(0, 255);
        assertThat(writer.read().info().window().low()).isEqualTo(0);
    }

    @Test
    void misspelt_new_and_missing_representations_are_stepped_over() {
        DicomWriter writer = new DicomWriter(DicomWriter.EXPLICIT)
                .text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.7")
                // "??" and a 16-bit length
                .bytes(0x09, 0, 0x10, 0, '?', '?', 2, 0, 'a', 'b')
                // a representation of the future, 32-bit length
                .bytes(0x09, 0, 0x11, 0, 'Z', 'Z', 0, 0, 2, 0, 0, 0, 'a', 'b')
                // implicit: no representation at all
                .bytes(0x09, 0, 0x12, 0, 2, 0, 0, 0, 'a', 'b')
                // blanks and a 16-bit length, the value just before the next group
                .bytes(0x09, 0, 0x13, 0, ' ', ' ', 4, 0, 'a', 'b', 'c', 'd')
                .us(0x00280002, 1)
                .text(0x00280004, "CS", "MONOCHROME2")
                .us(0x00280010, 1)
                .us(0x00280011, 2)
                .us(0x00280100, 16)
                .pixelWords(0, 255);
        assertThat(writer.levels()).containsExactly(0, 255);
    }

    @Test
    void an_icon_does_not_pass_for_the_picture() {
        DicomWriter writer = picture(DicomWriter.EXPLICIT)
                .sq(0x00880200, icon -> icon.image("MONOCHROME2", 1, 1, 1, 8, 8, 7, 0).pixelBytes(9))
                .delimitedSq(0x00880201, "SQ", DicomWriter.EXPLICIT, icon -> icon.fragments(new byte[0], new byte[4]))
                .pixelWords(0, 255);
        assertThat(writer.levels()).containsExactly(0, 255);
    }

    @Test
    void what_follows_the_pixel_data_is_not_looked_at() {
        byte[] file = picture(DicomWriter.EXPLICIT).pixelWords(0, 255).bytes(1, 2, 3).file();
        assertThat(read(file)).containsExactly(0, 255);
    }

    @Test
    void of_two_elements_with_one_tag_the_first_counts() {
        DicomWriter writer = picture(DicomWriter.EXPLICIT).us(0x00280011, 4000).pixelWords(0, 255);
        assertThat(writer.levels()).containsExactly(0, 255);
    }

    // Facts beside the pixels.

    @Test
    void spacing_is_taken_from_the_best_element_there_is() {
        DicomWriter nominal = picture(DicomWriter.EXPLICIT).ds(0x00182010, "0.1\\0.2").pixelWords(0, 1);
        assertThat(nominal.read().info().spacing()).isEqualTo(new PixelSpacing(0.2, 0.1));
        assertThat(nominal.read().info().warnings().get(0).code()).isEqualTo("nominal_scanned_pixel_spacing");
        DicomWriter imager = picture(DicomWriter.EXPLICIT)
                .ds(0x00181164, "0.3\\0.3")
                .ds(0x00182010, "0.1\\0.2")
                .pixelWords(0, 1);
        assertThat(imager.read().info().spacing()).isEqualTo(new PixelSpacing(0.3, 0.3));
        assertThat(imager.read().info().warnings().get(0).code()).isEqualTo("imager_pixel_spacing");
        DicomWriter own = picture(DicomWriter.EXPLICIT)
                .ds(0x00181164, "0.3\\0.3")
                .ds(0x00280030, "0.4\\0.4")
                .pixelWords(0, 1);
        assertThat(own.read().info().spacing()).isEqualTo(new PixelSpacing(0.4, 0.4));
        assertThat(own.read().info().warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.4", "0\\0.4", "-1\\1", "a\\b", "1e999\\1", "1\\2\\3"})
    void a_malformed_spacing_is_passed_over_and_said(String value) {
        DecodedImage image = picture(DicomWriter.EXPLICIT).ds(0x00280030, value).pixelWords(0, 1).read();
        assertThat(image.info().spacing()).isNull();
        assertThat(image.info().warnings().get(0).code()).isEqualTo("bad_value");
    }

    @Test
    void pixels_that_are_not_square_and_text_burned_in_are_said() {
        DecodedImage image = picture(DicomWriter.EXPLICIT)
                .text(0x00280034, "IS", "4\\3")
                .text(0x00280301, "CS", "YES")
                .pixelWords(0, 1)
                .read();
        assertThat(image.info().warnings().stream().map(warning -> warning.code()))
                .containsExactly("burned_in_annotation", "non_square_pixels");
    }

    @Test
    void a_supplemental_palette_is_left_out_and_that_is_said() {
        DecodedImage image =
                picture(DicomWriter.EXPLICIT).us(0x00281101, 1, 0, 16).pixelWords(0, 255).read();
        assertThat(DicomWriter.levels(image)).containsExactly(0, 255);
        assertThat(image.info().warnings().get(0).code()).isEqualTo("palette_not_applied");
    }

    @Test
    void only_the_first_of_several_frames_is_read_and_that_is_said() {
        DicomWriter writer =
                picture(DicomWriter.EXPLICIT).text(0x00280008, "IS", "2").pixelWords(0, 255, 9, 9);
        assertThat(writer.levels()).containsExactly(0, 255);
        assertThat(writer.read().info().frames()).isEqualTo(2);
        assertThat(writer.read().info().warnings().get(0).code()).isEqualTo("first_frame_only");
    }

    // What is refused.

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
        assertThat(DicomWriter.grey(DicomWriter.EXPLICIT, 1, 2, 16, 17).pixelWords(0, 0).refusal())
                .hasMessageContaining("stored 17");
        assertThat(DicomWriter.grey(DicomWriter.EXPLICIT, 1, 0, 16, 16).pixelWords(0, 0).refusal())
                .hasMessageContaining("0 x 1");
        assertThat(DicomWriter.grey(DicomWriter.EXPLICIT, 1, 2, 12, 12).pixelWords(0, 0).refusal().code())
                .isEqualTo(ErrorCode.IMAGE_UNSUPPORTED);
        assertThat(picture(DicomWriter.EXPLICIT).rescale("one", "0").pixelWords(0, 0).refusal())
                .hasMessageContaining("RescaleSlope (0028,1053) is not a number");
        assertThat(picture(DicomWriter.EXPLICIT).pixelWords(0).refusal()).hasMessageContaining("has 4 bytes");
        assertThat(new DicomWriter(DicomWriter.EXPLICIT)
                        .image("RGB", 1, 1, 1, 8, 8, 7, 0)
                        .pixelBytes(1)
                        .refusal())
                .hasMessageContaining("SamplesPerPixel (0028,0002) is 1, but RGB has 3");
        assertThat(picture(DicomWriter.EXPLICIT).fragments(new byte[0], new byte[4]).refusal())
                .hasMessageContaining("in fragments");
        assertThat(picture(DicomWriter.RLE).pixelWords(0, 0).refusal()).hasMessageContaining("not in fragments");
    }
}
