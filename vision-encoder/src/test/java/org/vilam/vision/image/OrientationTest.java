package org.vilam.vision.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vilam.vision.image.Pixels.assertPixels;
import static org.vilam.vision.image.Pixels.decode;
import static org.vilam.vision.image.Pixels.meanAbsoluteDifference;
import static org.vilam.vision.image.Pixels.warningCodes;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.parity.SharedData;

class OrientationTest {
    /** The picture 1 2 3 / 4 5 6 upright, after being stored as each orientation says (EXIF 2.32, page 37). */
    static Stream<Arguments> orientations() {
        return Stream.of(
                Arguments.of(1, 3, 2, "1 2 3 4 5 6"),
                Arguments.of(2, 3, 2, "3 2 1 6 5 4"),
                Arguments.of(3, 3, 2, "6 5 4 3 2 1"),
                Arguments.of(4, 3, 2, "4 5 6 1 2 3"),
                Arguments.of(5, 2, 3, "1 4 2 5 3 6"),
                Arguments.of(6, 2, 3, "3 6 2 5 1 4"),
                Arguments.of(7, 2, 3, "6 3 5 2 4 1"),
                Arguments.of(8, 2, 3, "4 1 5 2 6 3"));
    }

    private static int[] levels(String stored) {
        return Stream.of(stored.split(" ")).mapToInt(Integer::parseInt).toArray();
    }

    /** An EXIF block with an orientation and nothing else. */
    static byte[] exif(ByteOrder order, int orientation) {
        byte[] file = new TiffWriter(order, false)
                .tag(ExifOrientation.TAG, TiffWriter.SHORT, orientation)
                .tag(273, TiffWriter.LONG, 0)
                .write();
        return file;
    }

    private static void assertUpright(DecodedImage image, int orientation, int width, int height) {
        assertPixels(image, 3, 2, Pixels.grey(1, 2, 3, 4, 5, 6));
        assertThat(image.info().orientation()).isEqualTo(orientation);
        assertThat(image.info().storedWidth()).isEqualTo(width);
        assertThat(image.info().storedHeight()).isEqualTo(height);
        assertThat(image.info().width()).isEqualTo(3);
        assertThat(image.info().height()).isEqualTo(2);
        assertThat(image.info().warnings()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("orientations")
    void a_png_with_exif_stands_upright(int orientation, int width, int height, String stored) {
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            PngWriter png = new PngWriter(width, height, 0, 8).ending("eXIf", exif(order, orientation));
            assertUpright(decode(png.write(levels(stored))), orientation, width, height);
        }
    }

    @ParameterizedTest
    @MethodSource("orientations")
    void a_tiff_stands_upright(int orientation, int width, int height, String stored) {
        byte[] pixels = new Bytes().raw(levels(stored)).done();
        for (boolean big : new boolean[] {false, true}) {
            byte[] file = new TiffWriter(ByteOrder.BIG_ENDIAN, big)
                    .size(width, height)
                    .samples(1, 1, 8, 1)
                    .tag(ExifOrientation.TAG, TiffWriter.SHORT, orientation)
                    .write(pixels);
            assertUpright(decode(file), orientation, width, height);
        }
    }

    @ParameterizedTest
    @MethodSource("orientations")
    void a_lossless_webp_with_exif_stands_upright(int orientation, int width, int height, String stored) {
        // The file holds the six colours of PngTest as 3 x 2; turned, they are what turning those colours gives.
        int[] six = PngTest.SIX;
        DecodedImage image = decode(WebpTest.withExif(WebpTest.SIX, 3, 2, exif(ByteOrder.LITTLE_ENDIAN, orientation)));
        boolean turned = orientation >= 5;
        int[] expected = new int[6];
        for (int y = 0; y < 2; y++) {
            for (int x = 0; x < 3; x++) {
                int to = switch (orientation) {
                    case 1 -> y * 3 + x;
                    case 2 -> y * 3 + 2 - x;
                    case 3 -> (1 - y) * 3 + 2 - x;
                    case 4 -> (1 - y) * 3 + x;
                    case 5 -> x * 2 + y;
                    case 6 -> x * 2 + 1 - y;
                    case 7 -> (2 - x) * 2 + 1 - y;
                    default -> (2 - x) * 2 + y;
                };
                expected[to] = six[y * 3 + x];
            }
        }
        assertPixels(image, turned ? 2 : 3, turned ? 3 : 2, expected);
        assertThat(image.info().orientation()).isEqualTo(orientation);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9, 65535})
    void an_orientation_that_does_not_exist_is_none_and_warned_of(int orientation) {
        byte[] exif = exif(ByteOrder.BIG_ENDIAN, orientation);
        DecodedImage image = decode(new PngWriter(3, 1, 0, 8).with("eXIf", exif).write(1, 2, 3));
        assertPixels(image, 3, 1, Pixels.grey(1, 2, 3));
        assertThat(image.info().orientation()).isEqualTo(1);
        assertThat(warningCodes(image)).containsExactly("exif_orientation_invalid");
    }

