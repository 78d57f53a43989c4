package org.vilam.vision.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

final class PolygonsTest {
    private static final Polygon SQUARE = Polygon.of(new Box(0, 0, 10, 10));
    private static final Polygon FRAME = new Polygon(
            SQUARE.exterior(), List.of(Polygon.of(new Box(2, 2, 8, 8)).exterior()));
    private static final Polygon BOW_TIE = Polygon.ofFlat(0, 0, 10, 10, 10, 0, 0, 10);

    @Test
    void overlap_of_polygons_by_hand() {
        Polygon triangle = Polygon.ofFlat(0, 0, 10, 0, 0, 10);
        assertThat(Polygons.iou(List.of(SQUARE), List.of(triangle))).isCloseTo(50.0 / 100, within(1e-12));
        assertThat(Polygons.iou(List.of(FRAME), List.of(SQUARE))).isCloseTo(64.0 / 100, within(1e-12));
        Polygon shifted = Polygon.of(new Box(5, 5, 15, 15));
        assertThat(Polygons.iou(List.of(SQUARE), List.of(shifted))).isCloseTo(25.0 / 175, within(1e-12));
        Polygon far = Polygon.of(new Box(20, 20, 30, 30));
        assertThat(Polygons.iou(List.of(SQUARE), List.of(far))).isZero();
        assertThat(Polygons.iou(List.of(SQUARE, far), List.of(far))).isCloseTo(0.5, within(1e-12));
        assertThat(Polygons.iou(List.of(), List.of())).isZero();
    }

    @Test
    void overlap_of_shapes_without_area_is_zero_and_not_nan() {
        Polygon line = Polygon.ofFlat(0, 0, 5, 5, 10, 10);
        assertThat(Polygons.iou(List.of(line), List.of(line))).isZero();
        assertThat(Polygons.iou(List.of(line), List.of(SQUARE))).isZero();
        assertThat(Polygons.area(List.of(line))).isZero();
        assertThat(Polygons.repair(List.of(line))).isEmpty();
    }

    @Test
    void parts_that_overlap_count_once() {
        Polygon shifted = Polygon.of(new Box(5, 0, 15, 10));
        assertThat(Polygons.isValid(List.of(SQUARE, shifted))).isFalse();
        assertThat(Polygons.area(List.of(SQUARE, shifted))).isCloseTo(150, within(1e-9));
        assertThat(Polygons.boundingBox(List.of(SQUARE, shifted))).isEqualTo(new Box(0, 0, 15, 10));
        assertThat(Polygons.boundingBox(List.of())).isEqualTo(new Box(0, 0, 0, 0));
    }

    @Test
    void a_bow_tie_is_repaired_into_its_two_lobes() {
        assertThat(Polygons.isValid(List.of(BOW_TIE))).isFalse();
        List<Polygon> lobes = Polygons.repair(List.of(BOW_TIE));
        assertThat(lobes).hasSize(2);
        assertThat(Polygons.isValid(lobes)).isTrue();
        assertThat(lobes).allSatisfy(lobe -> assertThat(lobe.area()).isCloseTo(25, within(1e-9)));
        assertThat(Polygons.area(List.of(BOW_TIE))).isCloseTo(50, within(1e-9));
        assertThat(Polygons.repair(List.of(FRAME))).containsExactly(FRAME);
    }

    @Test
    void containment_includes_edges_and_excludes_holes() {
        List<Polygon> frame = List.of(FRAME);
        assertThat(Polygons.contains(frame, new Point(1, 1))).isTrue();
        assertThat(Polygons.contains(frame, new Point(0, 5))).isTrue();
        assertThat(Polygons.contains(frame, new Point(2, 5))).isTrue();
        assertThat(Polygons.contains(frame, new Point(5, 5))).isFalse();
        assertThat(Polygons.contains(frame, new Point(11, 5))).isFalse();
        assertThat(Polygons.contains(List.of(SQUARE), frame)).isTrue();
        assertThat(Polygons.contains(frame, List.of(SQUARE))).isFalse();
    }

