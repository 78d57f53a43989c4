package org.vilam.vision.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

final class PolygonTest {
    private static final Point TOP_LEFT = new Point(1, 1);
    private static final Point TOP_RIGHT = new Point(5, 1);
    private static final Point BOTTOM_RIGHT = new Point(5, 3);
    private static final Point BOTTOM_LEFT = new Point(1, 3);

    @Test
    void exteriors_run_clockwise_on_the_screen_and_holes_the_other_way() {
        List<Point> clockwise = List.of(TOP_LEFT, TOP_RIGHT, BOTTOM_RIGHT, BOTTOM_LEFT);
        List<Point> counterClockwise = List.of(TOP_LEFT, BOTTOM_LEFT, BOTTOM_RIGHT, TOP_RIGHT);
        assertThat(Polygon.signedArea(clockwise)).isEqualTo(8);
        assertThat(Polygon.of(clockwise).exterior()).isEqualTo(clockwise);
        assertThat(Polygon.of(counterClockwise).exterior()).isEqualTo(clockwise);
        assertThat(new Polygon(clockwise, List.of(clockwise)).holes()).containsExactly(counterClockwise);
        assertThat(Polygon.of(new Box(1, 1, 5, 3)).exterior()).isEqualTo(clockwise);
    }

    @Test
    void rings_are_closed_implicitly_and_a_closing_repeat_is_dropped() {
        Polygon polygon = Polygon.ofFlat(1, 1, 5, 1, 5, 3, 1, 3, 1, 1);
        assertThat(polygon.exterior()).containsExactly(TOP_LEFT, TOP_RIGHT, BOTTOM_RIGHT, BOTTOM_LEFT);
        assertThat(polygon.closedExterior()).containsExactly(TOP_LEFT, TOP_RIGHT, BOTTOM_RIGHT, BOTTOM_LEFT, TOP_LEFT);
        assertThat(polygon.toFlat()).containsExactly(1, 1, 5, 1, 5, 3, 1, 3);
    }

    @Test
    void area_perimeter_and_box_by_hand() {
        Polygon triangle = Polygon.ofFlat(0, 0, 4, 0, 0, 3);
        assertThat(triangle.area()).isEqualTo(6);
        assertThat(triangle.perimeter()).isEqualTo(12);
        assertThat(triangle.boundingBox()).isEqualTo(new Box(0, 0, 4, 3));
        Polygon frame = new Polygon(
                Polygon.of(new Box(0, 0, 10, 10)).exterior(),
                List.of(Polygon.of(new Box(2, 2, 5, 5)).exterior()));
        assertThat(frame.area()).isEqualTo(91);
    }

    @Test
    void samples_begin_at_the_topmost_leftmost_corner_and_go_right_at_equal_steps() {
        Polygon box = Polygon.of(List.of(BOTTOM_RIGHT, BOTTOM_LEFT, TOP_LEFT, TOP_RIGHT)); // perimeter 12
        assertThat(box.sampled(6).exterior())
                .containsExactly(TOP_LEFT, new Point(3, 1), TOP_RIGHT, BOTTOM_RIGHT, new Point(3, 3), BOTTOM_LEFT);
        assertThat(box.sampled(4).exterior()).containsExactly(TOP_LEFT, new Point(4, 1), BOTTOM_RIGHT, new Point(2, 3));
    }

    @Test
    void a_vilam_polygon_has_25_points_and_the_first_again_when_closed() {
        Polygon sampled = Polygon.of(new Box(0, 0, 25, 25)).sampled(Polygon.VILAM_POINTS);
        assertThat(sampled.exterior()).hasSize(25).doesNotHaveDuplicates();
        assertThat(sampled.closedExterior()).hasSize(26);
        assertThat(sampled.closedExterior().get(25)).isEqualTo(new Point(0, 0));
        assertThat(sampled.exterior().get(1)).isEqualTo(new Point(4, 0));
    }

