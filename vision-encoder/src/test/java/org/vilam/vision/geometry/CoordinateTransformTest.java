package org.vilam.vision.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

final class CoordinateTransformTest {
    /** 640 x 480 letterboxed into 320 x 320: half the size, 40 pixels of border above. */
    private static final CoordinateTransform LETTERBOX = new CoordinateTransform(0.5, 0.5, 0, 40);

    @Test
    void a_letterbox_by_hand() {
        assertThat(LETTERBOX.apply(new Point(640, 480))).isEqualTo(new Point(320, 280));
        assertThat(LETTERBOX.apply(new Box(0, 0, 640, 480))).isEqualTo(new Box(0, 40, 320, 280));
        assertThat(LETTERBOX.inverse().apply(new Box(0, 40, 320, 280))).isEqualTo(new Box(0, 0, 640, 480));
        assertThat(LETTERBOX.apply(Polygon.of(new Box(2, 2, 8, 6)))).isEqualTo(Polygon.of(new Box(1, 41, 4, 43)));
        assertThat(LETTERBOX.apply(List.of(Polygon.of(new Box(2, 2, 8, 6))))).hasSize(1);
    }

    @Test
    void a_mirror_keeps_corners_in_order_and_exteriors_clockwise() {
        CoordinateTransform mirror = new CoordinateTransform(-1, 1, 100, 0);
        assertThat(mirror.apply(new Box(10, 20, 30, 40))).isEqualTo(new Box(70, 20, 90, 40));
        Polygon mirrored = mirror.apply(Polygon.ofFlat(0, 0, 10, 0, 0, 5));
        assertThat(mirrored.exterior()).containsExactly(new Point(100, 0), new Point(100, 5), new Point(90, 0));
        assertThat(mirrored.area()).isEqualTo(25);
    }

    @Test
    void keypoints_keep_names_visibility_and_absence() {
        Skeleton two = new Skeleton(List.of("head", "tail"), List.of(), List.of(0, 1), List.of(0.1, 0.1));
        Keypoints moved = LETTERBOX.apply(Keypoints.ofCoco(two, 10, 20, 1, 5, 5, 0));
        assertThat(moved.points()).containsExactly(Keypoint.occluded("head", 5, 50), Keypoint.absent("tail"));
    }

    @Test
    void what_cannot_be_undone_is_refused() {
        for (double scale : new double[] {0, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new CoordinateTransform(scale, 1, 0, 0)).hasMessageContaining("scale");
            assertThatThrownBy(() -> new CoordinateTransform(1, scale, 0, 0)).hasMessageContaining("scale");
        }
        assertThatThrownBy(() -> new CoordinateTransform(1, 1, Double.NaN, 0)).hasMessageContaining("offset");
    }

    @Property(tries = 1000, seed = "1")
    void there_and_back_is_where_it_was(
            @ForAll("transforms") CoordinateTransform t,
            @ForAll @DoubleRange(min = -1000, max = 5000) double x,
            @ForAll @DoubleRange(min = -1000, max = 5000) double y) {
        assertClose(t.inverse().apply(t.apply(new Point(x, y))), new Point(x, y));
        assertClose(t.then(t.inverse()).apply(new Point(x, y)), new Point(x, y));
        Box box = Box.spanning(new Point(x, y), new Point(x + 7, y + 3));
        Box back = t.inverse().apply(t.apply(box));
        assertClose(new Point(back.x1(), back.y1()), new Point(x, y));
        assertClose(new Point(back.x2(), back.y2()), new Point(x + 7, y + 3));
        Polygon part = Polygon.of(box);
        List<Point> ring = t.inverse().apply(t.apply(part)).exterior();
        for (int i = 0; i < 4; i++) {
            assertClose(ring.get(i), part.exterior().get(i));
        }
    }

    @Property(tries = 1000, seed = "2")
    void one_after_the_other_is_their_composition(
            @ForAll("transforms") CoordinateTransform a,
            @ForAll("transforms") CoordinateTransform b,
            @ForAll @DoubleRange(min = -1000, max = 5000) double x) {
        Point p = new Point(x, 2 * x + 1);
        Point expected = b.apply(a.apply(p));
        Point actual = a.then(b).apply(p);
        double scale = 1 + Math.abs(expected.x()) + Math.abs(expected.y());
        assertThat(actual.x()).isCloseTo(expected.x(), within(1e-9 * scale));
        assertThat(actual.y()).isCloseTo(expected.y(), within(1e-9 * scale));
        assertThat(a.then(CoordinateTransform.IDENTITY)).isEqualTo(a);
    }

    private static void assertClose(Point actual, Point expected) {
        assertThat(actual.x()).isCloseTo(expected.x(), within(1e-6));
        assertThat(actual.y()).isCloseTo(expected.y(), within(1e-6));
    }

    @Provide
    Arbitrary<CoordinateTransform> transforms() {
        Arbitrary<Double> scale = Arbitraries.doubles().between(0.05, 20);
        Arbitrary<Double> sign = Arbitraries.of(1.0, 1.0, -1.0);
        Arbitrary<Double> offset = Arbitraries.doubles().between(-3000, 3000);
        return Combinators.combine(scale, sign, scale, offset, offset)
                .as((sx, s, sy, ox, oy) -> new CoordinateTransform(s * sx, sy, ox, oy));
    }
}
