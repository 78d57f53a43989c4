package org.vilam.training.scene;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.vilam.training.scene.Meaning.And;
import org.vilam.training.scene.Meaning.Between;
import org.vilam.training.scene.Meaning.Has;
import org.vilam.training.scene.Meaning.Kind;
import org.vilam.training.scene.Meaning.Not;
import org.vilam.training.scene.Meaning.Order;
import org.vilam.training.scene.Meaning.Place;
import org.vilam.training.scene.Meaning.Placed;
import org.vilam.training.scene.Meaning.Ranked;
import org.vilam.training.scene.Meaning.Related;
import org.vilam.training.scene.Meaning.Relation;
import org.vilam.training.scene.Meaning.Sized;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.image.RgbImage;

/** What meanings are true of, on scenes laid out by hand (300 x 260 pixels). */
final class DenotationTest {
    private final List<SceneObject> objects = new ArrayList<>();
    private final int redCircle = put("circle", "red", 40, 50, 20);
    private final int blueCircle = put("circle", "blue", 150, 50, 20);
    private final int redSquare = put("square", "red", 260, 50, 40);
    private final int bigCircle = put("circle", "red", 175, 200, 60);

    @Test
    void a_noun_denotes_its_kind_and_a_broad_noun_denotes_all() {
        assertDenotes(new Kind("circle"), redCircle, blueCircle, bigCircle);
        assertDenotes(new Kind("object"), redCircle, blueCircle, redSquare, bigCircle);
        assertDenotes(new Kind("star"));
    }

    @Test
    void attributes_and_their_negation_narrow_a_noun() {
        assertDenotes(circle("blue"), blueCircle);
        assertDenotes(new And(List.of(new Kind("circle"), new Not(new Has("colour", "red")))), blueCircle);
    }

    @Test
    void an_attribute_that_nobody_recorded_is_unsure() {
        assertThat(Denotation.of(new Has("fill", "striped"), scene()).certain()).isFalse();
        // ... but does not matter for what the noun rules out.
        assertDenotes(new And(List.of(new Kind("star"), new Has("fill", "striped"))));
    }

    @Test
    void big_and_small_need_a_gap_of_sizes() {
        assertDenotes(new Sized(true, new Kind("circle")), bigCircle);
        assertDenotes(new Sized(false, new Kind("circle")), redCircle, blueCircle);
        objects.clear();
        put("circle", "red", 50, 50, 20);
        put("circle", "blue", 150, 50, 24);
        assertThat(Denotation.of(new Sized(true, new Kind("circle")), scene()).certain())
                .isFalse();
    }

    @Test
    void extremes_and_ordinals_count_along_an_axis() {
        assertDenotes(new Ranked(Order.LEFTMOST, 1, new Kind("object")), redCircle);
        assertDenotes(new Ranked(Order.RIGHTMOST, 1, new Kind("object")), redSquare);
        assertDenotes(new Ranked(Order.BOTTOMMOST, 1, new Kind("circle")), bigCircle);
        assertDenotes(new Ranked(Order.LARGEST, 1, new Kind("object")), bigCircle);
        assertDenotes(new Ranked(Order.LARGEST, 2, new Kind("object")), redSquare);
        assertDenotes(new Ranked(Order.LEFTMOST, 2, new Kind("circle")), blueCircle);
        // Three objects at the same height cannot be told apart from top to bottom.
        assertThat(Denotation.of(new Ranked(Order.TOPMOST, 1, new Kind("object")), scene())
                        .certain())
                .isFalse();
    }

    @Test
    void the_only_one_of_its_kind_is_not_the_leftmost() {
        assertThat(Denotation.of(new Ranked(Order.LEFTMOST, 1, new Kind("square")), scene())
                        .certain())
                .isFalse();
    }

    @Test
    void what_lies_in_the_box_but_beside_the_outline_is_not_inside() {
        objects.clear();
        // A cross of two thin bars, a dot at its centre and one between its arms.
        Mask bars = Mask.where(300, 260, (px, py) -> Math.abs(px - 100) < 5 || Math.abs(py - 100) < 5);
        put(
                "cross",
                "white",
                100,
                100,
                160,
                bars.intersection(Mask.where(300, 260, (px, py) -> px < 180 && py < 180)),
                1);
        int centre = put("circle", "red", 100, 100, 8);
        int corner = put("circle", "blue", 170, 170, 8);
        assertDenotes(
                new And(List.of(circle("red"), new Related(Relation.INSIDE, new Kind("object"), new Kind("cross")))),
                centre);
        assertDenotes(
                new And(List.of(circle("blue"), new Related(Relation.INSIDE, new Kind("object"), new Kind("cross")))));
        assertThat(corner).isEqualTo(2);
    }

