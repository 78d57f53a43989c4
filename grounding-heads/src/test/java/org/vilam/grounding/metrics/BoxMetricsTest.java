package org.vilam.grounding.metrics;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.geometry.Box;

final class BoxMetricsTest {
    private static final Box SQUARE = new Box(0, 0, 10, 10);
    private static final Box HALF = new Box(0, 0, 10, 5); // IoU 0.5 with SQUARE
    private static final Box THREE_QUARTERS = new Box(0, 0, 10, 7.5);
    private static final Box AWAY = new Box(20, 20, 30, 30);
    private static final Box NOTHING = new Box(3, 3, 3, 3);

    @Test
    void rec_by_hand_with_an_unparseable_answer() {
        RecAccuracy rec = new RecAccuracy();
        rec.add("a", SQUARE, SQUARE);
        rec.add("a", SQUARE, HALF);
        rec.add("b", SQUARE, THREE_QUARTERS);
        rec.add("b", SQUARE, AWAY);
        rec.addUnparseable("c");
        RecAccuracy.Result result = rec.result();
        assertThat(result.count()).isEqualTo(5);
        assertThat(result.unparseable()).isEqualTo(1);
        assertThat(result.accuracy().stream().map(AtThreshold::threshold)).containsExactly(0.5, 0.75, 0.9);
        assertThat(result.accuracy().stream().map(a -> a.value().orElseThrow())).containsExactly(0.6, 0.4, 0.2);
        assertThat(result.meanIou().orElseThrow()).isCloseTo(2.25 / 5, within(1e-12));
        assertThat(rec.images()).containsExactly("a", "a", "b", "b", "c");
    }

