package org.vilam.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.training.run.TinyRun.Parts;
import org.vilam.training.sample.Framed;

class TrainerTest {
    private static Map<String, float[]> values(Optimizer optimizer) {
        Map<String, float[]> out = new LinkedHashMap<>();
        optimizer.state().forEach((name, array) -> out.put(name, array.toFloatArray()));
        return out;
    }

    private static void assertSame(Map<String, float[]> actual, Map<String, float[]> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, floats) -> assertThat(actual.get(name)).as(name).isEqualTo(floats));
    }

    /** The examples of a step, in shards. */
    private static List<List<Framed>> shards(Recipe recipe, int step) {
        List<List<Framed>> out = new ArrayList<>();
        for (int shard = 0; shard < recipe.shards(); shard++) {
            out.add(TinyRun.examples(recipe, (step * recipe.shards() + shard) * recipe.images(), recipe.images()));
        }
        return out;
    }

    private static Map<String, float[]> after(Recipe recipe, int threads, int steps) {
        try (Parts parts = new Parts(recipe, threads)) {
            for (int step = 0; step < steps; step++) {
                parts.trainer.step(shards(recipe, step), step);
            }
            return values(parts.optimizer);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void four_examples_are_learned_by_heart(boolean mixed) {
        Recipe recipe = TinyRun.recipe(
                "mixed: false", "mixed: " + mixed,
                "steps: 6", "steps: 110",
                "telling_share: 0.5", "telling_share: 1.0",
                "rate: 1.0e-3", "rate: 8.0e-3",
                "warmup: 2", "warmup: 10",
                // What is learned from shares (where, which words) keeps the shares' own entropy: weigh the rest.
                "attention: 3.0, referent: 8.0", "attention: 1.0, referent: 2.0",
                "words: 2.0, box: 0.4, set: 0.3, refine: 0.4", "words: 0.5, box: 1.0, set: 0.1, refine: 1.0",
                "language: 0.5", "language: 1.0");
        List<List<Framed>> shards = shards(recipe, 0);
        try (Parts parts = new Parts(recipe)) {
            Map<String, Double> first = parts.trainer.step(shards, 0);
            Map<String, Double> last = first;
            for (int step = 1; step < recipe.steps(); step++) {
                last = parts.trainer.step(shards, step);
            }
            assertThat(first).containsKeys("attention", "referent", "presence", "words", "box", "set0", "set1");
            assertThat(first).containsKeys("refine", "mask", "language", "norm", "rate");
            assertThat(value(last, "loss")).isLessThan(value(first, "loss") / 5);
            for (String part : List.of("presence", "box", "refine", "language")) {
                assertThat(value(last, part)).as(part).isLessThan(value(first, part) / 5);
            }
        }
    }

    @Test
    void pictures_without_expressions_teach_the_stem_to_see() {
        Recipe recipe = TinyRun.recipe(
                "groundings: 2", "groundings: 0",
                "tellings: 1", "tellings: 0",
                "steps: 6", "steps: 60",
                "rate: 1.0e-3", "rate: 8.0e-3",
                "words: 2.0", "stem_words: 1.0, words: 2.0");
        List<List<Framed>> shards = shards(recipe, 0);
        try (Parts parts = new Parts(recipe)) {
            Map<String, Double> first = parts.trainer.step(shards, 0);
            Map<String, Double> last = first;
            for (int step = 1; step < recipe.steps(); step++) {
                last = parts.trainer.step(shards, step);
            }
            assertThat(first).containsKey("stem_words").doesNotContainKeys("attention", "words", "language");
            // Each patch's words share the probability: with some four tokens to a thing, little below log 4 can be
            // reached.
            assertThat(value(last, "stem_words")).isLessThan(value(first, "stem_words") / 2);
        }
    }

    private static double value(Map<String, Double> losses, String name) {
        return losses.getOrDefault(name, Double.NaN);
    }

    @Test
    void the_number_of_threads_does_not_change_a_bit() {
        Recipe recipe = TinyRun.recipe("shards: 2", "shards: 3", "mixed: false", "mixed: true");
        Map<String, float[]> one = after(recipe, 1, 2);
        assertSame(after(recipe, 3, 2), one);
        assertSame(after(recipe, 2, 2), one);
        String name = "weight.token_head.key.weight";
        try (Parts parts = new Parts(recipe)) {
            assertThat(one.get(name))
                    .as("something was learned")
                    .isNotEqualTo(values(parts.optimizer).get(name));
        }
    }

    @Test
    void cycle_weights_of_zero_are_plain_training_bit_for_bit_also_where_boxes_are_made_ready() {
        Map<String, float[]> plain = after(TinyRun.recipe(), 2, 2);
        assertSame(after(TinyRun.recipe("boxes: 0", "boxes: 3"), 2, 2), plain);
    }

    @Test
    void shards_add_up_to_the_mean_of_their_losses() {
        Recipe recipe = TinyRun.recipe();
        List<List<Framed>> shards = shards(recipe, 0);
        Map<String, Double> together;
        try (Parts parts = new Parts(recipe)) {
            together = parts.trainer.step(shards, 0);
        }
        double sum = 0;
        for (List<Framed> shard : shards) {
            try (Parts parts = new Parts(TinyRun.recipe("shards: 2", "shards: 1"))) {
                sum += value(parts.trainer.step(List.of(shard), 0), "attention");
            }
        }
        assertThat(together.get("attention")).isCloseTo(sum / 2, within(1e-6));
    }

    @Test
    void a_step_without_anything_to_learn_moves_nothing_but_by_decay() {
        Recipe recipe = TinyRun.recipe(
                "expressions_kept: 1.0", "expressions_kept: 0.0", "weight_decay: 0.05", "weight_decay: 0");
        try (Parts parts = new Parts(recipe)) {
            Map<String, float[]> before = values(parts.optimizer);
            Map<String, Double> metrics = parts.trainer.step(shards(recipe, 0), 0);
            assertThat(metrics).containsEntry("loss", 0.0).containsEntry("norm", 0.0);
            values(parts.optimizer).forEach((name, floats) -> {
                if (name.startsWith("weight.")) {
                    assertThat(floats).as(name).isEqualTo(before.get(name));
                }
            });
        }
    }

    @Test
    void a_shard_without_words_does_not_stop_the_others() {
        Recipe recipe = TinyRun.recipe();
        List<Framed> spoken = TinyRun.examples(recipe, 0, 2);
        List<Framed> unspoken = TinyRun.examples(
                TinyRun.recipe("expressions_kept: 1.0", "expressions_kept: 0.0", "boxes: 0", "boxes: 2"), 0, 2);
        assertThat(unspoken.get(0).unspoken()).isNotEmpty();
        try (Parts parts = new Parts(recipe)) {
            Map<String, Double> metrics = parts.trainer.step(List.of(unspoken, spoken), 0);
            assertThat(metrics.get("norm")).isPositive();
        }
    }

    @Test
    void a_shard_that_fails_is_told_and_leaves_nothing_behind() {
        Recipe recipe = TinyRun.recipe();
        List<List<Framed>> good = shards(recipe, 0);
        Framed broken = new Framed(
                new float[5],
                good.get(0).get(0).words(),
                good.get(0).get(0).groundings(),
                List.of(),
                List.of(),
                good.get(0).get(0).place());
        try (Parts parts = new Parts(recipe)) {
            parts.trainer.step(good, 0);
            Map<String, float[]> before = values(parts.optimizer);
            int arrays = parts.manager.getManagedArrays().size();
            for (List<List<Framed>> shards :
                    List.of(List.of(List.of(broken), good.get(1)), List.of(good.get(0), List.of(broken)))) {
                assertThatThrownBy(() -> parts.trainer.step(shards, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            }
            assertThat(parts.manager.getManagedArrays()).hasSize(arrays);
            assertSame(values(parts.optimizer), before);
            assertThat(parts.trainer.step(good, 1).get("loss"))
                    .as("and goes on")
                    .isFinite();
        }
    }

    @Test
    void gradients_that_are_not_finite_move_nothing() {
        Recipe recipe = TinyRun.recipe("set: 0.3", "set: 0");
        try (Parts parts = new Parts(recipe)) {
            NDArray weight = parts.parameters.array("token_head.query.bias");
            float[] original = weight.toFloatArray();
            float[] broken = original.clone();
            broken[0] = Float.NaN;
            weight.set(broken);
            Map<String, float[]> before = values(parts.optimizer);
            Map<String, Double> metrics = parts.trainer.step(shards(recipe, 0), 0);
            assertThat(metrics.get("norm")).isNaN();
            assertSame(values(parts.optimizer), before);
        }
    }
}
