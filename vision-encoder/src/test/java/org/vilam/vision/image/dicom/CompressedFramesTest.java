package org.vilam.vision.image.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.image.DecodeOptions;
import org.vilam.vision.image.DecodedImage;

/** RLE, JPEG and JPEG lossless frames made by hand, and the ways they are cut into fragments. */
class CompressedFramesTest {
    private static byte[] rleFrame(byte[]... segments) {
        ByteBuffer header =
                ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putInt(segments.length);
        int offset = 64;
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (byte[] segment : segments) {
            header.putInt(offset);
            offset += segment.length;
            data.writeBytes(segment);
        }
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(header.array());
        frame.writeBytes(data.toByteArray());
        return frame.toByteArray();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static DicomWriter rle(int columns, int allocated, byte[]... fragments) {
        return DicomWriter.grey(DicomWriter.RLE, 1, columns, allocated, allocated)
                .fragments(new byte[0], fragments);
    }

    // RLE, PS3.5 annex G.

    @Test
    void rle_runs_are_literal_repeated_or_nothing() {
        // 2 literals, -128 (nothing), 3 times 7, 1 literal
        assertThat(rle(6, 8, rleFrame(bytes(1, 10, 20, 128, -2, 7, 0, 99))).levels())
                .containsExactly(10, 20, 7, 7, 7, 99);
    }

    @Test
    void rle_segments_are_bytes_from_the_most_significant_down() {
        DicomWriter writer = rle(2, 16, rleFrame(bytes(1, 0x12, 0x00), bytes(1, 0x34, 0x05)));
        DecodedImage image = writer.read(DecodeOptions.windowed(5, 0x1234));
        assertThat(DicomWriter.levels(image)).containsExactly(255, 0);
        DicomWriter wide = rle(1, 32, rleFrame(bytes(0, 1), bytes(0, 2), bytes(0, 3), bytes(0, 4)));
        assertThat(DicomWriter.levels(wide.read(DecodeOptions.windowed(0x01020303, 0x01020305))))
                .containsExactly(128);
    }

    @Test
    void rle_that_contradicts_itself_is_refused() {
        byte[][] frames = {
            new byte[10], // no header
            rleFrame(bytes(1, 1, 1), bytes(1, 1, 1)), // two segments for one
            rleFrame(bytes(0, 1)), // one pixel of two
            rleFrame(bytes(5, 1)), // literal run beyond the end
            bytes(1, 0, 0, 0, 255, 255, 255, 127), // offset outside
        };
        frames[4] = Arrays.copyOf(frames[4], 64);
        for (byte[] frame : frames) {
            assertThat(rle(2, 8, frame).refusal().code()).isEqualTo(ErrorCode.IMAGE_CORRUPT);
        }
    }

    // Fragments, PS3.5 annex A.4.

    private static DicomWriter rleFrames(byte[] offsetTable, byte[]... fragments) {
        return DicomWriter.grey(DicomWriter.RLE, 1, 1, 8, 8)
                .text(0x00280008, "IS", "2")
                .fragments(offsetTable, fragments);
    }

    @Test
    void the_first_frame_is_found_by_fragment_count_or_offset_table() {
        byte[] first = rleFrame(bytes(0, 11));
        byte[] second = rleFrame(bytes(0, 22));
        assertThat(rleFrames(new byte[0], first, second).levels()).containsExactly(11);
        // The first frame in two fragments: only the table tells where the second begins.
        byte[] head = Arrays.copyOf(first, 40);
        byte[] tail = Arrays.copyOfRange(first, 40, first.length);
        byte[] table = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0)
                .putInt(8 + head.length + 8 + tail.length)
                .array();
        assertThat(rleFrames(table, head, tail, second).levels()).containsExactly(11);
        assertThat(rleFrames(new byte[0], head, tail, second).refusal()).hasMessageContaining("cannot be told apart");
        assertThat(rleFrames(new byte[0]).refusal()).hasMessageContaining("no fragment");
    }

    @Test
    void jpeg_frames_in_several_fragments_end_with_their_marker() throws IOException {
        byte[] jpeg = greyJpeg(40);
        byte[] head = Arrays.copyOf(jpeg, 100);
        byte[] tail = Arrays.copyOfRange(jpeg, 100, jpeg.length);
        DicomWriter writer = DicomWriter.grey(DicomWriter.JPEG_BASELINE, 8, 8, 8, 8)
                .text(0x00280008, "IS", "2")
                .fragments(new byte[0], head, tail, greyJpeg(200));
        assertThat(writer.levels()).containsOnly(40);
    }

    // JPEG of 8 bits.

