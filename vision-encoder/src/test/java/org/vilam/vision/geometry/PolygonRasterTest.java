package org.vilam.vision.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** Polygon filling against hand-drawn cases and against a plain restatement of the rule that draws every fine point. */
final class PolygonRasterTest {
    @Test
    void a_rectangle_on_pixel_edges_fills_exactly_its_pixels() {
        assertThat(Rle.ofPolygon(5, 4, 1, 1, 4, 1, 4, 3, 1, 3).toMask())
                .isEqualTo(MaskSamples.drawn(".....", ".###.", ".###.", "....."));
        assertThat(Rle.ofBox(5, 4, new Box(1, 1, 4, 3)).area()).isEqualTo(6);
    }

    @Test
    void a_hole_is_left_out_and_parts_are_united() {
        Polygon frame = new Polygon(
                Polygon.of(new Box(0, 0, 5, 5)).exterior(),
                List.of(Polygon.of(new Box(1, 1, 4, 4)).exterior()));
        assertThat(Mask.ofPolygons(6, 5, List.of(frame)))
                .isEqualTo(MaskSamples.drawn("#####.", "#...#.", "#...#.", "#...#.", "#####."));
        Polygon dot = Polygon.of(new Box(2, 2, 3, 3));
        assertThat(Mask.ofPolygons(6, 5, List.of(frame, dot)).area()).isEqualTo(17);
        assertThat(Mask.ofPolygons(6, 5, List.of()).isEmpty()).isTrue();
    }

    @Test
    void what_lies_outside_the_image_is_cut_off_at_no_cost() {
        Rle all = Rle.ofPolygon(7, 5, -1e9, -1e9, 1e9, -1e9, 1e9, 1e9, -1e9, 1e9);
        assertThat(all).isEqualTo(Mask.full(7, 5).toRle());
        Rle half = Rle.ofPolygon(1000, 10, -1e9, 5, 1e9, 5, 1e9, 1e9, -1e9, 1e9);
        assertThat(half.boundingBox()).isEqualTo(new Box(0, 5, 1000, 10));
    }

    @Test
    void bad_lists_are_refused_by_name() {
        for (double[] xy : new double[][] {{}, {1, 2, 3}, {1, 2, Double.NaN, 3}, {1, 2, 3, 1e10}}) {
            assertThatThrownBy(() -> Rle.ofPolygon(4, 4, xy))
                    .isInstanceOfSatisfying(
                            VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.GEOMETRY_INVALID))
                    .hasMessageContaining("polygon");
        }
        assertThatThrownBy(() -> Rle.ofPolygon(0, 4, 1, 1, 2, 2, 3, 3)).hasMessageContaining("0 x 4");
    }

    @Property(tries = 3000, seed = "1")
    void filling_equals_drawing_every_fine_point(
            @ForAll @IntRange(min = 1, max = 50) int width,
            @ForAll @IntRange(min = 1, max = 50) int height,
            @ForAll @IntRange(min = 1, max = 12) int points,
            @ForAll @IntRange(max = 4) int kind,
            @ForAll long seed) {
        double[] xy = randomPolygon(width, height, points, kind, new Random(seed));
        assertThat(Rle.ofPolygon(width, height, xy)).isEqualTo(drawn(width, height, xy));
    }

    @Property(tries = 30, seed = "2")
    void a_polygon_with_more_crossings_than_the_mask_has_words_is_filled_alike(@ForAll long seed) {
        double[] xy = randomPolygon(60, 30, 300, 1, new Random(seed)); // about 6000 crossings, 29 words
        assertThat(Rle.ofPolygon(60, 30, xy)).isEqualTo(drawn(60, 30, xy));
    }

    private static double[] randomPolygon(int width, int height, int points, int kind, Random random) {
        double[] xy = new double[2 * points];
        for (int i = 0; i < xy.length; i++) {
            int side = i % 2 == 0 ? width : height;
            xy[i] = switch (kind) {
                case 0 -> random.nextInt(side + 10) - 5;
                case 1 -> random.nextDouble() * side;
                case 2 -> (random.nextDouble() * 3 - 1) * side;
                case 3 -> (random.nextInt(10 * side + 100) - 50) / 10.0;
                default -> random.nextInt(3) > 0 || i < 2 ? random.nextInt(2 * side) / 2.0 : xy[i - 2];
            };
        }
        return xy;
    }

    /**
     * The rule of pycocotools' rleFrPoly, all points of all lines; a segment of no length has no step and adds nothing.
     */
    private static Rle drawn(int width, int height, double[] xy) {
        boolean[] toggled = new boolean[width * height + 1];
        int n = xy.length / 2;
        for (int j = 0; j < n; j++) {
            int x0 = (int) (5 * xy[2 * j] + .5);
            int y0 = (int) (5 * xy[2 * j + 1] + .5);
            int x1 = (int) (5 * xy[2 * ((j + 1) % n)] + .5);
            int y1 = (int) (5 * xy[2 * ((j + 1) % n) + 1] + .5);
            int steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0));
            boolean alongX = Math.abs(x1 - x0) >= Math.abs(y1 - y0);
            boolean backwards = alongX ? x0 > x1 : y0 > y1;
            int xs = backwards ? x1 : x0;
            int ys = backwards ? y1 : y0;
            double slope = (double) (alongX ? y1 - y0 : x1 - x0) / steps * (backwards ? -1 : 1);
            int lastU = 0;
            int lastV = 0;
            for (int t = 0; t <= steps && steps > 0; t++) {
                int u = alongX ? xs + t : (int) (xs + slope * t + .5);
                int v = alongX ? (int) (ys + slope * t + .5) : ys + t;
                int left = Math.min(u, lastU);
                if (t > 0 && u != lastU && left % 5 == 2 && left >= 0 && left / 5 < width) {
                    double row = (Math.min(v, lastV) + .5) / 5 - .5;
                    int y = (int) Math.ceil(Math.max(0, Math.min(height, row)));
                    toggled[left / 5 * height + y] ^= true;
                }
                lastU = u;
                lastV = v;
            }
        }
        boolean[] inside = new boolean[width * height];
        boolean now = false;
        for (int i = 0; i < inside.length; i++) {
            now ^= toggled[i];
            inside[i] = now;
        }
        return Mask.where(width, height, (x, y) -> inside[x * height + y]).toRle();
    }
}
