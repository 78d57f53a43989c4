package org.vilam.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vilam.training.TinyRuns;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

class RecipeTest {
    @TempDir
    private Path folder;

    @Test
    void a_recipe_written_and_read_again_is_the_same() throws IOException {
        Recipe recipe = TinyRuns.read(folder);
        Recipe again = Recipe.read(Files.writeString(folder.resolve("again.yaml"), recipe.toYaml()));
        assertThat(again).isEqualTo(recipe);
        assertThat(again.toYaml()).isEqualTo(recipe.toYaml());
    }

    @ParameterizedTest
    @CsvSource({
        "'steps: 4', 'steps: 0', steps must be above 0",
        "'mixed: true', 'mixde: true', mixde",
        "'images: 2', '', images must be above 0",
        "'cycle: {reg_to_rec: 0.0, rec_to_reg: 0.0, boxes: 0, from: 0}', '', cycle must be given",
        "'seed: 1', 'seed: one', one",
    })
    void what_is_wrong_is_named(String from, String to, String named) throws IOException {
        Path file = TinyRuns.recipe(folder, "\n" + from, "\n" + to);
        assertThatThrownBy(() -> Recipe.read(file))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining(named);
    }

    @Test
    void a_recipe_that_is_not_there_says_so() {
        assertThatThrownBy(() -> Recipe.read(folder.resolve("none.yaml")))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_UNREADABLE))
                .hasMessageContaining("none.yaml");
    }
}
