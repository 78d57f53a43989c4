package org.vilam.vision.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vilam.vision.image.Pixels.assertPixels;
import static org.vilam.vision.image.Pixels.assertPixelsNear;
import static org.vilam.vision.image.Pixels.assertRefused;
import static org.vilam.vision.image.Pixels.decode;
import static org.vilam.vision.image.Pixels.grey;
import static org.vilam.vision.image.Pixels.warningCodes;
import static org.vilam.vision.image.TiffWriter.LONG;
import static org.vilam.vision.image.TiffWriter.SHORT;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.error.ErrorCode;

class TiffTest {
    private static final ByteOrder[] ORDERS = {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN};
    private static final int[] SIX = PngTest.SIX;
    static final byte[] SIX_BYTES = bytes(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 128, 64, 32);

    private static byte[] bytes(int... values) {
        return new Bytes().raw(values).done();
    }

    /** Samples of {@code bits} bits, integer or float. */
    private static byte[] encode(ByteOrder order, int bits, boolean real, double... values) {
        ByteBuffer out = ByteBuffer.allocate(values.length * bits / 8).order(order);
        for (double value : values) {
            if (real) {
                if (bits == 64) {
                    out.putDouble(value);
                } else {
                    out.putFloat((float) value);
                }
            } else if (bits == 32) {
                out.putInt((int) (long) value);
            } else if (bits == 16) {
                out.putShort((short) (long) value);
            } else {
                out.put((byte) (long) value);
            }
        }
        return out.array();
    }

    private static DecodedImage row(ByteOrder order, int photometric, int bits, int format, double... values) {
        return decode(new TiffWriter(order, false)
                .size(values.length, 1)
                .samples(photometric, 1, bits, format)
                .write(encode(order, bits, format == 3, values)));
    }

