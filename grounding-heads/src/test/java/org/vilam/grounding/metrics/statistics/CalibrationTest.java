package org.vilam.grounding.metrics.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class CalibrationTest {
    @Test
    void two_bins_by_hand() {
        // (0, 0.5]: 0.2 wrong, 0.4 right: accuracy 0.5, confidence 0.3. (0.5, 1]: 0.9 right, 0.7 wrong, 0.8 right: 2/3,
        // 0.8.
        Calibration calibration = Calibration.of(
                List.of(
                        new ScoredOutcome(0.2, false),
                        new ScoredOutcome(0.4, true),
                        new ScoredOutcome(0.9, true),
                        new ScoredOutcome(0.7, false),
                        new ScoredOutcome(0.8, true)),
                2);
        assertThat(calibration.count()).isEqualTo(5);
        assertThat(calibration.expectedError().orElseThrow())
                .isCloseTo(2.0 / 5 * 0.2 + 3.0 / 5 * (0.8 - 2.0 / 3), within(1e-12));
        assertThat(calibration.maximumError().orElseThrow()).isCloseTo(0.2, within(1e-12));
        assertThat(calibration.bins()).hasSize(2);
        assertThat(calibration.bins().get(0).accuracy()).hasValue(0.5);
        assertThat(calibration.bins().get(1).count()).isEqualTo(3);
        assertThat(calibration.bins().get(1).meanConfidence().orElseThrow()).isCloseTo(0.8, within(1e-12));
    }

    @Test
    void an_upper_edge_belongs_to_its_bin_and_0_to_the_first() {
        List<ScoredOutcome> edges = new ArrayList<>();
        for (int i = 0; i <= 10; i++) {
            edges.add(new ScoredOutcome(i / 10.0, true));
        }
        assertThat(Calibration.of(edges, 10).bins().stream().map(Calibration.Bin::count))
                .containsExactly(2, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    }

    @Test
    void no_answers_are_undefined_and_empty_bins_have_no_means() {
        Calibration nothing = Calibration.of(List.of(), 15);
        assertThat(nothing.expectedError()).isEmpty();
        assertThat(nothing.maximumError()).isEmpty();
        assertThat(nothing.bins()).hasSize(15).allSatisfy(bin -> {
            assertThat(bin.accuracy()).isEmpty();
            assertThat(bin.meanConfidence()).isEmpty();
        });
        assertThat(Calibration.expectedError(15).of(List.of())).isEmpty();
    }

    @Test
    void sure_and_right_is_calibrated_and_sure_and_wrong_is_not() {
        assertThat(Calibration.of(List.of(new ScoredOutcome(1, true)), 15).expectedError())
                .hasValue(0);
        assertThat(Calibration.of(List.of(new ScoredOutcome(1, false)), 15).expectedError())
                .hasValue(1);
    }

    @Test
    void what_is_no_probability_is_refused() {
        assertThatThrownBy(() -> Calibration.of(List.of(new ScoredOutcome(1.2, true)), 15))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1.2");
        assertThatThrownBy(() -> Calibration.of(List.of(), 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void every_confidence_lies_in_its_bin(
            @ForAll @DoubleRange(min = 0, max = 1) double confidence, @ForAll @IntRange(min = 1, max = 40) int bins) {
        List<Calibration.Bin> filled =
                Calibration.of(List.of(new ScoredOutcome(confidence, true)), bins).bins().stream()
                        .filter(bin -> bin.count() == 1)
                        .toList();
        assertThat(filled).hasSize(1);
        assertThat(confidence).isLessThanOrEqualTo(filled.get(0).high());
        if (confidence > 0) {
            assertThat(confidence).isGreaterThan(filled.get(0).low());
        }
    }

    @Property(tries = 200)
    void the_expected_error_is_between_0_and_the_maximum_and_order_does_not_matter(
            @ForAll @Size(min = 1, max = 40) List<@DoubleRange(min = 0, max = 1) Double> confidences) {
        List<ScoredOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < confidences.size(); i++) {
            outcomes.add(new ScoredOutcome(confidences.get(i), i % 3 == 0));
        }
        Calibration calibration = Calibration.of(outcomes, 10);
        double expected = calibration.expectedError().orElseThrow();
        assertThat(expected).isBetween(0.0, calibration.maximumError().orElseThrow() + 1e-12);
        assertThat(calibration.maximumError().orElseThrow()).isLessThanOrEqualTo(1);
        Collections.shuffle(outcomes, new Random(4));
        assertThat(Calibration.expectedError(10).of(outcomes).orElseThrow()).isCloseTo(expected, within(1e-12));
    }
}
