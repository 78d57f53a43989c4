package org.vilam.vision.image;

import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.image.Samples.Alpha;
import org.vilam.vision.image.Samples.Colour;
import org.vilam.vision.image.Samples.Numeric;

/**
 * TIFF and BigTIFF: the first page, by TwelveMonkeys' reader.
 *
 * <p>That reader parses every directory and value of a file at once and believes their sizes. It is shown a directory
 * written anew, of the fields that say how the first page is coded ({@link TiffRewriter}); what samples mean (white-is-zero,
 * signed, float, L*a*b*, CMYK, ICC) is applied here, where the library would clamp or convert them.
 */
final class TiffReader implements FormatReader {
    private static final int LARGEST_PROFILE = 16 << 20;

    @Override
    public StoredPicture read(byte[] file, DecodeRun run) throws IOException {
        TiffDirectory directory = TiffDirectory.first(ByteBuffer.wrap(file));
        TiffPage page = new TiffPage(directory);
        int orientation = ExifOrientation.checked(directory.value(ExifOrientation.TAG, 1), run);
        ImageHeader header = new ImageHeader(
                ImageFormat.TIFF,
                page.width,
                page.height,
                page.bits,
                page.samplesPerPixel,
                directory.countPages(run.limits().maxFrames()),
                orientation);
        run.admit(header, page.memoryBytes() + header.pixels() * 6 + 2L * file.length);
        checkTiles(page, file);
        TiffRewriter rewriter = new TiffRewriter(page);
        byte[] head = rewriter.header(file.length);
        GuardedInput input = new GuardedInput(head, file, head.length, rewriter.directory(), run);
        try (LibraryReader library = new LibraryReader(LibraryReader.TIFF, input, run)) {
            // read() clamps floats to 0..1; readRaster() does not, but copies the picture and leaves YCbCr as it is.
            Raster raster = page.numeric == Numeric.FLOAT
                    ? library.readRaster()
                    : library.read().getRaster();
            for (String note : library.notes()) {
                if (note.startsWith("Corrupt JPEG data: premature end")) {
                    throw DecodeErrors.corrupt("TIFF", "the JPEG data inside end early");
                }
            }
            byte[] icc = directory.bytes(34675, LARGEST_PROFILE);
            Colour colour = page.colour;
            if (colour == null) {
                return palette(page, raster, icc, header, run);
            }
            if (page.samplesPerPixel > colour.bands + (page.alpha == Alpha.NONE ? 0 : 1)) {
                run.warn(
                        "extra_channels_ignored",
                        "The image has " + page.samplesPerPixel + " channels; those beyond its colours are not shown.");
            }
            Samples samples = new Samples(
                    raster,
                    colour,
                    page.alpha,
                    colour == Colour.CIELAB ? Numeric.UNSIGNED : page.numeric,
                    page.bits,
                    (1L << page.bits) - 1,
                    page.photometric == TiffPage.WHITE_IS_ZERO,
                    Samples.profile(colour == Colour.RGB || colour == Colour.CMYK ? icc : null));
            return SampleConverter.convert(samples, header, run);
        }
    }

    private static StoredPicture palette(
            TiffPage page, Raster raster, byte @Nullable [] icc, ImageHeader header, DecodeRun run) throws IOException {
        byte[] colours = page.palette();
        IccTransform transform = IccTransform.of(icc, Colour.RGB, run);
        if (transform != null) {
            transform.apply(colours, 0, colours, 0, colours.length / 3);
        }
        StoredPicture picture = SampleConverter.palette(raster, colours, header, run);
        if (page.alpha != Alpha.NONE) {
            byte[] alpha = new byte[page.width * page.height];
            int[] row = new int[page.width];
            for (int y = 0; y < page.height; y++) {
                raster.getSamples(0, y, page.width, 1, 1, row);
                for (int x = 0; x < page.width; x++) {
                    alpha[y * page.width + x] = (byte) (page.bits == 16 ? row[x] >> 8 : row[x]);
                }
            }
            SampleConverter.finish(picture.rgb(), alpha, null, run);
        }
        return picture;
    }

    /** Strips and tiles must begin inside the file, and JPEG ones be as large as the directory says. */
    private static void checkTiles(TiffPage page, byte[] file) throws IOException {
        long[] offsets = page.tileOffsets();
        long[] lengths = page.tileLengths();
        long walked = 0;
        for (int i = 0; i < offsets.length; i++) {
            if (offsets[i] < 0 || offsets[i] >= file.length) {
                throw DecodeErrors.corrupt("TIFF", "its picture data lie outside the file");
            }
            if (page.compression != 1 && lengths.length > 0 && offsets[i] + lengths[i] > file.length) {
                throw DecodeErrors.corrupt("TIFF", "its picture data are cut off");
            }
            if (page.jpegCoded()) {
                long length = lengths.length == 0 ? file.length : Math.max(0, lengths[i]);
                int end = (int) Math.min(file.length, offsets[i] + length);
                walked += end - offsets[i];
                if (walked > 4L * file.length) {
                    throw DecodeErrors.corrupt("TIFF", "its tiles overlap");
                }
                checkJpeg(page, file, (int) offsets[i], end);
            }
        }
        if (page.jpegCoded()) {
            long stream = page.directory.value(513, 0);
            if (stream > 0 && stream < file.length) {
                checkJpeg(page, file, (int) stream, file.length);
            }
        }
    }

    private static void checkJpeg(TiffPage page, byte[] file, int from, int end) {
        if (end - from < 4 || file[from] != (byte) 0xFF || file[from + 1] != (byte) 0xD8) {
            return; // old style: scan data that share one header
        }
        JpegHeader jpeg = new JpegHeader(file, from, end);
        if (jpeg.frameMarker == 0) {
            return; // tables only
        }
        if (jpeg.scans > 0) {
            jpeg.check("TIFF");
        }
        boolean old = page.compression != TiffPage.JPEG;
        int most = roundUp(old ? Math.max(page.tileWidth, page.width) : page.tileWidth);
        int mostRows = roundUp(old ? Math.max(page.tileHeight, page.height) : page.tileHeight);
        if (jpeg.width > most || jpeg.height > mostRows) {
            throw DecodeErrors.corrupt(
                    "TIFF", "a JPEG tile inside declares " + jpeg.width + " x " + jpeg.height + " pixels");
        }
    }

    private static int roundUp(int side) {
        return (int) Math.min(Integer.MAX_VALUE, (side + 15L) / 16 * 16);
    }
}
