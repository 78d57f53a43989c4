package org.vilam.vision.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

final class RleTest {
    @Test
    void counts_run_down_the_columns_and_begin_outside() {
        Mask mask = MaskSamples.drawn(".#", "##", ".#");
        assertThat(mask.toRle().counts()).containsExactly(1, 1, 1, 3);
        assertThat(Mask.full(2, 2).toRle().counts()).containsExactly(0, 4);
        assertThat(Mask.empty(2, 2).toRle().counts()).containsExactly(4);
    }

    @Test
    void the_string_of_a_code_by_hand() {
        // 1, 1, 1 as they are: '1'. Then 3 - 1 = 2: '2'.
        assertThat(Rle.ofCounts(2, 3, 1, 1, 1, 3).toCompressedString()).isEqualTo("1112");
        // 713 = 22 * 32 + 9: low digit 9 + continuation 32 + 48 = 'Y'; 22 has the sign bit, so 22 + 32 + 48 = 'f', then
        // 0.
        assertThat(Rle.ofCounts(31, 23, 713).toCompressedString()).isEqualTo("Yf0");
        // fourth count 1 - 3 = -2: digit 30 + 48 = 'N'
        assertThat(Rle.ofCounts(10, 1, 1, 3, 5, 1).toCompressedString()).isEqualTo("135N");
    }

    @Test
    void runs_of_nothing_are_read_and_joined_as_pycocotools_reads_them() {
        assertThat(Rle.ofCounts(10, 1, 2, 3, 0, 4, 1)).isEqualTo(Rle.ofCounts(10, 1, 2, 7, 1));
        assertThat(Rle.ofCounts(10, 1, 0, 0, 4, 6)).isEqualTo(Rle.ofCounts(10, 1, 4, 6));
        assertThat(Rle.ofCounts(10, 1, 4, 6, 0, 0)).isEqualTo(Rle.ofCounts(10, 1, 4, 6));
        assertThat(Rle.ofCounts(10, 1, 10, 0)).isEqualTo(Mask.empty(10, 1).toRle());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4 | 4 | 1p | U+0070 at position 1",
                "4 | 4 | 1/ | U+002F at position 1",
                "4 | 4 | 1P | ends within a count, at character 2",
                "4 | 4 | PPPPPPPP0 | more than 8 characters at position 0",
                "4 | 4 | O | count 0 the value -1",
                "4 | 4 | 111N | count 3 the value -1",
                "4 | 4 | 11 | add up to 2, but 4 x 4 pixels are 16",
                "4 | 4 | PP3 | add up to 3072",
                "0 | 4 | 1 | size is 0 x 4",
                "4 | -1 | 1 | size is 4 x -1",
                "65536 | 65536 | 1 | size is 65536 x 65536"
            })
    void a_bad_string_is_refused_with_what_is_wrong(int width, int height, String compressed, String message) {
        assertThatThrownBy(() -> Rle.parse(width, height, compressed))
                .isInstanceOfSatisfying(VilamException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.GEOMETRY_INVALID);
                    assertThat(e.hint()).contains("COCO");
                })
                .hasMessageContaining(message);
    }

    @Test
    void an_empty_string_is_refused() {
        assertThatThrownBy(() -> Rle.parse(2, 2, "")).isInstanceOf(VilamException.class);
    }

    @Test
    void bad_counts_are_refused_with_what_is_wrong() {
        assertThatThrownBy(() -> Rle.ofCounts(2, 2, 3, -1, 2)).hasMessageContaining("count 1 is negative: -1");
        assertThatThrownBy(() -> Rle.ofCounts(2, 2, 3, 0, -2, 3)).hasMessageContaining("count 2 is negative: -2");
        assertThatThrownBy(() -> Rle.ofCounts(2, 2, 1, 2)).hasMessageContaining("add up to 3");
        assertThatThrownBy(() -> Rle.ofCounts(2, 2, Integer.MAX_VALUE, Integer.MAX_VALUE, 6))
                .hasMessageContaining("add up to 4294967300"); // 4 + 2^32: a sum in 32 bits would pass
        assertThatThrownBy(() -> Rle.ofCounts(2, 2)).isInstanceOf(VilamException.class);
    }

    @Test
    void codes_of_different_sizes_are_not_combined() {
        Rle a = Rle.ofCounts(2, 3, 6);
        Rle b = Rle.ofCounts(3, 2, 6);
        assertThatThrownBy(() -> a.iou(b)).hasMessageContaining("2 x 3 and 3 x 2");
        assertThatThrownBy(() -> Rle.union(List.of(a, b))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Rle.union(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 500, seed = "1")
    void a_mask_comes_back_from_counts_and_from_the_string(@ForAll("masks") Mask mask) {
        Rle code = mask.toRle();
        int w = mask.width();
        int h = mask.height();
        assertThat(code.toMask()).isEqualTo(mask);
        assertThat(Rle.ofCounts(w, h, code.counts())).isEqualTo(code).hasSameHashCodeAs(code);
        assertThat(Rle.parse(w, h, code.toCompressedString())).isEqualTo(code);
        assertThat(code.area()).isEqualTo(mask.area());
        int[] counts = code.counts();
        for (int i = 1; i < counts.length; i++) {
            assertThat(counts[i]).isPositive();
        }
        assertThat(code.boundingBox()).isEqualTo(slowBox(mask));
    }

    @Property(tries = 500, seed = "2")
    void merges_and_overlaps_equal_those_of_the_masks(@ForAll("pairs") MaskSamples.Pair pair) {
        Rle a = pair.a().toRle();
        Rle b = pair.b().toRle();
        assertThat(Rle.union(List.of(a, b))).isEqualTo(pair.a().union(pair.b()).toRle());
        assertThat(Rle.intersection(List.of(a, b)))
                .isEqualTo(pair.a().intersection(pair.b()).toRle());
        assertThat(Rle.union(List.of(a, b, a, b, a))).isEqualTo(Rle.union(List.of(b, a)));
        assertThat(a.intersectionArea(b)).isEqualTo(pair.a().intersectionArea(pair.b()));
        assertThat(a.iou(b)).isEqualTo(b.iou(a)).isBetween(0.0, 1.0);
        assertThat(a.iou(a)).isEqualTo(a.area() > 0 ? 1 : 0);
        assertThat(a.crowdIou(b)).isBetween(a.iou(b), 1.0);
    }

    private static Box slowBox(Mask mask) {
        Box box = null;
        for (int x = 0; x < mask.width(); x++) {
            for (int y = 0; y < mask.height(); y++) {
                if (mask.get(x, y)) {
                    Box pixel = new Box(x, y, x + 1, y + 1);
                    box = box == null ? pixel : box.hull(pixel);
                }
            }
        }
        return box == null ? new Box(0, 0, 0, 0) : box;
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