    /** As the JDK's writer compresses it. */
    private static byte[] compressed(BufferedImage image, String type) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
        while (!writer.getClass().getName().startsWith("com.sun")) {
            writer = nextWriter(writer);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionType(type);
            writer.write(null, new IIOImage(image, null, null), param);
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    private static ImageWriter nextWriter(ImageWriter not) {
        var writers = ImageIO.getImageWritersByFormatName("tiff");
        while (writers.hasNext()) {
            ImageWriter writer = writers.next();
            if (!writer.getClass().equals(not.getClass())) {
                return writer;
            }
        }
        throw new AssertionError("the JDK has a TIFF writer");
    }

    private static BufferedImage picture(int type) {
        BufferedImage image = new BufferedImage(40, 30, type);
        for (int y = 0; y < 30; y++) {
            for (int x = 0; x < 40; x++) {
                int bit = (x / 5 + y / 4) % 2;
                image.setRGB(
                        x, y, type == BufferedImage.TYPE_BYTE_BINARY ? bit * 0xFFFFFF : x * 0x060001 + y * 0x000702);
            }
        }
        return image;
    }

    private static int[] pixels(BufferedImage image) {
        int[] pixels = image.getRGB(0, 0, 40, 30, null, 0, 40);
        return Arrays.stream(pixels).map(p -> p & 0xFFFFFF).toArray();
    }

    static byte[] simple() {
        return TiffWriter.of(3, 2).samples(2, 3, 8, 1).write(SIX_BYTES);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rgb_of_8_16_and_32_bits_is_exact_in_both_byte_orders(boolean big) {
        for (ByteOrder order : ORDERS) {
            TiffWriter eight = new TiffWriter(order, big).size(3, 2).samples(2, 3, 8, 1);
            assertPixels(decode(eight.write(SIX_BYTES)), 3, 2, SIX);
            double[] values = new double[18];
            Arrays.setAll(values, i -> SIX_BYTES[i] & 0xFF);
            double[] deep = Arrays.stream(values).map(v -> v * 257).toArray();
            TiffWriter sixteen = new TiffWriter(order, big).size(3, 2).samples(2, 3, 16, 1);
            DecodedImage image = decode(sixteen.write(encode(order, 16, false, deep)));
            assertPixels(image, 3, 2, SIX);
            assertThat(image.info().window()).isEqualTo(new GreyWindow(0, 65535, GreyWindow.Source.FULL_RANGE));
            double[] deepest = Arrays.stream(values).map(v -> v * 16843009).toArray();
            TiffWriter thirtyTwo = new TiffWriter(order, big).size(3, 2).samples(2, 3, 32, 1);
            assertPixels(decode(thirtyTwo.write(encode(order, 32, false, deepest))), 3, 2, SIX);
        }
    }

    @Test
    void integers_of_16_and_32_bits_are_windowed_by_their_percentiles() {
        for (ByteOrder order : ORDERS) {
            int[] expected = grey(0, 51, 102, 153, 204, 255);
            assertPixels(row(order, 1, 16, 1, 1000, 2000, 3000, 4000, 5000, 6000), 6, 1, expected);
            assertPixels(row(order, 1, 16, 1, 60000, 61000, 62000, 63000, 64000, 65000), 6, 1, expected);
            DecodedImage signed = row(order, 1, 16, 2, -2500, -1500, -500, 500, 1500, 2500);
            assertPixels(signed, 6, 1, expected);
            assertThat(signed.info().window()).isEqualTo(new GreyWindow(-2500, 2500, GreyWindow.Source.PERCENTILES));
            assertPixels(row(order, 1, 32, 2, -2500, -1500, -500, 500, 1500, 2500), 6, 1, expected);
            DecodedImage unsigned = row(order, 1, 32, 1, 4e9, 4.01e9, 4.02e9, 4.03e9, 4.04e9, 4.05e9);
            assertPixels(unsigned, 6, 1, expected);
            assertThat(unsigned.info().window().low()).isEqualTo(4e9);
        }
    }

    @Test
    void floats_are_windowed_without_their_nans_and_infinities() {
        for (ByteOrder order : ORDERS) {
            for (int bits : new int[] {32, 64}) {
                DecodedImage image = row(order, 1, bits, 3, -50, Double.NaN, 0, 50, Double.POSITIVE_INFINITY, 150);
                assertPixels(image, 6, 1, grey(0, 0, 64, 128, 255, 255)); // 63.75 and 127.5, rounded
                assertThat(image.info().window()).isEqualTo(new GreyWindow(-50, 150, GreyWindow.Source.PERCENTILES));
                assertThat(image.info().bitDepth()).isEqualTo(bits);
            }
        }
    }

    @Test
    void half_floats_are_read() {
        short[] halves = {0x0000, 0x3C00, 0x4000, (short) 0xC000}; // 0, 1, 2, -2
        Bytes data = new Bytes();
        for (short half : halves) {
            data.le16(half);
        }
        DecodedImage image = decode(TiffWriter.of(4, 1).samples(1, 1, 16, 3).write(data.done()));
        assertPixels(image, 4, 1, grey(128, 191, 255, 0)); // 127.5, 191.25
    }

    @Test
    void a_requested_window_is_applied() {
        byte[] file = TiffWriter.of(4, 1)
                .samples(1, 1, 32, 3)
                .write(encode(ByteOrder.LITTLE_ENDIAN, 32, true, -1, 0, 0.5, 2));
        DecodedImage image = Pixels.DOOR.decode(file, DecodeOptions.windowed(0, 1));
        assertPixels(image, 4, 1, grey(0, 0, 128, 255));
        assertThat(image.info().window()).isEqualTo(new GreyWindow(0, 1, GreyWindow.Source.REQUESTED));
    }

    @Test
    void equal_samples_have_a_window_all_the_same() {
        DecodedImage zero = row(ByteOrder.LITTLE_ENDIAN, 1, 16, 1, 0, 0, 0);
        assertPixels(zero, 3, 1, grey(0, 0, 0));
        assertThat(zero.info().window()).isEqualTo(new GreyWindow(0, 65535, GreyWindow.Source.FULL_RANGE));
        DecodedImage real = row(ByteOrder.LITTLE_ENDIAN, 1, 32, 3, 7, 7, 7);
        assertPixels(real, 3, 1, grey(128, 128, 128));
        assertThat(real.info().window()).isEqualTo(new GreyWindow(6.5, 7.5, GreyWindow.Source.PERCENTILES));
        DecodedImage none = row(ByteOrder.LITTLE_ENDIAN, 1, 32, 3, Double.NaN, Double.NaN);
        assertPixels(none, 2, 1, grey(0, 0));
    }

    @Test
    void a_few_bright_pixels_on_black_are_shown_by_their_extremes() {
        double[] values = new double[1000];
        values[500] = 4000;
        DecodedImage image = row(ByteOrder.LITTLE_ENDIAN, 1, 16, 1, values);
        assertThat(image.info().window()).isEqualTo(new GreyWindow(0, 4000, GreyWindow.Source.PERCENTILES));
        assertThat(image.pixels().get(500, 0, 0)).isEqualTo(255);
    }

    @Test
    void white_is_zero_shows_a_negative() {
        assertPixels(row(ByteOrder.LITTLE_ENDIAN, 0, 8, 1, 0, 100, 255), 3, 1, grey(255, 155, 0));
        assertPixels(row(ByteOrder.BIG_ENDIAN, 0, 16, 1, 1000, 2000, 6000), 3, 1, grey(255, 204, 0));
        assertPixels(row(ByteOrder.BIG_ENDIAN, 0, 32, 3, -1, 0, 4), 3, 1, grey(255, 204, 0));
        byte[] bits = TiffWriter.of(8, 1).samples(0, 1, 1, 1).write(bytes(0xA5));
        assertPixels(decode(bits), 8, 1, grey(0, 255, 0, 255, 255, 0, 255, 0));
    }

    @Test
    void signed_bytes_and_shallow_levels_fill_the_range() {
        assertPixels(row(ByteOrder.LITTLE_ENDIAN, 1, 8, 2, -128, 0, 127), 3, 1, grey(0, 128, 255));
        byte[] four = TiffWriter.of(4, 1).samples(1, 1, 4, 1).write(bytes(0x0F, 0x7A));
        assertPixels(decode(four), 4, 1, grey(0, 255, 119, 170));
        byte[] two = TiffWriter.of(4, 1).samples(1, 1, 2, 1).write(bytes(0x1B));
        assertPixels(decode(two), 4, 1, grey(0, 85, 170, 255));
        byte[] one = TiffWriter.of(8, 1).samples(1, 1, 1, 1).write(bytes(0xA5));
        assertPixels(decode(one), 8, 1, grey(255, 0, 255, 0, 0, 255, 0, 255));
    }

    @Test
    void packed_samples_of_12_bits_are_windowed() {
        byte[] packed = bytes(0x06, 0x40, 0xC8, 0x12, 0xC0, 0x00); // 100, 200, 300 and padding
        assertPixels(decode(TiffWriter.of(3, 1).samples(1, 1, 12, 1).write(packed)), 3, 1, grey(0, 128, 255));
    }

    @Test
    void alpha_is_what_the_file_says_it_is() {
        byte[] rgba = bytes(200, 100, 0, 255, 200, 100, 0, 51);
        byte[] straight =
                TiffWriter.of(2, 1).samples(2, 4, 8, 1).tag(338, SHORT, 2).write(rgba);
        assertPixels(decode(straight), 2, 1, 0xC86400, 0xF4E0CC);
        byte[] unsaid = TiffWriter.of(2, 1).samples(2, 4, 8, 1).write(rgba);
        assertPixels(decode(unsaid), 2, 1, 0xC86400, 0xF4E0CC);
        byte[] noAlpha =
                TiffWriter.of(2, 1).samples(2, 4, 8, 1).tag(338, SHORT, 0).write(rgba);
        assertPixels(decode(noAlpha), 2, 1, 0xC86400, 0xC86400);
        assertThat(warningCodes(decode(noAlpha))).containsExactly("extra_channels_ignored");
        byte[] premultiplied = TiffWriter.of(2, 1)
                .samples(2, 4, 8, 1)
                .tag(338, SHORT, 1)
                .write(bytes(200, 100, 0, 255, 40, 20, 0, 51));
        assertPixels(decode(premultiplied), 2, 1, 0xC86400, 0xF4E0CC);
        byte[] deep = encode(ByteOrder.LITTLE_ENDIAN, 16, false, 200 * 257, 100 * 257, 0, 51 * 257);
        byte[] sixteen =
                TiffWriter.of(1, 1).samples(2, 4, 16, 1).tag(338, SHORT, 2).write(deep);
        assertPixels(decode(sixteen), 1, 1, 0xF4E0CC);
        byte[] grey = TiffWriter.of(2, 1).samples(1, 2, 8, 1).tag(338, SHORT, 2).write(bytes(100, 255, 100, 51));
        assertPixels(decode(grey), 2, 1, Pixels.grey(100, 224));
    }

    @Test
    void further_channels_are_ignored_with_a_warning() {
        byte[] file = TiffWriter.of(2, 1)
                .samples(2, 5, 8, 1)
                .tag(338, SHORT, 2, 0)
                .write(bytes(200, 100, 0, 255, 9, 200, 100, 0, 51, 9));
        assertPixels(decode(file), 2, 1, 0xC86400, 0xF4E0CC);
        assertThat(warningCodes(decode(file))).containsExactly("extra_channels_ignored");
        assertThat(decode(file).info().channels()).isEqualTo(5);
    }

    @Test
    void planes_strips_and_tiles_are_put_together() {
        byte[] planar = TiffWriter.of(3, 2)
                .samples(2, 3, 8, 1)
                .tag(284, SHORT, 2)
                .strips(2, bytes(255, 0, 0, 255, 0, 128), bytes(0, 255, 0, 255, 0, 64), bytes(0, 0, 255, 255, 0, 32))
                .write();
        assertPixels(decode(planar), 3, 2, SIX);
        byte[] strips = TiffWriter.of(3, 2)
                .samples(2, 3, 8, 1)
                .strips(1, Arrays.copyOf(SIX_BYTES, 9), Arrays.copyOfRange(SIX_BYTES, 9, 18))
                .write();
        assertPixels(decode(strips), 3, 2, SIX);
        byte[][] tiles = new byte[2][16 * 16];
        int[] expected = new int[20 * 4];
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 20; x++) {
                tiles[x / 16][y * 16 + x % 16] = (byte) (x * 10 + y);
                expected[y * 20 + x] = (x * 10 + y) * 0x010101;
            }
        }
        byte[] tiled =
                TiffWriter.of(20, 4).samples(1, 1, 8, 1).tiles(16, 16, tiles).write();
        assertPixels(decode(tiled), 20, 4, expected);
    }

