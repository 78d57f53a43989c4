package org.vilam.vision.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vilam.vision.image.Pixels.assertPixelsNear;
import static org.vilam.vision.image.Pixels.assertRefused;
import static org.vilam.vision.image.Pixels.decode;
import static org.vilam.vision.image.Pixels.warningCodes;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.error.ErrorCode;

class JpegTest {
    private static final int LEFT = 0xC85028;
    private static final int RIGHT = 0x2850C8;

    /** 32 x 48, left half and right half as above, by cjpeg 2.1.5 with a restart marker after every row of blocks. */
    static final byte[] RESTARTS = Base64.getDecoder()
            .decode(
                    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK"
                            + "CgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK"
                            + "CgoKCgr/wAARCAAwACADAREAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAf/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFgEBAQEA"
                            + "AAAAAAAAAAAAAAAAAAgJ/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/dAAQABP/aAAwDAQACEQMRAD8AnaX1+AIW2sZFgP/QnaX1+AIW2sZF"
                            + "gP/RnaX1+AIW2sZFgP/SnaX1+AIW2sZFgP/TnaX1+AIW2sZFgP/UnaX1+AIW2sZFgP/Z");
    /** The same picture by cjpeg 2.1.5, arithmetic-coded. */
    private static final byte[] ARITHMETIC = Base64.getDecoder()
            .decode(
                    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK"
                            + "CgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK"
                            + "CgoKCgr/yQARCAAwACADAREAAhEBAxEB/8wACgAQEAUBEBEF/9oADAMBAAIRAxEAPwD/ALGeEm3Nt/vkwxpwSLNk10FVfgw5u9HKgDra"
                            + "I9CeXhnDuMPUk3i7mEqIYYjmBzQ6pp+A/9k=");

