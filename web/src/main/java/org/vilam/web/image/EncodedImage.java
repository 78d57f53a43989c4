package org.vilam.web.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.image.RgbImage;

/**
 * An image file made here.
 *
 * @param mediaType {@link #PNG} or {@link #JPEG}
 * @param bytes the file
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record EncodedImage(String mediaType, byte[] bytes) {
    /** {@code image/png}. */
    public static final String PNG = "image/png";
    /** {@code image/jpeg}. */
    public static final String JPEG = "image/jpeg";

    /** Without loss. */
    public static EncodedImage png(RgbImage image) {
        return png(buffered(image));
    }

    /** Without loss. */
    public static EncodedImage png(BufferedImage image) {
        return new EncodedImage(PNG, encode(image, "png", -1));
    }

    /** White where the mask is, black elsewhere, one bit a pixel. */
    public static EncodedImage png(Mask mask) {
        BufferedImage image = new BufferedImage(mask.width(), mask.height(), BufferedImage.TYPE_BYTE_BINARY);
        for (int y = 0; y < mask.height(); y++) {
            for (int x = 0; x < mask.width(); x++) {
                if (mask.get(x, y)) {
                    image.setRGB(x, y, 0xFFFFFF);
                }
            }
        }
        return png(image);
    }

    /**
     * A JPEG of the pixels.
     *
     * @param quality 0..1
     */
    public static EncodedImage jpeg(RgbImage image, float quality) {
        return new EncodedImage(JPEG, encode(buffered(image), "jpeg", quality));
    }

    /** The pixels as Java draws on them; a copy. */
    public static BufferedImage buffered(RgbImage image) {
        int width = image.width();
        int height = image.height();
        byte[] rgb = image.rgb();
        BufferedImage buffered = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = (y * width + x) * 3;
                row[x] = ((rgb[at] & 0xFF) << 16) | ((rgb[at + 1] & 0xFF) << 8) | (rgb[at + 2] & 0xFF);
            }
            buffered.setRGB(0, y, width, 1, row, 0, width);
        }
        return buffered;
    }

    private static byte[] encode(BufferedImage image, String format, float quality) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            ImageWriteParam how = writer.getDefaultWriteParam();
            if (quality >= 0) {
                how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                how.setCompressionQuality(quality);
            }
            writer.write(null, new IIOImage(image, null, null), how);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
