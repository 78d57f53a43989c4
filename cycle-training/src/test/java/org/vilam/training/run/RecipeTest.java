package org.vilam.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

class RecipeTest {
    @TempDir
    private Path folder = Path.of("");

    private Recipe read(String yaml) throws IOException {
        Path file = folder.resolve("recipe.yaml");
        Files.writeString(file, yaml);
        return Recipe.read(file);
    }

    static Stream<Path> recipes() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("recipes"))) {
            List<Path> all = files.filter(f -> f.toString().endsWith(".yaml")).toList();
            assertThat(all).isNotEmpty();
            return all.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void the_recipes_that_come_with_the_program_are_understood(Path file) {
        assertThat(Recipe.read(file).steps()).isPositive();
    }

    @Test
    void a_recipe_written_and_read_again_is_the_same() throws IOException {
        Recipe recipe = read(TinyRun.YAML);
        assertThat(read(recipe.toYaml())).isEqualTo(recipe);
        assertThat(read(recipe.toYaml()).toYaml()).isEqualTo(recipe.toYaml());
    }

    @Test
    void an_unknown_field_of_a_lesson_is_refused_with_its_path() {
        String lessons = "lessons:\n  - {until: 3, datta: {}, losses: {}}\n";
        assertThatThrownBy(() -> read(TinyRun.YAML + lessons))
                .hasMessageContaining("there is no field lessons[0].datta");
    }

    @Test
    void a_recipe_is_read_in_full() throws IOException {
        Recipe recipe = read(TinyRun.YAML);
        assertThat(recipe.name()).isEqualTo("tiny");
        assertThat(recipe.from()).isNull();
        assertThat(recipe.model().encoder().embedDim()).isEqualTo(24);
        assertThat(recipe.data().families()).containsEntry("shapes", 1.0);
        assertThat(recipe.optimizer().clip()).isEqualTo(1);
        assertThat(recipe.losses().mask()).isEqualTo(0.4);
        assertThat(recipe.cycle()).isEqualTo(new Recipe.CycleConfig(0, 0, 0, 0));
        assertThat(recipe.preprocessor().size().width()).isEqualTo(32);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "steps: 6 | stepz: 6 | stepz",
                "weight_decay: | weight_decoy: | optimizer.weight_decoy",
                "groundings: 2 | groundlings: 2 | data.groundlings",
                "img_size: | image_size: | model.encoder.image_size",
                "intermediate_size: 48, num_hidden_layers: 2 | intermediate_size: 48, num_hidden_layers: 2, rope_tetha: 5"
                        + " | model.text_config.rope_tetha",
                "layer_norm_eps: | layer_norm_epsilon: | model.qformer_config.layer_norm_epsilon",
                "reg_to_rec: | reg_to_wreck: | cycle.reg_to_wreck"
            })
    void an_unknown_field_is_refused_with_its_path(String right, String wrong, String path) {
        assertThat(TinyRun.YAML).contains(right);
        assertThatThrownBy(() -> read(TinyRun.YAML.replaceFirst(right, wrong)))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("there is no field " + path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "steps: 6 | steps: 0 | steps must be above 0",
                "steps: 6 | steps: many | steps: ",
                "steps: 6 | steps: 1.5 | steps: ",
                "images: 2 | images: 0 | images must be above 0",
                "shards: 2 | shards: -1 | shards must be above 0",
                "checkpoint_every: 3 | checkpoint_every: 0 | checkpoint_every must be above 0",
                "evaluate_every: 0 | evaluate_every: -1 | evaluate_every must be 0 or more",
                "name: tiny | name: '' | name must be given",
                "rate: 1.0e-3 | rate: 0 | optimizer.rate must be above 0",
                "rate: 1.0e-3 | rate: fast | optimizer.rate: ",
                "clip: 1.0 | clip: 0 | optimizer.clip must be above 0",
                "beta2: 0.98 | beta2: 1 | optimizer.beta2 must be",
                "ema: 0.9 | ema: 1.5 | optimizer.ema must be",
                ", ema: 0.9 | '' | ema",
                "mask: 0.4 | mask: -1 | losses.mask must be 0 or more",
                "reg_to_rec: 0.0 | reg_to_rec: 1 | cycle.boxes must be above 0 where reg_to_rec is",
                "expressions_kept: 1.0 | expressions_kept: 2 | data.expressions_kept must be 0 .. 1",
                "'  expressions_kept: 1.0' | '' | expressions_kept",
                "telling_share: 0.5 | telling_share: -1 | data.telling_share must be 0 .. 1",
                "groundings: 2 | groundings: 65 | data.groundings must be 0 .. 64",
                "'{shapes: 1.0}' | '{shades: 1.0}' | data.families.shades must be one of",
                "'{shapes: 1.0}' | '{shapes: 0}' | data.families must be such that one is above 0",
                "'{none: 1.5}' | '{non: 1.5}' | data.kinds.non must be one of",
                "img_size: 32 | img_size: 33 | model.encoder.img_size must be a multiple of patch_size",
                "keypoints: 17 | keypoints: 5 | model.heads.keypoints must be 0, or 17",
                "max_text: 10 | max_text: 15 | model.max_text must be"
            })
    void a_wrong_value_is_refused_with_its_path(String right, String wrong, String message) {
        assertThat(TinyRun.YAML).contains(right);
        assertThatThrownBy(() -> read(TinyRun.YAML.replace(right, wrong)))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining(message)
                .hasMessageContaining("recipe.yaml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "data", "optimizer", "losses", "cycle", "name"})
    void a_part_that_is_missing_is_named(String part) {
        // A part is a line that begins at the margin, and the indented lines below it.
        String without = TinyRun.YAML.replaceFirst("(?m)^" + part + ":.*\\n(^ .*\\n)*", "");
        assertThat(without).isNotEqualTo(TinyRun.YAML);
        assertThatThrownBy(() -> read(without))
                .isInstanceOf(VilamException.class)
                .hasMessageContaining(part + " must be given");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "~", "[1, 2]", "steps: [", "just words", "steps: 1\nsteps: 2\n"})
    void what_is_no_recipe_is_an_invalid_argument(String yaml) {
        assertThatThrownBy(() -> read(yaml)).isInstanceOfSatisfying(VilamException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(e).hasMessageContaining("recipe.yaml");
        });
    }

    @Test
    void a_file_that_is_not_there_is_unreadable() {
        assertThatThrownBy(() -> Recipe.read(folder.resolve("none.yaml")))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_UNREADABLE));
    }

    @Test
    void the_rate_rises_and_then_falls_by_a_cosine() {
        Recipe.OptimizerConfig config = new Recipe.OptimizerConfig(1, 0.2, 4, 0, 0.9, 1, 0.9);
        assertThat(config.rate(0, 104)).isCloseTo(0.25, within(1e-12));
        assertThat(config.rate(3, 104)).isCloseTo(1, within(1e-12));
        assertThat(config.rate(4, 104)).isCloseTo(1, within(1e-12));
        assertThat(config.rate(54, 104)).as("half way").isCloseTo(0.6, within(1e-12));
        assertThat(config.rate(104, 104)).isCloseTo(0.2, within(1e-12));
        assertThat(config.rate(500, 104)).as("beyond the end").isCloseTo(0.2, within(1e-12));
    }

    @Property(tries = 200)
    void the_rate_stays_within_its_bounds(
            @ForAll @IntRange(min = 0, max = 300) int step,
            @ForAll @IntRange(min = 1, max = 200) int steps,
            @ForAll @IntRange(min = 0, max = 300) int warmup) {
        double rate = new Recipe.OptimizerConfig(2, 0.1, warmup, 0, 0.9, 1, 0.9).rate(step, steps);
        assertThat(rate).isPositive().isLessThanOrEqualTo(2);
        assertThat(step < warmup || rate >= 0.1 - 1e-12).isTrue();
    }
}
