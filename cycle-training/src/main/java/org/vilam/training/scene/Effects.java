package org.vilam.training.scene;

import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.Kernel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.vilam.vision.image.ImageDecoder;
import org.vilam.vision.image.RgbImage;

/** What happens to a finished picture on its way to us: noise, blur, brightness, grey-scale, inversion, JPEG. */
final class Effects {
    private Effects() {}

    /** Applies a random few, then closes the scene; colours are disputed after grey-scale or inversion. */
    static Scene finish(Easel easel, String family, SplittableRandom random) {
        Set<String> disputed = new HashSet<>();
        int[] pixels = easel.pixels();
        if (random.nextInt(14) == 0) {
            disputed.addAll(List.of("colour", "shirt", "trousers"));
            for (int i = 0; i < pixels.length; i++) {
                int p = pixels[i];
                int grey = ((p >> 16 & 0xFF) * 299 + (p >> 8 & 0xFF) * 587 + (p & 0xFF) * 114 + 500) / 1000;
                pixels[i] = grey * 0x010101;
            }
        } else if (random.nextInt(25) == 0) {
            disputed.addAll(List.of("colour", "shirt", "trousers"));
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = ~pixels[i] & 0xFFFFFF;
            }
        }
        if (random.nextInt(5) == 0) {
            blur(easel, 0.4 + 0.9 * random.nextDouble());
        }
        if (random.nextInt(3) == 0) {
            tone(pixels, 0.85 + 0.3 * random.nextDouble(), 24 * (random.nextDouble() - 0.5));
        }
        if (random.nextInt(2) == 0) {
            noise(pixels, 1 + 13 * random.nextDouble() * random.nextDouble(), random);
        }
        if (random.nextInt(4) == 0) {
            jpeg(easel, (float) (0.3 + 0.6 * random.nextDouble()));
        }
        return easel.finish(family, disputed);
    }

    private static void tone(int[] pixels, double gain, double shift) {
        int[] table = new int[256];
        for (int v = 0; v < 256; v++) {
            table[v] = clamp((int) Math.round((v - 128) * gain + 128 + shift));
        }
        for (int i = 0; i < pixels.length; i++) {
            int p = pixels[i];
            pixels[i] = table[p >> 16 & 0xFF] << 16 | table[p >> 8 & 0xFF] << 8 | table[p & 0xFF];
        }
    }

    private static void noise(int[] pixels, double sigma, SplittableRandom random) {
        boolean coloured = random.nextBoolean();
        long state = random.nextLong() | 1;
        for (int i = 0; i < pixels.length; i++) {
            int out = 0;
            double shared = 0;
            for (int shift = 16; shift >= 0; shift -= 8) {
                if (coloured || shift == 16) {
                    // The sum of four uniforms is close enough to a normal variate, and cheap.
                    state ^= state << 13;
                    state ^= state >>> 7;
                    state ^= state << 17;
                    int sum = (int)
                            ((state & 0xFFFF) + (state >>> 16 & 0xFFFF) + (state >>> 32 & 0xFFFF) + (state >>> 48));
                    shared = sigma * (sum / 65536.0 - 2) * 1.732;
                }
                out |= clamp((int) Math.round((pixels[i] >> shift & 0xFF) + shared)) << shift;
            }
            pixels[i] = out;
        }
    }

    private static void blur(Easel easel, double sigma) {
        float[] kernel = new float[5];
        float sum = 0;
        for (int i = 0; i < 5; i++) {
            kernel[i] = (float) Math.exp(-(i - 2) * (i - 2) / (2 * sigma * sigma));
            sum += kernel[i];
        }
        for (int i = 0; i < 5; i++) {
            kernel[i] /= sum;
        }
        BufferedImage image = image(easel);
        image = new ConvolveOp(new Kernel(5, 1, kernel), ConvolveOp.EDGE_NO_OP, null).filter(image, null);
        image = new ConvolveOp(new Kernel(1, 5, kernel), ConvolveOp.EDGE_NO_OP, null).filter(image, null);
        image.getRGB(0, 0, easel.width(), easel.height(), easel.pixels(), 0, easel.width());
        strip(easel.pixels());
    }

    private static void jpeg(Easel easel, float quality) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(quality);
            try (var out = new javax.imageio.stream.MemoryCacheImageOutputStream(bytes)) {
                writer.setOutput(out);
                writer.write(null, new IIOImage(image(easel), null, null), param);
            }
            RgbImage read = new ImageDecoder().decode(bytes.toByteArray()).pixels();
            byte[] rgb = read.rgb();
            int[] pixels = easel.pixels();
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | (rgb[3 * i + 2] & 0xFF);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
    }

    private static BufferedImage image(Easel easel) {
        BufferedImage image = new BufferedImage(easel.width(), easel.height(), BufferedImage.TYPE_INT_RGB);
        image.setRGB(
                0,
                0,
                easel.width(),
                easel.height(),
                Arrays.copyOf(easel.pixels(), easel.pixels().length),
                0,
                easel.width());
        return image;
    }

    private static void strip(int[] argb) {
        for (int i = 0; i < argb.length; i++) {
            argb[i] &= 0xFFFFFF;
        }
    }

    private static int clamp(int v) {
        return v < 0 ? 0 : Math.min(v, 255);
    }
}
