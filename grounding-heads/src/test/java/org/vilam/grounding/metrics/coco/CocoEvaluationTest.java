package org.vilam.grounding.metrics.coco;

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
import org.vilam.vision.geometry.Keypoint;
import org.vilam.vision.geometry.Keypoints;
import org.vilam.vision.geometry.Skeleton;

final class CocoEvaluationTest {
    private static final Box A = new Box(0, 0, 10, 10);
    private static final Box B = new Box(20, 0, 30, 10);
    private static final Box FREE = new Box(50, 50, 60, 60);

    private static CocoTruth<Box> truth(Box box) {
        return new CocoTruth<>(box, 1, box.area());
    }

    private static CocoDetection<Box> found(Box box, double score) {
        return new CocoDetection<>(box, 1, score);
    }

    private static double ap50(CocoEvaluation evaluation) {
        return CocoEvaluation.statistic(CocoScore.AP50).of(evaluation.samples()).orElseThrow();
    }

    @Test
    void average_precision_by_hand() {
        // Right, wrong, right: precision 1, 1/2, 2/3 at recall 1/2, 1/2, 1. Made non-increasing it is 1 at the 51
        // recalls
        // up to 0.5 and 2/3 at the other 50.
        CocoEvaluation evaluation = new CocoEvaluation();
        evaluation.addBoxes("1", List.of(truth(A), truth(B)), List.of(found(A, 0.9), found(FREE, 0.8), found(B, 0.7)));
        assertThat(ap50(evaluation)).isCloseTo((51 + 50 * 2 / 3.0) / 101, within(1e-12));
    }

    @Test
    void recall_that_is_not_reached_counts_0() {
        CocoEvaluation evaluation = new CocoEvaluation();
        evaluation.addBoxes("1", List.of(truth(A), truth(B)), List.of(found(A, 0.9)));
        evaluation.addUnparseable("2", List.of(truth(A), truth(B)));
        assertThat(ap50(evaluation)).isCloseTo(26 / 101.0, within(1e-12)); // recalls 0 to 0.25
        assertThat(evaluation.unparseable()).isEqualTo(1);
    }

    @Test
    void a_second_box_on_the_same_object_is_wrong() {
        CocoEvaluation evaluation = new CocoEvaluation();
        evaluation.addBoxes("1", List.of(truth(A), truth(B)), List.of(found(A, 0.9), found(A, 0.8), found(B, 0.7)));
        assertThat(ap50(evaluation)).isCloseTo((51 + 50 * 2 / 3.0) / 101, within(1e-12));
    }

    @Test
    void boxes_in_a_crowd_and_on_ignored_objects_do_not_count() {
        Box crowd = new Box(100, 100, 200, 200);
        CocoEvaluation evaluation = new CocoEvaluation();
        evaluation.addBoxes(
                "1",
                List.of(
                        truth(A),
                        new CocoTruth<>(crowd, 1, 10_000, true, false),
                        new CocoTruth<>(B, 1, 100, false, true)),
                List.of(
                        found(new Box(110, 110, 130, 130), 0.99),
                        found(new Box(140, 110, 160, 130), 0.98),
                        found(B, 0.97),
                        found(A, 0.5)));
        assertThat(ap50(evaluation)).isCloseTo(1, within(1e-12));
    }

    @Test
    void nothing_to_find_is_undefined() {
        CocoEvaluation evaluation = new CocoEvaluation();
        assertThat(evaluation.result(CocoScore.REGION_SUMMARY).values())
                .allSatisfy(v -> assertThat(v).isEmpty());
        evaluation.addBoxes("1", List.of(), List.of(found(A, 0.9)));
        assertThat(evaluation.result(CocoScore.REGION_SUMMARY).values())
                .allSatisfy(v -> assertThat(v).isEmpty());
        CocoEvaluation missed = new CocoEvaluation();
        missed.addBoxes("1", List.of(truth(A)), List.of());
        assertThat(missed.result(CocoScore.REGION_SUMMARY)).satisfies(scores -> {
            assertThat(scores.get("AP")).hasValue(0);
            assertThat(scores.get("AR100")).hasValue(0);
            assertThat(scores.get("APsmall")).hasValue(0);
            assertThat(scores.get("APlarge")).isEmpty();
        });
    }

