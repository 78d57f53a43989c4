package org.vilam.grounding.metrics.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Whether answers given with confidence p are right in a share p of cases (Guo et al. 2017, section 2).
 *
 * <p>Confidences fall into M bins of equal width, bin m holding {@code ((m - 1) / M, m / M]}; 0 itself goes to the first bin.
 * With the share of correct answers {@code acc} and the mean confidence {@code conf} of each bin,
 * {@code ECE = sum |bin| / n * |acc - conf|} and {@code MCE = max |acc - conf|} over the bins that hold anything.
 *
 * @param bins all M bins, lowest confidence first
 * @param count number of answers
 * @param expectedError ECE in [0, 1], empty for no answers
 * @param maximumError MCE in [0, 1], empty for no answers
 */
public record Calibration(List<Bin> bins, int count, OptionalDouble expectedError, OptionalDouble maximumError) {
    /**
     * One bar of a reliability diagram.
     *
     * @param low lower end, not in the bin except for the first
     * @param high upper end, in the bin
     * @param count how many confidences fell in
     * @param meanConfidence their mean, empty for an empty bin
     * @param accuracy share of correct answers among them, empty for an empty bin
     */
    public record Bin(double low, double high, int count, OptionalDouble meanConfidence, OptionalDouble accuracy) {
        private double gap() {
            return Math.abs(meanConfidence.orElse(0) - accuracy.orElse(0));
        }
    }

    /** Copies the bins. */
    public Calibration {
        bins = List.copyOf(bins);
    }

    /**
     * Bins the outcomes.
     *
     * @param outcomes confidences in [0, 1] and whether each answer was correct
     * @param binCount M, at least 1; the usual choice is 15
     */
    public static Calibration of(List<? extends ScoredOutcome> outcomes, int binCount) {
        if (binCount < 1) {
            throw new IllegalArgumentException("at least one bin, got " + binCount);
        }
        int[] counts = new int[binCount];
        int[] correct = new int[binCount];
        double[] confidence = new double[binCount];
        for (ScoredOutcome outcome : outcomes) {
            if (outcome.score() < 0 || outcome.score() > 1) {
                throw new IllegalArgumentException("confidence must be in [0, 1], got " + outcome.score());
            }
            int bin = bin(outcome.score(), binCount);
            counts[bin]++;
            correct[bin] += outcome.positive() ? 1 : 0;
            confidence[bin] += outcome.score();
        }
        List<Bin> bins = new ArrayList<>();
        double expected = 0;
        double maximum = 0;
        for (int i = 0; i < binCount; i++) {
            boolean empty = counts[i] == 0;
            Bin bin = new Bin(
                    i / (double) binCount,
                    (i + 1) / (double) binCount,
                    counts[i],
                    empty ? OptionalDouble.empty() : OptionalDouble.of(confidence[i] / counts[i]),
                    empty ? OptionalDouble.empty() : OptionalDouble.of(correct[i] / (double) counts[i]));
            bins.add(bin);
            expected += counts[i] * bin.gap();
            maximum = Math.max(maximum, bin.gap());
        }
        int count = outcomes.size();
        return new Calibration(
                bins,
                count,
                count == 0 ? OptionalDouble.empty() : OptionalDouble.of(expected / count),
                count == 0 ? OptionalDouble.empty() : OptionalDouble.of(maximum));
    }

    /** ECE as a statistic, for intervals. */
    public static Statistic<ScoredOutcome> expectedError(int binCount) {
        return outcomes -> of(outcomes, binCount).expectedError();
    }

    /** The bin whose half-open range, as computed in floating point, holds the confidence. */
    private static int bin(double confidence, int binCount) {
        int bin = Math.max(0, (int) Math.ceil(confidence * binCount) - 1);
        // confidence * M may round across an edge that i / M does not: settle by comparing with the edges themselves.
        while (bin > 0 && confidence <= bin / (double) binCount) {
            bin--;
        }
        while (bin < binCount - 1 && confidence > (bin + 1) / (double) binCount) {
            bin++;
        }
        return bin;
    }
}
