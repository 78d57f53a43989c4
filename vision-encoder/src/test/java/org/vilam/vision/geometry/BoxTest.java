package org.vilam.vision.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

final class BoxTest {
    private static final Box A = new Box(0, 0, 4, 4);
    private static final Box B = new Box(2, 1, 6, 3);

    @Test
    void overlap_of_two_boxes_by_hand() {
        assertThat(A.area()).isEqualTo(16);
        assertThat(B.area()).isEqualTo(8);
        assertThat(A.intersection(B)).contains(new Box(2, 1, 4, 3)); // area 4, union 20, hull 6 x 4 = 24
        assertThat(A.intersectionArea(B)).isEqualTo(4);
        assertThat(A.hull(B)).isEqualTo(new Box(0, 0, 6, 4));
        assertThat(A.iou(B)).isEqualTo(4.0 / 20);
        assertThat(A.giou(B)).isCloseTo(4.0 / 20 - 4.0 / 24, within(1e-15));
        assertThat(A.crowdIou(B)).isEqualTo(4.0 / 16);
        assertThat(B.crowdIou(A)).isEqualTo(4.0 / 8);
    }

    @Test
    void giou_of_boxes_apart_is_negative_by_the_gap() {
        Box left = new Box(0, 0, 1, 1);
        Box right = new Box(3, 0, 4, 1);
        assertThat(left.giou(right)).isEqualTo(-0.5); // hull 4, union 2
    }

    @Test
    void touching_boxes_do_not_overlap_because_boxes_are_half_open() {
        Box right = new Box(4, 0, 8, 4);
        assertThat(A.intersection(right)).isEmpty();
        assertThat(A.iou(right)).isZero();
        assertThat(A.contains(new Point(4, 2))).isFalse();
        assertThat(right.contains(new Point(4, 2))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1, 1, 1, 1, 1, 0", // one point twice: no hull
        "0, 0, 2, 0, 5, 0, 9, 0, 0", // two segments on one line: no hull
        "0, 0, 0, 0, 3, 2, 3, 2, -1", // two points apart: all hull, no union
        "1, 1, 1, 1, 0, 0, 4, 4, 0", // a point inside a box: hull is the box
        "6, 0, 6, 0, 0, 0, 4, 4, -0.3333333333333333" // a point beside it: hull 24, union 16
    })
    void a_box_without_area_overlaps_nothing_and_no_measure_is_nan(
            double x1, double y1, double x2, double y2, double u1, double v1, double u2, double v2, double giou) {
        Box empty = new Box(x1, y1, x2, y2);
        Box other = new Box(u1, v1, u2, v2);
        assertThat(empty.isEmpty()).isTrue();
        assertThat(empty.iou(other)).isZero();
        assertThat(empty.iou(empty)).isZero();
        assertThat(empty.crowdIou(other)).isZero();
        assertThat(other.crowdIou(empty)).isZero();
        assertThat(empty.giou(other)).isCloseTo(giou, within(1e-15));
        assertThat(other.giou(empty)).isCloseTo(giou, within(1e-15));
    }

    @Test
    void a_box_outside_the_image_is_clamped() {
        assertThat(new Box(-5, 2, 700, 9).clamp(640, 480)).isEqualTo(new Box(0, 2, 640, 9));
        Box outside = new Box(700, 500, 800, 600).clamp(640, 480);
        assertThat(outside).isEqualTo(new Box(640, 480, 640, 480));
        assertThat(outside.isEmpty()).isTrue();
    }

    @Test
    void other_forms_by_hand() {
        Box box = new Box(10, 20, 40, 80);
        assertThat(Box.ofXywh(10, 20, 30, 60)).isEqualTo(box);
        assertThat(box.toXywh()).containsExactly(10, 20, 30, 60);
        assertThat(Box.ofCxcywh(25, 50, 30, 60)).isEqualTo(box);
        assertThat(box.toCxcywh()).containsExactly(25, 50, 30, 60);
        assertThat(box.toNormalised(80, 160)).containsExactly(0.125, 0.125, 0.5, 0.5);
        assertThat(Box.ofNormalised(0.125, 0.125, 0.5, 0.5, 80, 160)).isEqualTo(box);
        assertThat(box.centre()).isEqualTo(new Point(25, 50));
        assertThat(Box.spanning(new Point(40, 20), new Point(10, 80))).isEqualTo(box);
    }

