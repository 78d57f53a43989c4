package org.vilam.grounding.metrics.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class AurocTest {
    private static List<ScoredOutcome> outcomes(double... scoreAndClass) {
        List<ScoredOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < scoreAndClass.length; i += 2) {
            outcomes.add(new ScoredOutcome(scoreAndClass[i], scoreAndClass[i + 1] == 1));
        }
        return outcomes;
    }

    @Test
    void pairs_by_hand() {
        // Positives 0.9 and 0.4, negatives 0.6 and 0.4: 0.9 wins twice, 0.4 loses once and ties once: 2.5 of 4.
        assertThat(Auroc.of(outcomes(.9, 1, .6, 0, .4, 1, .4, 0))).hasValue(0.625);
    }

    @Test
    void ties_equal_scikit_learn() {
        // sklearn 1.2: roc_auc_score([1,0,1,1,0,0,1,0], [.9,.8,.8,.4,.4,.3,.3,.1])
        List<ScoredOutcome> outcomes = outcomes(.9, 1, .8, 0, .8, 1, .4, 1, .4, 0, .3, 0, .3, 1, .1, 0);
        assertThat(Auroc.of(outcomes).orElseThrow()).isCloseTo(0.71875, within(1e-15));
    }

    @Test
    void perfect_reversed_and_constant_scores() {
        assertThat(Auroc.of(outcomes(.9, 1, .8, 1, .2, 0))).hasValue(1);
        assertThat(Auroc.of(outcomes(.1, 1, .8, 0))).hasValue(0);
        assertThat(Auroc.of(outcomes(.5, 1, .5, 0, .5, 0))).hasValue(0.5);
    }

    @Test
    void one_class_alone_is_undefined() {
        assertThat(Auroc.of(List.of())).isEmpty();
        assertThat(Auroc.of(outcomes(.9, 1, .8, 1))).isEmpty();
        assertThat(Auroc.of(outcomes(.9, 0))).isEmpty();
        assertThatThrownBy(() -> new ScoredOutcome(Double.NaN, true)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 300)
    void equals_the_count_of_pairs_in_any_order(@ForAll("outcomes") List<ScoredOutcome> outcomes) {
        double won = 0;
        int pairs = 0;
        for (ScoredOutcome a : outcomes) {
            for (ScoredOutcome b : outcomes) {
                if (a.positive() && !b.positive()) {
                    pairs++;
                    won += a.score() > b.score() ? 1 : a.score() == b.score() ? 0.5 : 0;
                }
            }
        }
        List<ScoredOutcome> shuffled = new ArrayList<>(outcomes);
        Collections.shuffle(shuffled, new Random(1));
        if (pairs == 0) {
            assertThat(Auroc.of(shuffled)).isEmpty();
        } else {
            assertThat(Auroc.of(shuffled).orElseThrow()).isCloseTo(won / pairs, within(1e-12));
        }
    }

    @Property(tries = 200)
    void a_rising_rescaling_changes_nothing_and_a_falling_one_mirrors(
            @ForAll("outcomes") List<ScoredOutcome> outcomes) {
        List<ScoredOutcome> risen = outcomes.stream()
                .map(o -> new ScoredOutcome(Math.exp(3 * o.score()), o.positive()))
                .toList();
        List<ScoredOutcome> fallen = outcomes.stream()
                .map(o -> new ScoredOutcome(-o.score(), o.positive()))
                .toList();
        assertThat(Auroc.of(risen)).isEqualTo(Auroc.of(outcomes));
        Auroc.of(outcomes)
                .ifPresent(area -> assertThat(Auroc.of(fallen).orElseThrow()).isCloseTo(1 - area, within(1e-12)));
    }

    @Provide
    Arbitrary<List<ScoredOutcome>> outcomes() {
        Arbitrary<Double> coarse = Arbitraries.integers().between(0, 6).map(i -> i / 6.0);
        return Combinators.combine(coarse, Arbitraries.of(true, false))
                .as(ScoredOutcome::new)
                .list()
                .ofMaxSize(25);
    }
}
