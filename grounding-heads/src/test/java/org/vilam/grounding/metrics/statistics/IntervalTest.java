package org.vilam.grounding.metrics.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IntervalTest {
    /** scipy 1.10: {@code binomtest(k, n).proportion_ci(level, "wilson")}. */
    @ParameterizedTest
    @CsvSource({
        "8, 10, 0.95, 0.4901624715366418, 0.9433178485456248",
        "0, 10, 0.95, 0, 0.27753279986288926",
        "450, 1000, 0.99, 0.4099386939039589, 0.4907204225863818"
    })
    void wilson_equals_scipy(long successes, long trials, double level, double low, double high) {
        Interval interval = Interval.wilson(successes, trials, level);
        assertThat(interval.low()).isCloseTo(low, within(1e-12));
        assertThat(interval.high()).isCloseTo(high, within(1e-12));
        assertThat(interval.level()).isEqualTo(level);
    }

    @Test
    void wilson_by_hand_at_one_of_two() {
        // p = 1/2, so the centre is 1/2 and the half width z sqrt(1/8 + z^2/16) / (1 + z^2/2); z^2 = 1.6448536...^2 =
        // 2.70554
        Interval interval = Interval.wilson(1, 2, 0.9);
        assertThat(interval.low()).isCloseTo(0.5 - 1.6448536 * Math.sqrt(0.125 + 2.70554 / 16) / 2.35277, within(1e-5));
        assertThat(interval.high()).isCloseTo(1 - interval.low(), within(1e-15));
    }

    @Test
    void no_trials_say_nothing() {
        assertThat(Interval.wilson(0, 0, 0.95)).isEqualTo(new Interval(0, 1, 0.95));
    }

    @Property
    void wilson_holds_the_proportion_inside_0_to_1_and_mirrors(
            @ForAll @IntRange(min = 1, max = 10_000) int trials,
            @ForAll @DoubleRange(min = 0, max = 1) double part,
            @ForAll @DoubleRange(min = 0.01, max = 0.99) double level) {
        int successes = (int) (part * trials);
        Interval interval = Interval.wilson(successes, trials, level);
        assertThat(interval.low()).isBetween(0.0, 1.0);
        assertThat(interval.high()).isBetween(0.0, 1.0);
        assertThat(interval.contains(successes / (double) trials)).isTrue();
        Interval mirrored = Interval.wilson(trials - successes, trials, level);
        assertThat(mirrored.low()).isCloseTo(1 - interval.high(), within(1e-12));
    }

    @Test
    void impossible_intervals_are_refused() {
        assertThatThrownBy(() -> new Interval(1, 0, 0.95)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Interval(Double.NaN, 0, 0.95)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Interval(0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Interval.wilson(3, 2, 0.95)).isInstanceOf(IllegalArgumentException.class);
    }

    /** scipy 1.10: {@code norm.ppf}. */
    @ParameterizedTest
    @CsvSource({
        "0.5, 0",
        "0.6, 0.2533471031357997",
        "0.9, 1.2815515655446004",
        "0.95, 1.6448536269514722",
        "0.975, 1.959963984540054",
        "0.995, 2.5758293035489004",
        "1e-10, -6.361340902404056"
    })
    void normal_quantiles_equal_scipy(double p, double z) {
        assertThat(NormalQuantile.of(p)).isCloseTo(z, within(1e-14 * Math.max(1, Math.abs(z))));
    }

    @Property
    void normal_quantiles_are_odd(@ForAll @DoubleRange(min = 0.01, max = 0.5) double p) {
        assertThat(NormalQuantile.of(p)).isCloseTo(-NormalQuantile.of(1 - p), within(1e-13));
    }

    /** numpy 1.24: {@code percentile([1, 2, 4, 8, 16], q)}. */
    @ParameterizedTest
    @CsvSource({"0, 1", "0.05, 1.2", "0.5, 4", "0.95, 14.4", "0.975, 15.2", "1, 16"})
    void quantiles_equal_numpy(double q, double value) {
        assertThat(Quantile.ofSorted(new double[] {1, 2, 4, 8, 16}, q)).isCloseTo(value, within(1e-12));
    }

    @Test
    void a_quantile_needs_values_and_a_share() {
        assertThat(Quantile.ofSorted(new double[] {3}, 0.95)).isEqualTo(3);
        assertThatThrownBy(() -> Quantile.ofSorted(new double[0], 0.5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Quantile.ofSorted(new double[] {1}, 1.5)).isInstanceOf(IllegalArgumentException.class);
    }
}
