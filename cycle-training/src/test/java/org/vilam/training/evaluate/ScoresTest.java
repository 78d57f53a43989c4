package org.vilam.training.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounded.Found;
import org.vilam.grounding.answer.Grounded.ScoredKeypoint;
import org.vilam.grounding.metrics.ScoreTable;
import org.vilam.grounding.metrics.statistics.Bootstrap;
import org.vilam.training.scene.Expression;
import org.vilam.training.scene.Expression.Kind;
import org.vilam.training.scene.Meaning;
import org.vilam.training.scene.Scene;
import org.vilam.training.scene.SceneObject;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Keypoint;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.geometry.Skeleton;
import org.vilam.vision.image.RgbImage;

/** Scores worked out by hand, on three squares of 10 x 10 pixels at x = 0, 20 and 40. */
class ScoresTest {
    private static final Scene SCENE =
            new Scene(new RgbImage(60, 20, new byte[60 * 20 * 3]), "shapes", List.of(square(0), square(1), square(2)));

    private static Box box(double x) {
        return new Box(x, 0, x + 10, 10);
    }

    private static Mask mask(Box box) {
        return Mask.where(60, 20, (x, y) -> x >= box.x1() && x < box.x2() && y >= box.y1() && y < box.y2());
    }

    private static SceneObject square(int id) {
        Box box = box(20 * id);
        List<Keypoint> points = new ArrayList<>();
        for (String name : Skeleton.COCO_PERSON.names()) {
            points.add(Keypoint.absent(name));
        }
        points.set(0, Keypoint.visible("nose", 20 * id + 5, 5));
        points.set(1, Keypoint.occluded("left_eye", 20 * id + 5, 2));
        return new SceneObject(
                id,
                "square",
                Set.of("square", "box", "shape", "object"),
                Map.of(),
                box,
                mask(box),
                box,
                10,
                1,
                id,
                points);
    }

    private static Expression expression(Kind kind, Integer... objects) {
        return new Expression(kind + " " + List.of(objects), kind, new Meaning.Kind("square"), List.of(objects));
    }

    private static Found found(Box box) {
        return new Found(box, 1, Optional.empty(), List.of());
    }

    private static Grounded grounded(double presence, Box one, Box... all) {
        return new Grounded(
                presence,
                found(one),
                List.of(all).stream().map(ScoresTest::found).toList());
    }

    private static Answers answers(
            List<Expression> ones,
            List<Grounded> onesFound,
            List<Expression> sets,
            List<Grounded> setsFound,
            List<Expression> absent,
            List<Grounded> absentFound) {
        Questions asked = new Questions("picture", SCENE, ones, sets, absent, List.of(), List.of());
        return new Answers(asked, onesFound, setsFound, absentFound, List.of(), List.of(), List.of());
    }

    private static double value(Scores scores, String metric) {
        return row(scores, metric).value().orElseThrow();
    }

