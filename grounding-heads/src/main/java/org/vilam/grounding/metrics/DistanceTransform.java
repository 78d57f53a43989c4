package org.vilam.grounding.metrics;

import org.vilam.vision.geometry.Mask;
import org.vilam.vision.image.PixelSpacing;

/**
 * The exact Euclidean distance transform in linear time (Felzenszwalb and Huttenlocher 2012, algorithm 1), one axis after the
 * other.
 */
final class DistanceTransform {
    private DistanceTransform() {}

    /**
     * For each pixel, row by row, the squared distance of its centre to the nearest centre of a pixel of the mask.
     *
     * @param mask not empty
     */
    static double[] squared(Mask mask, PixelSpacing spacing) {
        int width = mask.width();
        int height = mask.height();
        byte[] inside = mask.toBytes();
        double[] squared = new double[inside.length];
        for (int i = 0; i < squared.length; i++) {
            squared[i] = inside[i] != 0 ? 0 : Double.POSITIVE_INFINITY;
        }
        Envelope across = new Envelope(width, spacing.x());
        for (int y = 0; y < height; y++) {
            across.transform(squared, y * width, 1);
        }
        Envelope down = new Envelope(height, spacing.y());
        for (int x = 0; x < width; x++) {
            down.transform(squared, x, width);
        }
        return squared;
    }

    /** The lower envelope of parabolas {@code f(q) + (step (p - q))^2} over the places p = 0..n-1. */
    private static final class Envelope {
        final int n;
        final double step;
        final double[] values;
        final int[] vertex;
        final double[] from;

        Envelope(int n, double step) {
            if (!(step > 0 && step < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("pixel spacing must be finite and over 0, got " + step);
            }
            this.n = n;
            this.step = step;
            values = new double[n];
            vertex = new int[n];
            from = new double[n];
        }

        /** Replaces the n values at {@code start, start + stride, ...}. */
        void transform(double[] grid, int start, int stride) {
            int parabolas = 0;
            for (int q = 0; q < n; q++) {
                values[q] = grid[start + q * stride];
                if (values[q] < Double.POSITIVE_INFINITY) {
                    double enters = Double.NEGATIVE_INFINITY;
                    while (parabolas > 0) {
                        enters = crossing(vertex[parabolas - 1], q);
                        if (enters > from[parabolas - 1]) {
                            break;
                        }
                        parabolas--;
                        enters = Double.NEGATIVE_INFINITY;
                    }
                    vertex[parabolas] = q;
                    from[parabolas] = enters;
                    parabolas++;
                }
            }
            int at = 0;
            for (int p = 0; p < n && parabolas > 0; p++) {
                while (at + 1 < parabolas && from[at + 1] < p) {
                    at++;
                }
                double distance = step * (p - vertex[at]);
                grid[start + p * stride] = values[vertex[at]] + distance * distance;
            }
        }

        /** Where the parabola at q comes to lie below the one at an earlier place, in steps. */
        private double crossing(int earlier, int q) {
            double rise = (values[q] - values[earlier]) / (step * step);
            return (rise + (double) q * q - (double) earlier * earlier) / (2.0 * (q - earlier));
        }
    }
}
