package org.vilam.vision.image.dicom;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.image.GreyWindow;

/**
 * The 0.5th to 99.5th percentile of a picture's modality values, padding and non-finite values left out.
 *
 * <p>Between two samples the percentile is interpolated linearly, as {@code numpy.percentile} does by default.
 */
final class Percentiles {
    private static final double LOW = 0.005;
    private static final double HIGH = 0.995;

    /** Distinct values in rising order, or all of them, in which case {@code below} is null. */
    private final double[] values;

    /** How many samples stand before the value after this one. */
    private final long @Nullable [] upTo;

    private Percentiles(double[] values, long @Nullable [] upTo) {
        this.values = values;
        this.upTo = upTo;
    }

    static GreyWindow window(StoredSamples samples, ModalityTransform modality, @Nullable PixelPadding padding) {
        boolean narrow = samples.format().type() == PixelFormat.SampleType.INTEGER
                && samples.format().bitsStored() <= 16;
        Percentiles percentiles =
                narrow ? counted(samples, modality, padding) : sorted(samples, modality, padding);
        if (percentiles.values.length == 0) {
            return new GreyWindow(0, 1, GreyWindow.Source.PERCENTILES);
        }
        double low = percentiles.at(LOW);
        double high = percentiles.at(HIGH);
        if (low == high) {
            // Nearly all samples are equal, as in a mask: the rest is what there is to see.
            low = percentiles.values[0];
            high = percentiles.values[percentiles.values.length - 1];
        }
        return new GreyWindow(low, low < high ? high : Math.max(low + 1, Math.nextUp(low)), GreyWindow.Source.PERCENTILES);
    }

    private static Percentiles counted(
            StoredSamples samples, ModalityTransform modality, @Nullable PixelPadding padding) {
        long[] counts = new long[1 << samples.format().bitsStored()];
        int least = (int) samples.least();
        for (int i = 0; i < samples.pixels(); i++) {
            counts[(int) samples.integer(i, 0) - least]++;
        }
        int[] levels = IntStream.range(0, counts.length)
                .filter(level -> counts[level] > 0 && (padding == null || !padding.contains(level + least)))
                .boxed()
                .sorted(Comparator.comparingDouble(level -> modality.apply(level + least)))
                .mapToInt(Integer::intValue)
                .toArray();
        long[] upTo = Arrays.stream(levels).mapToLong(level -> counts[level]).toArray();
        Arrays.parallelPrefix(upTo, Long::sum);
        return new Percentiles(
                Arrays.stream(levels).mapToDouble(level -> modality.apply(level + least)).toArray(), upTo);
    }

    private static Percentiles sorted(
            StoredSamples samples, ModalityTransform modality, @Nullable PixelPadding padding) {
        double[] values = new double[samples.pixels()];
        int n = 0;
        for (int i = 0; i < values.length; i++) {
            double stored = samples.grey(i);
            if (Double.isFinite(stored) && (padding == null || !padding.contains(stored))) {
                values[n++] = modality.apply(stored);
            }
        }
        values = n == values.length ? values : Arrays.copyOf(values, n);
        Arrays.sort(values);
        return new Percentiles(values, null);
    }

    private double at(double fraction) {
        long count = upTo == null ? values.length : upTo[upTo.length - 1];
        double position = fraction * (count - 1);
        long before = (long) position;
        double a = value(before);
        double b = value(Math.min(before + 1, count - 1));
        return a + (b - a) * (position - before);
    }

    /** The sample at this place in rising order. */
    private double value(long rank) {
        if (upTo == null) {
            return values[(int) rank];
        }
        int found = Arrays.binarySearch(upTo, rank + 1);
        return values[found >= 0 ? found : -found - 1];
    }
}
