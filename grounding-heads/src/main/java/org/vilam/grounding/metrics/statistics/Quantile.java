package org.vilam.grounding.metrics.statistics;

/** Sample quantiles by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, numpy's default). */
public final class Quantile {
    private Quantile() {}

    /**
     * The {@code q}-quantile.
     *
     * @param ascending values in ascending order, at least one
     * @param q in [0, 1]: 0 gives the smallest value, 1 the largest
     */
    public static double ofSorted(double[] ascending, double q) {
        if (ascending.length == 0 || !(q >= 0 && q <= 1)) {
            throw new IllegalArgumentException("need values and q in [0, 1], got " + ascending.length + " and " + q);
        }
        double position = q * (ascending.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, ascending.length - 1);
        return ascending[below] + (position - below) * (ascending[above] - ascending[below]);
    }
}