    @ParameterizedTest
    @CsvSource({"LZW", "ZLib", "Deflate", "PackBits"})
    void lossless_compressions_are_exact(String type) {
        BufferedImage image = picture(BufferedImage.TYPE_3BYTE_BGR);
        assertPixels(decode(compressed(image, type)), 40, 30, pixels(image));
    }

    @ParameterizedTest
    @CsvSource({"CCITT RLE", "CCITT T.4", "CCITT T.6"})
    void fax_compressions_are_exact(String type) {
        BufferedImage image = picture(BufferedImage.TYPE_BYTE_BINARY);
        DecodedImage decoded = decode(compressed(image, type));
        assertPixels(decoded, 40, 30, pixels(image));
        assertThat(decoded.info().bitDepth()).isEqualTo(1);
    }

    @Test
    void jpeg_compression_is_near() {
        BufferedImage image = picture(BufferedImage.TYPE_3BYTE_BGR);
        assertPixelsNear(decode(compressed(image, "JPEG")), 12, pixels(image));
    }

    /** TIFF 6.0 section 22, where one stream holds the page; some writers leave out samples a pixel and their bits. */
    @Test
    void jpeg_of_the_old_style_is_near() {
        byte[] jpeg = JpegTest.baseline();
        TiffWriter said = TiffWriter.of(32, 16).samples(6, 3, 8, 1);
        TiffWriter unsaid = TiffWriter.of(32, 16).tag(262, SHORT, 6);
        for (TiffWriter writer : new TiffWriter[] {said, unsaid}) {
            byte[] file = writer.tag(259, SHORT, 6)
                    .tag(513, LONG, 8)
                    .tag(514, LONG, jpeg.length)
                    .write(jpeg);
            assertPixelsNear(decode(file), 2, Pixels.of(decode(jpeg)));
        }
    }