    static byte[] write(Raster raster, boolean progressive) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(0.97f);
            if (progressive) {
                param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
            }
            if (raster.getNumBands() == 4) {
                writer.write(null, new IIOImage(raster, null, null), param);
            } else {
                int type = raster.getNumBands() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR;
                BufferedImage image = new BufferedImage(raster.getWidth(), raster.getHeight(), type);
                image.setData(raster);
                writer.write(null, new IIOImage(image, null, null), param);
            }
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    /** Left half of one colour, right half of another, 32 x 16. */
    static Raster halves(int[] left, int[] right) {
        int bands = left.length;
        byte[] data = new byte[32 * 16 * bands];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (i / bands % 32 < 16 ? left : right)[i % bands];
        }
        int[] offsets = new int[bands];
        Arrays.setAll(offsets, band -> band);
        return Raster.createInterleavedRaster(
                new DataBufferByte(data, data.length), 32, 16, 32 * bands, bands, offsets, null);
    }

    static byte[] baseline() {
        return write(halves(new int[] {200, 80, 40}, new int[] {40, 80, 200}), false);
    }

    static byte[] progressive() {
        return write(halves(new int[] {200, 80, 40}, new int[] {40, 80, 200}), true);
    }

    private static int marker(byte[] file, int marker) {
        for (int i = 0; i + 1 < file.length; i++) {
            if (file[i] == (byte) 0xFF && (file[i + 1] & 0xFF) == marker) {
                return i;
            }
        }
        throw new AssertionError("no marker " + Integer.toHexString(marker));
    }

    private static byte[] segment(int marker, byte[] data) {
        return new Bytes().raw(0xFF, marker).be16(data.length + 2).raw(data).done();
    }

    /** The file with a segment put in after its start marker. */
    static byte[] with(byte[] file, int marker, byte[] data) {
        return new Bytes()
                .raw(0xFF, 0xD8)
                .raw(segment(marker, data))
                .raw(Arrays.copyOfRange(file, 2, file.length))
                .done();
    }

    /** Both halves have their colour, but for the columns at their border, where JPEG's coarser chroma mixes them. */
    private static void assertHalves(DecodedImage image, int tolerance, int left, int right) {
        int[] actual = Pixels.of(image);
        int[] expected = actual.clone();
        for (int i = 0; i < expected.length; i++) {
            int x = i % 32;
            expected[i] = x < 12 ? left : x >= 20 ? right : actual[i];
        }
        assertThat(image.info().width()).isEqualTo(32);
        assertPixelsNear(image, tolerance, expected);
    }

    /** A four-component file with an Adobe marker of this transform, or without one and with CMYK's component names. */
    private static byte[] fourComponents(int adobeTransform, int[] left, int[] right) {
        byte[] file = write(halves(left, right), false);
        if (adobeTransform >= 0) {
            return with(
                    file,
                    0xEE,
                    new Bytes()
                            .text("Adobe")
                            .be16(100, 0, 0)
                            .raw(adobeTransform)
                            .done());
        }
        int frame = marker(file, 0xC0);
        int scan = marker(file, 0xDA);
        for (int i = 0; i < 4; i++) {
            file[frame + 10 + 3 * i] = (byte) "CMYK".charAt(i);
            file[scan + 5 + 2 * i] = (byte) "CMYK".charAt(i);
        }
        return file;
    }

    @Test
    void baseline_progressive_restarted_and_grey_files_are_read() {
        assertHalves(decode(baseline()), 4, LEFT, RIGHT);
        assertHalves(decode(progressive()), 4, LEFT, RIGHT);
        assertHalves(decode(RESTARTS), 4, LEFT, RIGHT);
        DecodedImage grey = decode(write(halves(new int[] {50}, new int[] {180}), false));
        assertHalves(grey, 1, 0x323232, 0xB4B4B4);
        assertThat(grey.info().channels()).isEqualTo(1);
        assertThat(grey.info().format()).isEqualTo(ImageFormat.JPEG);
        assertThat(grey.info().bitDepth()).isEqualTo(8);
    }

    @Test
    void a_requested_window_is_applied_to_grey() {
        byte[] file = write(halves(new int[] {50}, new int[] {180}), false);
        DecodedImage image = Pixels.DOOR.decode(file, DecodeOptions.windowed(40, 200));
        assertHalves(image, 2, 0x101010, 0xDFDFDF); // 10/160 and 140/160 of 255
    }

    @Test
    void arithmetic_coding_is_read_or_refused_by_name() {
        try {
            assertHalves(decode(ARITHMETIC), 4, LEFT, RIGHT);
        } catch (org.vilam.vision.error.VilamException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_UNSUPPORTED);
            assertThat(e).hasMessageContaining("arithmetic");
        }
    }

    @Test
    void adobe_cmyk_holds_inverted_inks() {
        // stored 255 is no ink: left no cyan, all magenta and yellow, no black -> red; right half of the black -> grey
        DecodedImage image = decode(fourComponents(0, new int[] {255, 0, 0, 255}, new int[] {255, 255, 255, 128}));
        assertHalves(image, 3, 0xFF0000, 0x808080);
        assertThat(image.info().channels()).isEqualTo(4);
    }

    @Test
    void plain_cmyk_holds_inks() {
        DecodedImage image = decode(fourComponents(-1, new int[] {0, 255, 255, 0}, new int[] {0, 0, 0, 127}));
        assertHalves(image, 3, 0xFF0000, 0x808080);
    }

    @Test
    void ycck_is_inverted_cmyk_in_luma_and_chroma() {
        // inks are coded as RGB: Y 76, Cb 85, Cr 255 is "red", all cyan ink; Y 0 no ink but, right, half of the black
        DecodedImage image = decode(fourComponents(2, new int[] {76, 85, 255, 255}, new int[] {0, 128, 128, 128}));
        assertHalves(image, 4, 0x01FFFF, 0x808080);
    }

    @Test
    void colours_of_a_profile_become_srgb() {
        byte[] linear = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
        byte[] data = new Bytes().text("ICC_PROFILE").raw(0, 1, 1).raw(linear).done();
        byte[] file = with(write(halves(new int[] {55, 55, 55}, new int[] {200, 200, 200}), false), 0xE2, data);
        assertHalves(decode(file), 3, 0x808080, 0xE5E5E5);
    }

    @Test
    void exif_turns_the_picture() {
        byte[] exif = new Bytes()
                .text("Exif")
                .raw(0, 0)
                .raw(OrientationTest.exif(java.nio.ByteOrder.LITTLE_ENDIAN, 6))
                .done();
        DecodedImage image = decode(with(baseline(), 0xE1, exif));
        assertThat(image.info().width()).isEqualTo(16);
        assertThat(image.info().height()).isEqualTo(32);
        int[] pixels = Pixels.of(image);
        for (int x = 0; x < 16; x++) { // turned clockwise: left goes to the top
            assertThat(pixels[x] >> 16).isGreaterThan(190);
            assertThat(pixels[31 * 16 + x] >> 16).isLessThan(50);
        }
    }

    @Test
    void the_first_exif_block_counts() {
        byte[] second = new Bytes()
                .text("Exif")
                .raw(0, 0)
                .raw(OrientationTest.exif(java.nio.ByteOrder.BIG_ENDIAN, 3))
                .done();
        byte[] first = new Bytes()
                .text("Exif")
                .raw(0, 0)
                .raw(OrientationTest.exif(java.nio.ByteOrder.BIG_ENDIAN, 8))
                .done();
        assertThat(decode(with(with(baseline(), 0xE1, second), 0xE1, first))
                        .info()
                        .orientation())
                .isEqualTo(8);
    }

    @Test
    void bytes_after_the_end_are_nothing() {
        byte[] file =
                new Bytes().raw(baseline()).raw(new byte[1000]).raw(baseline()).done();
        DecodedImage image = decode(file);
        assertHalves(image, 4, LEFT, RIGHT);
        assertThat(image.info().warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_file_cut_off_anywhere_is_damaged_or_whole(boolean progressive) {
        byte[] file = progressive ? progressive() : baseline();
        int[] whole = Pixels.of(decode(file));
        for (int length = 2; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            if (progressive || length < file.length - 2) {
                assertThat(Pixels.refusal(cut).code()).as("of %d bytes", length).isEqualTo(ErrorCode.IMAGE_CORRUPT);
            } else {
                DecodedImage image = decode(cut);
                assertThat(Pixels.of(image)).containsExactly(whole);
                assertThat(warningCodes(image)).containsExactly("end_missing");
            }
        }
    }

    @Test
    void damage_in_the_middle_is_warned_of() {
        byte[] file = RESTARTS.clone();
        file[marker(file, 0xD2) + 1] = (byte) 0xD5; // another restart marker than is due
        DecodedImage image = decode(file);
        assertThat(warningCodes(image)).containsExactly("jpeg_damaged");
        assertThat(image.info().height()).isEqualTo(48);
    }

    @Test
    void processes_that_are_not_decoded_are_refused_by_name() {
        byte[] twelve = baseline();
        int frame = marker(twelve, 0xC0);
        twelve[frame + 4] = 12;
        assertRefused(twelve, ErrorCode.IMAGE_UNSUPPORTED, "12-bit JPEG");
        int[] markers = {0xC3, 0xF7, 0xC5};
        String[] names = {"lossless JPEG", "JPEG-LS", "hierarchical JPEG"};
        for (int i = 0; i < 3; i++) {
            byte[] file = baseline();
            file[frame + 1] = (byte) markers[i];
            assertRefused(file, ErrorCode.IMAGE_UNSUPPORTED, names[i]);
        }
    }

    @Test
    void a_bomb_of_scans_is_refused() {
        byte[] file = progressive();
        int scan = marker(file, 0xDA);
        int next = scan + 2 + (file[scan + 3] & 0xFF);
        byte[] header = Arrays.copyOfRange(file, scan, next);
        Bytes bomb = new Bytes().raw(Arrays.copyOf(file, scan));
        for (int i = 0; i < 1000; i++) {
            bomb.raw(header).raw(0);
        }
        assertRefused(bomb.raw(0xFF, 0xD9).done(), ErrorCode.IMAGE_TOO_LARGE, "1000 scans");
    }
}