    @Test
    void per_mille_rounds_halves_up_and_clamps() {
        // 640 wide: 10 px = 15.625, 3.2 px = 5; 480 high: 20 px = 41.67; 2000 wide: 1 px = 0.5
        assertThat(new Box(10, 20, 640, 480).toPerMille(640, 480)).containsExactly(16, 42, 1000, 1000);
        assertThat(new Box(1, 3, 5, 2000).toPerMille(2000, 2000)).containsExactly(1, 2, 3, 1000);
        assertThat(new Box(-9, -9, 9999, 9999).toPerMille(640, 480)).containsExactly(0, 0, 1000, 1000);
        assertThat(Box.ofPerMille(250, 500, 1000, 1000, 640, 480)).isEqualTo(new Box(160, 240, 640, 480));
    }

    @ParameterizedTest
    @CsvSource({"5, 0, 4, 1", "0, 5, 1, 4", "NaN, 0, 1, 1", "0, 0, Infinity, 1", "0, -1e10, 1, 1"})
    void reversed_and_non_finite_corners_are_refused_with_the_numbers_in_the_message(
            double x1, double y1, double x2, double y2) {
        assertThatThrownBy(() -> new Box(x1, y1, x2, y2))
                .isInstanceOfSatisfying(VilamException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.GEOMETRY_INVALID);
                    assertThat(e.hint()).contains("x1 <= x2");
                })
                .hasMessageContaining(Double.toString(x1))
                .hasMessageContaining(Double.toString(y1));
    }

    @Property(tries = 2000, seed = "1")
    void overlaps_are_symmetric_and_in_range(@ForAll("boxes") Box a, @ForAll("boxes") Box b) {
        assertThat(a.iou(b)).isEqualTo(b.iou(a)).isBetween(0.0, 1.0);
        assertThat(a.giou(b)).isEqualTo(b.giou(a)).isBetween(-1.0, 1.0).isLessThanOrEqualTo(a.iou(b) + 1e-12);
        assertThat(a.crowdIou(b)).isBetween(0.0, 1.0 + 1e-12);
        assertThat(a.iou(a)).isEqualTo(a.isEmpty() ? 0 : 1);
        assertThat(a.intersection(b).map(Box::area).orElse(0.0)).isEqualTo(a.intersectionArea(b));
    }

    @Property(tries = 2000, seed = "2")
    void a_box_comes_back_from_every_other_form(@ForAll("boxes") Box box) {
        double[] xywh = box.toXywh();
        assertClose(Box.ofXywh(xywh[0], xywh[1], xywh[2], xywh[3]), box, 1e-9);
        double[] c = box.toCxcywh();
        assertClose(Box.ofCxcywh(c[0], c[1], c[2], c[3]), box, 1e-9);
        double[] n = box.toNormalised(333, 500);
        assertClose(Box.ofNormalised(n[0], n[1], n[2], n[3], 333, 500), box, 1e-9);
    }

    @Property(tries = 2000, seed = "3")
    void per_mille_and_back_moves_an_edge_by_at_most_half_a_step(
            @ForAll("boxes") Box box,
            @ForAll @IntRange(min = 1, max = 9000) int w,
            @ForAll @IntRange(min = 1, max = 9000) int h) {
        Box inside = box.clamp(w, h);
        int[] p = inside.toPerMille(w, h);
        Box back = Box.ofPerMille(p[0], p[1], p[2], p[3], w, h);
        assertThat(back.x1()).isCloseTo(inside.x1(), within(w / 2000.0 + 1e-9));
        assertThat(back.y1()).isCloseTo(inside.y1(), within(h / 2000.0 + 1e-9));
        assertThat(back.x2()).isCloseTo(inside.x2(), within(w / 2000.0 + 1e-9));
        assertThat(back.y2()).isCloseTo(inside.y2(), within(h / 2000.0 + 1e-9));
    }

    private static void assertClose(Box actual, Box expected, double tolerance) {
        assertThat(actual.x1()).isCloseTo(expected.x1(), within(tolerance));
        assertThat(actual.y1()).isCloseTo(expected.y1(), within(tolerance));
        assertThat(actual.x2()).isCloseTo(expected.x2(), within(tolerance));
        assertThat(actual.y2()).isCloseTo(expected.y2(), within(tolerance));
    }

    @Provide
    Arbitrary<Box> boxes() {
        Arbitrary<Double> coordinate = Arbitraries.oneOf(
                Arbitraries.doubles().between(-50, 200),
                Arbitraries.integers().between(-2, 8).map(Integer::doubleValue));
        return Combinators.combine(coordinate, coordinate, coordinate, coordinate)
                .as((x1, y1, x2, y2) -> Box.spanning(new Point(x1, y1), new Point(x2, y2)));
    }
}
