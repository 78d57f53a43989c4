package org.vilam.training.scene;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Keypoint;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.geometry.Visibility;
import org.vilam.vision.image.RgbImage;

/** What a describer, a captioner and an asker for points say about scenes. */
final class SceneLanguageTest {
    private static final int PICTURES = 40;
    private static final List<String> COCO = List.of(
            "nose",
            "left_eye",
            "right_eye",
            "left_ear",
            "right_ear",
            "left_shoulder",
            "right_shoulder",
            "left_elbow",
            "right_elbow",
            "left_wrist",
            "right_wrist",
            "left_hip",
            "right_hip",
            "left_knee",
            "right_knee",
            "left_ankle",
            "right_ankle");

    static List<SceneFamily> families() {
        return SceneWorld.families();
    }

    @ParameterizedTest
    @MethodSource("families")
    void a_description_denotes_its_object_and_no_other(SceneFamily family) {
        int asked = 0;
        int described = 0;
        for (int i = 0; i < PICTURES; i++) {
            Scene scene = SceneWorld.scene(family, Holdout.NONE, 11, i);
            for (SceneObject object : scene.objects()) {
                asked++;
                Optional<Expression> said = SceneWorld.description(scene, object, 11, i);
                assertThat(SceneWorld.description(scene, object, 11, i)).isEqualTo(said);
                if (said.isPresent()) {
                    described++;
                    Denotation proof = Denotation.of(said.get().meaning(), scene);
                    assertThat(proof.unique()).as(said.get().text()).isTrue();
                    assertThat(proof.objects()).containsExactly(object);
                    assertThat(said.get().text())
                            .startsWith("the ")
                            .isLowerCase()
                            .doesNotContain("  ");
                }
            }
        }
        // Of many equal cells in one picture most cannot be told apart in a few words.
        assertThat((double) described / asked).isGreaterThan(family.name().equals("phantoms") ? 0.3 : 0.8);
    }

    @Test
    void a_description_is_as_short_as_it_can_be() {
        Scene scene = scene("red circle", "red circle", "blue circle", "white star");
        assertThat(description(scene, 3)).isEqualTo("the star");
        assertThat(description(scene, 2)).isEqualTo("the blue circle");
        assertThat(description(scene, 0)).containsAnyOf("leftmost", "left");
    }

    @ParameterizedTest
    @MethodSource("families")
    void an_expression_about_an_object_denotes_it(SceneFamily family) {
        int found = 0;
        for (int i = 0; i < PICTURES; i++) {
            Scene scene = SceneWorld.scene(family, Holdout.NONE, 12, i);
            SceneObject object = scene.objects().get(0);
            for (Expression.Kind kind : Expression.Kind.values()) {
                Optional<Expression> said = SceneWorld.expression(scene, kind, object, Manner.VARIED, 12, i);
                if (said.isPresent() && kind != Expression.Kind.NONE) {
                    found++;
                    assertThat(said.get().objects()).as(said.get().text()).contains(object.id());
                }
            }
        }
        assertThat(found).isGreaterThan(3 * PICTURES);
    }

    @ParameterizedTest
    @MethodSource("families")
    void every_object_has_a_category_of_its_family(SceneFamily family) {
        List<String> categories = SceneWorld.categories(family.name());
        assertThat(categories).doesNotHaveDuplicates();
        for (int i = 0; i < PICTURES; i++) {
            for (SceneObject object :
                    SceneWorld.scene(family, Holdout.NONE, 13, i).objects()) {
                assertThat(categories).contains(object.category());
            }
        }
    }

    @Test
    void points_are_asked_for_by_their_coco_names() {
        Set<Integer> sizes = new java.util.HashSet<>();
        for (int i = 0; i < 4 * PICTURES; i++) {
            Scene scene = SceneWorld.scene(SceneWorld.families().get(2), Holdout.NONE, 14, i);
            for (SceneObject person : scene.objects()) {
                Optional<KeypointExpression> asked = SceneWorld.keypoints(scene, person, Manner.VARIED, 14, i);
                if (asked.isPresent()) {
                    List<String> names = asked.get().names();
                    String text = asked.get().text();
                    sizes.add(names.size());
                    assertThat(asked.get().owner()).isEqualTo(person.id());
                    assertThat(COCO.stream().filter(names::contains)).containsExactlyElementsOf(names);
                    if (names.size() == 1 && !names.contains("nose")) {
                        assertThat(text).contains(names.get(0).startsWith("left_") ? "left" : "right");
                    }
                    if (names.size() < COCO.size()) {
                        assertThat(person.keypoints().stream().filter(k -> names.contains(k.name())))
                                .extracting(Keypoint::visibility)
                                .doesNotContain(Visibility.ABSENT);
                    }
                }
            }
        }
        assertThat(sizes).contains(1, 2, 3, 5, 6, 17);
    }

    @Test
    void a_caption_counts_what_is_there_and_names_the_ground() {
        String three = SceneWorld.caption(scene("red circle", "red circle", "red circle", "blue star"), 1, 2);
        assertThat(three).startsWith("three red circles and a blue star on a black background");
        String mixed = SceneWorld.caption(scene("red circle", "grey circle", "white circle", "blue star"), 1, 2);
        assertThat(mixed).startsWith("three circles and a blue star on a black background");
    }

    @ParameterizedTest
    @MethodSource("families")
    void captions_are_lower_case_sentences(SceneFamily family) {
        for (int i = 0; i < PICTURES; i++) {
            Scene scene = SceneWorld.scene(family, Holdout.NONE, 15, i);
            String caption = SceneWorld.caption(scene, 15, i);
            assertThat(caption).isNotBlank().isLowerCase().doesNotContain("  ").doesNotEndWith(".");
            assertThat(SceneWorld.caption(scene, 15, i)).isEqualTo(caption);
        }
    }

    /** SplittableRandom steps by a constant, so that seeds a multiple of it apart would draw the same things again. */
    @ParameterizedTest
    @MethodSource("families")
    void neighbouring_numbers_give_unlike_pictures(SceneFamily family) {
        int alike = 0;
        List<String> before = List.of();
        for (int i = 0; i < PICTURES; i++) {
            Scene scene = SceneWorld.scene(family, Holdout.NONE, 16, i);
            List<String> now = scene.objects().stream()
                    .map(o -> o.category() + o.attributes())
                    .toList();
            alike += now.equals(before) ? 1 : 0;
            before = now;
        }
        assertThat(alike).isLessThan(PICTURES / 8);
    }

    private static String description(Scene scene, int id) {
        return SceneWorld.description(scene, scene.objects().get(id), 1, 1)
                .map(Expression::text)
                .orElse("");
    }

    /** Things in a row from left to right, on black. */
    private static Scene scene(String... things) {
        List<SceneObject> objects = new ArrayList<>();
        for (int i = 0; i < things.length; i++) {
            String[] words = things[i].split(" ", 2);
            Box box = new Box(20 + 60 * i, 100, 50 + 60 * i, 130);
            objects.add(new SceneObject(
                    i,
                    words[1],
                    Set.of(words[1], "shape", "object"),
                    Map.of("colour", words[0]),
                    box,
                    Mask.empty(300, 260),
                    box,
                    30,
                    1,
                    i,
                    List.of()));
        }
        return new Scene(new RgbImage(300, 260, new byte[300 * 260 * 3]), "shapes", objects);
    }
}
