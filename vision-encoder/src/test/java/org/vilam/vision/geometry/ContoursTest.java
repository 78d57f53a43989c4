package org.vilam.vision.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vilam.vision.geometry.MaskSamples.drawn;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class ContoursTest {
    @Test
    void one_pixel_is_a_unit_square_clockwise_from_its_top_left_corner() {
        assertThat(drawn("...", ".#.").toPolygons()).containsExactly(Polygon.ofFlat(1, 1, 2, 1, 2, 2, 1, 2));
    }

    @Test
    void an_l_has_six_corners() {
        assertThat(drawn("#..", "##.").toPolygons())
                .containsExactly(Polygon.ofFlat(0, 0, 1, 0, 1, 1, 2, 1, 2, 2, 0, 2));
    }

    @Test
    void a_frame_is_a_polygon_with_a_hole() {
        List<Polygon> parts = drawn("####", "#..#", "####").toPolygons();
        assertThat(parts).hasSize(1);
        assertThat(parts.get(0).exterior())
                .isEqualTo(Polygon.of(new Box(0, 0, 4, 3)).exterior());
        assertThat(parts.get(0).holes()).hasSize(1);
        assertThat(Polygon.of(parts.get(0).holes().get(0)).boundingBox()).isEqualTo(new Box(1, 1, 3, 2));
        assertThat(parts.get(0).area()).isEqualTo(10);
    }

    @Test
    void pixels_that_meet_at_a_corner_are_two_parts_the_larger_first() {
        List<Polygon> parts = drawn("#..", ".##").toPolygons();
        assertThat(parts).extracting(Polygon::area).containsExactly(2.0, 1.0);
        assertThat(Polygons.isValid(parts)).isTrue();
    }

    @Test
    void a_ring_closed_only_by_a_corner_becomes_exterior_and_hole_that_touch_there() {
        Mask mask = drawn("###", "#.#", "##.");
        List<Polygon> parts = mask.toPolygons();
        assertThat(parts).hasSize(1);
        assertThat(parts.get(0).holes()).hasSize(1);
        assertThat(parts.get(0).area()).isEqualTo(7);
        assertThat(Polygons.isValid(parts)).isTrue();
        assertThat(Mask.ofPolygons(3, 3, parts)).isEqualTo(mask);
    }

    @Test
    void holes_that_meet_at_a_corner_are_two_holes() {
        List<Polygon> parts = drawn("####", "#.##", "##.#", "####").toPolygons();
        assertThat(parts).hasSize(1);
        assertThat(parts.get(0).holes()).hasSize(2);
        assertThat(Polygons.isValid(parts)).isTrue();
    }

    @Test
    void an_island_in_a_hole_is_a_part_of_its_own() {
        List<Polygon> parts = drawn("#####", "#...#", "#.#.#", "#...#", "#####").toPolygons();
        assertThat(parts).extracting(Polygon::area).containsExactly(16.0, 1.0);
        assertThat(parts.get(1).exterior())
                .isEqualTo(Polygon.of(new Box(2, 2, 3, 3)).exterior());
    }

    @Test
    void an_empty_mask_has_no_polygons_and_a_full_one_has_the_image() {
        assertThat(Mask.empty(4, 3).toPolygons()).isEmpty();
        assertThat(Mask.full(4, 3).toPolygons()).containsExactly(Polygon.of(new Box(0, 0, 4, 3)));
    }

    @Property(tries = 500, seed = "1")
    void the_polygons_of_a_mask_are_valid_and_fill_the_very_same_mask(@ForAll("masks") Mask mask) {
        List<Polygon> parts = mask.toPolygons();
        assertThat(Mask.ofPolygons(mask.width(), mask.height(), parts)).isEqualTo(mask);
        assertThat(Polygons.isValid(parts)).isTrue();
        List<Rle> components = mask.components(Connectivity.FOUR);
        assertThat(parts).hasSameSizeAs(components);
        for (int i = 0; i < parts.size(); i++) {
            Polygon part = parts.get(i);
            assertThat(part.area()).isEqualTo((double) components.get(i).area());
            assertThat(Polygons.isValid(List.of(part))).isTrue();
            assertThat(Rle.ofPolygons(mask.width(), mask.height(), List.of(part)))
                    .isEqualTo(components.get(i));
            assertThat(Polygon.signedArea(part.exterior())).isPositive();
            assertThat(part.holes()).allMatch(hole -> Polygon.signedArea(hole) < 0);
        }
    }

    @Provide
    Arbitrary<Mask> masks() {
        return MaskSamples.masks();
    }
}
