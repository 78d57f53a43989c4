package org.vilam.vision.image.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.DecodeLimits;
import org.vilam.vision.image.DecodeOptions;
import org.vilam.vision.image.DecodedImage;
import org.vilam.vision.image.ImageFormat;
import org.vilam.vision.image.ImageInfo;
import org.vilam.vision.image.ImageWarning;
import org.vilam.vision.image.PixelSpacing;
import org.vilam.vision.parity.SharedData;

/** Whole files against what pydicom, DCMTK and Pillow make of them; see expected_pictures.py and make_fixtures.py. */
class ReferencePicturesTest {
    private static final String FOLDER = "data/formats/dicom";

    /** Files of the shared folder that are refused, with what the message must say. */
    private static final Map<String, String> REFUSED = new TreeMap<>(Map.ofEntries(
            Map.entry("693_J2KI.dcm", "JPEG 2000 Image Compression (1.2.840.10008.1.2.4.91)"),
            Map.entry("JPEG2000.dcm", "JPEG 2000 Image Compression (1.2.840.10008.1.2.4.91)"),
            Map.entry("JPEG2000-embedded-sequence-delimiter.dcm", "(1.2.840.10008.1.2.4.91)"),
            Map.entry(
                    "MR_small_jp2klossless.dcm",
                    "JPEG 2000 Image Compression (Lossless Only) (1.2.840.10008.1.2.4.90)"),
            Map.entry("MR_small_jpeg_ls_lossless.dcm", "JPEG-LS Lossless Image Compression (1.2.840.10008.1.2.4.80)"),
            Map.entry("DICOMDIR", "Media Storage Directory"),
            Map.entry("rtstruct.dcm", "RT Structure Set Storage"),
            Map.entry("test-SR.dcm", "Comprehensive SR Storage"),
            Map.entry("zipMR.gz", "not a DICOM file"),
            Map.entry("LICENSE", "not a DICOM file"),
            Map.entry("README-pydicom-test-files.txt", "not a DICOM file")));

    /** One line of an expectation table. */
    record Expected(Path file, List<String> columns) {
        @Override
        public String toString() {
            return columns.get(0);
        }
    }

    static List<Expected> fixtures() {
        return table("expected-fixtures.tsv", ReferencePicturesTest::resource);
    }

    static List<Expected> sharedFiles() {
        return table("expected-pictures.tsv", name -> SharedData.path(FOLDER + "/" + name));
    }

