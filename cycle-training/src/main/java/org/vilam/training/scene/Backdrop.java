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
        double[][] field = new double[3][width * height];
        int style = random.nextInt(7);
        double strength = style == 0 ? 0 : 0.06 + 0.24 * random.nextDouble();
        boolean coloured = random.nextInt(3) > 0;
        double[] gain = new double[3];
        for (int c = 0; c < 3; c++) {
            gain[c] = strength * (coloured ? 2 * random.nextDouble() - 1 : 1);
        }
        double[] shared = pattern(style, width, height, random);
        for (int c = 0; c < 3; c++) {
            double[] own = style >= 5 && coloured ? pattern(style, width, height, random) : shared;
            for (int i = 0; i < field[c].length; i++) {
                field[c][i] = base[c] + gain[c] * own[i];
            }
        }
        int[] pixels = easel.pixels();
        long[] sum = new long[3];
        for (int i = 0; i < pixels.length; i++) {
            int rgb = 0;
            for (int c = 0; c < 3; c++) {
                int v = (int) Math.round(255 * Math.max(0, Math.min(1, field[c][i])));
                rgb = rgb << 8 | v;
                sum[c] += v;
            }
            pixels[i] = rgb;
        }
        int n = pixels.length;
        return (int) (sum[0] / n) << 16 | (int) (sum[1] / n) << 8 | (int) (sum[2] / n);
    }

    /** A field of values about -1..1. */
    private static double[] pattern(int style, int width, int height, SplittableRandom random) {
        double[] out = new double[width * height];
        double angle = random.nextDouble() * 2 * Math.PI;
        double dx = Math.cos(angle);
        double dy = Math.sin(angle);
        double scale = Math.max(width, height);
        double period = scale * (0.03 + 0.2 * random.nextDouble());
        double phase = random.nextDouble() * 2 * Math.PI;
        switch (style) {
            case 1, 2 -> {
                for (int y = 0; y < height; y++) {
                    for (int x = 0; x < width; x++) {
                        out[y * width + x] = 2 * ((x - width / 2.0) * dx + (y - height / 2.0) * dy) / scale;
                    }
                }
            }
            case 3 -> {
                for (int y = 0; y < height; y++) {
                    for (int x = 0; x < width; x++) {
                        out[y * width + x] = 0.6 * Math.sin(2 * Math.PI * (x * dx + y * dy) / period + phase);
                    }
                }
            }
            case 4 -> {
                for (int y = 0; y < height; y++) {
                    for (int x = 0; x < width; x++) {
                        boolean odd = ((long) Math.floor((x * dx + y * dy) / period)
                                                + (long) Math.floor((x * dy - y * dx) / period)
                                        & 1)
                                != 0;
                        out[y * width + x] = odd ? 0.4 : -0.4;
                    }
                }
            }
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

    /** Value noise: random values on a grid, bilinearly blended with a smooth step. */
    static void smoothNoise(double[] out, int width, int height, double cell, double weight, SplittableRandom random) {
        int across = (int) Math.ceil(width / cell) + 2;
        int down = (int) Math.ceil(height / cell) + 2;
        double[] grid = new double[across * down];
        for (int i = 0; i < grid.length; i++) {
            grid[i] = 2 * random.nextDouble() - 1;
        }
        for (int y = 0; y < height; y++) {
            int gy = (int) (y / cell);
            double ty = smoothStep(y / cell - gy);
            for (int x = 0; x < width; x++) {
                int gx = (int) (x / cell);
                double tx = smoothStep(x / cell - gx);
                int at = gy * across + gx;
                double top = grid[at] + tx * (grid[at + 1] - grid[at]);
                double bottom = grid[at + across] + tx * (grid[at + across + 1] - grid[at + across]);
                out[y * width + x] += weight * (top + ty * (bottom - top));
            }
        }
    }

    private static double smoothStep(double t) {
        return t * t * (3 - 2 * t);
    }
}
