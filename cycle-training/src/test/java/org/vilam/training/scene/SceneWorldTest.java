package org.vilam.training.scene;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Keypoint;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.geometry.Point;

/** Laws that every picture and every expression of every family obeys. */
final class SceneWorldTest {
    private static final int PICTURES = 40;

    static Stream<SceneFamily> families() {
        return Stream.concat(SceneWorld.families().stream(), Stream.of(SceneWorld.unseenStyle()));
    }

    @ParameterizedTest
    @MethodSource("families")
    void the_same_number_gives_the_same_picture(SceneFamily family) {
        for (int i = 0; i < 5; i++) {
            Scene a = SceneWorld.scene(family, Holdout.TRAIN, 7, i);
            Scene b = SceneWorld.scene(family, Holdout.TRAIN, 7, i);
            assertThat(a.image().rgb()).isEqualTo(b.image().rgb());
            assertThat(a.objects()).isEqualTo(b.objects());
            assertThat(SceneWorld.scene(family, Holdout.TRAIN, 8, i).image().rgb())
                    .isNotEqualTo(a.image().rgb());
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void masks_do_not_overlap_and_boxes_are_tight(SceneFamily family) {
        for (int i = 0; i < PICTURES; i++) {
            Scene scene = SceneWorld.scene(family, Holdout.NONE, 1, i);
            assertThat(scene.image().width()).isBetween(96, 1024);
            assertThat(scene.image().height()).isBetween(96, 1024);
            Mask all = Mask.empty(scene.image().width(), scene.image().height());
            long area = 0;
            for (SceneObject o : scene.objects()) {
                if (o.mask().isEmpty()) {
                    assertThat(o.visible()).isZero();
                    continue;
                }
                assertThat(o.box()).isEqualTo(o.mask().boundingBox());
                Box hull = o.box().hull(o.whole());
                assertThat(hull).isEqualTo(o.whole());
                assertThat(o.visible()).isBetween(0.0, 1.0);
                assertThat(o.kinds()).contains(o.category(), "object");
                all = all.union(o.mask());
                area += o.mask().area();
            }
            assertThat(all.area()).isEqualTo(area);
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void an_expression_denotes_what_its_kind_promises(SceneFamily family) {
        Map<Expression.Kind, Integer> written = new EnumMap<>(Expression.Kind.class);
        for (int i = 0; i < PICTURES; i++) {
            Scene scene = SceneWorld.scene(family, Holdout.NONE, 2, i);
            for (Expression.Kind kind : Expression.Kind.values()) {
                SceneWorld.expression(scene, kind, 2, i).ifPresent(e -> {
                    written.merge(kind, 1, Integer::sum);
                    Denotation proof = Denotation.of(e.meaning(), scene);
                    assertThat(proof.certain()).as(e.text()).isTrue();
                    assertThat(proof.objects().stream().map(SceneObject::id)).isEqualTo(e.objects());
                    assertThat(e.text()).isNotBlank().doesNotContain("{", "  ");
                    int count = e.objects().size();
                    switch (kind) {
                        case NONE -> assertThat(count).as(e.text()).isZero();
                        case ALL -> assertThat(count).as(e.text()).isPositive();
                        case COUNT, AMBIGUOUS -> assertThat(count).as(e.text()).isGreaterThan(1);
                        default -> assertThat(count).as(e.text()).isOne();
                    }
                });
            }
        }
        assertThat(written.keySet())
                .contains(
                        Expression.Kind.SUPERLATIVE,
                        Expression.Kind.ORDINAL,
                        Expression.Kind.RELATION,
                        Expression.Kind.ALL,
                        Expression.Kind.NONE,
                        Expression.Kind.AMBIGUOUS);
    }

    @ParameterizedTest
    @MethodSource("families")
    void held_out_pairs_are_never_drawn_for_training(SceneFamily family) {
        Set<String> drawn = new HashSet<>();
        for (int i = 0; i < PICTURES; i++) {
            for (SceneObject o : SceneWorld.scene(family, Holdout.TRAIN, 3, i).objects()) {
                String colour = o.attributes().get("colour");
                if (colour != null
                        && family.name().equals("shapes")
                        && !o.kinds().contains("character")) {
                    drawn.add(colour + " " + o.category());
                    assertThat(Holdout.heldOut(colour, o.category()))
                            .as(colour + " " + o.category())
                            .isFalse();
                }
            }
        }
        assertThat(drawn.isEmpty()).isNotEqualTo(family.name().equals("shapes"));
    }

    @ParameterizedTest
    @MethodSource("families")
    void keypoints_lie_on_the_canvas_and_people_have_seventeen(SceneFamily family) {
        for (int i = 0; i < PICTURES; i++) {
            Scene scene = SceneWorld.scene(family, Holdout.NONE, 4, i);
            for (SceneObject o : scene.objects()) {
                assertThat(o.keypoints()).hasSize(o.category().equals("person") ? 17 : 0);
                for (Keypoint k : o.keypoints()) {
                    Point place = k.point();
                    if (place != null) {
                        assertThat(place.x())
                                .isBetween(0.0, (double) scene.image().width());
                        assertThat(place.y())
                                .isBetween(0.0, (double) scene.image().height());
                    }
                }
            }
        }
    }

    @org.junit.jupiter.api.Test
    void one_pair_in_ten_is_held_out() {
        List<String> words = List.of("red", "green", "blue", "circle", "square", "star", "dog", "cat", "car", "tree");
        int held = 0;
        for (String a : words) {
            for (String b : words) {
                held += Holdout.heldOut(a, b) ? 1 : 0;
            }
        }
        assertThat(held).isBetween(3, 20);
    }
}
