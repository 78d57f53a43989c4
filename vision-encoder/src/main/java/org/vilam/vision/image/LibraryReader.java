package org.vilam.vision.image;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.concurrent.ConcurrentHashMap;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadProgressListener;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/**
 * A reader of the JDK or, for TIFF, of TwelveMonkeys, chosen by name and not by registration order.
 *
 * <p>It reads from a {@link GuardedInput} and aborts itself at its next progress report after the deadline.
 */
final class LibraryReader implements AutoCloseable {
    static final String JPEG = "com.sun.imageio.plugins.jpeg.JPEGImageReader";
    static final String PNG = "com.sun.imageio.plugins.png.PNGImageReader";
    static final String GIF = "com.sun.imageio.plugins.gif.GIFImageReader";
    static final String TIFF = "com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReader";

    private static final Map<String, ImageReaderSpi> PROVIDERS = new ConcurrentHashMap<>();

    static {
        ImageIO.setUseCache(false);
    }

    private final ImageReader reader;
    private final DecodeRun run;
    private final List<String> notes = new ArrayList<>();

    LibraryReader(String className, GuardedInput input, DecodeRun run) throws IOException {
        this.run = run;
        reader = PROVIDERS.computeIfAbsent(className, LibraryReader::provider).createReaderInstance();
        reader.addIIOReadWarningListener((source, warning) -> {
            if (notes.size() < 64) {
                notes.add(warning);
            }
        });
        reader.addIIOReadProgressListener(new AbortAtDeadline());
        reader.setInput(input, false, true);
    }

    private static ImageReaderSpi provider(String className) {
        Iterator<ImageReaderSpi> found = IIORegistry.getDefaultInstance()
                .getServiceProviders(
                        ImageReaderSpi.class,
                        provider ->
                                ((ImageReaderSpi) provider).getPluginClassName().equals(className),
                        false);
        if (!found.hasNext()) {
            throw new ServiceConfigurationError(
                    className + " is not registered; a shaded jar must merge META-INF/services of its parts");
        }
        return found.next();
    }

    /** The first picture, in whatever type the reader makes of it. */
    BufferedImage read() throws IOException {
        BufferedImage image = reader.read(0);
        run.checkDeadline();
        return image;
    }

    /** The first picture, into RGB bytes: of JPEG faster than into the type that the JDK prefers. */
    Raster readRgb(int width, int height) throws IOException {
        byte[] bytes = new byte[width * height * 3];
        WritableRaster raster = Raster.createInterleavedRaster(
                new DataBufferByte(bytes, bytes.length), width, height, width * 3, 3, new int[] {0, 1, 2}, null);
        ColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, Transparency.OPAQUE, DataBuffer.TYPE_BYTE);
        ImageReadParam into = reader.getDefaultReadParam();
        into.setDestination(new BufferedImage(model, raster, false, null));
        reader.read(0, into);
        run.checkDeadline();
        return raster;
    }

    /** The first picture's samples without colour conversion. */
    Raster readRaster() throws IOException {
        Raster raster = reader.readRaster(0, null);
        run.checkDeadline();
        return raster;
    }

    /** What the reader warned of, at most 64. */
    List<String> notes() {
        return notes;
    }

    @Override
    public void close() {
        reader.dispose();
    }

    private final class AbortAtDeadline implements IIOReadProgressListener {
        @Override
        public void imageProgress(ImageReader source, float percentageDone) {
            if (run.expired()) {
                source.abort();
            }
        }

        @Override
        public void imageStarted(ImageReader source, int imageIndex) {}

        @Override
        public void imageComplete(ImageReader source) {}

        @Override
        public void readAborted(ImageReader source) {}

        @Override
        public void sequenceStarted(ImageReader source, int minIndex) {}

        @Override
        public void sequenceComplete(ImageReader source) {}

        @Override
        public void thumbnailStarted(ImageReader source, int imageIndex, int thumbnailIndex) {}

        @Override
        public void thumbnailProgress(ImageReader source, float percentageDone) {}

        @Override
        public void thumbnailComplete(ImageReader source) {}
    }
}