    @Test
    void jpeg_that_ends_early_inside_a_tiff_is_damage() {
        byte[] jpeg = JpegTest.baseline();
        byte[] cut = Arrays.copyOf(jpeg, jpeg.length - 20);
        byte[] file =
                TiffWriter.of(32, 16).samples(6, 3, 8, 1).tag(259, SHORT, 7).write(cut);
        assertRefused(file, ErrorCode.IMAGE_CORRUPT, "end early");
    }

    @Test
    void predicted_samples_are_summed() {
        byte[] data = PngWriter.deflate(bytes(10, 5, 5, 100, 1, 1)); // rows of differences
        byte[] file = TiffWriter.of(3, 2)
                .samples(1, 1, 8, 1)
                .tag(259, SHORT, 8)
                .tag(317, SHORT, 2)
                .write(data);
        assertPixels(decode(file), 3, 2, grey(10, 15, 20, 100, 101, 102));
    }

    @Test
    void palettes_of_16_and_of_8_bits_are_read() {
        long[] map = new long[3 * 256];
        map[1] = 0xC800;
        map[256 + 1] = 0x6400;
        map[512 + 1] = 0x3200;
        byte[] file =
                TiffWriter.of(2, 1).samples(3, 1, 8, 1).tag(320, SHORT, map).write(bytes(1, 0));
        assertPixels(decode(file), 2, 1, 0xC86432, 0);
        long[] shallow = Arrays.stream(map).map(v -> v >> 8).toArray();
        byte[] eight =
                TiffWriter.of(2, 1).samples(3, 1, 8, 1).tag(320, SHORT, shallow).write(bytes(1, 0));
        assertPixels(decode(eight), 2, 1, 0xC86432, 0);
    }