    @Test
    void what_the_edge_of_the_picture_cuts_is_hidden_by_nobody_for_certain() {
        objects.clear();
        put("square", "white", 100, 100, 80, Mask.empty(300, 260), 0.6);
        int over = put("circle", "red", 130, 100, 40);
        assertDenotes(new Related(Relation.IN_FRONT_OF, new Kind("circle"), new Kind("square")), over);
        objects.clear();
        put("square", "white", 10, 100, 80, Mask.empty(300, 260), 0.6);
        put("circle", "red", 40, 100, 40);
        assertThat(Denotation.of(new Related(Relation.IN_FRONT_OF, new Kind("circle"), new Kind("square")), scene())
                        .certain())
                .isFalse();
    }

    @Test
    void of_two_there_is_no_third() {
        assertDenotes(new Ranked(Order.LEFTMOST, 4, new Kind("circle")));
        assertDenotes(new Ranked(Order.LARGEST, 2, new Kind("square")));
    }

    @Test
    void a_word_that_some_use_for_the_thing_is_neither_true_nor_false() {
        assertThat(Denotation.of(new Kind("rectangle"), scene()).certain()).isFalse();
        assertDenotes(new And(List.of(new Kind("rectangle"), new Has("colour", "green"))));
    }

    @Test
    void places_have_a_zone_of_doubt() {
        assertDenotes(new Placed(Place.TOP_LEFT, circle("red")), redCircle);
        assertDenotes(new Placed(Place.RIGHT, new Kind("square")), redSquare);
        assertThat(Denotation.of(new Placed(Place.LEFT, new Kind("circle")), scene())
                        .certain())
                .isFalse();
    }

    @Test
    void relations_are_to_the_one_anchor_meant() {
        assertDenotes(new Related(Relation.LEFT_OF, new Kind("circle"), circle("blue")), redCircle);
        assertDenotes(new Related(Relation.BELOW, new Kind("circle"), circle("blue")), bigCircle);
        assertDenotes(new Related(Relation.RIGHT_OF, new Kind("square"), circle("blue")), redSquare);
        assertDenotes(new Related(Relation.FARTHEST, new Kind("object"), new Kind("square")), redCircle);
        // "the circle" names three things, so nothing can be said to be left of it.
        assertThat(Denotation.of(new Related(Relation.LEFT_OF, new Kind("square"), new Kind("circle")), scene())
                        .certain())
                .isFalse();
    }

    @Test
    void an_object_between_two_others_lies_on_the_way() {
        assertDenotes(
                new Between(new Kind("circle"), new Ranked(Order.LEFTMOST, 1, new Kind("object")), new Kind("square")),
                blueCircle);
    }

    @Test
    void containment_and_hiding_follow_boxes_and_depth() {
        objects.clear();
        int plate = put("square", "white", 100, 100, 120);
        int dot = put("circle", "red", 100, 100, 20);
        int other = put("circle", "blue", 250, 100, 20);
        assertDenotes(new Related(Relation.INSIDE, new Kind("circle"), new Kind("square")), dot);
        assertDenotes(new Related(Relation.AROUND, new Kind("object"), circle("red")), plate);
        assertDenotes(new Related(Relation.NEAREST, new Kind("circle"), new Kind("square")), dot);
        assertDenotes(new Related(Relation.BEHIND, new Kind("circle"), new Kind("square")));
        assertThat(other).isEqualTo(2);
    }

    private static Meaning circle(String colour) {
        return new And(List.of(new Kind("circle"), new Has("colour", colour)));
    }

    private int put(String noun, String colour, double x, double y, double side) {
        Mask mask = Mask.where(
                300, 260, (px, py) -> Math.abs(px + 0.5 - x) < side / 2 && Math.abs(py + 0.5 - y) < side / 2);
        return put(noun, colour, x, y, side, mask, 1);
    }

    private int put(String noun, String colour, double x, double y, double side, Mask mask, double visible) {
        int id = objects.size();
        Box box = new Box(x - side / 2, y - side / 2, x + side / 2, y + side / 2);
        objects.add(new SceneObject(
                id,
                noun,
                Set.of(noun, "shape", "object"),
                Map.of("colour", colour),
                box,
                mask,
                box,
                side,
                visible,
                id,
                List.of()));
        return id;
    }

    private Scene scene() {
        return new Scene(new RgbImage(300, 260, new byte[300 * 260 * 3]), "shapes", objects);
    }

    private void assertDenotes(Meaning meaning, Integer... ids) {
        Denotation denotation = Denotation.of(meaning, scene());
        assertThat(denotation.certain()).as(meaning + " is certain").isTrue();
        assertThat(denotation.objects().stream().map(SceneObject::id)).containsExactlyInAnyOrder(ids);
    }
}