    private static List<Expected> table(String name, Function<String, Path> find) {
        try {
            return Files.readAllLines(resource(name)).stream()
                    .map(line -> List.of(line.split("\t", -1)))
                    .map(columns -> new Expected(find.apply(columns.get(0)), columns))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path resource(String name) {
        try {
            return Path.of(ReferencePicturesTest.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static DecodedImage read(Path file) {
        try {
            return DicomReader.read(
                    ByteBuffer.wrap(Files.readAllBytes(file)), DecodeLimits.DEFAULT, DecodeOptions.DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void every_coding_of_a_synthetic_picture_is_read_exactly(Expected expected) {
        check(expected);
    }

    @ParameterizedTest
    @MethodSource("sharedFiles")
    void every_picture_of_the_shared_folder_is_what_other_tools_make_of_it(Expected expected) {
        check(expected);
    }

    private static void check(Expected expected) {
        List<String> columns = expected.columns();
        DecodedImage image = read(expected.file());
        ImageInfo info = image.info();
        assertThat(info.format()).isEqualTo(ImageFormat.DICOM);
        assertThat(info.width()).isEqualTo(Integer.parseInt(columns.get(1)));
        assertThat(info.height()).isEqualTo(Integer.parseInt(columns.get(2)));
        assertThat(info.window().low()).isCloseTo(Double.parseDouble(columns.get(3)), within(1e-9));
        assertThat(info.window().high()).isCloseTo(Double.parseDouble(columns.get(4)), within(1e-9));
        assertThat(info.window().source().name()).isEqualTo(columns.get(5));
        assertThat(info.spacing())
                .isEqualTo(
                        columns.get(6).equals("-")
                                ? null
                                : new PixelSpacing(
                                        Double.parseDouble(columns.get(6)), Double.parseDouble(columns.get(7))));
        assertThat(info.frames()).isEqualTo(Integer.parseInt(columns.get(8)));
        for (String spot : columns.get(10).split(";", -1)) {
            String[] parts = spot.split("[,=/]", -1);
            int x = Integer.parseInt(parts[0]);
            int y = Integer.parseInt(parts[1]);
            for (int channel = 0; channel < 3; channel++) {
                assertThat(image.pixels().get(x, y, channel)).as(spot).isEqualTo(Integer.parseInt(parts[2 + channel]));
            }
        }
        CRC32 crc = new CRC32();
        crc.update(image.pixels().rgb());
        assertThat(String.format("%08x", crc.getValue()))
                .as("CRC-32 of all pixels")
                .isEqualTo(columns.get(9));
    }

    @Test
    void what_cannot_be_read_is_refused_by_its_name() throws IOException {
        for (Map.Entry<String, String> refused : REFUSED.entrySet()) {
            VilamException e =
                    DicomWriter.refusal(Files.readAllBytes(SharedData.path(FOLDER + "/" + refused.getKey())));
            assertThat(e.code()).as(refused.getKey()).isEqualTo(ErrorCode.IMAGE_UNSUPPORTED);
            assertThat(e).as(refused.getKey()).hasMessageContaining(refused.getValue());
        }
    }

    @Test
    void jpeg_of_twelve_bits_is_refused_with_the_way_to_convert_it() throws IOException {
        VilamException e = DicomWriter.refusal(Files.readAllBytes(resource("grey12_extended.dcm")));
        assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_UNSUPPORTED);
        assertThat(e)
                .hasMessageContaining("JPEG Extended (Process 2 and 4) (1.2.840.10008.1.2.4.51)")
                .hasMessageContaining("12 bits");
        assertThat(e.hint()).contains("gdcmconv --raw");
    }

    @Test
    void no_file_of_the_shared_folder_is_left_out() throws IOException {
        try (Stream<Path> files = Files.list(SharedData.path(FOLDER))) {
            Set<String> present =
                    files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
            Set<String> covered = new TreeSet<>(REFUSED.keySet());
            sharedFiles().forEach(expected -> covered.add(expected.toString()));
            assertThat(covered).isEqualTo(present);
        }
    }

    @Test
    void one_picture_in_five_encodings_is_one_picture() {
        byte[] plain = read(SharedData.path(FOLDER + "/MR_small.dcm")).pixels().rgb();
        for (String name :
                List.of("MR_small_RLE.dcm", "MR_small_bigendian.dcm", "MR_small_implicit.dcm", "MR_small_padded.dcm")) {
            assertThat(read(SharedData.path(FOLDER + "/" + name)).pixels().rgb())
                    .as(name)
                    .isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MR_small.dcm, ''",
        "MR_small_padded.dcm, pixel_data_length",
        "badVR.dcm, bad_value first_frame_only",
        "examples_overlay.dcm, overlay_not_drawn other_windows",
        "SC_rgb_rle_2frame.dcm, first_frame_only",
        "SC_jpeg_no_color_transform.dcm, ''",
    })
    void what_a_person_should_know_is_said(String name, String codes) {
        List<String> found = new ArrayList<>();
        for (ImageWarning warning :
                read(SharedData.path(FOLDER + "/" + name)).info().warnings()) {
            found.add(warning.code());
        }
        assertThat(String.join(" ", found)).isEqualTo(codes);
    }

    @Test
    void nothing_that_identifies_a_patient_is_repeated() throws IOException {
        for (Expected expected : sharedFiles()) {
            String said = read(expected.file()).info().toString();
            assertThat(said).doesNotContainIgnoringCase("name").doesNotContain("CompressedSamples", "id11111");
        }
        for (String refused : REFUSED.keySet()) {
            byte[] file = Files.readAllBytes(SharedData.path(FOLDER + "/" + refused));
            VilamException e = DicomWriter.refusal(file);
            assertThat(e.getMessage() + e.hint()).doesNotContain("CompressedSamples", "Phantom", "Doe");
        }
        // The words looked for are in the files, or this test would show nothing.
        String ct =
                new String(Files.readAllBytes(SharedData.path(FOLDER + "/CT_small.dcm")), StandardCharsets.ISO_8859_1);
        assertThat(ct).contains("CompressedSamples");
    }
}
