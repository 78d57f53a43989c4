package org.vilam.training.scene;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
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

    /** Applies a random few, then closes the scene; colours cannot be told after grey-scale or inversion. */
    static Scene finish(Easel easel, String family, SplittableRandom random) {
        Set<String> disputed = new HashSet<>();
        int[] pixels = easel.pixels();
        if (random.nextInt(14) == 0) {
            disputed.addAll(Vocabulary.COLOURED);
            for (int i = 0; i < pixels.length; i++) {
                int p = pixels[i];
                int grey = ((p >> 16 & 0xFF) * 299 + (p >> 8 & 0xFF) * 587 + (p & 0xFF) * 114 + 500) / 1000;
                pixels[i] = grey * 0x010101;
            }
        } else if (random.nextInt(25) == 0) {
            disputed.addAll(Vocabulary.COLOURED);
            disputed.add("tone");
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
        int scale = (int) Math.round(sigma * Math.sqrt(3) * 256);
        for (int i = 0; i < pixels.length; i++) {
            int p = pixels[i];
            state = next(state);
            int red = normal(state, scale);
            int green = red;
            int blue = red;
            if (coloured) {
                state = next(state);
                green = normal(state, scale);
                state = next(state);
                blue = normal(state, scale);
            }
            pixels[i] = clamp((p >> 16 & 0xFF) + red) << 16
                    | clamp((p >> 8 & 0xFF) + green) << 8
                    | clamp((p & 0xFF) + blue);
        }
    }

    /** Marsaglia's xorshift64. */
    private static long next(long state) {
        long s = state ^ (state << 13);
        s ^= s >>> 7;
        return s ^ (s << 17);
    }

    /** The sum of four uniforms of 16 bits is close enough to a normal variate, and cheap; rounded to an integer. */
    private static int normal(long bits, int scale) {
        long pairs = (bits & 0xFFFF0000FFFFL) + (bits >>> 16 & 0xFFFF0000FFFFL);
        int sum = (int) ((pairs + (pairs >>> 32)) & 0x3FFFF);
        return ((sum - 0x20000) * scale + 0x800000) >> 24;
    }

    /** Five taps along both axes; red and blue share one multiplication, each has 16 bits. */
    private static void blur(Easel easel, double sigma) {
        double one = Math.exp(-1 / (2 * sigma * sigma));
        double two = Math.exp(-4 / (2 * sigma * sigma));
        double sum = 1 + 2 * one + 2 * two;
        int near = (int) Math.round(256 * one / sum);
        int far = (int) Math.round(256 * two / sum);
        int[] pixels = easel.pixels();
        int[] once = new int[pixels.length];
        int width = easel.width();
        int height = easel.height();
        for (int y = 0; y < height; y++) {
            blurLine(pixels, once, y * width, 1, width, near, far);
        }
        for (int x = 0; x < width; x++) {
            blurLine(once, pixels, x, width, height, near, far);
        }
    }

    private static void blurLine(int[] in, int[] out, int start, int step, int count, int near, int far) {
        int middle = 256 - 2 * near - 2 * far;
        int last = start + (count - 1) * step;
        for (int i = start; ; i += step) {
            int a = in[Math.max(start, i - 2 * step)];
            int b = in[Math.max(start, i - step)];
            int c = in[i];
            int d = in[Math.min(last, i + step)];
            int e = in[Math.min(last, i + 2 * step)];
            int redBlue = far * ((a & 0xFF00FF) + (e & 0xFF00FF))
                    + near * ((b & 0xFF00FF) + (d & 0xFF00FF))
                    + middle * (c & 0xFF00FF);
            int green =
                    far * ((a & 0xFF00) + (e & 0xFF00)) + near * ((b & 0xFF00) + (d & 0xFF00)) + middle * (c & 0xFF00);
            out[i] = (redBlue >>> 8 & 0xFF00FF) | (green >>> 8 & 0xFF00);
            if (i == last) {
                return;
            }
        }
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
                writer.write(null, new IIOImage(easel.canvas(), null, null), param);
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

    private static int clamp(int v) {
        return v < 0 ? 0 : Math.min(v, 255);
    }
}
