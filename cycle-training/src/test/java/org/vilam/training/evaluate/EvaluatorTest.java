package org.vilam.training.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounder;
import org.vilam.training.scene.SceneFamily;

class EvaluatorTest {
    private static final long SEED = 5;
    private static final int COUNT = 12;
    /** Enough pictures for the oracle to have seen whatever the evaluator asks about. */
    private static final int SEEN = 12 * COUNT + 64;

    private static EvaluationReport.Section evaluate(Oracle oracle, String family, Split split, int threads) {
        return new Evaluator(oracle, oracle, threads)
                .evaluate(List.of(family), List.of(split), COUNT, SEED, (part, what) -> {})
                .get(0);
    }

    private static SceneFamily family(String name, Split split) {
        return split.families().stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"shapes, SEED", "people, SEED", "phantoms, SEED", "things, UNSEEN_STYLE", "shapes, COMPOSITION"})
    void one_that_knows_every_answer_scores_one_everywhere(String family, Split split) {
        Oracle oracle = Oracle.knowing(family(family, split), split, SEED, SEEN);
        EvaluationReport.Section section = evaluate(oracle, family, split, 2);
        for (String score : EvaluationReport.mainScores()) {
            if (score.equals(Target.KEYPOINTS) && !family.equals("people")) {
                assertThat(section.score(score)).as(score).isEmpty();
            } else {
                assertThat(section.score(score)).as(score).hasValue(1);
            }
        }
        assertThat(section.scores().rows())
                .filteredOn(row ->
                        row.metric().equals(Target.REC_50) || row.metric().equals(Target.SETS))
                .allSatisfy(row -> assertThat(row.count()).isEqualTo(COUNT));
        assertThat(section.scores().rows())
                .filteredOn(row -> row.metric().equals(Target.NO_TARGET))
                .allSatisfy(row -> assertThat(row.count()).isEqualTo(2 * COUNT));
    }

    @Test
    void one_that_finds_nothing_scores_nothing_but_for_saying_so() {
        EvaluationReport.Section section = evaluate(Oracle.ignorant(), "shapes", Split.SEED, 2);
        for (String score :
                List.of(Target.REC_50, Target.REC_75, Target.SETS, Target.MASKS, Target.ROUND_TRIP, Target.CATEGORY)) {
            assertThat(section.score(score)).as(score).hasValue(0);
        }
        // "There is nothing" to everything, on as many expressions with a target as without: precision 1/2, recall 1.
        assertThat(section.score(Target.NO_TARGET)).hasValue(2.0 / 3);
        assertThat(section.score("no-target precision")).hasValue(0.5);
        assertThat(section.score("no-target recall")).hasValue(1);
    }

    @Test
    void the_number_of_threads_changes_no_score() {
        Oracle oracle = Oracle.knowing(family("shapes", Split.SEED), Split.SEED, SEED, SEEN);
        assertThat(evaluate(oracle, "shapes", Split.SEED, 1).scores())
                .isEqualTo(evaluate(oracle, "shapes", Split.SEED, 3).scores());
    }

    @Test
    void what_the_grounder_throws_comes_out() {
        Grounder broken = new Grounder() {
            @Override
            public Set<Ability> abilities() {
                return Set.of();
            }

            @Override
            public List<Grounded> ground(List<Query> queries, Detail detail) {
                throw new IllegalStateException("out of order");
            }
        };
        assertThatThrownBy(() -> new Evaluator(broken, null, 2)
                        .evaluate(List.of("shapes"), List.of(Split.SEED), COUNT, SEED, (part, what) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("out of order");
    }

    @Test
    void without_a_teller_descriptions_and_categories_are_left_out() {
        Oracle oracle = Oracle.knowing(family("shapes", Split.SEED), Split.SEED, SEED, SEEN);
        EvaluationReport.Section section = new Evaluator(oracle, null, 1)
                .evaluate(List.of("shapes"), List.of(Split.SEED), COUNT, SEED, (part, what) -> {})
                .get(0);
        assertThat(section.score(Target.REC_50)).hasValue(1);
        assertThat(section.score(Target.ROUND_TRIP)).isEmpty();
        assertThat(section.score(Target.CATEGORY)).isEmpty();
    }

    @Test
    void progress_rises_to_the_end_over_all_families_and_splits() {
        List<Double> parts = new ArrayList<>();
        Oracle oracle = Oracle.ignorant();
        List<EvaluationReport.Section> sections = new Evaluator(oracle, oracle, 2)
                .evaluate(
                        List.of("shapes", "phantoms"),
                        List.of(Split.SEED, Split.COMPOSITION),
                        4,
                        SEED,
                        (part, what) -> parts.add(part));
        assertThat(sections)
                .extracting(s -> s.family() + " " + s.split())
                .containsExactly(
                        "shapes seed", "phantoms seed", "shapes composition"); // phantoms have no held-out pairs
        assertThat(parts).isSorted().last().isEqualTo(1.0);
        assertThat(Map.copyOf(EvaluationReport.named(sections))).containsKey("phantoms/seed/rec acc@0.5");
    }
}