    @Property(tries = 100)
    void the_truth_scores_1_and_neither_order_nor_a_monotone_score_matters(@ForAll @IntRange(max = 10_000) int seed) {
        Random random = new Random(seed);
        List<Box> boxes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            boxes.add(
                    Box.ofXywh(random.nextInt(40), random.nextInt(40), 5 + random.nextInt(30), 5 + random.nextInt(30)));
        }
        List<CocoTruth<Box>> truths =
                boxes.stream().map(CocoEvaluationTest::truth).distinct().toList();
        CocoEvaluation perfect = new CocoEvaluation();
        perfect.addBoxes(
                "1",
                truths,
                truths.stream().map(t -> found(t.region(), random.nextDouble())).toList());
        assertThat(CocoEvaluation.statistic(CocoScore.AP).of(perfect.samples()).orElseThrow())
                .isCloseTo(1, within(1e-12));

        List<CocoDetection<Box>> detections = new ArrayList<>();
        List<CocoDetection<Box>> rescaled = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Box near = boxes.get(i % 6);
            Box box = Box.ofXywh(near.x1() + random.nextInt(5), near.y1(), near.width(), 1 + random.nextInt(30));
            double score = (i + random.nextDouble()) / 12;
            detections.add(found(box, score));
            rescaled.add(found(box, Math.exp(5 * score)));
        }
        Collections.shuffle(rescaled, random);
        CocoEvaluation first = new CocoEvaluation();
        first.addBoxes("1", truths, detections);
        CocoEvaluation second = new CocoEvaluation();
        second.addBoxes("1", truths, rescaled);
        assertThat(second.result(CocoScore.REGION_SUMMARY)).isEqualTo(first.result(CocoScore.REGION_SUMMARY));
        first.result(CocoScore.REGION_SUMMARY)
                .values()
                .forEach(value -> value.ifPresent(v -> assertThat(v).isBetween(0.0, 1 + 1e-12)));
    }

    @Test
    void keypoint_similarity_by_hand() {
        Skeleton two = new Skeleton(List.of("left", "right"), List.of(), List.of(1, 0), List.of(0.1, 0.2));
        Keypoints truth =
                new Keypoints(two, List.of(Keypoint.visible("left", 10, 10), Keypoint.occluded("right", 20, 10)));
        Oks.Person person = new Oks.Person(truth, new Box(0, 0, 30, 20));
        Keypoints answer =
                new Keypoints(two, List.of(Keypoint.visible("left", 13, 14), Keypoint.visible("right", 20, 10)));
        // d^2 = 25, 2 * area * (2 sigma)^2 = 2 * 500 * 0.04 = 40
        assertThat(Oks.similarity(person, 500, answer)).isCloseTo((Math.exp(-25 / 40.0) + 1) / 2, within(1e-12));
        assertThat(Oks.similarity(person, 500, truth)).isEqualTo(1);
        Keypoints half = new Keypoints(two, List.of(Keypoint.visible("left", 10, 10), Keypoint.absent("right")));
        assertThat(Oks.similarity(person, 500, half)).isEqualTo(0.5);
        assertThat(Oks.similarity(new Oks.Person(half, person.box()), 500, answer))
                .isCloseTo(Math.exp(-25 / 40.0), within(1e-12));
        assertThatThrownBy(() -> Oks.similarity(person, 500, Keypoints.ofCoco(Skeleton.COCO_PERSON, new double[51])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void without_labels_distance_is_to_the_grown_box() {
        Skeleton one = new Skeleton(List.of("tip"), List.of(), List.of(0), List.of(0.5));
        Oks.Person person =
                new Oks.Person(new Keypoints(one, List.of(Keypoint.absent("tip"))), new Box(10, 10, 20, 30));
        // Grown to [0, 30] x [-10, 50]; (34, 53) is 4 and 3 outside, 2 * 8 * 1 = 16.
        assertThat(Oks.similarity(person, 8, new Keypoints(one, List.of(Keypoint.visible("tip", 34, 53)))))
                .isCloseTo(Math.exp(-25 / 16.0), within(1e-12));
        assertThat(Oks.similarity(person, 8, new Keypoints(one, List.of(Keypoint.visible("tip", 0, -10)))))
                .isEqualTo(1);
    }

    @Test
    void scores_that_are_no_numbers_are_refused() {
        assertThatThrownBy(() -> found(A, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CocoScore("AR0", true, CocoScore.Similarity.AT_50, AreaRange.ALL, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
