package org.vilam.grounding.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.vilam.vision.geometry.Box;

final class FrocTest {
    private static final Box A = new Box(0, 0, 10, 10);
    private static final Box B = new Box(20, 0, 30, 10);
    private static final Box FREE = new Box(50, 50, 60, 60);

    private static ScoredBox scored(Box box, double score) {
        return new ScoredBox(box, score);
    }

    @Test
    void the_curve_by_hand() {
        Froc froc = new Froc(0.5);
        froc.add("1", List.of(A, B), List.of(scored(A, 0.9), scored(FREE, 0.8), scored(B, 0.3)));
        froc.add("2", List.of(A), List.of(scored(FREE, 0.6), scored(A, 0.5)));
        froc.add("3", List.of(), List.of(scored(FREE, 0.2)));
        froc.addUnparseable("4", List.of(A));
        // Four images, four objects. Above 0.8: 1 hit, 0 false; above 0.6: 1, 1; above 0.2: 3, 2; all: 3, 3.
        assertThat(Froc.sensitivityAt(0).of(froc.samples())).hasValue(0.25);
        assertThat(Froc.sensitivityAt(0.25).of(froc.samples())).hasValue(0.25);
        assertThat(Froc.sensitivityAt(0.5).of(froc.samples())).hasValue(0.75);
        assertThat(Froc.sensitivityAt(8).of(froc.samples())).hasValue(0.75);
        Froc.Result result = froc.result(List.of(0.25, 0.5));
        assertThat(result.mean()).hasValue(0.5);
        assertThat(result.objects()).isEqualTo(4);
        assertThat(result.count()).isEqualTo(4);
        assertThat(result.unparseable()).isEqualTo(1);
        assertThat(froc.result(Froc.LUNA16_RATES).points()).hasSize(7);
    }

    @Test
    void a_second_box_on_a_found_object_is_neither_hit_nor_false() {
        Froc froc = new Froc(0.5);
        froc.add("1", List.of(A), List.of(scored(A, 0.9), scored(new Box(0, 0, 10, 9), 0.8)));
        assertThat(froc.samples()).containsExactly(new Froc.Sample(1, List.of(0.9), List.of()));
    }

    @Test
    void a_box_over_two_objects_finds_the_one_that_is_still_free() {
        Box left = new Box(0, 0, 10, 10);
        Box right = new Box(2, 0, 12, 10);
        Froc froc = new Froc(0.5);
        froc.add("1", List.of(left, right), List.of(scored(left, 0.9), scored(left, 0.8)));
        assertThat(froc.samples()).containsExactly(new Froc.Sample(2, List.of(0.9, 0.8), List.of()));
    }

    @Test
    void boxes_of_equal_score_enter_together() {
        Froc froc = new Froc(0.5);
        froc.add("1", List.of(A), List.of(scored(A, 0.7), scored(FREE, 0.7)));
        assertThat(Froc.sensitivityAt(0).of(froc.samples())).hasValue(0);
        assertThat(Froc.sensitivityAt(1).of(froc.samples())).hasValue(1);
    }

    @Test
    void a_rate_of_29_in_100_allows_29_although_the_product_is_rounded_down() {
        assertThat(0.29 * 100).isLessThan(29);
        Froc froc = new Froc(0.5);
        for (int i = 0; i < 100; i++) {
            froc.add("" + i, i == 0 ? List.of(A) : List.of(), i < 29 ? List.of(scored(FREE, 0.9)) : List.of());
        }
        froc.add("100", List.of(A), List.of(scored(A, 0.5)));
        List<Froc.Sample> hundred = new ArrayList<>(froc.samples());
        hundred.remove(50);
        assertThat(Froc.sensitivityAt(0.29).of(hundred)).hasValue(0.5);
        assertThat(Froc.sensitivityAt(0.28).of(hundred)).hasValue(0);
    }

    @Test
    void without_an_object_there_is_no_sensitivity() {
        Froc froc = new Froc(0.5);
        assertThat(froc.result(Froc.LUNA16_RATES).mean()).isEmpty();
        froc.add("1", List.of(), List.of(scored(A, 0.9)));
        assertThat(Froc.sensitivityAt(1).of(froc.samples())).isEmpty();
        assertThatThrownBy(() -> Froc.sensitivityAt(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> scored(A, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 200)
    void sensitivity_rises_with_the_rate_and_equals_the_best_threshold(@ForAll @IntRange(max = 1000) int seed) {
        Random random = new Random(seed);
        List<Froc.Sample> samples = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            samples.add(new Froc.Sample(4, scores(random, 4), scores(random, 6)));
        }
        double before = 0;
        for (double rate : new double[] {0, 0.2, 0.5, 1, 1.2, 2, 8}) {
            double sensitivity = Froc.sensitivityAt(rate).of(samples).orElseThrow();
            assertThat(sensitivity).isBetween(before, 1.0);
            before = sensitivity;
            double best = 0;
            for (int t = 0; t <= 11; t++) {
                double threshold = t / 10.0;
                long wrong = samples.stream()
                        .flatMap(s -> s.falseScores().stream())
                        .filter(s -> s >= threshold)
                        .count();
                long right = samples.stream()
                        .flatMap(s -> s.hitScores().stream())
                        .filter(s -> s >= threshold)
                        .count();
                best = Math.max(best, wrong / 5.0 <= rate ? right / 20.0 : 0);
            }
            assertThat(sensitivity).isCloseTo(best, within(1e-12));
        }
        Collections.reverse(samples);
        assertThat(Froc.sensitivityAt(8).of(samples)).hasValue(before);
    }

    private static List<Double> scores(Random random, int most) {
        List<Double> scores = new ArrayList<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            scores.add(random.nextInt(11) / 10.0);
        }
        return scores;
    }
}
