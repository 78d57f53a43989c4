package org.vilam.grounding.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Polygon;

class PlaceSentencesTest {
    private final PlaceSentences sentences = new PlaceSentences(400, 200);

    @Test
    void a_box_is_said_in_thousandths_of_each_side() {
        assertThat(sentences.box(new Box(40, 50, 400, 200))).isEqualTo("In the bounding box of [100, 250, 1000, 1000]");
        assertThat(sentences.readBox("In the bounding box of [100, 250, 1000, 1000]"))
                .isEqualTo(new Box(40, 50, 400, 200));
    }

    @Property(tries = 200)
    void a_box_comes_back_within_half_a_thousandth(
            @ForAll @DoubleRange(min = 0, max = 199) double x,
            @ForAll @DoubleRange(min = 0, max = 99) double y,
            @ForAll @DoubleRange(min = 1, max = 200) double w,
            @ForAll @DoubleRange(min = 1, max = 100) double h) {
        Box box = new Box(x, y, x + w, y + h);
        Box back = sentences.readBox(sentences.box(box));
        assertThat(Math.abs(back.x1() - box.x1())).isLessThanOrEqualTo(0.2 + 1e-9);
        assertThat(Math.abs(back.y2() - box.y2())).isLessThanOrEqualTo(0.1 + 1e-9);
    }

    @Property(tries = 100)
    void keypoints_keep_their_number_and_order(
            @ForAll @Size(min = 1, max = 17) List<@IntRange(max = 1000) Integer> places) {
        List<Point> points = new ArrayList<>();
        places.forEach(p -> points.add(new Point(p * 0.4, (1000 - p) * 0.2)));
        List<Point> back = sentences.readKeypoints(sentences.keypoints(points));
        assertThat(back).hasSameSizeAs(points);
        for (int i = 0; i < points.size(); i++) {
            assertThat(back.get(i).x())
                    .isBetween(points.get(i).x() - 0.2001, points.get(i).x() + 0.2001);
            assertThat(back.get(i).y())
                    .isBetween(points.get(i).y() - 0.1001, points.get(i).y() + 0.1001);
        }
    }

    @Test
    void parts_of_a_segmentation_are_counted_have_25_points_and_cover_the_same_pixels() {
        Mask mask =
                Mask.where(400, 200, (x, y) -> Math.hypot(x - 100, y - 100) < 60 || Math.hypot(x - 300, y - 90) < 40);
        String text = sentences.polygons(mask.toPolygons());
        assertThat(text).startsWith("The polygons contain 2 parts: [[").contains("]] and [[");
        List<Polygon> parts = sentences.readPolygons(text);
        assertThat(parts)
                .hasSize(2)
                .allSatisfy(part ->
                        assertThat(part.exterior()).hasSizeBetween(Polygon.VILAM_POINTS - 1, Polygon.VILAM_POINTS));
        assertThat(Mask.ofPolygons(400, 200, parts).iou(mask)).isGreaterThan(0.95);
    }

    @Test
    void an_answer_that_breaks_off_or_miscounts_is_an_error() {
        String whole = sentences.polygons(List.of(Polygon.of(new Box(10, 10, 90, 90))));
        refused(() -> sentences.readPolygons(whole.substring(0, whole.length() - 9)), "breaks off");
        refused(() -> sentences.readPolygons(whole.replace("1 part", "3 parts")), "says 3 parts and has 1");
        refused(
                () -> sentences.readKeypoints("There are 2 keypoints: [[1, 2], [3, 4], [5, 6]]"),
                "says 2 points and has 3");
        refused(() -> sentences.readKeypoints("[[1, 2], [3, 4]]"), "does not say how many");
        refused(() -> sentences.readBox("I cannot see a dog."), "holds no box");
        refused(() -> sentences.readBox("[1, 2, NaN, 4]"), "holds no box");
        refused(() -> sentences.readBox("[1, 2, 3, 4"), "holds no box");
    }

    @Property(tries = 500)
    void any_text_is_read_or_refused(@ForAll String text) {
        for (Runnable reading : List.<Runnable>of(
                () -> sentences.readBox(text),
                () -> sentences.readPolygons(text),
                () -> sentences.readKeypoints(text))) {
            try {
                reading.run();
            } catch (VilamException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.MODEL_OUTPUT_INVALID);
            }
        }
    }

    private static void refused(Runnable reading, String why) {
        assertThatThrownBy(reading::run)
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_OUTPUT_INVALID))
                .hasMessageContaining(why);
    }
}
