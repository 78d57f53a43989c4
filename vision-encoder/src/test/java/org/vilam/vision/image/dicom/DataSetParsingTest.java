package org.vilam.vision.image.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.image.DecodeLimits;
import org.vilam.vision.image.DecodeOptions;
import org.vilam.vision.image.DecodedImage;
import org.vilam.vision.image.ImageInfo;
import org.vilam.vision.image.PixelSpacing;

/** Files of every encoding, and odd but readable ones. */
class DataSetParsingTest {
    private static int[] read(byte[] file) {
        return DicomWriter.levels(DicomReader.read(ByteBuffer.wrap(file), DecodeLimits.DEFAULT, DecodeOptions.DEFAULT));
    }

    /** A picture of 2 x 1 pixels, black and white. */
    private static DicomWriter picture(String syntax) {
        return DicomWriter.grey(syntax, 1, 2, 16, 16).window("128", "256");
    }

    @ParameterizedTest
    @ValueSource(strings = {DicomWriter.IMPLICIT, DicomWriter.EXPLICIT, DicomWriter.BIG_ENDIAN, DicomWriter.DEFLATED})
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
        byte[] header = Arrays.copyOf(
                file,
                file.length - picture(DicomWriter.IMPLICIT).pixelWords(0, 255).bare().length);
        byte[] explicit = picture(DicomWriter.EXPLICIT).pixelWords(0, 255).bare();
        assertThat(read(concat(header, explicit))).containsExactly(0, 255);
    }

    @Test
    void an_implicit_data_set_under_an_explicit_header_is_read_as_what_it_is() {
        byte[] file = picture(DicomWriter.EXPLICIT).pixelWords(0, 255).file();
        byte[] header = Arrays.copyOf(
                file,
                file.length - picture(DicomWriter.EXPLICIT).pixelWords(0, 255).bare().length);
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
                .delimitedSq(
                        0x00291010,
                        "SQ",
                        syntax,
                        item -> item.delimitedSq(
                                        0x00291011,
                                        "SQ",
                                        syntax,
                                        inner -> inner.us(0x00280010, 77).text(0x00291012, "LO", "x"))
                                .delimitedSq(0x00291013, "SQ", syntax))
                .pixelWords(0, 255);
        assertThat(writer.levels()).containsExactly(0, 255);
    }

    @ParameterizedTest
    @ValueSource(strings = {DicomWriter.IMPLICIT, DicomWriter.EXPLICIT})
    void sequences_of_unknown_representation_are_implicit_or_explicit_inside(String inside) {
        DicomWriter writer = picture(DicomWriter.EXPLICIT)
                .delimitedSq(
                        0x00291010,
                        "UN",
                        inside,
                        item -> item.us(0x00280010, 77).text(0x00291012, "LO", "x"))
                .delimitedSq(0x52009229, "UN", inside, item -> item.sq(0x00289110, m -> m.ds(0x00280030, "2\\3")))
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
                .sq(
                        0x00880200,
                        icon -> icon.image("MONOCHROME2", 1, 1, 1, 8, 8, 7, 0).pixelBytes(9))
                .delimitedSq(0x00880201, "SQ", DicomWriter.EXPLICIT, icon -> icon.fragments(new byte[0], new byte[4]))
                .pixelWords(0, 255);
        assertThat(writer.levels()).containsExactly(0, 255);
    }

    @Test
    void what_follows_the_pixel_data_is_not_looked_at() {
        byte[] file =
                picture(DicomWriter.EXPLICIT).pixelWords(0, 255).bytes(1, 2, 3).file();
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
        DicomWriter nominal =
                picture(DicomWriter.EXPLICIT).ds(0x00182010, "0.1\\0.2").pixelWords(0, 1);
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
        DecodedImage image = picture(DicomWriter.EXPLICIT)
                .ds(0x00280030, value)
                .pixelWords(0, 1)
                .read();
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
        DecodedImage image = picture(DicomWriter.EXPLICIT)
                .us(0x00281101, 1, 0, 16)
                .pixelWords(0, 255)
                .read();
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
}
