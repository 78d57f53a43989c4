package org.vilam.vision.image;

import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferUShort;
import java.awt.image.Raster;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.vilam.vision.image.Samples.Alpha;
import org.vilam.vision.image.Samples.Colour;
import org.vilam.vision.image.Samples.Numeric;

/**
 * PBM, PGM, PPM and PAM, plain and raw, up to 16 bits (netpbm "pbm", "pgm", "ppm", "pam" format pages).
 *
 * <p>Decoded here: TwelveMonkeys' reader stumbles over comments between plain samples and over plain bits without spaces.
 */
final class PnmReader implements FormatReader {
    private byte[] file = {};
    private int at;
    private int width;
    private int height;
    private int depth = 1;
    private int maxval = 1;

    @Override
    public StoredPicture read(byte[] bytes, DecodeRun run) {
        file = bytes;
        int kind = file[1] - '0';
        at = 2;
        if (kind == 7) {
            parsePamHeader();
        } else {
            width = number();
            height = number();
            maxval = kind == 1 || kind == 4 ? 1 : number();
            depth = kind == 3 || kind == 6 ? 3 : 1;
        }
        if (maxval < 1 || maxval > 0xFFFF) {
            throw DecodeErrors.corrupt("PNM", "its maximum value is " + maxval);
        }
        int bits = maxval == 1 ? 1 : maxval > 255 ? 16 : 8;
        ImageHeader header = new ImageHeader(ImageFormat.PNM, width, height, bits, depth, 1, 1);
        run.admit(header, header.pixels() * (depth * (maxval > 255 ? 2L : 1L) + 6) + file.length);
        long samples = header.pixels() * depth;
        boolean plain = kind <= 3;
        boolean packed = kind == 4;
        if (!plain) {
            at++; // exactly one space ends a raw header
        }
        long needed = plain
                ? (kind == 1 ? samples : 2 * samples - 1)
                : packed ? height * ((width + 7L) / 8) : samples * (maxval > 255 ? 2 : 1);
        if (at + needed > file.length) {
            throw DecodeErrors.corrupt("PNM", "its samples are cut off");
        }
        DataBuffer buffer = plain ? plain((int) samples, kind == 1, run) : packed ? unpacked() : raw((int) samples);
        return SampleConverter.convert(samples(buffer, kind == 1 || packed), header, run);
    }

    private Samples samples(DataBuffer buffer, boolean oneIsBlack) {
        int[] offsets = new int[depth];
        for (int band = 0; band < depth; band++) {
            offsets[band] = band;
        }
        Raster raster = Raster.createInterleavedRaster(buffer, width, height, width * depth, depth, offsets, null);
        Colour colour = depth >= 3 ? Colour.RGB : Colour.GREY;
        Alpha alpha = depth % 2 == 0 ? Alpha.STRAIGHT : Alpha.NONE;
        int bits = maxval == 1 ? 1 : maxval > 255 ? 16 : 8;
        return new Samples(raster, colour, alpha, Numeric.UNSIGNED, bits, maxval, oneIsBlack, Samples.profile(null));
    }

    private void parsePamHeader() {
        depth = 0;
        String tuple = "";
        while (true) {
            String[] words = line().strip().split("\\s+", 2);
            if (words[0].equals("ENDHDR")) {
                break;
            }
            String value = words.length > 1 ? words[1] : "";
            switch (words[0]) {
                case "WIDTH" -> width = pamNumber(value);
                case "HEIGHT" -> height = pamNumber(value);
                case "DEPTH" -> depth = pamNumber(value);
                case "MAXVAL" -> maxval = pamNumber(value);
                case "TUPLTYPE" -> tuple = value.toUpperCase(Locale.ROOT);
                default -> {}
            }
        }
        at--; // the line's own end is the one space that is skipped
        if (depth < 1 || depth > 4 || tuple.contains("CMYK")) {
            throw DecodeErrors.unsupported("PAM of " + depth + " channels " + tuple);
        }
    }

    private String line() {
        int start = at;
        while (at < file.length && file[at] != '\n') {
            at++;
        }
        if (at >= file.length) {
            throw DecodeErrors.corrupt("PNM", "its header is cut off");
        }
        return new String(file, start, at++ - start, StandardCharsets.ISO_8859_1);
    }

    private static int pamNumber(String text) {
        if (!text.matches("\\d{1,9}")) {
            throw DecodeErrors.corrupt("PNM", "its header declares \"" + text + "\" where a number belongs");
        }
        return Integer.parseInt(text);
    }

    /** Moves to the next character that is neither space nor inside a comment, and returns it. */
    private int skipSpace() {
        while (at < file.length) {
            int c = file[at];
            if (c == '#') {
                while (at < file.length && file[at] != '\n' && file[at] != '\r') {
                    at++;
                }
            } else if (c == ' ' || (c >= 9 && c <= 13)) {
                at++;
            } else {
                return c;
            }
        }
        throw DecodeErrors.corrupt("PNM", "it ends where a number belongs");
    }

    private int number() {
        skipSpace();
        int value = 0;
        int start = at;
        while (at < file.length && file[at] >= '0' && file[at] <= '9') {
            value = value * 10 + file[at++] - '0';
            if (value > 100_000_000) {
                throw DecodeErrors.corrupt("PNM", "it holds a number above 100,000,000");
            }
        }
        if (at == start) {
            throw DecodeErrors.corrupt("PNM", "it holds \"" + (char) (file[at] & 0xFF) + "\" where a number belongs");
        }
        return value;
    }

    private DataBuffer plain(int count, boolean bits, DecodeRun run) {
        DataBuffer buffer = buffer(count);
        for (int i = 0; i < count; i++) {
            if ((i & 0xFFFF) == 0) {
                run.checkDeadline();
            }
            int value;
            if (bits) { // single digits, with or without spaces
                value = skipSpace() - '0';
                at++;
                if (value < 0 || value > 1) {
                    throw DecodeErrors.corrupt("PNM", "a plain bitmap holds something else than 0 and 1");
                }
            } else {
                value = Math.min(maxval, number());
            }
            buffer.setElem(i, value);
        }
        return buffer;
    }

    private DataBuffer buffer(int count) {
        return maxval > 255 ? new DataBufferUShort(count) : new DataBufferByte(count);
    }

    private DataBuffer raw(int count) {
        if (maxval <= 255) {
            byte[] bytes = new byte[count];
            System.arraycopy(file, at, bytes, 0, count);
            return new DataBufferByte(bytes, count);
        }
        short[] shorts = new short[count];
        for (int i = 0; i < count; i++, at += 2) {
            shorts[i] = (short) (file[at] << 8 | (file[at + 1] & 0xFF));
        }
        return new DataBufferUShort(shorts, count);
    }

    private DataBuffer unpacked() {
        byte[] bytes = new byte[width * height];
        int stride = (width + 7) / 8;
        for (int i = 0; i < bytes.length; i++) {
            int x = i % width;
            bytes[i] = (byte) (file[at + i / width * stride + x / 8] >> (7 - x % 8) & 1);
        }
        return new DataBufferByte(bytes, bytes.length);
    }
}
