package org.vilam.vision.image;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.vilam.vision.image.Samples.Alpha;
import org.vilam.vision.image.Samples.Colour;

/**
 * JPEG by libjpeg, through the JDK's reader.
 *
 * <p>That reader is shown a stream without application segments ({@link JpegHeader#cleanHead}); orientation, ICC profile
 * and CMYK, which it does not know or believes too readily, are dealt with here.
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
        GuardedInput input = new GuardedInput(jpeg.cleanHead(), file, jpeg.firstScan, new byte[0], run);
        try (LibraryReader library = new LibraryReader(LibraryReader.JPEG, input, run)) {
            Samples samples = samples(jpeg, library).withIcc(jpeg.icc());
            judge(library.notes(), jpeg, run);
            return SampleConverter.convert(samples, header, run);
        } catch (IOException e) {
            if (jpeg.arithmetic() && !run.expired()) { // only some builds of libjpeg decode it
                throw DecodeErrors.unsupported("arithmetic-coded JPEG");
            }
            throw e;
        }
    }

    private static Samples samples(JpegHeader jpeg, LibraryReader library) throws IOException {
        if (jpeg.components() == 1) {
            return Samples.unsigned(library.read().getRaster(), Colour.GREY, Alpha.NONE, 8);
        }
        if (jpeg.components() == 3) {
            return Samples.unsigned(library.readRgb(jpeg.width, jpeg.height), Colour.RGB, Alpha.NONE, 8);
        }
        Raster raster = library.readRaster();
        byte[] data = ((DataBufferByte) raster.getDataBuffer()).getData();
        if (jpeg.adobeTransform < 0 && Arrays.equals(jpeg.componentIds, new int[] {1, 2, 3, 4})) {
            toRgb(data); // what Java wrote for pictures with alpha up to version 8
            return Samples.unsigned(raster, Colour.RGB, Alpha.STRAIGHT, 8);
        }
        if (jpeg.adobeTransform >= 1) {
            toRgb(data); // YCCK: inverted inks were coded as if they were RGB, and that inverted again
            for (int i = 3; i < data.length; i += 4) {
                data[i] = (byte) ~data[i];
            }
        } else if (jpeg.adobeTransform == 0) { // Adobe stores inks inverted
            for (int i = 0; i < data.length; i++) {
                data[i] = (byte) ~data[i];
            }
        }
        return Samples.unsigned(raster, Colour.CMYK, Alpha.NONE, 8);
    }

    /** Luma and chroma to RGB, in place, in each first three of four bytes (JFIF 1.02). */
    private static void toRgb(byte[] data) {
        for (int i = 0; i + 3 < data.length; i += 4) {
            int luma = data[i] & 0xFF;
            int cb = (data[i + 1] & 0xFF) - 128;
            int cr = (data[i + 2] & 0xFF) - 128;
            data[i] = clamp(luma + 1.402 * cr);
            data[i + 1] = clamp(luma - 0.344136 * cb - 0.714136 * cr);
            data[i + 2] = clamp(luma + 1.772 * cb);
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
