package org.vilam.grounding.metrics;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.vilam.grounding.metrics.statistics.Quantile;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.image.PixelSpacing;

/**
 * Distances between the borders of two masks.
 *
 * <p>The border of a mask are its pixels with a 4-neighbour outside the mask or outside the image ({@link #border}; scipy's
 * {@code mask ^ binary_erosion(mask)}). Each border pixel of one mask has its distance to the nearest border pixel of the
 * other, from centre to centre, in the unit of the spacing: with {@code PixelSpacing(1, 1)} pixels, else millimetres. All values
 * are symmetric in the two masks.
 */
public final class SurfaceDistances {
    private final double[] fromFirst;
    private final double[] fromSecond;

    private SurfaceDistances(double[] fromFirst, double[] fromSecond) {
        this.fromFirst = fromFirst;
        this.fromSecond = fromSecond;
    }

    /**
     * Measures two masks of the same size.
     *
     * @param spacing size of a pixel, both sides finite and over 0
     * @return empty where either mask is: there is no distance to nothing
     */
    public static Optional<SurfaceDistances> between(Mask first, Mask second, PixelSpacing spacing) {
        if (first.width() != second.width() || first.height() != second.height()) {
            throw new IllegalArgumentException("masks of " + first.width() + " x " + first.height() + " and "
                    + second.width() + " x " + second.height() + " cannot be compared");
        }
        if (first.isEmpty() || second.isEmpty()) {
            return Optional.empty();
        }
        // Nothing outside the box around both masks is asked for or answers.
        Box hull = first.boundingBox().hull(second.boundingBox());
        Mask a = cut(border(first), hull);
        Mask b = cut(border(second), hull);
        return Optional.of(new SurfaceDistances(distances(a, b, spacing), distances(b, a, spacing)));
    }

    /** The border pixels of a mask. */
    public static Mask border(Mask mask) {
        int right = mask.width() - 1;
        int bottom = mask.height() - 1;
        return Mask.where(
                mask.width(),
                mask.height(),
                (x, y) -> mask.get(x, y)
                        && (x == 0
                                || y == 0
                                || x == right
                                || y == bottom
                                || !mask.get(x - 1, y)
                                || !mask.get(x + 1, y)
                                || !mask.get(x, y - 1)
                                || !mask.get(x, y + 1)));
    }

    /** The Hausdorff distance: the largest distance. */
    public double hausdorff() {
        return Math.max(last(fromFirst), last(fromSecond));
    }

    /**
     * HD95 as MedPy's {@code hd95} defines it, the usual one in papers on segmentation: the 95th percentile
     * ({@link Quantile} rule) of the distances of both borders together.
     */
    public double hausdorff95() {
        return Quantile.ofSorted(pooled().sorted().toArray(), 0.95);
    }

    /**
     * HD95 as MONAI's {@code compute_hausdorff_distance(percentile=95)} defines it: the larger one of the 95th percentiles of
     * the two borders.
     */
    public double hausdorff95MaxOfDirected() {
        return Math.max(Quantile.ofSorted(fromFirst, 0.95), Quantile.ofSorted(fromSecond, 0.95));
    }

    /** The average symmetric surface distance: the mean of all distances of both borders. */
    public double mean() {
        return pooled().average().orElseThrow();
    }

    private DoubleStream pooled() {
        return DoubleStream.concat(Arrays.stream(fromFirst), Arrays.stream(fromSecond));
    }

    private static double last(double[] ascending) {
        return ascending[ascending.length - 1];
    }

    private static Mask cut(Mask mask, Box box) {
        return mask.window((int) box.x1(), (int) box.y1(), (int) box.width(), (int) box.height());
    }

    /** For each pixel of {@code from} the distance to {@code to}, ascending. */
    private static double[] distances(Mask from, Mask to, PixelSpacing spacing) {
        double[] squared = DistanceTransform.squared(to, spacing);
        byte[] asked = from.toBytes();
        double[] distances = new double[Math.toIntExact(from.area())];
        int n = 0;
        for (int i = 0; i < asked.length; i++) {
            if (asked[i] != 0) {
                distances[n++] = Math.sqrt(squared[i]);
            }
        }
        Arrays.sort(distances);
        return distances;
    }
}
