package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AxisSamplingTest {
    @Property(tries = 500)
    void every_output_reads_inside_the_source_with_weights_that_sum_to_one(
            @ForAll @IntRange(min = 1, max = 300) int source,
            @ForAll @IntRange(min = 1, max = 300) int size,
            @ForAll boolean single,
            @ForAll boolean alignCorners) {
        double step = alignCorners ? (source - 1.0) / Math.max(size - 1, 1) : (double) source / size;
        for (AxisSampling sampling : List.of(
                AxisSampling.nearest(source, size, step, single),
                AxisSampling.nearestExact(source, size, step, single),
                AxisSampling.linear(source, size, step, alignCorners, single),
                AxisSampling.cubic(source, size, step, alignCorners, single),
                AxisSampling.smoothedLinear(source, size, step, single),
                AxisSampling.smoothedCubic(source, size, step, single))) {
            double[] weights = new double[sampling.taps()];
            int last = 0;
            for (int i = 0; i < size; i++) {
                int first = sampling.first(i);
                int count = sampling.count(i);
                assertThat(first).isBetween(last, source - 1);
                assertThat(count).isBetween(1, Math.min(sampling.taps(), source - first));
                sampling.weights(i, weights);
                double sum = 0;
                for (int k = 0; k < count; k++) {
                    sum += weights[k];
                }
                assertThat(sum).isCloseTo(1, within(1e-12));
                last = first;
            }
        }
    }

    @Test
    void halving_with_the_triangle_reads_four_pixels_and_two_at_the_border() {
        // Output 1 of 8 -> 4 is centred at 3 and reaches 2 to each side: 1.5, 0.5, 0.5, 1.5 away, over 2.
        AxisSampling sampling = AxisSampling.smoothedLinear(8, 4, 2, false);
        double[] weights = new double[sampling.taps()];
        sampling.weights(1, weights);
        assertThat(sampling.first(1)).isEqualTo(1);
        assertThat(sampling.count(1)).isEqualTo(4);
        assertThat(weights).startsWith(0.125, 0.375, 0.375, 0.125);
        // Output 0 is centred at 1: 0.5, 0.5, 1.5 away; the pixel before the border is left out and the rest made 1.
        sampling.weights(0, weights);
        assertThat(sampling.first(0)).isZero();
        assertThat(sampling.count(0)).isEqualTo(3);
        assertThat(weights).startsWith(0.375 / 0.875, 0.375 / 0.875, 0.125 / 0.875);
    }

    @Test
    void impossible_axes_are_refused() {
        assertThatThrownBy(() -> AxisSampling.nearest(0, 4, 1, true)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AxisSampling.cubic(4, 0, 1, false, true)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AxisSampling.linear(4, 5, -1, false, true))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AxisSampling.linear(4, 5, Double.NaN, false, true))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
