package org.vilam.vision.image.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.DecodeLimits;
import org.vilam.vision.image.DecodeOptions;

/** Limits are kept before pixels are touched, and other files are not taken for DICOM. */
class DicomLimitsTest {
    private static final Duration TIME = Duration.ofSeconds(9);

    private static void refused(byte[] file, DecodeLimits limits, String why) {
        assertThatThrownBy(() -> DicomReader.read(ByteBuffer.wrap(file), limits, DecodeOptions.DEFAULT))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_TOO_LARGE))
                .hasMessageContaining(why);
    }

    @Test
    void each_limit_is_kept_and_the_picture_at_the_limit_is_read() {
        byte[] file = DicomWriter.grey(DicomWriter.EXPLICIT, 2, 4, 8, 8)
                .text(0x00280008, "IS", "3")
                .pixelBytes(new int[24])
                .file();
        int length = file.length;
        // 3 bytes of result a pixel.
        DecodeLimits exact = new DecodeLimits(length, 8, 4, 3, TIME, 24);
        assertThat(DicomReader.read(ByteBuffer.wrap(file), exact, DecodeOptions.DEFAULT)
                        .info()
                        .frames())
                .isEqualTo(3);
        refused(file, new DecodeLimits(length - 1, 8, 4, 3, TIME, 24), "bytes");
        refused(file, new DecodeLimits(length, 7, 4, 3, TIME, 24), "pixels");
        refused(file, new DecodeLimits(length, 8, 3, 3, TIME, 24), "side");
        refused(file, new DecodeLimits(length, 8, 4, 2, TIME, 24), "frames");
        refused(file, new DecodeLimits(length, 8, 4, 3, TIME, 23), "memory");
    }

    @Test
    void a_huge_picture_is_refused_by_its_header_whatever_its_coding() {
        for (String syntax :
                new String[] {DicomWriter.EXPLICIT, DicomWriter.DEFLATED, DicomWriter.RLE, DicomWriter.JPEG_BASELINE}) {
            DicomWriter writer = DicomWriter.grey(syntax, 65535, 65535, 16, 16);
            boolean encapsulated = syntax.equals(DicomWriter.RLE) || syntax.equals(DicomWriter.JPEG_BASELINE);
            byte[] file = (encapsulated ? writer.fragments(new byte[0], new byte[64]) : writer.pixelWords(0, 0)).file();
            refused(file, DecodeLimits.DEFAULT, "65535");
            DecodeLimits generous = new DecodeLimits(1 << 20, 700_000_000, 65535, 1, TIME, Long.MAX_VALUE);
            refused(file, generous, "pixels");
        }
    }

    @Test
    void a_deflated_bomb_is_refused_while_it_grows() {
        // 20 MB of zeros after the header deflate to some 20 kB.
        byte[] file = DicomWriter.grey(DicomWriter.DEFLATED, 1, 1, 8, 8)
                .raw(0x00091010, "OB", new byte[20_000_000])
                .pixelBytes(1)
                .file();
        assertThat(file.length).isLessThan(50_000);
        refused(file, new DecodeLimits(1_000_000, 100, 100, 1, TIME, 1 << 30), "unpacks to more than 1000000 bytes");
        assertThat(DicomReader.read(ByteBuffer.wrap(file), DecodeLimits.DEFAULT, DecodeOptions.DEFAULT)
                        .pixels()
                        .get(0, 0, 0))
                .isEqualTo(1);
    }

    @Test
    void a_file_of_nothing_but_sequence_items_takes_little_memory() {
        // A million empty items of a sequence that is kept: only the first few may become objects.
        DicomWriter writer = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 1, 8, 8);
        byte[] items = new byte[8_000_000];
        for (int i = 0; i < items.length; i += 8) {
            items[i] = (byte) 0xFE;
            items[i + 1] = (byte) 0xFF;
            items[i + 3] = (byte) 0xE0;
        }
        byte[] file = writer.raw(0x52009230, "SQ", items).pixelBytes(1).file();
        DataSet dataSet =
                DicomFile.open(ByteBuffer.wrap(file), DecodeLimits.DEFAULT).dataSet();
        assertThat(dataSet.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE)).hasSize(DataSetParser.MAX_ITEMS);
    }

    @Test
    void the_magic_after_the_preamble_is_enough() {
        byte[] file = DicomWriter.grey(DicomWriter.EXPLICIT, 1, 1, 8, 8).file();
        assertThat(DicomReader.looksLikeDicom(ByteBuffer.wrap(file, 0, 132))).isTrue();
        assertThat(DicomReader.looksLikeDicom(ByteBuffer.wrap(file, 0, 131))).isFalse();
        assertThat(DicomReader.looksLikeDicom(ByteBuffer.allocate(0))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "PNG, 89504e470d0a1a0a0000000d494844520000000100000001",
        "JPEG, ffd8ffe000104a46494600010100000100010000",
        "GIF, 47494638396101000100000000",
        "BMP, 424d460000000000000036000000280000000100000001",
        "TIFF little endian, 49492a0008000000100000010300010000000100",
        "TIFF big endian, 4d4d002a0000000800100100000300000001",
        "WebP, 524946462400000057454250565038201800000000",
        "PGM, 50350a3220320a3235350a0000000000000000",
        "ICO, 0000010001001010000001002000680400001600",
        "zeros after an eight, 0800000000000000000000000000000000000000",
        "twos, 0200020002000200020002000200020002000200",
        "text, 68656c6c6f2c2074686973206973206a75737420736f6d652074657874",
    })
    void other_formats_do_not_look_like_dicom(String name, String beginning) {
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(beginning));
        assertThat(DicomReader.looksLikeDicom(bytes)).as(name).isFalse();
    }
}
