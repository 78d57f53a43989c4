package org.vilam.grounding.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import org.vilam.grounding.metrics.statistics.Statistic;

/**
 * A score that depends on a threshold, such as Acc@0.5.
 *
 * @param threshold in (0, 1]
 * @param value the score, empty for no samples
 */
public record AtThreshold(double threshold, OptionalDouble value) {
    static <S> List<AtThreshold> all(double[] thresholds, DoubleFunction<Statistic<S>> statistic, List<S> samples) {
        return Arrays.stream(thresholds)
                .mapToObj(t -> new AtThreshold(t, statistic.apply(t).of(samples)))
                .toList();
    }

    /** A threshold of 0 would call disjoint regions a hit. */
    static double check(double threshold) {
        if (!(threshold > 0 && threshold <= 1)) {
            throw new IllegalArgumentException("an overlap threshold must be in (0, 1], got " + threshold);
        }
        return threshold;
    }

    static double[] check(double... thresholds) {
        for (double threshold : thresholds) {
            check(threshold);
        }
        return thresholds.clone();
    }
}