    private static ScoreTable.Row row(Scores scores, String metric) {
        return scores.table("", new Bootstrap(10, 0.95, 0)).rows().stream()
                .filter(r -> r.metric().equals(metric))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void boxes_are_counted_at_one_half_and_at_three_quarters() {
        Scores scores = new Scores(10);
        List<Expression> asked = List.of(
                expression(Kind.PLACE, 0),
                expression(Kind.PLACE, 1),
                expression(Kind.CATEGORY, 2),
                expression(Kind.CATEGORY, 2));
        // IoU 1; 8 / 12 = 2/3; 5 / 15 = 1/3; 0. The third is the right box with a low presence, which does not matter
        // here.
        List<Grounded> said =
                List.of(grounded(1, box(0)), grounded(1, box(22)), grounded(0.1, box(45)), grounded(1, box(0)));
        scores.add(answers(asked, said, List.of(), List.of(), List.of(), List.of()));
        assertThat(value(scores, Target.REC_50)).isEqualTo(0.5);
        assertThat(value(scores, Target.REC_75)).isEqualTo(0.25);
        assertThat(value(scores, "rec mean iou")).isCloseTo((1 + 2.0 / 3 + 1.0 / 3) / 4, within(1e-12));
        assertThat(value(scores, "rec acc@0.5 of place")).isEqualTo(1);
        assertThat(value(scores, "rec acc@0.5 of category")).isEqualTo(0);
    }

    @Test
    void sets_are_counted_over_all_expressions_and_each() {
        Scores scores = new Scores(10);
        List<Expression> asked = List.of(expression(Kind.ALL, 0, 1, 2), expression(Kind.COUNT, 0, 1));
        // First: two of three found, one of them twice: TP 2, FP 1, FN 1, F1 4/6. Second: nothing said: FN 2, F1 0.
        List<Grounded> said = List.of(grounded(1, box(0), box(0), box(20), box(1)), grounded(1, box(0)));
        scores.add(answers(List.of(), List.of(), asked, said, List.of(), List.of()));
        assertThat(value(scores, Target.SETS)).isCloseTo(4.0 / (4 + 1 + 3), within(1e-12));
        assertThat(value(scores, "sets f1@0.5 (mean of expressions)")).isCloseTo(2.0 / 6, within(1e-12));
        assertThat(value(scores, "sets precision@0.5")).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(value(scores, "sets recall@0.5")).isCloseTo(2.0 / 5, within(1e-12));
    }

    @Test
    void no_target_is_measured_on_as_many_expressions_with_a_target_as_without() {
        Scores scores = new Scores(10);
        List<Expression> present =
                List.of(expression(Kind.PLACE, 0), expression(Kind.PLACE, 1), expression(Kind.PLACE, 2));
        List<Grounded> presentSaid = List.of(grounded(0.2, box(0)), grounded(0.5, box(0)), grounded(0.1, box(0)));
        List<Expression> absent = List.of(expression(Kind.NONE), expression(Kind.NONE));
        List<Grounded> absentSaid = List.of(grounded(0.49, box(0)), grounded(0.9, box(0)));
        scores.add(answers(present, presentSaid, List.of(), List.of(), absent, absentSaid));
        // The third with a target is left out. Said: one rightly (0.49), one wrongly (0.2); one missed (0.9).
        assertThat(row(scores, Target.NO_TARGET).count()).isEqualTo(4);
        assertThat(value(scores, Target.NO_TARGET)).isEqualTo(2.0 / (1 + 1 + 2));
    }

    @Test
    void masks_and_keypoints_are_measured_of_all_and_of_the_found() {
        Scores scores = new Scores(10);
        // The first: box right, half of the mask, the nose within a tenth of the height of 10, the eye not. The second:
        // all wrong.
        Box half = new Box(0, 0, 5, 10);
        Found first = new Found(
                box(0),
                1,
                Optional.of(mask(half)),
                List.of(
                        new ScoredKeypoint(Keypoint.visible("nose", 5.9, 5), 1),
                        new ScoredKeypoint(Keypoint.visible("left_eye", 5, 3.5), 1)));
        Found second = new Found(
                box(40),
                1,
                Optional.of(mask(box(40))),
                List.of(new ScoredKeypoint(Keypoint.visible("nose", 45, 5), 1)));
        scores.add(answers(
                List.of(expression(Kind.PLACE, 0), expression(Kind.PLACE, 1)),
                List.of(new Grounded(1, first, List.of()), new Grounded(1, second, List.of())),
                List.of(),
                List.of(),
                List.of(),
                List.of()));
        assertThat(value(scores, Target.MASKS)).isEqualTo(0.25);
        assertThat(value(scores, "mask mean iou (of found)")).isEqualTo(0.5);
        assertThat(value(scores, Target.KEYPOINTS)).isEqualTo(0.5);
        assertThat(value(scores, "keypoints pck@0.1 (found or not)")).isEqualTo(0.25);
    }

    @Test
    void a_round_trip_needs_words_presence_and_the_same_box() {
        Scores scores = new Scores(10);
        Questions asked = new Questions(
                "picture",
                SCENE,
                List.of(),
                List.of(),
                List.of(),
                List.of(square(0), square(0), square(0), square(0)),
                List.of());
        scores.add(new Answers(
                asked,
                List.of(),
                List.of(),
                List.of(),
                List.of("the left one", "the left one", " ", "the left one"),
                List.of(grounded(0.9, box(1)), grounded(0.4, box(0)), grounded(0.9, box(0)), grounded(0.9, box(20))),
                List.of()));
        assertThat(value(scores, Target.ROUND_TRIP)).isEqualTo(0.25);
        assertThat(row(scores, Target.ROUND_TRIP).unparseable()).isEqualTo(1);
    }

    @Test
    void a_category_is_right_exactly_or_fits() {
        Scores scores = new Scores(10);
        Questions asked = new Questions(
                "picture",
                SCENE,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(square(0), square(0), square(0), square(0)));
        scores.add(new Answers(
                asked,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of("A Square.", "box", "shape", "circle")));
        assertThat(value(scores, Target.CATEGORY)).isEqualTo(0.25);
        assertThat(value(scores, "category accuracy (or another fitting noun)")).isEqualTo(0.5);
    }

    @Test
    void what_comes_after_the_quota_is_not_counted() {
        Scores scores = new Scores(1);
        scores.add(answers(
                List.of(expression(Kind.PLACE, 0), expression(Kind.PLACE, 1)),
                List.of(grounded(1, box(0)), grounded(1, box(0))),
                List.of(),
                List.of(),
                List.of(),
                List.of()));
        assertThat(row(scores, Target.REC_50).count()).isEqualTo(1);
        assertThat(value(scores, Target.REC_50)).isEqualTo(1);
        assertThat(scores.wanted().ones()).isFalse();
        assertThat(scores.wanted().sets()).isTrue();
    }
}
