package org.vilam.training.scene;

import java.util.SplittableRandom;

/** What lies behind the objects: flat, gradient, stripes, checks, smooth noise or a picture-like mixture. */
final class Backdrop {
    private Backdrop() {}

    /** Fills a canvas and returns its mean colour, 0xRRGGBB. */
    static int paint(Easel easel, SplittableRandom random) {
        int width = easel.width();
        int height = easel.height();
        double[] base = {random.nextDouble(), random.nextDouble(), random.nextDouble()};
        // Half of all pictures have a pale or a dark ground, as documents, slides and scans do.
        int tone = random.nextInt(8);
        for (int c = 0; c < 3; c++) {
            base[c] = tone < 3 ? 0.85 + 0.15 * base[c] : tone < 4 ? 0.2 * base[c] : 0.15 + 0.7 * base[c];
        }
        if (tone == 0) {
            base = new double[] {1, 1, 1};
        }
        int style = random.nextInt(7);
        double strength = style == 0 ? 0 : 0.06 + 0.24 * random.nextDouble();
        boolean coloured = random.nextInt(3) > 0;
        float[] shared = pattern(style, width, height, random);
        int[] pixels = easel.pixels();
        int mean = 0;
        for (int c = 0; c < 3; c++) {
            double gain = strength * (coloured ? 2 * random.nextDouble() - 1 : 1);
            float[] own = style >= 5 && coloured ? pattern(style, width, height, random) : shared;
            mean = mean << 8 | spread(pixels, own, 255 * base[c], 255 * gain);
        }
        return mean;
    }

    /** Appends one channel {@code level + gain * field} to every pixel and returns its mean. */
    private static int spread(int[] pixels, float[] field, double level, double gain) {
        float middle = (float) level + 0.5f;
        float slope = (float) gain;
        long sum = 0;
        for (int i = 0; i < pixels.length; i++) {
            int v = (int) Math.max(0f, Math.min(255f, middle + slope * field[i]));
            pixels[i] = (pixels[i] << 8 & 0xFFFFFF) | v;
            sum += v;
        }
        return (int) (sum / pixels.length);
    }

    /** Fills a canvas with one colour and smooth noise of the same strength in all channels (1 is the whole range). */
    static void cloud(Easel easel, int rgb, double cell, double strength, SplittableRandom random) {
        float[] field = new float[easel.width() * easel.height()];
        smoothNoise(field, easel.width(), easel.height(), cell, 1, random);
        for (int shift = 16; shift >= 0; shift -= 8) {
            spread(easel.pixels(), field, rgb >> shift & 0xFF, 255 * strength);
        }
    }

    /** A field of values about -1..1. */
    private static float[] pattern(int style, int width, int height, SplittableRandom random) {
        float[] out = new float[width * height];
        double angle = random.nextDouble() * 2 * Math.PI;
        double dx = Math.cos(angle);
        double dy = Math.sin(angle);
        double scale = Math.max(width, height);
        double period = scale * (0.03 + 0.2 * random.nextDouble());
        double phase = random.nextDouble() * 2 * Math.PI;
        switch (style) {
            case 1, 2 -> slope(out, width, height, (float) (2 * dx / scale), (float) (2 * dy / scale));
            case 3 -> wave(out, width, height, 2 * Math.PI * dx / period, 2 * Math.PI * dy / period, phase);
            case 4 -> checks(out, width, height, dx / period, dy / period);
            case 5, 6 -> {
                double cell = Math.max(4, period);
                double weight = 1;
                for (int octave = 0; octave < (style == 5 ? 2 : 4) && cell >= 2; octave++) {
                    smoothNoise(out, width, height, cell, weight, random);
                    cell /= 2;
                    weight *= 0.55;
                }
            }
            default -> {}
        }
        return out;
    }

    private static void slope(float[] out, int width, int height, float alongX, float alongY) {
        for (int y = 0, i = 0; y < height; y++) {
            float left = (y - height / 2f) * alongY - width / 2f * alongX;
            for (int x = 0; x < width; x++, i++) {
                out[i] = left + x * alongX;
            }
        }
    }

    /** {@code sin(a + b) = sin a cos b + cos a sin b}: a sine a row and a column instead of one a pixel. */
    private static void wave(float[] out, int width, int height, double alongX, double alongY, double phase) {
        float[] sine = new float[width];
        float[] cosine = new float[width];
        for (int x = 0; x < width; x++) {
            sine[x] = (float) (0.6 * Math.sin(x * alongX));
            cosine[x] = (float) (0.6 * Math.cos(x * alongX));
        }
        for (int y = 0, i = 0; y < height; y++) {
            float s = (float) Math.sin(y * alongY + phase);
            float c = (float) Math.cos(y * alongY + phase);
            for (int x = 0; x < width; x++, i++) {
                out[i] = sine[x] * c + cosine[x] * s;
            }
        }
    }

    private static void checks(float[] out, int width, int height, double dx, double dy) {
        // Cast to int truncates; an even number of squares added first makes that a floor.
        double offset = 2 * Math.ceil(Math.max(width, height) * (Math.abs(dx) + Math.abs(dy)));
        for (int y = 0, i = 0; y < height; y++) {
            for (int x = 0; x < width; x++, i++) {
                int squares = (int) (x * dx + y * dy + offset) + (int) (x * dy - y * dx + offset);
                out[i] = (squares & 1) == 0 ? -0.4f : 0.4f;
            }
        }
    }

    /** Adds value noise: random values on a grid, blended along both axes with a smooth step. */
    private static void smoothNoise(
            float[] out, int width, int height, double cell, double weight, SplittableRandom random) {
        int across = (int) Math.ceil(width / cell) + 2;
        int down = (int) Math.ceil(height / cell) + 2;
        float[] grid = new float[across * down];
        for (int i = 0; i < grid.length; i++) {
            grid[i] = (float) (weight * (2 * random.nextDouble() - 1));
        }
        float[] row = new float[across];
        for (int y = 0; y < height; y++) {
            int gy = (int) (y / cell);
            float ty = smoothStep(y / cell - gy);
            for (int g = 0; g < across; g++) {
                float top = grid[gy * across + g];
                row[g] = top + ty * (grid[(gy + 1) * across + g] - top);
            }
            for (int g = 0; g < across - 1; g++) {
                int from = (int) Math.ceil(g * cell);
                int to = Math.min(width, (int) Math.ceil((g + 1) * cell));
                float left = row[g];
                float rise = row[g + 1] - left;
                float step = (float) (1 / cell);
                float t = (float) (from / cell - g);
                for (int i = y * width + from; i < y * width + to; i++, t += step) {
                    out[i] += left + t * t * (3 - 2 * t) * rise;
                }
            }
        }
    }

    private static float smoothStep(double t) {
        return (float) (t * t * (3 - 2 * t));
    }
}