    @Test
    void a_palette_may_have_alpha_beside_it() {
        long[] map = new long[3 * 256];
        map[1] = 0xC800;
        map[256 + 1] = 0x6400;
        byte[] file = TiffWriter.of(2, 1)
                .samples(3, 2, 8, 1)
                .tag(338, SHORT, 2)
                .tag(320, SHORT, map)
                .write(bytes(1, 255, 1, 51));
        assertPixels(decode(file), 2, 1, 0xC86400, 0xF4E0CC);
    }

    @Test
    void cmyk_is_ink() {
        byte[] inks = bytes(0, 0, 0, 0, 255, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 128);
        byte[] file = TiffWriter.of(4, 1).samples(5, 4, 8, 1).write(inks);
        assertPixels(decode(file), 4, 1, 0xFFFFFF, 0x00FFFF, 0xFF0000, 0x7F7F7F);
        double[] deep = new double[16];
        Arrays.setAll(deep, i -> (inks[i] & 0xFF) * 257);
        byte[] sixteen =
                TiffWriter.of(4, 1).samples(5, 4, 16, 1).write(encode(ByteOrder.LITTLE_ENDIAN, 16, false, deep));
        assertPixels(decode(sixteen), 4, 1, 0xFFFFFF, 0x00FFFF, 0xFF0000, 0x7F7F7F);
    }