    @Test
    void clipping_to_the_image_may_split_a_polygon() {
        // a U open to the top, its bottom below the image
        Polygon u = Polygon.ofFlat(0, 0, 2, 0, 2, 8, 6, 8, 6, 0, 8, 0, 8, 12, 0, 12);
        List<Polygon> legs = Polygons.clip(List.of(u), 100, 6);
        assertThat(legs).hasSize(2);
        assertThat(Polygons.area(legs)).isCloseTo(24, within(1e-9));
        assertThat(Polygons.clip(List.of(u), 7, 100).stream()
                        .mapToDouble(Polygon::area)
                        .sum())
                .isCloseTo(12 * 7 - 4 * 8, within(1e-9));
        assertThat(Polygons.clip(List.of(Polygon.of(new Box(-9, -9, -1, -1))), 10, 10))
                .isEmpty();
        assertThat(Polygons.clip(List.of(SQUARE), new Box(3, 3, 3, 9))).isEmpty();
    }

    @Test
    void simplifying_drops_corners_within_the_bound_only() {
        Polygon notched = Polygon.ofFlat(0, 0, 5, 0.4, 10, 0, 10, 10, 5, 8, 0, 10);
        assertThat(Polygons.simplify(List.of(notched), 0.5))
                .containsExactly(Polygon.ofFlat(0, 0, 10, 0, 10, 10, 5, 8, 0, 10));
        assertThat(Polygons.simplify(List.of(notched), 0.3)).containsExactly(notched);
        assertThat(Polygons.simplify(List.of(Polygon.ofFlat(0, 0, 5, 0, 10, 0, 10, 10, 0, 10)), 0))
                .containsExactly(SQUARE);
        assertThatThrownBy(() -> Polygons.simplify(List.of(SQUARE), Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Polygons.simplify(List.of(), 1)).isEmpty();
    }

    @Test
    void rings_that_touch_anothers_edge_keep_the_corners_that_part_them() {
        // The notch of the upper part, flattened, would run along the lower part's edge from (20, 10) to (40, 10).
        Polygon lower = Polygon.of(new Box(0, 10, 100, 20));
        Polygon upper = Polygon.ofFlat(30, 0, 40, 10, 30, 9.5, 20, 10);
        List<Polygon> parts = List.of(lower, upper);
        assertThat(Polygons.isValid(parts)).isTrue();
        assertThat(Polygons.simplify(parts, 1)).isEqualTo(parts);
        assertThat(Polygons.simplify(List.of(upper), 1)).containsExactly(Polygon.ofFlat(30, 0, 40, 10, 20, 10));
    }

    @Test
    void a_small_part_inside_a_flattened_bay_keeps_it_open() {
        // A bay 0.8 deep with an island in it: flattening the bay would put the island inside the large part.
        Polygon bay = Polygon.ofFlat(0, 0, 4, 0, 5, 0.8, 6, 0.8, 7, 0, 10, 0, 10, 10, 5, 9.5, 0, 10);
        Polygon island = Polygon.ofFlat(5.4, 0.2, 5.6, 0.2, 5.5, 0.4);
        List<Polygon> simple = Polygons.simplify(List.of(bay, island), 1);
        assertThat(Polygons.isValid(simple)).isTrue();
        assertThat(simple.get(0).exterior())
                .contains(new Point(5, 0.8))
                .doesNotContain(new Point(5, 9.5)); // a notch without an island goes
        assertThat(Polygons.simplify(List.of(bay), 1)).containsExactly(SQUARE);
    }

    @Property(tries = 300, seed = "4")
    void scribbles_and_lines_are_simplified_without_fuss(
            @ForAll long seed, @ForAll @DoubleRange(max = 30) double maxError) {
        Random random = new Random(seed);
        int spread = 1 + random.nextInt(9); // few places: repeated points, lines, rings without area
        double[] xy = random.ints(2L * (3 + random.nextInt(9)), 0, spread)
                .asDoubleStream()
                .toArray();
        xy[0] = -1; // not the closing point
        Polygon scribble = Polygon.ofFlat(xy);
        Polygon simple = Polygons.simplify(List.of(scribble), maxError).get(0);
        assertThat(simple.exterior()).hasSizeBetween(3, scribble.exterior().size());
        assertThat(scribble.exterior()).containsAll(simple.exterior());
        assertThat(farthest(scribble.exterior(), simple.exterior())).isLessThanOrEqualTo(maxError + 1e-6);
        assertThat(farthest(simple.exterior(), scribble.exterior())).isLessThanOrEqualTo(maxError + 1e-6);
    }

    @Property(tries = 300, seed = "1")
    void a_simplified_outline_stays_within_the_stated_error_and_valid(
            @ForAll("masks") Mask mask, @ForAll @DoubleRange(max = 4) double maxError) {
        List<Polygon> exact = mask.toPolygons();
        List<Polygon> simple = Polygons.simplify(exact, maxError);
        // On pixel edges the simplifier itself keeps the region valid; the way out in simplify is not needed.
        assertThat(simple).isEqualTo(RingSimplifier.simplify(exact, maxError));
        assertThat(Polygons.isValid(simple)).isTrue();
        assertThat(simple).hasSameSizeAs(exact);
        for (int i = 0; i < exact.size(); i++) {
            List<List<Point>> before = rings(exact.get(i));
            List<List<Point>> after = rings(simple.get(i));
            assertThat(after).hasSameSizeAs(before);
            for (int r = 0; r < before.size(); r++) {
                assertThat(before.get(r)).containsAll(after.get(r));
                assertThat(farthest(before.get(r), after.get(r))).isLessThanOrEqualTo(maxError + 1e-6);
                assertThat(farthest(after.get(r), before.get(r))).isLessThanOrEqualTo(maxError + 1e-6);
            }
        }
    }

    @Property(tries = 300, seed = "2")
    void overlap_is_symmetric_in_range_and_that_of_the_masks_on_pixel_edges(@ForAll("pairs") MaskSamples.Pair pair) {
        List<Polygon> a = pair.a().toPolygons();
        List<Polygon> b = pair.b().toPolygons();
        double iou = Polygons.iou(a, b);
        assertThat(iou).isBetween(0.0, 1.0);
        assertThat(Polygons.iou(b, a)).isCloseTo(iou, within(1e-12));
        assertThat(iou).isCloseTo(pair.a().iou(pair.b()), within(1e-9));
        assertThat(Polygons.area(a)).isCloseTo((double) pair.a().area(), within(1e-9));
    }

    @Property(tries = 300, seed = "3")
    void repaired_scribbles_are_valid_and_inside_the_box_of_the_scribble(@ForAll long seed) {
        Random random = new Random(seed);
        double[] xy = random.doubles(2L * (3 + random.nextInt(12)), -20, 80).toArray();
        Polygon scribble = Polygon.ofFlat(xy);
        List<Polygon> repaired = Polygons.repair(List.of(scribble));
        assertThat(Polygons.isValid(repaired)).isTrue();
        Box box = scribble.boundingBox();
        assertThat(Polygons.area(repaired)).isBetween(0.0, box.area() + 1e-6);
        Box hull = Polygons.boundingBox(repaired).hull(box);
        assertThat(hull.area()).isCloseTo(box.area(), within(1e-6));
        double clipped = Polygons.area(Polygons.clip(repaired, 40, 30));
        assertThat(clipped).isLessThanOrEqualTo(Polygons.area(repaired) + 1e-6);
    }

    private static List<List<Point>> rings(Polygon polygon) {
        List<List<Point>> rings = new ArrayList<>();
        rings.add(polygon.exterior());
        rings.addAll(polygon.holes());
        return rings;
    }

    /** Largest distance of places along ring {@code a}, a tenth of a pixel apart, from ring {@code b}. */
    private static double farthest(List<Point> a, List<Point> b) {
        double worst = 0;
        for (int i = 0; i < a.size(); i++) {
            Point p = a.get(i);
            Point q = a.get((i + 1) % a.size());
            int steps = 1 + (int) (10 * Math.hypot(q.x() - p.x(), q.y() - p.y()));
            for (int s = 0; s < steps; s++) {
                double t = (double) s / steps;
                Point at = new Point(p.x() + t * (q.x() - p.x()), p.y() + t * (q.y() - p.y()));
                double nearest = Double.POSITIVE_INFINITY;
                for (int j = 0; j < b.size(); j++) {
                    Point u = b.get(j);
                    Point v = b.get((j + 1) % b.size());
                    nearest = Math.min(
                            nearest, java.awt.geom.Line2D.ptSegDist(u.x(), u.y(), v.x(), v.y(), at.x(), at.y()));
                }
                worst = Math.max(worst, nearest);
            }
        }
        return worst;
    }

    @Provide
    Arbitrary<Mask> masks() {
        return MaskSamples.masks().filter(mask -> mask.width() * mask.height() < 1200);
    }

    @Provide
    Arbitrary<MaskSamples.Pair> pairs() {
        return MaskSamples.pairs();
    }
}
