package org.vilam.grounding.metrics.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class BootstrapTest {
    private static final Statistic<Double> MEAN = Statistic.mean(Double::doubleValue);
    private static final Bootstrap BOOTSTRAP = Bootstrap.standard();

    @Test
    void mean_and_ratio_of_sums_by_hand() {
        assertThat(MEAN.of(List.of(1.0, 2.0, 6.0))).hasValue(3);
        assertThat(MEAN.of(List.of())).isEmpty();
        Statistic<double[]> ratio = Statistic.ratioOfSums(pair -> pair[0], pair -> pair[1]);
        assertThat(ratio.of(List.of(new double[] {1, 2}, new double[] {3, 14}))).hasValue(0.25);
        assertThat(ratio.of(List.of(new double[] {0, 0}))).isEmpty();
    }

    @Test
    void equal_samples_give_an_interval_of_no_width() {
        assertThat(BOOTSTRAP.interval(Collections.nCopies(20, 0.5), MEAN)).contains(new Interval(0.5, 0.5, 0.95));
    }

    @Test
    void two_samples_by_hand() {
        // The mean of two draws from {0, 1} is 0, 1/2 or 1 with chances 1/4, 1/2, 1/4: the middle 40 % are all 1/2.
        assertThat(new Bootstrap(4000, 0.4, 1).interval(List.of(0.0, 1.0), MEAN))
                .contains(new Interval(0.5, 0.5, 0.4));
        assertThat(new Bootstrap(4000, 0.6, 1).interval(List.of(0.0, 1.0), MEAN))
                .contains(new Interval(0, 1, 0.6));
    }

    @Test
    void the_interval_of_a_mean_is_near_the_normal_one() {
        Random random = new Random(3);
        List<Double> values =
                IntStream.range(0, 400).mapToObj(i -> random.nextGaussian()).toList();
        double mean = MEAN.of(values).orElseThrow();
        double variance =
                values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum() / values.size();
        Interval interval = BOOTSTRAP.interval(values, MEAN).orElseThrow();
        double half = NormalQuantile.of(0.975) * Math.sqrt(variance / values.size());
        assertThat(interval.low()).isCloseTo(mean - half, within(0.1 * half));
        assertThat(interval.high()).isCloseTo(mean + half, within(0.1 * half));
    }

    @Test
    void the_same_seed_gives_the_same_interval_and_another_seed_another() {
        List<Double> values = List.of(0.1, 0.7, 0.3, 0.9, 0.2, 0.25, 0.61);
        Optional<Interval> first = new Bootstrap(300, 0.9, 5).interval(values, MEAN);
        assertThat(new Bootstrap(300, 0.9, 5).interval(values, MEAN)).isEqualTo(first);
        assertThat(new Bootstrap(300, 0.9, 6).interval(values, MEAN)).isNotEqualTo(first);
    }

    @Test
    void the_sequence_of_draws_is_fixed_for_good() {
        // Random(0).nextInt(3) begins 0, 1, 1, 0, 0, 2 on every Java platform: resamples {a, b, b} and {a, a, c}.
        Random random = new Random(0);
        List<Integer> drawn =
                IntStream.range(0, 6).mapToObj(i -> random.nextInt(3)).toList();
        List<Double> values = List.of(1.0, 10.0, 100.0);
        double first = (values.get(drawn.get(0)) + values.get(drawn.get(1)) + values.get(drawn.get(2))) / 3;
        double second = (values.get(drawn.get(3)) + values.get(drawn.get(4)) + values.get(drawn.get(5))) / 3;
        Interval interval = new Bootstrap(2, 0.5, 0).interval(values, MEAN).orElseThrow();
        double low = Math.min(first, second);
        double high = Math.max(first, second);
        assertThat(interval.low()).isCloseTo(low + 0.25 * (high - low), within(1e-12));
        assertThat(interval.high()).isCloseTo(low + 0.75 * (high - low), within(1e-12));
    }

    @Test
    void clusters_of_equal_answers_widen_the_interval() {
        List<Double> values = new ArrayList<>();
        List<String> images = new ArrayList<>();
        for (int image = 0; image < 40; image++) {
            for (int i = 0; i < 10; i++) {
                values.add(image % 2 == 0 ? 1.0 : 0.0);
                images.add("image " + image);
            }
        }
        Interval alone = BOOTSTRAP.interval(values, MEAN).orElseThrow();
        Interval clustered = BOOTSTRAP.interval(values, images, MEAN).orElseThrow();
        double ratio = (clustered.high() - clustered.low()) / (alone.high() - alone.low());
        assertThat(ratio).isCloseTo(Math.sqrt(10), within(0.4)); // 40 independent values instead of 400
    }

    @Test
    void a_single_cluster_gives_no_width() {
        assertThat(BOOTSTRAP.interval(List.of(0.0, 1.0), List.of("a", "a"), MEAN))
                .contains(new Interval(0.5, 0.5, 0.95));
    }

    @Test
    void no_samples_and_undefined_statistics_have_no_interval() {
        assertThat(BOOTSTRAP.interval(List.of(), MEAN)).isEmpty();
        assertThat(BOOTSTRAP.interval(List.of(1.0, 2.0), samples -> OptionalDouble.empty()))
                .isEmpty();
        assertThat(BOOTSTRAP.difference(List.of(), List.of(), MEAN)).isEmpty();
    }

    @Test
    void resamples_without_a_value_are_left_out_unless_they_are_most() {
        Statistic<Double> ofPositive = Statistic.ratioOfSums(v -> v > 0 ? v : 0, v -> v > 0 ? 1 : 0);
        // One of three: a resample misses it with chance (2/3)^3 = 0.30.
        assertThat(BOOTSTRAP.interval(List.of(4.0, 0.0, 0.0), ofPositive)).contains(new Interval(4, 4, 0.95));
        Statistic<Double> twiceTheSame = s -> s.stream().filter(v -> v > 0).count() >= 2
                ? OptionalDouble.of(1)
                : OptionalDouble.empty(); // chance 1 - (2/3)^3 - 3 (1/3) (2/3)^2 = 0.26
        assertThat(BOOTSTRAP.interval(List.of(4.0, 0.0, 0.0), twiceTheSame)).isEmpty();
    }

    @Test
    void a_constant_gain_is_certain_and_a_tie_is_even() {
        List<Double> first = List.of(0.1, 0.5, 0.9, 0.3);
        List<Double> second = List.of(0.35, 0.75, 1.15, 0.55);
        PairedDifference gain = BOOTSTRAP.difference(first, second, MEAN).orElseThrow();
        assertThat(gain.difference()).isCloseTo(0.25, within(1e-12));
        assertThat(gain.interval().low()).isCloseTo(0.25, within(1e-12));
        assertThat(gain.interval().high()).isCloseTo(0.25, within(1e-12));
        assertThat(gain.shareAbove()).isEqualTo(1);
        PairedDifference tie = BOOTSTRAP.difference(first, first, MEAN).orElseThrow();
        assertThat(tie).isEqualTo(new PairedDifference(0, new Interval(0, 0, 0.95), 0.5));
    }

    @Test
    void pairing_sees_a_gain_that_separate_intervals_hide() {
        Random random = new Random(11);
        List<Double> first =
                IntStream.range(0, 100).mapToObj(i -> random.nextDouble()).toList();
        List<Double> second = first.stream().map(v -> v + 0.02).toList();
        Interval alone = BOOTSTRAP.interval(first, MEAN).orElseThrow();
        assertThat(alone.contains(MEAN.of(second).orElseThrow())).isTrue();
        assertThat(BOOTSTRAP
                        .difference(first, second, MEAN)
                        .orElseThrow()
                        .interval()
                        .contains(0))
                .isFalse();
    }

    @Test
    void exchanging_the_systems_changes_the_sign() {
        List<Double> first = List.of(0.1, 0.5, 0.9, 0.3, 0.2);
        List<Double> second = List.of(0.3, 0.4, 0.8, 0.9, 0.2);
        PairedDifference there = BOOTSTRAP.difference(first, second, MEAN).orElseThrow();
        PairedDifference back = BOOTSTRAP.difference(second, first, MEAN).orElseThrow();
        assertThat(back.difference()).isEqualTo(-there.difference());
        assertThat(back.interval().low()).isCloseTo(-there.interval().high(), within(1e-12));
        assertThat(back.shareAbove()).isCloseTo(1 - there.shareAbove(), within(1e-12));
    }

    @Test
    void unequal_lists_are_refused() {
        assertThatThrownBy(() -> BOOTSTRAP.difference(List.of(1.0), List.of(), MEAN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BOOTSTRAP.interval(List.of(1.0), List.of(), MEAN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Bootstrap(0, 0.9, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Bootstrap(10, 1.0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 100)
    void the_interval_lies_between_the_smallest_and_the_largest_sample(
            @ForAll @Size(min = 1, max = 30) List<@DoubleRange(min = -5, max = 5) Double> values) {
        Interval interval = new Bootstrap(50, 0.95, 2).interval(values, MEAN).orElseThrow();
        assertThat(interval.low()).isGreaterThanOrEqualTo(Collections.min(values) - 1e-12);
        assertThat(interval.high()).isLessThanOrEqualTo(Collections.max(values) + 1e-12);
    }
}