    /** Expected: Little CMS, L*a*b* of D50 to sRGB, through Pillow. */
    @Test
    void lab_is_converted_to_srgb() {
        int[] lab = {255, 0, 0, 0, 0, 0, 128, 0, 0, 136, 40, 30, 200, 256 - 30, 40, 100, 10, 256 - 45};
        int[] expected = {0xFEFFFE, 0x010001, 0x777777, 0xC5604E, 0x9BD174, 0x4059A6};
        byte[] file = TiffWriter.of(6, 1).samples(8, 3, 8, 1).write(bytes(lab));
        assertPixelsNear(decode(file), 2, expected);
        int[] icc = lab.clone();
        for (int i = 0; i < icc.length; i++) {
            icc[i] = i % 3 == 0 ? icc[i] : icc[i] + 128 & 0xFF;
        }
        assertPixels(decode(TiffWriter.of(6, 1).samples(9, 3, 8, 1).write(bytes(icc))), 6, 1, Pixels.of(decode(file)));
    }

    @Test
    void luma_and_chroma_become_rgb() {
        byte[] file =
                TiffWriter.of(2, 1).samples(6, 3, 8, 1).tag(530, SHORT, 1, 1).write(bytes(76, 85, 255, 128, 128, 128));
        assertPixelsNear(decode(file), 2, 0xFE0000, 0x808080);
    }

    @Test
    void float_colour_is_shown_from_0_to_1_or_by_its_percentiles() {
        byte[] unit = encode(ByteOrder.LITTLE_ENDIAN, 32, true, 1, 0, 0.5, 0, 0, 0);
        DecodedImage image = decode(TiffWriter.of(2, 1).samples(2, 3, 32, 3).write(unit));
        assertPixels(image, 2, 1, 0xFF0080, 0);
        assertThat(image.info().window()).isEqualTo(new GreyWindow(0, 1, GreyWindow.Source.FULL_RANGE));
        byte[] wide = encode(ByteOrder.LITTLE_ENDIAN, 32, true, 200, 0, 100, 0, 0, 0);
        DecodedImage bright = decode(TiffWriter.of(2, 1).samples(2, 3, 32, 3).write(wide));
        assertPixels(bright, 2, 1, 0xFF0080, 0);
        assertThat(bright.info().window()).isEqualTo(new GreyWindow(0, 200, GreyWindow.Source.PERCENTILES));
    }

    @Test
    void colours_of_a_profile_become_srgb() {
        byte[] linear = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
        byte[] file =
                TiffWriter.of(2, 1).samples(2, 3, 8, 1).bytes(34675, linear).write(bytes(55, 55, 55, 255, 0, 55));
        assertPixelsNear(decode(file), 1, 0x808080, 0xFF0080);
        byte[] broken = TiffWriter.of(1, 1)
                .samples(2, 3, 8, 1)
                .bytes(34675, new byte[200])
                .write(bytes(55, 55, 55));
        assertPixels(decode(broken), 1, 1, 0x373737);
        assertThat(warningCodes(decode(broken))).containsExactly("icc_ignored");
    }

    @Test
    void of_many_pages_the_first_is_read() {
        for (boolean big : new boolean[] {false, true}) {
            byte[] file = new TiffWriter(ByteOrder.BIG_ENDIAN, big)
                    .size(3, 2)
                    .samples(2, 3, 8, 1)
                    .pages(7)
                    .write(SIX_BYTES);
            DecodedImage image = decode(file);
            assertPixels(image, 3, 2, SIX);
            assertThat(image.info().frames()).isEqualTo(7);
            assertThat(warningCodes(image)).containsExactly("first_frame_only");
        }
    }

    @Test
    void a_chain_of_pages_that_loops_ends() {
        byte[] file = simple();
        ByteBuffer fields = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        fields.putInt(file.length - 4, fields.getInt(4)); // the next page is this one
        assertThat(decode(file).info().frames()).isEqualTo(1);
    }