    @Test
    void no_damage_to_the_exif_block_fails_the_image() {
        byte[] exif = exif(ByteOrder.BIG_ENDIAN, 3);
        for (int length = 0; length < exif.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(exif, length);
            DecodedImage image =
                    decode(new PngWriter(3, 1, 0, 8).with("eXIf", cut).write(1, 2, 3));
            assertThat(image.info().orientation()).isIn(1, 3);
            if (image.info().orientation() == 1 && length < 8) {
                assertThat(warningCodes(image)).containsExactly("exif_unreadable");
            }
        }
        for (int at = 0; at < exif.length; at++) {
            for (int value : new int[] {0, 0x7F, 0x80, 0xFF}) {
                byte[] changed = exif.clone();
                changed[at] = (byte) value;
                DecodedImage image =
                        decode(new PngWriter(3, 1, 0, 8).with("eXIf", changed).write(1, 2, 3));
                assertThat(image.pixels().rgb()).hasSize(9);
            }
        }
    }

    @Test
    void turning_twice_the_other_way_round_gives_the_picture_back() {
        int width = 131; // more than one block, and a broken one
        int height = 70;
        byte[] rgb = new byte[width * height * 3];
        new java.util.Random(7).nextBytes(rgb);
        int[] inverse = {0, 1, 2, 3, 4, 5, 8, 7, 6};
        for (int orientation = 1; orientation <= 8; orientation++) {
            RgbImage turned = ExifOrientation.upright(rgb.clone(), width, height, orientation);
            RgbImage back =
                    ExifOrientation.upright(turned.rgb(), turned.width(), turned.height(), inverse[orientation]);
            assertThat(back.width()).isEqualTo(width);
            assertThat(back.rgb()).isEqualTo(rgb);
        }
    }

    /**
     * Photographs of one scene, each saved anew by JPEG in its own orientation and with its number drawn on it: upright they
     * differ by that (measured: at most 3.9 levels in the mean), in a wrong orientation by more than 30.
     */
    @Test
    void the_photographs_of_the_exif_orientation_set_stand_upright_alike() throws IOException {
        for (String series : List.of("Landscape", "Portrait")) {
            try (Stream<Path> files = Files.list(SharedData.path("data/formats/exif-orientation"))) {
                List<DecodedImage> images = files.filter(
                                file -> file.getFileName().toString().startsWith(series))
                        .sorted()
                        .map(Pixels.DOOR::decode)
                        .toList();
                assertThat(images).hasSizeGreaterThanOrEqualTo(6);
                DecodedImage first = images.get(0);
                for (DecodedImage image : images) {
                    assertThat(meanAbsoluteDifference(first, image)).isLessThan(5);
                }
                for (int orientation = 2; orientation <= 4; orientation++) {
                    RgbImage wrong = ExifOrientation.upright(
                            first.pixels().rgb().clone(),
                            first.info().width(),
                            first.info().height(),
                            orientation);
                    assertThat(meanAbsoluteDifference(first, new DecodedImage(wrong, first.info())))
                            .isGreaterThan(30);
                }
            }
        }
    }

    @Test
    void the_orientation_found_is_the_one_in_the_file_name() throws IOException {
        for (String folder : List.of("exif-orientation", "orientation")) {
            try (Stream<Path> files = Files.list(SharedData.path("data/formats/" + folder))) {
                for (Path file : files.filter(path -> path.toString().matches(".*_[0-8]\\.(jpg|webp)"))
                        .toList()) {
                    String name = file.getFileName().toString();
                    int named = name.charAt(name.lastIndexOf('_') + 1) - '0';
                    assertThat(Pixels.DOOR.decode(file).info().orientation())
                            .as(name)
                            .isEqualTo(Math.max(1, named));
                }
            }
        }
    }

    /** Pillow's test picture, saved by JPEG and WebP at low quality (measured: at most 5.0 levels in the mean). */
    @Test
    void the_hopper_pictures_stand_upright_alike() throws IOException {
        DecodedImage reference = Pixels.DOOR.decode(SharedData.path("data/formats/ok/hopper.png"));
        try (Stream<Path> files = Files.list(SharedData.path("data/formats/orientation"))) {
            for (Path file : files.sorted().toList()) {
                DecodedImage image = Pixels.DOOR.decode(file);
                assertThat(meanAbsoluteDifference(reference, image))
                        .as(file.toString())
                        .isLessThan(6);
            }
        }
    }
}
