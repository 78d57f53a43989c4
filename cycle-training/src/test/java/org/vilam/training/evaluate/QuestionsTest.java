package org.vilam.training.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vilam.training.scene.Composition;
import org.vilam.training.scene.Expression;
import org.vilam.training.scene.Expression.Kind;
import org.vilam.training.scene.Holdout;
import org.vilam.training.scene.Scene;
import org.vilam.training.scene.SceneFamily;
import org.vilam.training.scene.SceneWorld;

class QuestionsTest {
    private static final long SEED = 11;
    private static final int PICTURES = 60;

    @ParameterizedTest
    @EnumSource(Split.class)
    void questions_mean_what_their_sort_says(Split split) {
        for (SceneFamily family : split.families()) {
            for (int i = 0; i < PICTURES; i++) {
                Questions questions = Questions.of(family, split, SEED, i);
                assertThat(questions.ones())
                        .allMatch(e -> e.objects().size() == 1)
                        .allMatch(e -> e.kind() != Kind.AMBIGUOUS);
                assertThat(questions.sets())
                        .allMatch(e -> e.kind() == Kind.ALL || e.kind() == Kind.COUNT)
                        .allMatch(e -> !e.objects().isEmpty());
                assertThat(questions.absent()).allMatch(e -> e.objects().isEmpty());
                for (List<?> sort : List.of(
                        questions.ones(),
                        questions.sets(),
                        questions.absent(),
                        questions.described(),
                        questions.named())) {
                    assertThat(sort).hasSizeLessThanOrEqualTo(2).doesNotHaveDuplicates();
                }
            }
        }
    }

    @Test
    void every_kind_of_a_single_object_is_asked_for() {
        Set<Kind> asked = EnumSet.noneOf(Kind.class);
        for (SceneFamily family : SceneWorld.families()) {
            for (int i = 0; i < 4 * PICTURES; i++) {
                Questions.of(family, Split.SEED, SEED, i).ones().forEach(e -> asked.add(e.kind()));
            }
        }
        assertThat(asked).isEqualTo(Questions.singleKinds());
    }

    @Test
    void compositions_are_asked_about_that_training_never_draws() {
        int expressions = 0;
        for (SceneFamily family : Split.COMPOSITION.families()) {
            for (int i = 0; i < 2 * PICTURES; i++) {
                Questions questions = Questions.of(family, Split.COMPOSITION, SEED, i);
                Scene scene = questions.scene();
                for (Expression expression : questions.ones()) {
                    assertThat(Composition.unseen(scene, expression))
                            .as(expression.text())
                            .isTrue();
                    expressions++;
                }
                assertThat(questions.described()).allMatch(o -> Composition.unseen(scene, o));
                assertThat(questions.named()).allMatch(o -> Composition.unseen(scene, o));
                Scene trained = SceneWorld.scene(family, Holdout.TRAIN, SEED, i);
                assertThat(trained.objects()).noneMatch(o -> Composition.unseen(trained, o));
            }
        }
        assertThat(expressions).isGreaterThan(30);
    }
}