    @Test
    void a_file_cut_off_anywhere_is_damaged() {
        byte[] atEnd = simple();
        byte[] lzw = compressed(picture(BufferedImage.TYPE_3BYTE_BGR), "LZW");
        byte[] fax = compressed(picture(BufferedImage.TYPE_BYTE_BINARY), "CCITT T.6");
        for (byte[] file : new byte[][] {atEnd, lzw, fax}) {
            int[] whole = Pixels.of(decode(file));
            for (int length = 4; length < file.length; length++) {
                try {
                    assertThat(Pixels.of(decode(Arrays.copyOf(file, length)))).containsExactly(whole);
                } catch (org.vilam.vision.error.VilamException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_CORRUPT);
                }
            }
        }
    }

    @Test
    void what_is_not_decoded_is_refused_by_name() {
        TiffWriter[] files = {
            TiffWriter.of(3, 2).samples(2, 3, 8, 1).tag(259, SHORT, 34712),
            TiffWriter.of(3, 2).samples(2, 3, 8, 1).tag(259, SHORT, 50000),
            TiffWriter.of(3, 2).samples(1, 1, 32, 6),
            TiffWriter.of(3, 2).samples(32844, 1, 16, 1),
            TiffWriter.of(3, 2).samples(2, 3, 8, 1).tag(50706, SHORT, 1),
            TiffWriter.of(3, 2).samples(2, 3, 8, 1).tag(258, SHORT, 5, 6, 5),
            TiffWriter.of(3, 2).samples(2, 3, 4, 1),
            TiffWriter.of(3, 2).samples(2, 4, 8, 1).tag(259, SHORT, 7),
            TiffWriter.of(3, 2).samples(2, 3, 8, 1).tag(259, SHORT, 7).tag(284, SHORT, 2)
        };
        String[] names = {
            "JPEG 2000",
            "Zstandard",
            "complex",
            "LogLuv",
            "DNG",
            "different bits",
            "3 x 4 bits",
            "JPEG compression",
            "JPEG compression"
        };
        for (int i = 0; i < files.length; i++) {
            assertRefused(files[i].write(SIX_BYTES), ErrorCode.IMAGE_UNSUPPORTED, names[i]);
        }
    }

    @Test
    void absurd_sizes_are_refused_before_they_are_allocated() {
        assertRefused(
                TiffWriter.of(60000, 60000).samples(2, 3, 8, 1).write(SIX_BYTES), ErrorCode.IMAGE_TOO_LARGE, "60000");
        assertRefused(
                TiffWriter.of(8000, 8000).samples(2, 512, 64, 3).write(SIX_BYTES), ErrorCode.IMAGE_TOO_LARGE, "MB");
        assertRefused(
                TiffWriter.of(8000, 8000)
                        .samples(1, 1, 8, 1)
                        .tag(322, LONG, 1)
                        .tag(323, LONG, 1)
                        .write(SIX_BYTES),
                ErrorCode.IMAGE_TOO_LARGE,
                "tiles");
        assertRefused(
                TiffWriter.of(3, 2)
                        .samples(2, 3, 8, 1)
                        .tag(259, SHORT, 7)
                        .tag(322, LONG, 1 << 20)
                        .tag(323, LONG, 1 << 20)
                        .write(SIX_BYTES),
                ErrorCode.IMAGE_TOO_LARGE,
                "MB");
        assertRefused(
                TiffWriter.of(3, 2).samples(2, 3, 8, 1).tag(273, LONG, 1 << 30).write(SIX_BYTES),
                ErrorCode.IMAGE_CORRUPT,
                "outside the file");
        byte[] jpeg = JpegTest.progressive();
        assertRefused(
                TiffWriter.of(3, 2).samples(6, 3, 8, 1).tag(259, SHORT, 7).write(jpeg),
                ErrorCode.IMAGE_CORRUPT,
                "32 x 16");
    }
}
