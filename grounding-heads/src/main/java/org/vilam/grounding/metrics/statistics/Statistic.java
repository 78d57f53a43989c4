package org.vilam.grounding.metrics.statistics;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * A number computed from a list of samples.
 *
 * @param <S> what was measured on one evaluated item
 */
@FunctionalInterface
public interface Statistic<S> {
    /** The number; empty where these samples do not define it. */
    OptionalDouble of(List<? extends S> samples);

    /** The mean of a value of each sample; empty for no samples. */
    static <S> Statistic<S> mean(ToDoubleFunction<? super S> value) {
        return ratioOfSums(value, sample -> 1);
    }

    /** {@code sum of numerators / sum of denominators}; empty where the denominators sum to 0. */
    static <S> Statistic<S> ratioOfSums(
            ToDoubleFunction<? super S> numerator, ToDoubleFunction<? super S> denominator) {
        return samples -> {
            double above = 0;
            double below = 0;
            for (S sample : samples) {
                above += numerator.applyAsDouble(sample);
                below += denominator.applyAsDouble(sample);
            }
            return below == 0 ? OptionalDouble.empty() : OptionalDouble.of(above / below);
        };
    }
}
