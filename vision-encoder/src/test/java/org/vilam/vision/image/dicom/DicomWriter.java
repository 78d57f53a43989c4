package org.vilam.vision.image.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.Deflater;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.DecodeLimits;
import org.vilam.vision.image.DecodeOptions;
import org.vilam.vision.image.DecodedImage;

/** Writes DICOM files byte by byte, right or wrong as a test wants them; shares no code with the reader. */
final class DicomWriter {
    static final String IMPLICIT = "1.2.840.10008.1.2";
    static final String EXPLICIT = "1.2.840.10008.1.2.1";
    static final String ENCAPSULATED = "1.2.840.10008.1.2.1.98";
    static final String DEFLATED = "1.2.840.10008.1.2.1.99";
    static final String BIG_ENDIAN = "1.2.840.10008.1.2.2";
    static final String RLE = "1.2.840.10008.1.2.5";
    static final String JPEG_BASELINE = "1.2.840.10008.1.2.4.50";
    static final String JPEG_LOSSLESS = "1.2.840.10008.1.2.4.57";

    private static final Set<String> LONG_FORM =
            Set.of("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV");

    private final String syntax;
    private final boolean explicit;
    private final ByteOrder order;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    DicomWriter(String syntax) {
        this.syntax = syntax;
        this.explicit = !syntax.equals(IMPLICIT);
        this.order = syntax.equals(BIG_ENDIAN) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    /** The elements of a grey picture, all but the pixel data. */
    static DicomWriter grey(String syntax, int rows, int columns, int allocated, int stored) {
        return new DicomWriter(syntax).image("MONOCHROME2", 1, rows, columns, allocated, stored, stored - 1, 0);
    }

    DicomWriter image(
            String photometric,
            int samples,
            int rows,
            int columns,
            int allocated,
            int stored,
            int highBit,
            int signed) {
        return text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.7")
                .us(0x00280002, samples)
                .text(0x00280004, "CS", photometric)
                .us(0x00280010, rows)
                .us(0x00280011, columns)
                .us(0x00280100, allocated)
                .us(0x00280101, stored)
                .us(0x00280102, highBit)
                .us(0x00280103, signed);
    }

    DicomWriter us(int tag, int... values) {
        return raw(tag, "US", words(values));
    }

    DicomWriter ss(int tag, int... values) {
        return raw(tag, "SS", words(values));
    }

    DicomWriter text(int tag, String vr, String value) {
        String padded = value.length() % 2 == 0 ? value : value + (vr.equals("UI") ? "\0" : " ");
        return raw(tag, vr, padded.getBytes(StandardCharsets.ISO_8859_1));
    }

    DicomWriter ds(int tag, String value) {
        return text(tag, "DS", value);
    }

    /** Center and width of the window. */
    DicomWriter window(String center, String width) {
        return ds(0x00281050, center).ds(0x00281051, width);
    }

    DicomWriter rescale(String slope, String intercept) {
        return ds(0x00281052, intercept).ds(0x00281053, slope);
    }

    /** A sequence of defined length. */
    @SafeVarargs
    final DicomWriter sq(int tag, Consumer<DicomWriter>... items) {
        return raw(tag, "SQ", items(false, items));
    }

    /** A sequence and items of undefined length, with any representation and encoding inside. */
    @SafeVarargs
    final DicomWriter delimitedSq(int tag, String vr, String inside, Consumer<DicomWriter>... items) {
        header(tag, vr, 0xFFFFFFFFL);
        DicomWriter nested = new DicomWriter(inside);
        out.writeBytes(nested.items(true, items));
        nested = new DicomWriter(inside);
        nested.delimiter(0xFFFEE0DD, 0);
        out.writeBytes(nested.out.toByteArray());
        return this;
    }

    @SafeVarargs
    private byte[] items(boolean delimited, Consumer<DicomWriter>... items) {
        DicomWriter sequence = new DicomWriter(syntax);
        for (Consumer<DicomWriter> item : items) {
            DicomWriter content = new DicomWriter(syntax);
            item.accept(content);
            sequence.delimiter(0xFFFEE000, delimited ? 0xFFFFFFFFL : content.out.size());
            sequence.out.writeBytes(content.out.toByteArray());
            if (delimited) {
                sequence.delimiter(0xFFFEE00D, 0);
            }
        }
        return sequence.out.toByteArray();
    }

    DicomWriter raw(int tag, String vr, byte[] value) {
        header(tag, vr, value.length);
        out.writeBytes(value);
        return this;
    }

    /** Bytes as they are, element or not. */
    DicomWriter bytes(int... values) {
        for (int value : values) {
            out.write(value);
        }
        return this;
    }

    private void header(int tag, String vr, long length) {
        out.writeBytes(words(tag >>> 16, tag & 0xFFFF));
        if (!explicit) {
            out.writeBytes(longs(length));
            return;
        }
        out.writeBytes(vr.getBytes(StandardCharsets.ISO_8859_1));
        if (LONG_FORM.contains(vr)) {
            out.writeBytes(words(0));
            out.writeBytes(longs(length));
        } else {
            out.writeBytes(words((int) length));
        }
    }

    private void delimiter(int tag, long length) {
        out.writeBytes(words(tag >>> 16, tag & 0xFFFF));
        out.writeBytes(longs(length));
    }

    byte[] words(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(order);
        for (int value : values) {
            bytes.putShort((short) value);
        }
        return bytes.array();
    }

    byte[] longs(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(order);
        for (long value : values) {
            bytes.putInt((int) value);
        }
        return bytes.array();
    }

    DicomWriter pixelBytes(int... values) {
        byte[] bytes = new byte[values.length + values.length % 2];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return raw(0x7FE00010, "OB", bytes);
    }

    DicomWriter pixelWords(int... values) {
        return raw(0x7FE00010, "OW", words(values));
    }

    /** Encapsulated pixel data: offset table and fragments. */
    DicomWriter fragments(byte[] offsetTable, byte[]... fragments) {
        header(0x7FE00010, "OB", 0xFFFFFFFFL);
        delimiter(0xFFFEE000, offsetTable.length);
        out.writeBytes(offsetTable);
        for (byte[] fragment : fragments) {
            byte[] even = Arrays.copyOf(fragment, fragment.length + fragment.length % 2);
            delimiter(0xFFFEE000, even.length);
            out.writeBytes(even);
        }
        delimiter(0xFFFEE0DD, 0);
        return this;
    }

    /** The data set without preamble and file meta information. */
    byte[] bare() {
        return out.toByteArray();
    }

    /** The whole file. */
    byte[] file() {
        byte[] dataSet = out.toByteArray();
        if (syntax.equals(DEFLATED)) {
            Deflater deflater = new Deflater(9, true);
            deflater.setInput(dataSet);
            deflater.finish();
            byte[] deflated = new byte[dataSet.length + 64];
            dataSet = Arrays.copyOf(deflated, deflater.deflate(deflated));
            deflater.end();
        }
        DicomWriter meta = new DicomWriter(EXPLICIT);
        meta.raw(0x00020001, "OB", new byte[] {0, 1})
                .text(0x00020002, "UI", "1.2.840.10008.5.1.4.1.1.7")
                .text(0x00020010, "UI", syntax);
        DicomWriter file = new DicomWriter(EXPLICIT);
        file.out.writeBytes(new byte[128]);
        file.out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
        file.raw(0x00020000, "UL", file.longs(meta.out.size()));
        file.out.writeBytes(meta.out.toByteArray());
        file.out.writeBytes(dataSet);
        return file.out.toByteArray();
    }

    DecodedImage read() {
        return read(DecodeOptions.DEFAULT);
    }

    DecodedImage read(DecodeOptions options) {
        return DicomReader.read(ByteBuffer.wrap(file()), DecodeLimits.DEFAULT, options);
    }

    /** The grey levels of the picture, row by row. */
    int[] levels() {
        return levels(read());
    }

    static int[] levels(DecodedImage image) {
        byte[] rgb = image.pixels().rgb();
        int[] levels = new int[rgb.length / 3];
        for (int i = 0; i < levels.length; i++) {
            if (rgb[3 * i] != rgb[3 * i + 1] || rgb[3 * i] != rgb[3 * i + 2]) {
                throw new AssertionError("pixel " + i + " is not grey");
            }
            levels[i] = rgb[3 * i] & 0xFF;
        }
        return levels;
    }

    /** All channel values, row by row. */
    static int[] channels(DecodedImage image) {
        byte[] rgb = image.pixels().rgb();
        int[] channels = new int[rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            channels[i] = rgb[i] & 0xFF;
        }
        return channels;
    }

    /** What a file is refused with. */
    static VilamException refusal(byte[] file) {
        try {
            DicomReader.read(ByteBuffer.wrap(file), DecodeLimits.DEFAULT, DecodeOptions.DEFAULT);
        } catch (VilamException e) {
            return e;
        }
        throw new AssertionError("the file was read");
    }

    VilamException refusal() {
        return refusal(file());
    }
}
