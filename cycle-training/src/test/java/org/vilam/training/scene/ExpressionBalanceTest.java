package org.vilam.training.scene;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vilam.training.scene.Expression.Kind;

/** Every kind of expression is to be had in every family where it makes sense, and absence does not show in the words. */
final class ExpressionBalanceTest {
    private static final int PICTURES = 120;

    static List<SceneFamily> families() {
        return SceneWorld.families();
    }

    @ParameterizedTest
    @MethodSource("families")
    void every_sensible_kind_is_found_in_three_scenes_of_twenty(SceneFamily family) {
        Set<Kind> kinds = EnumSet.allOf(Kind.class);
        if (family.name().equals("things") || family.name().equals("people")) {
            kinds.remove(Kind.CONTAINMENT);
        }
        Map<Kind, Integer> found = new EnumMap<>(Kind.class);
        for (int i = 0; i < PICTURES; i++) {
            Scene scene = SceneWorld.scene(family, Holdout.TRAIN, 41, i);
            for (Kind kind : kinds) {
                SceneWorld.expression(scene, kind, 41, i).ifPresent(e -> found.merge(kind, 1, Integer::sum));
            }
        }
        for (Kind kind : kinds) {
            assertThat((double) found.getOrDefault(kind, 0) / PICTURES)
                    .as(kind + " of " + family.name())
                    .isGreaterThan(0.15);
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void most_of_what_is_absent_has_the_noun_of_something_present(SceneFamily family) {
        Set<String> drawn = new HashSet<>();
        Set<String> asked = new HashSet<>();
        int all = 0;
        int present = 0;
        for (int i = 0; i < 2 * PICTURES; i++) {
            Scene scene = SceneWorld.scene(family, Holdout.TRAIN, 42, i);
            scene.objects().forEach(o -> drawn.addAll(o.kinds()));
            Optional<Expression> none = SceneWorld.expression(scene, Kind.NONE, Manner.VARIED, 42, i);
            if (none.isPresent()) {
                String noun = head(none.get().meaning());
                asked.add(noun);
                all++;
                present += scene.objects().stream().anyMatch(o -> o.kinds().contains(noun)) ? 1 : 0;
                assertThat(Holdout.mentioned(none.get().meaning()))
                        .as(none.get().text())
                        .isFalse();
            }
        }
        assertThat(all).isGreaterThan(PICTURES);
        assertThat((double) present / all).isBetween(0.55, 0.9);
        if (!family.name().equals("things")) { // whose nouns are too many to be seen in so few pictures
            asked.removeAll(drawn);
            assertThat(asked.size()).isLessThan(family.name().equals("people") ? 25 : 10);
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void about_a_quarter_of_everyday_expressions_are_requests(SceneFamily family) {
        List<Scene> scenes = IntStream.range(0, PICTURES / 3)
                .mapToObj(i -> SceneWorld.scene(family, Holdout.TRAIN, 43, i))
                .toList();
        int all = 0;
        int requests = 0;
        for (int i = 0; i < 5 * PICTURES; i++) {
            Scene scene = scenes.get(i % scenes.size());
            Optional<Expression> said = SceneWorld.expression(scene, Kind.ALL, 43, i);
            if (said.isPresent()) {
                all++;
                requests += said.get()
                                .text()
                                .matches(
                                        "(?i).*(find|where|show|point|please|locate|mark|highlight|select|see|look|spot|detect"
                                                + "|draw|put|give|want|what|now|and ).*")
                        ? 1
                        : 0;
            }
        }
        assertThat((double) requests / all).isBetween(0.17, 0.36);
    }

    private static String head(Meaning meaning) {
        if (meaning instanceof Meaning.Kind kind) {
            return kind.noun();
        } else if (meaning instanceof Meaning.And and) {
            return head(and.parts().get(0));
        } else if (meaning instanceof Meaning.Sized sized) {
            return head(sized.among());
        } else if (meaning instanceof Meaning.Ranked ranked) {
            return head(ranked.among());
        } else if (meaning instanceof Meaning.Placed placed) {
            return head(placed.among());
        } else if (meaning instanceof Meaning.Related related) {
            return head(related.among());
        } else if (meaning instanceof Meaning.Between between) {
            return head(between.among());
        }
        throw new IllegalArgumentException("no noun in " + meaning);
    }
}
