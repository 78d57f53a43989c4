package org.vilam.vision.image.dicom;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.vilam.vision.image.ImageWarning;

/**
 * JPEG frames: sequential DCT of 8 bits through the JDK's reader, lossless through {@link JpegLosslessDecoder}.
 *
 * <p>The reader is asked for raw components and given a stream without application segments, so that what they mean is
 * decided here: by Adobe's APP14 segment, else the photometric interpretation, else JFIF.
 */
final class JpegDecoder {
    private JpegDecoder() {}

    static StoredSamples decode(
            ByteBuffer frame, TransferSyntax syntax, PixelFormat format, List<ImageWarning> warnings) {
        JpegStream stream = JpegStream.parse(frame);
        if (stream.width() != format.columns() || stream.height() != format.rows()) {
            throw Refusal.corrupt("the JPEG frame is " + stream.width() + " x " + stream.height()
                    + ", but Columns x Rows is " + format.columns() + " x " + format.rows());
        }
        if (stream.components().size() != format.samples()) {
            throw Refusal.corrupt("the JPEG frame has " + stream.components().size() + " components, but "
                    + Tag.SAMPLES_PER_PIXEL + " is " + format.samples());
        }
        if (stream.process() == JpegStream.SOF3) {
            return JpegLosslessDecoder.decode(stream, format);
        }
        boolean sequential = stream.process() == JpegStream.SOF0 || stream.process() == JpegStream.SOF1;
        if (!sequential || stream.precision() != 8) {
            throw Refusal.compression("the transfer syntax " + UidNames.describe(syntax.uid) + " is not decoded with "
                    + stream.precision() + " bits and coding process SOF" + (stream.process() - JpegStream.SOF0)
                    + ", only sequential with 8 bits, or lossless");
        }
        if (format.bitsAllocated() != 8) {
            throw Refusal.corrupt(
                    "the JPEG frame has 8 bits, but " + Tag.BITS_ALLOCATED + " is " + format.bitsAllocated());
        }
        // Every scan costs a pass over the picture, however short it is; a sequential stream has one for each
        // component.
        if (stream.scans() > stream.components().size()) {
            throw Refusal.corrupt("the JPEG frame has more scans than components");
        }
        Photometric delivered =
                format.samples() == 1 ? format.photometric() : colour(stream, format.photometric(), warnings);
        return new StoredSamples(format.interleaved(delivered), ByteBuffer.wrap(components(stream, format)), false);
    }

    /** What three components are, RGB or YBR_FULL. */
    private static Photometric colour(JpegStream stream, Photometric said, List<ImageWarning> warnings) {
        int adobe = stream.adobeTransform();
        boolean ybr;
        if (adobe == 0 || adobe == 1) {
            ybr = adobe == 1;
        } else {
            // JFIF is YCbCr by definition, and nobody subsamples red or blue: RGB is then an oversight of the
            // converter.
            ybr = said.ybr() || stream.jfif() || stream.subsampled();
        }
        if (ybr != said.ybr()) {
            warnings.add(new ImageWarning(
                    "photometric_contradicted",
                    Tag.PHOTOMETRIC_INTERPRETATION + " says " + said + ", but the JPEG frame is "
                            + (ybr ? "YCbCr" : "RGB") + " and was read as such."));
        }
        return ybr ? Photometric.YBR_FULL : Photometric.RGB;
    }

    private static byte[] components(JpegStream stream, PixelFormat format) {
        ImageReader reader = jdkReader();
        boolean[] damaged = new boolean[1];
        try (MemoryCacheImageInputStream in =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(stream.pictureOnly()))) {
            reader.addIIOReadWarningListener((source, warning) -> damaged[0] |= meansDamage(warning));
            reader.setInput(in, true, true);
            Raster raster = reader.readRaster(0, null);
            if (raster.getWidth() != format.columns()
                    || raster.getHeight() != format.rows()
                    || raster.getNumBands() != format.samples()) {
                throw new IOException("the decoder delivered another size than the frame header says");
            }
            if (damaged[0]) {
                throw new IOException("the decoder had to make up parts of the picture");
            }
            return (byte[]) raster.getDataElements(0, 0, format.columns(), format.rows(), null);
        } catch (IOException | RuntimeException e) {
            // The JDK's reader answers some damaged streams with unchecked exceptions of several kinds.
            throw Refusal.corrupt("the JPEG frame cannot be decoded", e);
        } finally {
            reader.dispose();
        }
    }

    /** Whether a warning of libjpeg (its jerror.h) means that samples were lost; stray bytes between segments are not. */
    private static boolean meansDamage(String warning) {
        return !warning.contains("extraneous bytes") && !warning.contains("Invalid SOS parameters");
    }

    /** The JDK's own reader: other plug-ins may be registered before it, and some of them convert colours on their own. */
    private static ImageReader jdkReader() {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (reader.getClass().getName().startsWith("com.sun.imageio.") && reader.canReadRaster()) {
                return reader;
            }
            reader.dispose();
        }
        throw new IllegalStateException("the Java runtime has no JPEG reader of its own (module java.desktop)");
    }
}
