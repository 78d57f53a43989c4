package org.vilam.grounding.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.geometry.Outline;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Polygon;
import org.vilam.vision.geometry.Rle;

final class LocationCodecTest {
    private final LocationCodec codec = new LocationCodec(640, 480);

    @Test
    void a_box_is_written_in_thousandths_of_each_side() {
        assertThat(codec.box(new Box(0, 0, 640, 480))).isEqualTo("[0, 0, 1000, 1000]");
        assertThat(codec.box(new Box(64, 120, 320, 360))).isEqualTo("[100, 250, 500, 750]");
        assertThat(codec.box(new Box(-50, 0, 700, 480))).isEqualTo("[0, 0, 1000, 1000]");
    }

    @Test
    void prose_around_a_box_is_ignored() {
        assertThat(codec.readBox("In the bounding box of [100, 250, 500, 750] in this image."))
                .contains(new Box(64, 120, 320, 360));
        assertThat(codec.readBox("see [1] and [2, 3]: [100,250,500,750], not [0, 0, 1, 1]"))
                .contains(new Box(64, 120, 320, 360));
    }

    @Test
    void corners_in_the_wrong_order_are_put_in_order() {
        assertThat(codec.readBox("[500, 750, 100, 250]")).contains(new Box(64, 120, 320, 360));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "no place", "[1, 2, 3]", "[1, 2, 3, 4", "[1, 2, 3, NaN]", "[1, 2, 3, 4, 5]", "[1, 2, 3, 1001]",
                "[-1, 2, 3, 4]", "[1 2 3 4]", "[1,, 2, 3]", "[[1, 2], [3, 4]]", "[a, b, c, d]", "1, 2, 3, 4]",
                        "[1, 2, 3, 4e1]"
            })
    void what_is_no_box_is_no_answer(String text) {
        assertThat(codec.readBox(text)).isEmpty();
    }

    @Property
    void a_box_comes_back_within_half_a_bin(
            @ForAll @IntRange(min = 1, max = 5000) int width,
            @ForAll @IntRange(min = 1, max = 5000) int height,
            @ForAll @DoubleRange(min = 0, max = 1) double a,
            @ForAll @DoubleRange(min = 0, max = 1) double b,
            @ForAll @DoubleRange(min = 0, max = 1) double c,
            @ForAll @DoubleRange(min = 0, max = 1) double d) {
        LocationCodec own = new LocationCodec(width, height);
        Box box = Box.spanning(new Point(a * width, b * height), new Point(c * width, d * height));
        Box back = own.readBox(own.box(box)).orElseThrow();
        assertThat(back.x1()).isCloseTo(box.x1(), within(width * 0.000501));
        assertThat(back.y1()).isCloseTo(box.y1(), within(height * 0.000501));
        assertThat(back.x2()).isCloseTo(box.x2(), within(width * 0.000501));
        assertThat(back.y2()).isCloseTo(box.y2(), within(height * 0.000501));
    }

    @Test
    void points_keep_their_order_and_number() {
        String text = codec.points(List.of(new Point(64, 48), new Point(320, 240), new Point(640, 0)));
        assertThat(text).isEqualTo("[[100, 100], [500, 500], [1000, 0]]");
        LocationCodec.Points points = codec.readPoints("3 keypoints: " + text).orElseThrow();
        assertThat(points.points()).containsExactly(new Point(64, 48), new Point(320, 240), new Point(640, 0));
        assertThat(points.truncated()).isFalse();
    }

    @Test
    void a_list_that_breaks_off_gives_the_whole_points_before_the_break() {
        for (String text :
                List.of("[[100, 100], [500, 500], [10", "[[100, 100], [500, 500], [", "[[100, 100], [500, 500],")) {
            LocationCodec.Points points = codec.readPoints(text).orElseThrow();
            assertThat(points.points()).as(text).containsExactly(new Point(64, 48), new Point(320, 240));
            assertThat(points.truncated()).isTrue();
        }
    }

    @Test
    void a_list_with_something_else_inside_is_no_list() {
        assertThat(codec.readPoints("[[100, 100], [500], [1, 2]]")).isEmpty();
        assertThat(codec.readPoints("[[100, 100], none]")).isEmpty();
        assertThat(codec.readPoints("[1, 2]")).isEmpty();
    }

    @Test
    void two_parts_of_twenty_five_points_come_back_as_the_mask_they_were() {
        Mask mask = Mask.where(
                640, 480, (x, y) -> Math.hypot(x - 150, y - 200) < 90 || Math.hypot((x - 450) / 1.5, y - 250) < 80);
        Outline outline = Outline.sampled(mask, Polygon.VILAM_POINTS, 16);
        String text = "the polygons contain 2 parts: " + codec.polygons(outline.parts());
        LocationCodec.Segmentation read = codec.readPolygons(text).orElseThrow();
        assertThat(read.truncated()).isFalse();
        assertThat(read.parts())
                .hasSize(2)
                .allSatisfy(p -> assertThat(p.exterior()).hasSize(Polygon.VILAM_POINTS));
        assertThat(Rle.ofPolygons(640, 480, read.parts()).toMask().iou(mask)).isGreaterThan(0.95);
    }

    @Property(tries = 3000)
    void any_text_is_read_without_an_exception(
            @ForAll
                    @StringLength(max = 60)
                    @Chars({'[', ']', ',', ' ', '.', '-', 'e', 'N'})
                    @CharRange(from = '0', to = '9')
                    String text) {
        assertThatCode(() -> {
                    codec.readBox(text);
                    codec.readPoints(text);
                    codec.readPolygons(text);
                })
                .doesNotThrowAnyException();
    }

    @Test
    void a_hundred_thousand_brackets_are_read_in_no_time() {
        assertThat(codec.readBox("[".repeat(100_000))).isEmpty();
        assertThat(codec.readBox("[[[[]".repeat(50_000))).isEmpty();
        assertThat(codec.readBox("[1,".repeat(50_000) + "[1, 2, 3, 4]")).isEmpty();
    }
}
