package org.vilam.vision.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.vilam.vision.geometry.MaskSamples.drawn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class MaskTest {
    @Test
    void set_algebra_of_two_masks_by_hand() {
        Mask a = drawn("##..", "##..");
        Mask b = drawn(".##.", "....");
        assertThat(a.union(b)).isEqualTo(drawn("###.", "##.."));
        assertThat(a.intersection(b)).isEqualTo(drawn(".#..", "...."));
        assertThat(a.difference(b)).isEqualTo(drawn("#...", "##.."));
        assertThat(a.symmetricDifference(b)).isEqualTo(drawn("#.#.", "##.."));
        assertThat(a.complement()).isEqualTo(drawn("..##", "..##"));
        assertThat(a.area()).isEqualTo(4);
        assertThat(a.intersectionArea(b)).isEqualTo(1);
        assertThat(a.unionArea(b)).isEqualTo(5);
        assertThat(a.iou(b)).isEqualTo(1.0 / 5);
        assertThat(b.boundingBox()).isEqualTo(new Box(1, 0, 3, 1));
    }

    @Test
    void an_empty_mask_overlaps_nothing_and_has_the_box_of_pycocotools() {
        Mask empty = Mask.empty(3, 2);
        assertThat(empty.isEmpty()).isTrue();
        assertThat(empty.iou(empty)).isZero();
        assertThat(empty.iou(Mask.full(3, 2))).isZero();
        assertThat(empty.boundingBox()).isEqualTo(new Box(0, 0, 0, 0));
        assertThat(Mask.full(3, 2).area()).isEqualTo(6);
    }

    @Test
    void bytes_are_read_row_by_row_and_any_value_but_zero_counts() {
        Mask mask = Mask.ofBytes(3, 2, new byte[] {0, 1, 0, -1, 0, 7});
        assertThat(mask).isEqualTo(drawn(".#.", "#.#"));
        assertThat(mask.toBytes()).containsExactly(0, 1, 0, 1, 0, 1);
        assertThat(mask.get(1, 0)).isTrue();
        assertThat(mask.get(0, 0)).isFalse();
    }

    @Test
    void a_window_cuts_a_piece_out_or_puts_the_mask_on_a_larger_canvas() {
        Mask mask = drawn("##.", ".##");
        assertThat(mask.window(1, 0, 2, 2)).isEqualTo(drawn("#.", "##"));
        assertThat(mask.window(-1, -1, 5, 4)).isEqualTo(drawn(".....", ".##..", "..##.", "....."));
        assertThat(mask.window(100, 0, 2, 2).isEmpty()).isTrue();
        assertThat(mask.mirrored()).isEqualTo(drawn(".##", "##."));
    }

    @Test
    void resizing_takes_the_index_of_opencv_where_it_differs_from_the_exact_one() {
        // source 26, target 320: 1.0 / (320.0 / 26) = 0.08125 a little less, so i = 160 gives 12, the exact value 13
        Mask columns = Mask.where(26, 1, (x, y) -> x == 12);
        Mask resized = columns.resized(320, 1);
        double step = 1.0 / (320.0 / 26);
        assertThat((int) Math.floor(160 * step)).isEqualTo(12);
        assertThat(160 * 26 / 320).isEqualTo(13);
        assertThat(resized.get(160, 0)).isTrue();
    }

    @Test
    void sizes_that_do_not_fit_are_refused() {
        assertThatThrownBy(() -> Mask.empty(0, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Mask.empty(1 << 16, 1 << 16)).hasMessageContaining("65536 x 65536");
        assertThatThrownBy(() -> Mask.ofBytes(2, 2, new byte[5])).hasMessageContaining("5 bytes");
        assertThatThrownBy(() -> Mask.empty(2, 3).union(Mask.empty(3, 2))).hasMessageContaining("2 x 3 and 3 x 2");
        assertThatThrownBy(() -> Mask.empty(2, 3).get(2, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Mask.empty(2, 3).resized(0, 3)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void parts_by_hand_with_and_without_corners() {
        Mask mask = drawn("##...#", "##..#.", "..#...");
        List<Rle> four = mask.components(Connectivity.FOUR);
        assertThat(four).extracting(Rle::area).containsExactly(4L, 1L, 1L, 1L);
        assertThat(four.get(0).toMask()).isEqualTo(drawn("##....", "##....", "......"));
        assertThat(four.get(1).toMask()).isEqualTo(drawn("......", "......", "..#..."));
        List<Rle> eight = mask.components(Connectivity.EIGHT);
        assertThat(eight).extracting(Rle::area).containsExactly(5L, 2L);
        assertThat(eight.get(0).toMask()).isEqualTo(drawn("##....", "##....", "..#..."));
        assertThat(Mask.empty(3, 3).components(Connectivity.FOUR)).isEmpty();
    }

    @Property(tries = 300, seed = "1")
    void parts_equal_those_of_a_flood_fill(@ForAll("masks") Mask mask, @ForAll Connectivity connectivity) {
        List<Mask> expected = flooded(mask, connectivity);
        assertThat(mask.components(connectivity).stream().map(Rle::toMask).toList())
                .containsExactlyElementsOf(expected);
    }

    @Property(tries = 300, seed = "2")
    void set_algebra_agrees_pixel_by_pixel(@ForAll("pairs") MaskSamples.Pair pair) {
        Mask a = pair.a();
        Mask b = pair.b();
        int w = a.width();
        int h = a.height();
        assertThat(a.union(b)).isEqualTo(Mask.where(w, h, (x, y) -> a.get(x, y) || b.get(x, y)));
        assertThat(a.intersection(b)).isEqualTo(Mask.where(w, h, (x, y) -> a.get(x, y) && b.get(x, y)));
        assertThat(a.difference(b)).isEqualTo(Mask.where(w, h, (x, y) -> a.get(x, y) && !b.get(x, y)));
        assertThat(a.symmetricDifference(b)).isEqualTo(Mask.where(w, h, (x, y) -> a.get(x, y) != b.get(x, y)));
        assertThat(a.complement()).isEqualTo(Mask.where(w, h, (x, y) -> !a.get(x, y)));
        assertThat(a.complement().complement()).isEqualTo(a).hasSameHashCodeAs(a);
        assertThat(a.area() + a.complement().area()).isEqualTo((long) w * h);
        assertThat(a.intersectionArea(b)).isEqualTo(a.intersection(b).area());
        assertThat(a.unionArea(b)).isEqualTo(a.union(b).area());
        assertThat(a.iou(b)).isEqualTo(b.iou(a)).isBetween(0.0, 1.0);
        assertThat(a.iou(b)).isCloseTo(a.toRle().iou(b.toRle()), within(0.0));
    }

    @Property(tries = 300, seed = "3")
    void bytes_mirror_and_window_come_back(
            @ForAll("masks") Mask mask, @ForAll @IntRange(max = 9) int left, @ForAll @IntRange(max = 9) int top) {
        int w = mask.width();
        int h = mask.height();
        assertThat(Mask.ofBytes(w, h, mask.toBytes())).isEqualTo(mask);
        assertThat(mask.mirrored().mirrored()).isEqualTo(mask);
        Mask canvas = mask.window(-left, -top, w + left + 5, h + top + 5);
        assertThat(canvas.area()).isEqualTo(mask.area());
        assertThat(canvas.window(left, top, w, h)).isEqualTo(mask);
        assertThat(mask.resized(w, h)).isEqualTo(mask);
        assertThat(mask.resized(3 * w, 2 * h).area()).isEqualTo(6 * mask.area());
    }

    private static List<Mask> flooded(Mask mask, Connectivity connectivity) {
        int w = mask.width();
        int h = mask.height();
        boolean[][] seen = new boolean[w][h];
        List<Mask> parts = new ArrayList<>();
        for (int x0 = 0; x0 < w; x0++) {
            for (int y0 = 0; y0 < h; y0++) {
                if (!mask.get(x0, y0) || seen[x0][y0]) {
                    continue;
                }
                boolean[][] part = new boolean[w][h];
                Deque<int[]> open = new ArrayDeque<>(List.of(new int[] {x0, y0}));
                seen[x0][y0] = true;
                while (!open.isEmpty()) {
                    int[] at = open.pop();
                    part[at[0]][at[1]] = true;
                    for (int dx = -1; dx <= 1; dx++) {
                        for (int dy = -1; dy <= 1; dy++) {
                            int x = at[0] + dx;
                            int y = at[1] + dy;
                            boolean neighbour = connectivity == Connectivity.EIGHT || dx == 0 || dy == 0;
                            if (neighbour && x >= 0 && y >= 0 && x < w && y < h && mask.get(x, y) && !seen[x][y]) {
                                seen[x][y] = true;
                                open.push(new int[] {x, y});
                            }
                        }
                    }
                }
                parts.add(Mask.where(w, h, (x, y) -> part[x][y]));
            }
        }
        parts.sort(Comparator.comparingLong((Mask m) -> -m.area())); // stable: equal ones stay in column order
        return parts;
    }

    @Provide
    Arbitrary<Mask> masks() {
        return MaskSamples.masks();
    }

    @Provide
    Arbitrary<MaskSamples.Pair> pairs() {
        return MaskSamples.pairs();
    }
}