    @Test
    void nothing_evaluated_is_undefined_and_boxes_without_area_overlap_nothing() {
        RecAccuracy.Result empty = new RecAccuracy(0.5).result();
        assertThat(empty.count()).isZero();
        assertThat(empty.meanIou()).isEmpty();
        assertThat(empty.accuracy()).containsExactly(new AtThreshold(0.5, java.util.OptionalDouble.empty()));
        RecAccuracy points = new RecAccuracy(0.5);
        points.add("a", NOTHING, NOTHING);
        points.add("a", SQUARE, NOTHING);
        assertThat(points.result().meanIou()).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.5, 1.1, Double.NaN})
    void thresholds_outside_0_to_1_are_refused(double threshold) {
        assertThatThrownBy(() -> new RecAccuracy(threshold)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RecAccuracy.accuracyAt(threshold)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BoxSetF1(threshold)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BestOfN(threshold)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Froc(threshold)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RoundTripAccuracy(threshold)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new GeneralizedRec(0.7, threshold, BoxOverlap.IOU))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void best_of_n_by_hand() {
        BestOfN best = new BestOfN(0.5);
        best.add("a", SQUARE, List.of(AWAY, HALF), 1);
        best.add("a", SQUARE, List.of(AWAY), 0);
        best.add("b", SQUARE, List.of(), 2);
        BestOfN.Result result = best.result();
        assertThat(result.bestOfN().orElseThrow()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(result.meanAnswers()).hasValue(2);
        assertThat(result.unparseable()).isEqualTo(1);
        assertThat(new BestOfN(0.5).result().bestOfN()).isEmpty();
        assertThatThrownBy(() -> best.add("a", SQUARE, List.of(), -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void round_trip_by_hand() {
        RoundTripAccuracy trips = new RoundTripAccuracy();
        trips.add("a", SQUARE, THREE_QUARTERS);
        trips.add("b", SQUARE, HALF);
        trips.addNotFound("c");
        trips.addUnparseable("d");
        RoundTripAccuracy.Result result = trips.result();
        assertThat(result.count()).isEqualTo(4);
        assertThat(result.notFound()).isEqualTo(1);
        assertThat(result.unparseable()).isEqualTo(1);
        assertThat(result.accuracy().get(0).value()).hasValue(0.5);
        assertThat(result.meanIou().orElseThrow()).isCloseTo(1.25 / 4, within(1e-12));
        assertThat(RoundTripAccuracy.accuracyAt(0.75).of(trips.samples())).hasValue(0.25);
        assertThat(new RoundTripAccuracy().result().meanIou()).isEmpty();
    }

    @Test
    void sets_by_hand() {
        BoxSetF1 sets = new BoxSetF1(0.5);
        sets.add("a", List.of(SQUARE, AWAY), List.of(HALF, SQUARE)); // one pair: TP 1, FP 1, FN 1, F1 1/2
        sets.add("b", List.of(), List.of()); // F1 1
        sets.add("c", List.of(SQUARE), List.of(SQUARE)); // F1 1
        sets.addUnparseable("d", List.of(AWAY)); // FN 1, F1 0
        BoxSetF1.Result result = sets.result();
        assertThat(result.precision().orElseThrow()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(result.recall()).hasValue(0.5);
        assertThat(result.f1().orElseThrow()).isCloseTo(4 / 7.0, within(1e-12));
        assertThat(result.macroF1()).hasValue(2.5 / 4);
        assertThat(result.unparseable()).isEqualTo(1);
    }

    @Test
    void sets_without_anything_are_undefined() {
        BoxSetF1 sets = new BoxSetF1(0.5);
        assertThat(sets.result().macroF1()).isEmpty();
        sets.add("a", List.of(), List.of());
        assertThat(sets.result().precision()).isEmpty();
        assertThat(sets.result().recall()).isEmpty();
        assertThat(sets.result().f1()).isEmpty();
        assertThat(sets.result().macroF1()).hasValue(1);
    }

    @Test
    void the_largest_overlap_is_paired_first_even_where_another_pairing_would_pair_more() {
        // The first answer overlaps both truths, the second truth more; the second answer only the second truth.
        Box left = new Box(0, 0, 10, 10);
        Box right = new Box(4, 0, 14, 10);
        Box answer = new Box(3, 0, 13, 10); // IoU 7/13 with left, 9/11 with right
        Box other = new Box(8, 0, 14, 10); // IoU 6/10 with right, 1/8 with left
        assertThat(BoxMatching.greedy(List.of(answer, other), List.of(left, right), 0.5, BoxOverlap.IOU))
                .isEqualTo(new BoxMatching(1, 1, 1));
    }

    @Test
    void generalised_iou_pairs_less() {
        // Corner to corner: IoU 50/150, hull 15 x 10; GIoU is IoU. Diagonal: IoU 49/151, hull 13 x 13, GIoU less by
        // 18/169.
        Box diagonal = new Box(3, 3, 13, 13);
        GeneralizedRec byIou = new GeneralizedRec(0.7, 0.3, BoxOverlap.IOU);
        GeneralizedRec byGiou = new GeneralizedRec(0.7, 0.3, BoxOverlap.GIOU);
        for (GeneralizedRec grec : List.of(byIou, byGiou)) {
            grec.add("a", List.of(SQUARE), List.of(new ScoredBox(diagonal, 0.9)));
        }
        assertThat(byIou.result().precision()).hasValue(1);
        assertThat(byGiou.result().precision()).hasValue(0);
    }

    @Test
    void generalised_comprehension_counts_an_unparseable_answer_as_wrong_in_every_score() {
        GeneralizedRec grec = new GeneralizedRec();
        grec.add("a", List.of(), List.of(new ScoredBox(SQUARE, 0.69)));
        grec.add("b", List.of(SQUARE), List.of(new ScoredBox(SQUARE, 0.7)));
        grec.addUnparseable("c", List.of());
        grec.addUnparseable("d", List.of(SQUARE));
        GeneralizedRec.Result result = grec.result();
        assertThat(result.precision()).hasValue(0.5);
        assertThat(result.noTargetAccuracy()).hasValue(0.5);
        assertThat(result.targetAccuracy()).hasValue(0.5);
        assertThat(result.unparseable()).isEqualTo(2);
    }

    @Test
    void accuracies_without_their_kind_of_expression_are_undefined() {
        GeneralizedRec grec = new GeneralizedRec();
        assertThat(grec.result().precision()).isEmpty();
        grec.add("a", List.of(SQUARE), List.of());
        assertThat(grec.result().noTargetAccuracy()).isEmpty();
        assertThat(grec.result().targetAccuracy()).hasValue(0);
    }

    @Test
    void saying_no_target_by_hand() {
        NoTargetDecision decision = new NoTargetDecision();
        assertThat(decision.result().f1()).isEmpty();
        decision.add("a", true, true);
        decision.add("a", true, false);
        decision.add("b", false, true);
        decision.add("b", false, true);
        decision.add("c", false, false);
        decision.addUnparseable("d", true);
        NoTargetDecision.Result result = decision.result();
        assertThat(result.noTargets()).isEqualTo(3);
        assertThat(result.said()).isEqualTo(3);
        assertThat(result.hits()).isEqualTo(1);
        assertThat(result.precision().orElseThrow()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(result.recall().orElseThrow()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(result.f1().orElseThrow()).isCloseTo(1 / 3.0, within(1e-12));
        NoTargetDecision silent = new NoTargetDecision();
        silent.add("a", true, false);
        assertThat(silent.result().precision()).isEmpty();
        assertThat(silent.result().recall()).hasValue(0);
        assertThat(silent.result().f1()).hasValue(0);
    }

    @Property(tries = 300)
    void scores_of_sets_lie_in_0_to_1_and_do_not_depend_on_the_order_of_images(@ForAll("sets") List<List<Box>> sets) {
        BoxSetF1 there = new BoxSetF1(0.5);
        BoxSetF1 back = new BoxSetF1(0.5);
        for (int i = 0; i + 1 < sets.size(); i += 2) {
            there.add("" + i, sets.get(i), sets.get(i + 1));
        }
        for (int i = sets.size() / 2 * 2 - 2; i >= 0; i -= 2) {
            back.add("" + i, sets.get(i), sets.get(i + 1));
        }
        assertThat(back.result().f1()).isEqualTo(there.result().f1());
        there.result().f1().ifPresent(f1 -> assertThat(f1).isBetween(0.0, 1.0));
        there.result().macroF1().ifPresent(f1 -> assertThat(f1).isBetween(0.0, 1.0));
    }

    @Property(tries = 300)
    void pairing_is_symmetric_and_a_set_matches_itself(@ForAll("boxes") List<Box> a, @ForAll("boxes") List<Box> b) {
        BoxMatching there = BoxMatching.greedy(a, b, 0.5, BoxOverlap.IOU);
        assertThat(there.truePositives()).isLessThanOrEqualTo(Math.min(a.size(), b.size()));
        assertThat(there.falsePositives() + there.truePositives()).isEqualTo(a.size());
        assertThat(there.falseNegatives() + there.truePositives()).isEqualTo(b.size());
        List<Box> shuffled = new ArrayList<>(a);
        Collections.shuffle(shuffled, new Random(1));
        assertThat(BoxMatching.greedy(shuffled, a, 0.5, BoxOverlap.IOU)).isEqualTo(new BoxMatching(a.size(), 0, 0));
        assertThat(BoxMatching.greedy(a, a, 1, BoxOverlap.GIOU).f1()).isEqualTo(1);
    }

    @Property(tries = 200)
    void accuracy_falls_with_the_threshold_and_equals_1_on_the_truth(@ForAll("boxes") List<Box> boxes) {
        RecAccuracy rec = new RecAccuracy(0.1, 0.3, 0.5, 0.7, 0.9);
        RecAccuracy same = new RecAccuracy(1.0);
        for (int i = 0; i + 1 < boxes.size(); i++) {
            rec.add("a", boxes.get(i), boxes.get(i + 1));
            same.add("a", boxes.get(i), boxes.get(i));
        }
        double before = 1;
        for (AtThreshold accuracy : rec.result().accuracy()) {
            double value = accuracy.value().orElse(0);
            assertThat(value).isBetween(0.0, before);
            before = value;
        }
        same.result().meanIou().ifPresent(iou -> assertThat(iou).isEqualTo(1));
    }

    @Provide
    Arbitrary<List<Box>> boxes() {
        Arbitrary<Integer> place = Arbitraries.integers().between(0, 12);
        Arbitrary<Integer> side = Arbitraries.integers().between(1, 10);
        return Combinators.combine(place, place, side, side)
                .as((x, y, w, h) -> Box.ofXywh(x, y, w, h))
                .list()
                .ofMaxSize(6);
    }

    @Provide
    Arbitrary<List<List<Box>>> sets() {
        return boxes().list().ofMaxSize(8);
    }
}
