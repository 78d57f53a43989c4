package org.vilam.vision.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * PNG by the JDK's reader, after a walk over its chunks (PNG specification, third edition, sections 5 and 11).
 *
 * <p>The walk finds what the JDK leaves out: EXIF orientation, the ICC profile, the number of APNG frames, wrong checksums
 * of the chunks that make the picture. Of an APNG the default image is read. Gamma (gAMA, cHRM) without a profile is not
 * applied.
 */
final class PngReader implements FormatReader {
    private static final int LARGEST_PROFILE = 16 << 20;

    private final CRC32 crc = new CRC32();
    private int width;
    private int height;
    private int bitDepth;
    private int colourType;
    private int frames = 1;
    private boolean srgb;
    private boolean ended;
    private @Nullable ByteBuffer exif;
    private @Nullable ByteBuffer profile;
    private @Nullable ByteBuffer transparentLevel;

    @Override
    public StoredPicture read(byte[] file, DecodeRun run) throws IOException {
        walk(ByteBuffer.wrap(file));
        int channels = switch (colourType) {
            case 0, 3 -> 1;
            case 4 -> 2;
            case 2 -> 3;
            case 6 -> 4;
            default -> throw DecodeErrors.corrupt("PNG", "its header declares colour type " + colourType);
        };
        boolean depthFits = switch (bitDepth) {
            case 1, 2, 4 -> channels == 1;
            case 8 -> true;
            case 16 -> colourType != 3;
            default -> false;
        };
        if (!depthFits) {
            throw DecodeErrors.corrupt(
                    "PNG", "its header declares " + bitDepth + " bits for colour type " + colourType);
        }
        ImageHeader header = new ImageHeader(
                ImageFormat.PNG, width, height, bitDepth, channels, frames, ExifOrientation.of(exif, run));
        int sampleBytes = bitDepth == 16 ? 2 : 1;
        // A transparent colour gives the JDK's raster one channel more.
        run.admit(header, header.pixels() * ((channels + 1L) * sampleBytes + 6) + file.length);
        byte[] icc = srgb ? null : icc(run);
        try (LibraryReader library = new LibraryReader(LibraryReader.PNG, new GuardedInput(file, run), run)) {
            BufferedImage image = library.read();
            if (!ended) {
                run.warn(
                        "end_missing",
                        "The picture is whole, but the file lacks its end mark; it may have been cut off.");
            }
            if (image.getColorModel() instanceof IndexColorModel palette && colourType == 3) {
                return SampleConverter.palette(image.getRaster(), palette, icc, header, run);
            }
            return transparentLevel != null && colourType == 0 && bitDepth < 8
                    ? SampleConverter.palette(image.getRaster(), levels(transparentLevel, run), header, run)
                    : SampleConverter.convert(samples(image).withIcc(icc), header, run);
        }
    }

    /** The colours of grey levels of less than 8 bits, one of them transparent, which the JDK does not recognise. */
    private byte[] levels(ByteBuffer chunk, DecodeRun run) {
        byte[] colours = new byte[256 * 3]; // its raster holds the levels scaled to 8 bits
        int transparent = chunk.limit() < 2 ? -1 : chunk.getShort(0) * 255 / ((1 << bitDepth) - 1);
        for (int i = 0; i < colours.length; i++) {
            colours[i] = (byte) (i / 3 == transparent ? SampleConverter.background(run, i % 3) : i / 3);
        }
        return colours;
    }

    /** Grey of less than 8 bits comes with a palette, but its samples are levels. */
    private Samples samples(BufferedImage image) {
        return image.getColorModel() instanceof IndexColorModel
                ? Samples.unsigned(image.getRaster(), Samples.Colour.GREY, Samples.Alpha.NONE, bitDepth)
                : Samples.of(image.getRaster(), image.getColorModel());
    }

    private void walk(ByteBuffer file) {
        int at = 8;
        while (at + 12 <= file.limit() && !ended) {
            int length = file.getInt(at);
            String type =
                    StandardCharsets.ISO_8859_1.decode(file.slice(at + 4, 4)).toString();
            if (at == 8 && (!type.equals("IHDR") || length != 13)) {
                throw type.equals("CgBI")
                        ? DecodeErrors.unsupported("PNG in Apple's CgBI variant", "Send the original PNG.")
                        : DecodeErrors.corrupt("PNG", "it does not begin with a header");
            }
            if (length < 0 || at + 12L + length > file.limit()) {
                return; // cut off: whether the picture is whole shows when it is decoded
            }
            chunk(type, file.slice(at + 8, length), file.slice(at + 4, length + 4), file.getInt(at + 8 + length));
            at += 12 + length;
        }
        if (width == 0) {
            throw DecodeErrors.corrupt("PNG", "its header is cut off");
        }
    }

    private void chunk(String type, ByteBuffer data, ByteBuffer checked, int checksum) {
        switch (type) {
            case "IHDR" -> {
                check(type, checked, checksum);
                width = data.getInt(0);
                height = data.getInt(4);
                bitDepth = data.get(8) & 0xFF;
                colourType = data.get(9) & 0xFF;
            }
            case "PLTE", "IDAT" -> check(type, checked, checksum);
            case "acTL" -> frames = data.limit() >= 4 ? Math.max(1, data.getInt(0)) : 1;
            case "eXIf" -> exif = data;
            case "iCCP" -> profile = data;
            case "tRNS" -> transparentLevel = data;
            case "sRGB" -> srgb = true;
            case "IEND" -> ended = true;
            default -> {}
        }
    }

    private void check(String type, ByteBuffer checked, int checksum) {
        crc.reset();
        crc.update(checked);
        if ((int) crc.getValue() != checksum) {
            throw DecodeErrors.corrupt("PNG", "the checksum of its " + type + " chunk is wrong");
        }
    }

    /** The profile of the iCCP chunk, inflated; null when there is none or, with a warning, when it is broken. */
    private byte @Nullable [] icc(DecodeRun run) {
        if (profile == null) {
            return null;
        }
        int at = 0;
        while (at < profile.limit() && profile.get(at) != 0) {
            at++;
        }
        Inflater inflater = new Inflater();
        try {
            if (at + 2 > profile.limit()) {
                throw new DataFormatException("no profile after the name");
            }
            inflater.setInput(profile.slice(at + 2, profile.limit() - at - 2));
            byte[] icc = new byte[128];
            int length = inflater.inflate(icc);
            int declared = length < 128 ? 0 : ByteBuffer.wrap(icc).getInt(0); // the profile states its own length
            if (declared < 128 || declared > LARGEST_PROFILE) {
                throw new DataFormatException("no ICC profile");
            }
            icc = Arrays.copyOf(icc, declared);
            if (inflater.inflate(icc, 128, declared - 128) < declared - 128) {
                throw new DataFormatException("the profile is cut off");
            }
            return icc;
        } catch (DataFormatException e) {
            run.warn("icc_ignored", "The embedded colour profile is broken; colours are taken as sRGB.");
            return null;
        } finally {
            inflater.end();
        }
    }
}
