package org.vilam.vision.image.dicom;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.image.GreyWindow;

/**
 * The window of a picture whose file says none: its modality values of ranks {@code round(0.005 (n-1))} and
 * {@code round(0.995 (n-1))}, padding and non-finite values left out.
 *
 * <p>These are the ranks that other image formats use here, so that the same picture looks the same. When both values are
 * equal (a few bright pixels on black) the extremes take their place; when all are, integers are shown in the full range of
 * their bits and floats as mid grey.
 */
final class Percentiles {
    private static final double LOW = 0.005;
    private static final double HIGH = 0.995;

    private Percentiles() {}

    static GreyWindow window(StoredSamples samples, ModalityTransform modality, @Nullable PixelPadding padding) {
        PixelFormat format = samples.format();
        boolean integers = format.type() == PixelFormat.SampleType.INTEGER;
        double[] found = integers && format.bitsStored() <= 16
                ? byCounting(samples, modality, padding)
                : bySorting(samples, modality, padding);
        double low = found[0];
        double high = found[1];
        if (low < high) {
            return new GreyWindow(low, high, GreyWindow.Source.PERCENTILES);
        }
        if (integers) {
            double a = modality.apply(format.least());
            double b = modality.apply(format.greatest());
            // Equal ends are left to a table that maps everything to one value.
            return new GreyWindow(Math.min(a, b), a == b ? a + 1 : Math.max(a, b), GreyWindow.Source.FULL_RANGE);
        }
        double half = Math.max(0.5, Math.ulp(low));
        return new GreyWindow(low - half, low + half, GreyWindow.Source.PERCENTILES);
    }

    /** Low and high value, both 0 where there is none. */
    private static double[] byCounting(
            StoredSamples samples, ModalityTransform modality, @Nullable PixelPadding padding) {
        long[] counts = new long[1 << samples.format().bitsStored()];
        int least = (int) samples.format().least();
        for (int i = 0; i < samples.pixels(); i++) {
            counts[(int) samples.integer(i, 0) - least]++;
        }
        int[] levels = IntStream.range(0, counts.length)
                .filter(level -> counts[level] > 0 && (padding == null || !padding.contains(level + least)))
                .boxed()
                .sorted(Comparator.comparingDouble(level -> modality.apply(level + least)))
                .mapToInt(Integer::intValue)
                .toArray();
        long n = Arrays.stream(levels).mapToLong(level -> counts[level]).sum();
        if (n == 0) {
            return new double[2];
        }
        double low = modality.apply(levelOfRank(Math.round(LOW * (n - 1)), levels, counts) + least);
        double high = modality.apply(levelOfRank(Math.round(HIGH * (n - 1)), levels, counts) + least);
        return low < high
                ? new double[] {low, high}
                : new double[] {modality.apply(levels[0] + least), modality.apply(levels[levels.length - 1] + least)};
    }

    private static int levelOfRank(long rank, int[] levels, long[] counts) {
        int i = 0;
        while (rank >= counts[levels[i]]) {
            rank -= counts[levels[i++]];
        }
        return levels[i];
    }

    private static double[] bySorting(
            StoredSamples samples, ModalityTransform modality, @Nullable PixelPadding padding) {
        double[] values = new double[samples.pixels()];
        int n = 0;
        for (int i = 0; i < values.length; i++) {
            double stored = samples.grey(i);
            double value = modality.apply(stored);
            if (Double.isFinite(value) && (padding == null || !padding.contains(stored))) {
                values[n++] = value;
            }
        }
        if (n == 0) {
            return new double[2];
        }
        Arrays.sort(values, 0, n);
        double low = values[(int) Math.round(LOW * (n - 1))];
        double high = values[(int) Math.round(HIGH * (n - 1))];
        return low < high ? new double[] {low, high} : new double[] {values[0], values[n - 1]};
    }
}
