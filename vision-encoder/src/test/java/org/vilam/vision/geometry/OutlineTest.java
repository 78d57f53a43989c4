package org.vilam.vision.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class OutlineTest {
    @Test
    void the_loss_of_an_outline_is_the_overlap_of_its_filling_with_the_mask() {
        Mask mask = MaskSamples.drawn("######", "#....#", "######", "......", "#.....");
        Outline exact = Outline.exact(mask);
        assertThat(exact.iou()).isEqualTo(1);
        assertThat(exact.parts()).hasSize(2);

        Outline withoutSmall = Outline.simplified(mask, 0, 2);
        assertThat(withoutSmall.parts()).hasSize(1);
        assertThat(withoutSmall.droppedParts()).isEqualTo(1);
        assertThat(withoutSmall.droppedArea()).isEqualTo(1);
        assertThat(withoutSmall.iou()).isEqualTo(14.0 / 15);

        Outline withoutHole = Outline.simplified(mask, 0, 5); // the hole has 4 pixels
        assertThat(withoutHole.parts()).containsExactly(Polygon.of(new Box(0, 0, 6, 3)));
        assertThat(withoutHole.iou()).isEqualTo(14.0 / 19);
    }

    @Test
    void an_empty_mask_loses_nothing_and_a_mask_dropped_whole_loses_all() {
        assertThat(Outline.simplified(Mask.empty(3, 3), 1, 0)).isEqualTo(new Outline(List.of(), 1, 0, 0));
        assertThat(Outline.sampled(MaskSamples.drawn("#.", ".."), 25, 2)).isEqualTo(new Outline(List.of(), 0, 1, 1));
    }

    @Test
    void one_pixel_survives_as_25_points() {
        Outline dot = Outline.sampled(MaskSamples.drawn("...", ".#.", "..."), 25, 0);
        assertThat(dot.iou()).isEqualTo(1);
        assertThat(dot.parts().get(0).exterior()).hasSize(25);
    }

    @Test
    void each_part_gets_its_own_25_points_clockwise_from_the_top() {
        Mask discs = MaskSamples.disc(100, 60, 30, 30, 20).union(MaskSamples.disc(100, 60, 75, 30, 12));
        Outline outline = Outline.sampled(discs, Polygon.VILAM_POINTS, 1);
        assertThat(outline.parts()).hasSize(2);
        assertThat(outline.iou()).isGreaterThan(0.97);
        for (Polygon part : outline.parts()) {
            assertThat(part.exterior()).hasSize(25);
            Point first = part.exterior().get(0);
            Point second = part.exterior().get(1);
            assertThat(second.x()).isGreaterThan(first.x());
            assertThat(part.boundingBox().y1()).isEqualTo(first.y());
        }
    }

    @Property(tries = 200, seed = "1")
    void ellipses_keep_95_percent_in_25_points(
            @ForAll @DoubleRange(min = 6, max = 60) double b,
            @ForAll @DoubleRange(min = 1, max = 4) double ratio,
            @ForAll @DoubleRange(min = 0, max = 3.2) double turn,
            @ForAll @DoubleRange(max = 1) double shift) {
        double a = b * ratio;
        int side = (int) (2.2 * a) + 4;
        Mask mask = Mask.where(side, side, (x, y) -> {
            double dx = x + 0.5 - side / 2.0 - shift;
            double dy = y + 0.5 - side / 2.0 + shift;
            double u = dx * Math.cos(turn) + dy * Math.sin(turn);
            double v = dy * Math.cos(turn) - dx * Math.sin(turn);
            return Math.hypot(u / a, v / b) < 1;
        });
        assertThat(Outline.sampled(mask, Polygon.VILAM_POINTS, 1).iou()).isGreaterThanOrEqualTo(0.95);
    }

    @Property(tries = 200, seed = "2")
    void rounded_blobs_keep_95_percent_in_25_points(
            @ForAll @DoubleRange(min = 12, max = 80) double radius,
            @ForAll @IntRange(min = 2, max = 4) int lobes,
            @ForAll @DoubleRange(max = 0.2) double depth,
            @ForAll @DoubleRange(max = 6) double turn) {
        int side = (int) (2.6 * radius) + 4;
        Mask mask = Mask.where(side, side, (x, y) -> {
            double dx = x + 0.5 - side / 2.0;
            double dy = y + 0.5 - side / 2.0;
            return Math.hypot(dx, dy) < radius * (1 + depth * Math.cos(lobes * (Math.atan2(dy, dx) + turn)));
        });
        assertThat(Outline.sampled(mask, Polygon.VILAM_POINTS, 1).iou()).isGreaterThanOrEqualTo(0.95);
    }

    @Property(tries = 200, seed = "3")
    void any_mask_gets_outlines_whose_figures_are_true(
            @ForAll("masks") Mask mask,
            @ForAll @DoubleRange(max = 3) double maxError,
            @ForAll @IntRange(max = 9) int minArea) {
        List<Rle> components = mask.components(Connectivity.FOUR);
        long small = components.stream().filter(c -> c.area() < minArea).count();
        long smallArea = components.stream()
                .mapToLong(Rle::area)
                .filter(area -> area < minArea)
                .sum();
        for (Outline outline :
                List.of(Outline.simplified(mask, maxError, minArea), Outline.sampled(mask, 25, minArea))) {
            assertThat(outline.droppedParts()).isEqualTo((int) small);
            assertThat(outline.droppedArea()).isEqualTo(smallArea);
            assertThat(outline.parts()).hasSize(components.size() - (int) small);
            Mask filled = Mask.ofPolygons(mask.width(), mask.height(), outline.parts());
            assertThat(outline.iou()).isEqualTo(mask.isEmpty() && filled.isEmpty() ? 1 : filled.iou(mask));
        }
        assertThat(Outline.simplified(mask, 0, 0).iou()).isEqualTo(1);
    }

    @Provide
    Arbitrary<Mask> masks() {
        return MaskSamples.masks();
    }
}
