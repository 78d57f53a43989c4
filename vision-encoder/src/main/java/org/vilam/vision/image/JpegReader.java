package org.vilam.vision.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.List;
import org.vilam.vision.image.Samples.Alpha;
import org.vilam.vision.image.Samples.Colour;
import org.vilam.vision.image.Samples.Numeric;

/**
 * JPEG by libjpeg, through the JDK's reader and TwelveMonkeys, which knows its colour spaces and ICC profiles.
 *
 * <p>CMYK is converted here, because Adobe's files store inks inverted and others do not.
 *
 * <p>A stream that ends early: libjpeg fills the rest with grey and notes a premature end, which makes it IMAGE_CORRUPT. A
 * sequential one that lacks nothing but its end marker is whole; of a progressive one that cannot be known, so it is not.
 */
final class JpegReader implements FormatReader {
    @Override
    public StoredPicture read(byte[] file, DecodeRun run) throws IOException {
        JpegHeader jpeg = new JpegHeader(file, 0, file.length);
        jpeg.check("JPEG");
        int orientation = ExifOrientation.of(jpeg.exif, run);
        ImageHeader header =
                new ImageHeader(ImageFormat.JPEG, jpeg.width, jpeg.height, 8, jpeg.components(), 1, orientation);
        run.admit(header, jpeg.memoryBytes() + file.length);
        if (!jpeg.ended && (jpeg.progressive() || jpeg.scans > 1)) {
            throw DecodeErrors.corrupt("JPEG", "the file ends before its last scan");
        }
        try (LibraryReader library = new LibraryReader(LibraryReader.JPEG, new GuardedInput(file, run), run)) {
            Samples samples = samples(jpeg, library, run);
            judge(library.notes(), jpeg, run);
            return SampleConverter.convert(samples, header, run);
        } catch (IOException e) {
            if (jpeg.arithmetic() && !run.expired()) { // only some builds of libjpeg decode it
                throw DecodeErrors.unsupported("arithmetic-coded JPEG");
            }
            throw e;
        }
    }

    private static Samples samples(JpegHeader jpeg, LibraryReader library, DecodeRun run) throws IOException {
        if (jpeg.components() == 4 && !isYcca(jpeg)) {
            Raster raster = library.readRaster();
            toInks(raster, jpeg.adobeTransform);
            return new Samples(
                    raster, Colour.CMYK, Alpha.NONE, Numeric.UNSIGNED, 8, 255, false, jpeg.icc());
        }
        BufferedImage image = library.read();
        if (image.getWidth() != jpeg.width || image.getHeight() != jpeg.height) {
            throw DecodeErrors.corrupt("JPEG", "its frame header contradicts its picture data");
        }
        return Samples.of(image.getRaster(), image.getColorModel());
    }

    /** What Java wrote for pictures with alpha up to version 8: components 1 to 4 and no Adobe marker. */
    private static boolean isYcca(JpegHeader jpeg) {
        return jpeg.adobeTransform < 0 && java.util.Arrays.equals(jpeg.componentIds, new int[] {1, 2, 3, 4});
    }

    /** Turns stored components into amounts of ink, 0 for none. */
    private static void toInks(Raster raster, int adobeTransform) {
        if (adobeTransform < 0) {
            return; // not Adobe's: stored as they are
        }
        byte[] data = ((DataBufferByte) raster.getDataBuffer()).getData();
        for (int i = 0; i + 3 < data.length; i += 4) {
            if (adobeTransform == 2) { // YCCK: inverted inks were coded as if they were RGB, and that inverted again
                int luma = data[i] & 0xFF;
                int cb = (data[i + 1] & 0xFF) - 128;
                int cr = (data[i + 2] & 0xFF) - 128;
                data[i] = clamp(luma + 1.402 * cr);
                data[i + 1] = clamp(luma - 0.344136 * cb - 0.714136 * cr);
                data[i + 2] = clamp(luma + 1.772 * cb);
            } else {
                data[i] = (byte) ~data[i];
                data[i + 1] = (byte) ~data[i + 1];
                data[i + 2] = (byte) ~data[i + 2];
            }
            data[i + 3] = (byte) ~data[i + 3];
        }
    }

    private static byte clamp(double value) {
        return (byte) Math.max(0, Math.min(255, (int) Math.round(value)));
    }

    /** libjpeg goes on after damage and notes only the first: whether the picture is whole has to be read from that. */
    private static void judge(List<String> notes, JpegHeader jpeg, DecodeRun run) {
        for (String note : notes) {
            if (note.startsWith("Corrupt JPEG data")) {
                if (note.contains("premature end") || !jpeg.ended) {
                    throw DecodeErrors.corrupt("JPEG", "its picture data end early");
                }
                run.warn("jpeg_damaged", "Part of the JPEG data is damaged (" + note + "); the picture may show it.");
            }
        }
        if (!jpeg.ended) {
            run.warn("end_missing", "The picture is whole, but the file lacks its end mark; it may have been cut off.");
        }
    }
}
