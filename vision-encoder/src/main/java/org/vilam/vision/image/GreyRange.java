package org.vilam.vision.image;

import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the window of samples of more than 8 bits.
 *
 * <p>The samples of ranks {@code round(0.005 (n-1))} and {@code round(0.995 (n-1))} become black and white: the "nearest"
 * percentiles of {@code numpy.percentile}. NaN, infinities and fully transparent pixels do not count. When the two are
 * equal (a few bright pixels on black) the extremes take their place. When all samples are equal, integers are shown in
 * the full range of their type (all zero stays black) and floats {@code v} as mid grey, window {@code v - 0.5, v + 0.5}.
 */
final class GreyRange {
    private static final double LOW = 0.005;
    private static final double HIGH = 0.995;
    private static final int BINS = 1 << 16;

    private final Samples samples;
    private final DecodeRun run;
    private final int bands;
    private final double[] row;

    private GreyRange(Samples samples, DecodeRun run) {
        this.samples = samples;
        this.run = run;
        this.bands = samples.raster().getNumBands();
        this.row = new double[samples.width() * bands];
    }

    /** The window of grey samples: the requested one, or their percentiles. */
    static GreyWindow of(Samples samples, @Nullable GreyWindow requested, DecodeRun run) {
        if (requested != null) {
            return requested;
        }
        GreyRange range = new GreyRange(samples, run);
        return samples.wide() ? range.percentiles() : range.integerPercentiles();
    }

    /** The window of floating-point colour: 0..1 when all samples keep to it, else percentiles over all channels. */
    static GreyWindow ofFloatColour(Samples samples, DecodeRun run) {
        GreyRange range = new GreyRange(samples, run);
        double[] extremes = range.extremes();
        return extremes[0] >= 0 && extremes[1] <= 1
                ? new GreyWindow(0, 1, GreyWindow.Source.FULL_RANGE)
                : range.percentiles();
    }

    /** Samples of at most 16 bits: one histogram holds them all. */
    private GreyWindow integerPercentiles() {
        int lowest = (int) samples.lowest();
        int[] ints = new int[samples.width() * bands];
        long[] bins = new long[BINS];
        boolean alpha = samples.alpha() != Samples.Alpha.NONE;
        for (int y = 0; y < samples.height(); y++) {
            run.checkDeadline();
            samples.ints(y, ints);
            for (int at = 0; at < ints.length; at += bands) {
                if (!alpha || ints[at + 1] != 0) {
                    bins[ints[at] - lowest]++;
                }
            }
        }
        long count = sum(bins);
        if (count == 0) {
            return fullRange();
        }
        int low = bin(bins, rank(LOW, count));
        int high = bin(bins, rank(HIGH, count));
        if (low == high) {
            low = bin(bins, 0);
            high = bin(bins, count - 1);
        }
        return low == high ? fullRange() : new GreyWindow(low + lowest, high + lowest, GreyWindow.Source.PERCENTILES);
    }

    private GreyWindow percentiles() {
        long[] top = histogram(0, 0);
        long count = sum(top);
        if (count == 0) {
            return fullRange();
        }
        double low = select(rank(LOW, count), top);
        double high = select(rank(HIGH, count), top);
        if (low == high) {
            double[] extremes = extremes();
            low = extremes[0];
            high = extremes[1];
        }
        if (low < high) {
            return new GreyWindow(low, high, GreyWindow.Source.PERCENTILES);
        }
        double half = Math.max(0.5, Math.ulp(low));
        return samples.numeric() == Samples.Numeric.FLOAT
                ? new GreyWindow(low - half, low + half, GreyWindow.Source.PERCENTILES)
                : fullRange();
    }

    private GreyWindow fullRange() {
        return new GreyWindow(samples.lowest(), samples.highest(), GreyWindow.Source.FULL_RANGE);
    }

    private static long rank(double quantile, long count) {
        return Math.round(quantile * (count - 1));
    }

    private static long sum(long[] bins) {
        long count = 0;
        for (long bin : bins) {
            count += bin;
        }
        return count;
    }

    private static int bin(long[] bins, long rank) {
        int bin = 0;
        for (long left = rank; left >= bins[bin]; bin++) {
            left -= bins[bin];
        }
        return bin;
    }

    /** The sample of a rank (0 is the smallest), found 16 bits of its key at a time: exact, and in no extra memory. */
    private double select(long rank, long[] top) {
        long left = rank;
        long prefix = 0;
        long[] bins = top;
        for (int depth = 1; ; depth++) {
            int bin = bin(bins, left);
            for (int below = 0; below < bin; below++) {
                left -= bins[below];
            }
            prefix = prefix << 16 | bin;
            if (depth == 4) {
                return value(prefix);
            }
            bins = histogram(depth, prefix);
        }
    }

    /** Among samples whose key starts with the 16 x {@code depth} bits of {@code prefix}: how many go on with which 16. */
    private long[] histogram(int depth, long prefix) {
        long[] bins = new long[BINS];
        int shift = 48 - 16 * depth;
        forEach(value -> {
            long key = key(value);
            if (depth == 0 || key >>> (shift + 16) == prefix) {
                bins[(int) (key >>> shift) & (BINS - 1)]++;
            }
        });
        return bins;
    }

    /** A key whose unsigned order is the order of the values. */
    private static long key(double value) {
        long bits = Double.doubleToRawLongBits(value + 0.0); // + 0.0 makes -0.0 and 0.0 one
        return bits < 0 ? ~bits : bits | Long.MIN_VALUE;
    }

    private static double value(long key) {
        return Double.longBitsToDouble(key < 0 ? key & Long.MAX_VALUE : ~key);
    }

    private double[] extremes() {
        double[] extremes = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        forEach(value -> {
            extremes[0] = Math.min(extremes[0], value);
            extremes[1] = Math.max(extremes[1], value);
        });
        return extremes;
    }

    private void forEach(DoubleConsumer action) {
        int colours = samples.colour().bands;
        boolean alpha = samples.alpha() != Samples.Alpha.NONE;
        for (int y = 0; y < samples.height(); y++) {
            run.checkDeadline();
            samples.doubles(y, row);
            for (int at = 0; at < row.length; at += bands) {
                if (alpha && row[at + colours] == 0) {
                    continue;
                }
                for (int band = 0; band < colours; band++) {
                    if (Double.isFinite(row[at + band])) {
                        action.accept(row[at + band]);
                    }
                }
            }
        }
    }
}