    private static byte[] greyJpeg(int level) throws IOException {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        int[] levels = new int[64];
        Arrays.fill(levels, level);
        image.getRaster().setPixels(0, 0, 8, 8, levels);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", out);
        return out.toByteArray();
    }

    /** A JFIF stream of YCbCr components of one colour. */
    private static byte[] colourJpeg(int rgb) throws IOException {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64; i++) {
            image.setRGB(i % 8, i / 8, rgb);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", out);
        return out.toByteArray();
    }

    /** The stream without its JFIF segment, and with Adobe's instead where a transform is given. */
    private static byte[] remark(byte[] jpeg, int adobeTransform) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(bytes(0xFF, 0xD8));
        if (adobeTransform >= 0) {
            out.writeBytes(bytes(0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, adobeTransform));
        }
        int app0 = 2 + 2 + 16;
        out.write(jpeg, app0, jpeg.length - app0);
        return out.toByteArray();
    }

    private static DecodedImage readColour(String photometric, byte[] jpeg) {
        return new DicomWriter(DicomWriter.JPEG_BASELINE)
                .image(photometric, 3, 8, 8, 8, 8, 7, 0)
                .fragments(new byte[0], jpeg)
                .read();
    }

    @Test
    void components_are_converted_as_adobe_the_photometric_interpretation_or_jfif_says() throws IOException {
        byte[] jfif = colourJpeg(0xC86432);
        assertThat(jfif[3] & 0xFF).isEqualTo(0xE0);
        int[] converted = {200, 100, 50};
        // The raw components of that colour: Y 124, CB 86, CR 182.
        int[] raw = {124, 86, 182};
        // JDK's writer subsamples; the sampling factors of the first component are in the frame header.
        byte[] plain = remark(jfif, -1);

        assertPixel(readColour("YBR_FULL_422", jfif), converted, 0);
        assertPixel(readColour("YBR_FULL", plain), converted, 0);
        assertPixel(readColour("RGB", jfif), converted, 1);
        assertPixel(readColour("RGB", plain), converted, 1); // subsampled: nobody subsamples red
        assertPixel(readColour("RGB", remark(jfif, 0)), raw, 0);
        assertPixel(readColour("RGB", remark(jfif, 1)), converted, 1);
        assertPixel(readColour("YBR_FULL", remark(jfif, 0)), raw, 1);
        assertPixel(readColour("YBR_FULL", remark(jfif, 1)), converted, 0);
    }

    private static void assertPixel(DecodedImage image, int[] expected, int warnings) {
        assertThat(image.info().warnings().stream().filter(w -> w.code().equals("photometric_contradicted")))
                .hasSize(warnings);
        for (int channel = 0; channel < 3; channel++) {
            assertThat(image.pixels().get(3, 4, channel)).isBetween(expected[channel] - 3, expected[channel] + 3);
        }
    }

    @Test
    void jpeg_that_contradicts_the_file_or_itself_is_refused() throws IOException {
        byte[] jpeg = greyJpeg(40);
        DicomWriter other =
                DicomWriter.grey(DicomWriter.JPEG_BASELINE, 8, 9, 8, 8).fragments(new byte[0], jpeg);
        assertThat(other.refusal()).hasMessageContaining("8 x 8, but Columns x Rows is 9 x 8");
        DicomWriter deep =
                DicomWriter.grey(DicomWriter.JPEG_BASELINE, 8, 8, 16, 12).fragments(new byte[0], jpeg);
        assertThat(deep.refusal()).hasMessageContaining("BitsAllocated");
        DicomWriter three = new DicomWriter(DicomWriter.JPEG_BASELINE)
                .image("RGB", 3, 8, 8, 8, 8, 7, 0)
                .fragments(new byte[0], jpeg);
        assertThat(three.refusal()).hasMessageContaining("1 components");
        for (int length = 0; length < jpeg.length - 1; length += 7) {
            DicomWriter cut = DicomWriter.grey(DicomWriter.JPEG_BASELINE, 8, 8, 8, 8)
                    .fragments(new byte[0], Arrays.copyOf(jpeg, length));
            assertThat(cut.refusal().code()).isEqualTo(ErrorCode.IMAGE_CORRUPT);
        }
    }

    @Test
    void a_jpeg_frame_with_half_of_its_picture_is_refused_though_the_decoder_would_fill_it() throws IOException {
        Random random = new Random(1);
        BufferedImage noise = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY);
        noise.getRaster().setPixels(0, 0, 64, 64, random.ints(64 * 64, 0, 256).toArray());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(noise, "jpeg", out);
        byte[] half = Arrays.copyOf(out.toByteArray(), out.size() / 2 + 2);
        half[half.length - 2] = (byte) 0xFF;
        half[half.length - 1] = (byte) 0xD9;
        DicomWriter whole =
                DicomWriter.grey(DicomWriter.JPEG_BASELINE, 64, 64, 8, 8).fragments(new byte[0], out.toByteArray());
        assertThat(whole.read().info().warnings()).isEmpty();
        DicomWriter damaged =
                DicomWriter.grey(DicomWriter.JPEG_BASELINE, 64, 64, 8, 8).fragments(new byte[0], half);
        assertThat(damaged.refusal().code()).isEqualTo(ErrorCode.IMAGE_CORRUPT);
    }

    @Test
    void repeated_scans_are_refused_before_they_cost_a_pass_each() throws IOException {
        byte[] jpeg = greyJpeg(40);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, jpeg.length - 2);
        for (int i = 0; i < 100; i++) {
            out.writeBytes(bytes(0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0));
        }
        out.writeBytes(bytes(0xFF, 0xD9));
        DicomWriter writer =
                DicomWriter.grey(DicomWriter.JPEG_BASELINE, 8, 8, 8, 8).fragments(new byte[0], out.toByteArray());
        assertThat(writer.refusal()).hasMessageContaining("more scans than components");
    }

    @Test
    void progressive_jpeg_is_refused_by_its_process() throws IOException {
        byte[] jpeg = greyJpeg(40);
        for (int i = 0; i < jpeg.length - 1; i++) {
            if ((jpeg[i] & 0xFF) == 0xFF && (jpeg[i + 1] & 0xFF) == 0xC0) {
                jpeg[i + 1] = (byte) 0xC2;
            }
        }
        DicomWriter writer =
                DicomWriter.grey(DicomWriter.JPEG_BASELINE, 8, 8, 8, 8).fragments(new byte[0], jpeg);
        assertThat(writer.refusal().code()).isEqualTo(ErrorCode.IMAGE_UNSUPPORTED);
        assertThat(writer.refusal()).hasMessageContaining("SOF2");
    }

    // JPEG lossless.

    @Test
    void lossless_frames_of_every_predictor_depth_and_scan_order_come_back_exactly() {
        Random random = new Random(20261120);
        for (int trial = 0; trial < 600; trial++) {
            int precision = 2 + random.nextInt(15);
            int components = random.nextInt(3) == 0 ? 3 : 1;
            int width = 1 + random.nextInt(9);
            int height = 1 + random.nextInt(9);
            LosslessJpegWriter jpeg = new LosslessJpegWriter(
                    width,
                    height,
                    components,
                    precision,
                    1 + random.nextInt(7),
                    random.nextInt(Math.min(4, precision)),
                    random.nextInt(height + 1),
                    random.nextBoolean());
            int[] samples = random.ints((long) width * height * components, 0, 1 << precision)
                    .map(sample -> sample >> jpeg.pointTransform() << jpeg.pointTransform())
                    .toArray();
            int allocated = precision <= 8 && random.nextBoolean() ? 8 : 16;
            DicomWriter writer = new DicomWriter(DicomWriter.JPEG_LOSSLESS)
                    .image(
                            components == 1 ? "MONOCHROME2" : "RGB",
                            components,
                            height,
                            width,
                            allocated,
                            precision,
                            precision - 1,
                            0)
                    .fragments(new byte[0], jpeg.encode(samples));
            int greatest = (1 << precision) - 1;
            int[] expected = new int[width * height * 3];
            for (int i = 0; i < expected.length; i++) {
                int sample = samples[components == 1 ? i / 3 : i];
                expected[i] = (int) Math.floor(sample * 255.0 / greatest + 0.5);
            }
            assertThat(DicomWriter.channels(writer.read(DecodeOptions.windowed(0, greatest))))
                    .as("trial %d: %s", trial, jpeg)
                    .isEqualTo(expected);
        }
    }

    @Test
    void lossless_frames_cut_off_are_refused() {
        byte[] jpeg = new LosslessJpegWriter(4, 4, 1, 8, 1, 0, 0, true).encode(new int[16]);
        for (int length = 2; length < jpeg.length - 4; length++) {
            byte[] cut = Arrays.copyOf(jpeg, length + 2);
            cut[length] = (byte) 0xFF;
            cut[length + 1] = (byte) 0xD9;
            DicomWriter writer =
                    DicomWriter.grey(DicomWriter.JPEG_LOSSLESS, 4, 4, 8, 8).fragments(new byte[0], cut);
            assertThat(writer.refusal().code()).as("cut to %d", length).isEqualTo(ErrorCode.IMAGE_CORRUPT);
        }
    }
}