    @Test
    void rings_that_are_none_are_refused_by_name() {
        assertThatThrownBy(() -> Polygon.ofFlat(1, 1, 2, 2))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.GEOMETRY_INVALID))
                .hasMessageContaining("exterior of the polygon has 2 points");
        assertThatThrownBy(() -> Polygon.ofFlat(1, 1, 2, 2, 1, 1)).hasMessageContaining("2 points");
        assertThatThrownBy(() -> Polygon.ofFlat(1, 1, 2, 2, 3)).hasMessageContaining("5 numbers");
        assertThatThrownBy(() -> Polygon.ofFlat(1, 1, 2, Double.NaN, 3, 3)).hasMessageContaining("NaN");
        List<Point> square = Polygon.of(new Box(0, 0, 1, 1)).exterior();
        assertThatThrownBy(() -> new Polygon(square, List.of(square, List.of())))
                .hasMessageContaining("hole 1");
        Polygon dot = Polygon.ofFlat(2, 2, 2, 2, 2, 3, 2, 2.5);
        assertThat(dot.area()).isZero();
        assertThatThrownBy(() -> dot.sampled(2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Polygon(Collections.nCopies(4, new Point(2, 2)), List.of()).sampled(25))
                .hasMessageContaining("all the same");
    }

    @Property(tries = 500, seed = "1")
    void sampling_an_ellipse_keeps_count_direction_spacing_and_area(
            @ForAll @DoubleRange(min = 2, max = 200) double a,
            @ForAll @DoubleRange(min = 0.3, max = 1) double ratio,
            @ForAll @DoubleRange(min = 0, max = 6) double turn,
            @ForAll @IntRange(min = 3, max = 60) int n) {
        Polygon ellipse = ellipse(300, 300, a, a * ratio, turn, 2000);
        Polygon sampled = ellipse.sampled(n);
        List<Point> points = sampled.exterior();
        assertThat(points).hasSize(n);
        assertThat(Polygon.signedArea(points)).isPositive();
        Point first = points.get(0);
        assertThat(ellipse.exterior()).allMatch(p -> p.y() >= first.y());
        double step = ellipse.perimeter() / n;
        List<Point> closed = sampled.closedExterior();
        for (int i = 0; i < n; i++) {
            double chord = Math.hypot(
                    closed.get(i + 1).x() - closed.get(i).x(),
                    closed.get(i + 1).y() - closed.get(i).y());
            assertThat(chord).isLessThanOrEqualTo(step * (1 + 1e-9)); // a chord is no longer than its arc
        }
        if (n >= 25) {
            assertThat(sampled.area() / ellipse.area()).isBetween(0.96, 1.0);
        }
    }

    @Property(tries = 200, seed = "2")
    void samples_do_not_depend_on_direction_or_first_corner_of_the_ring(
            @ForAll @IntRange(max = 40) int shift, @ForAll boolean reversed) {
        Polygon ellipse = ellipse(50, 60, 30, 17, 0.4, 41);
        List<Point> ring = new ArrayList<>(ellipse.exterior());
        Collections.rotate(ring, shift);
        if (reversed) {
            Collections.reverse(ring);
        }
        List<Point> expected = ellipse.sampled(25).exterior();
        List<Point> actual = Polygon.of(ring).sampled(25).exterior();
        for (int i = 0; i < 25; i++) {
            assertThat(actual.get(i).x()).isCloseTo(expected.get(i).x(), within(1e-9));
            assertThat(actual.get(i).y()).isCloseTo(expected.get(i).y(), within(1e-9));
        }
    }

    static Polygon ellipse(double cx, double cy, double a, double b, double turn, int corners) {
        List<Point> ring = new ArrayList<>();
        for (int i = 0; i < corners; i++) {
            double angle = 2 * Math.PI * i / corners;
            double u = a * Math.cos(angle);
            double v = b * Math.sin(angle);
            ring.add(new Point(
                    cx + u * Math.cos(turn) - v * Math.sin(turn), cy + u * Math.sin(turn) + v * Math.cos(turn)));
        }
        return Polygon.of(ring);
    }
}
