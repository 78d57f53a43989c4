package org.vilam.vision.image;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** Test pictures: PNG files of parity packs as stored samples, and made-up ones. */
final class Pictures {
    private Pictures() {}

    /** A grey or RGB PNG, samples as stored (no colour management), grey as three equal channels. */
    static RgbImage png(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            BufferedImage image = ImageIO.read(in);
            Raster raster = image.getRaster();
            byte[] rgb = new byte[image.getWidth() * image.getHeight() * 3];
            for (int i = 0; i < rgb.length; i++) {
                int pixel = i / 3;
                int band = raster.getNumBands() == 1 ? 0 : i % 3;
                rgb[i] = (byte) raster.getSample(pixel % image.getWidth(), pixel / image.getWidth(), band);
            }
            return new RgbImage(image.getWidth(), image.getHeight(), rgb);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The noise of {@code resampling/generate.py}. */
    static RgbImage noise(int width, int height) {
        long state = (width * 65536L + height) % (1L << 31);
        byte[] rgb = new byte[width * height * 3];
        for (int i = 0; i < rgb.length; i++) {
            state = (state * 1103515245L + 12345) % (1L << 31);
            rgb[i] = (byte) (state >> 16);
        }
        return new RgbImage(width, height, rgb);
    }

    /** One colour everywhere. */
    static RgbImage plain(int width, int height, int grey) {
        byte[] rgb = new byte[width * height * 3];
        Arrays.fill(rgb, (byte) grey);
        return new RgbImage(width, height, rgb);
    }
}
