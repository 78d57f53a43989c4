package org.vilam.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.assistant.vilam.VilamModel;
import org.vilam.grounding.head.TokenHead;
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Interpolation;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Parameters;

/** A run goes on with a model that was trained on pictures of another size. */
@org.jspecify.annotations.NullUnmarked // JUnit sets fields
final class ImageSizeTest {
    private static final String TABLE = "beit3.encoder.embed_positions.A.weight";
    private static final int TRAINED = 256;
    private static final int WIDTH = 48;

    @TempDir
    private static Path folder;

    private static Recipe recipe(int imgSize, String from) throws IOException {
        String text = Files.readString(Path.of("recipes", "mini.yaml"))
                .replaceAll(": 192", ": " + WIDTH) // as narrow as it can be
                .replace("img_size: 256", "img_size: " + imgSize)
                .replaceAll("(?m)^vocabulary:", "from: " + from + "\nvocabulary:");
        Path file = folder.resolve("recipe.yaml");
        Files.writeString(file, text);
        return Recipe.read(file);
    }

    /** The model of a run at 256 that learned nothing. */
    @BeforeAll
    static void writeModel() throws IOException {
        Recipe recipe = recipe(TRAINED, "null");
        Path tokenizer = Files.writeString(folder.resolve("tokenizer.json"), "{}");
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = TrainingRun.parameters(recipe, manager)) {
            new VilamModel(parameters.root(), recipe.model());
            ModelExport.write(
                    model(),
                    recipe.model(),
                    recipe,
                    parameters.arrays(),
                    tokenizer,
                    ModelExport.provenance(recipe, Map.of(), ""));
        }
    }

    private static Path model() {
        return folder.resolve("model");
    }

    @ParameterizedTest
    @ValueSource(ints = {192, 320, 384})
    void every_weight_of_a_model_of_256_pixels_fits_a_recipe_of_another_size(int imgSize) throws IOException {
        try (NDManager manager = NDManager.newBaseManager();
                GradientScope scope = GradientScope.noGradient()) {
            Recipe recipe = recipe(imgSize, model().toString());
            try (Parameters parameters = TrainingRun.parameters(recipe, manager)) {
                VilamModel networks = new VilamModel(parameters.root(), recipe.model());
                parameters.loadReport().requireExact();
                NDArray images = manager.ones(new Shape(1, 3, imgSize, imgSize));
                NDArray ids = manager.zeros(new Shape(1, 4)).toType(DataType.INT64, false);
                NDArray padding = manager.zeros(new Shape(1, 4));
                Beit3Encoder.Encoded encoded = networks.encoder().forward(images, ids, padding, Mode.INFERENCE);
                int patches = imgSize / 32 * (imgSize / 32);
                assertThat(encoded.patches().getShape()).isEqualTo(new Shape(1, patches, WIDTH));
                TokenHead.Output found = networks.tokenHead().forward(encoded, padding, Mode.INFERENCE);
                for (float corner : found.box().toFloatArray()) {
                    assertThat(corner).isBetween(0f, 1f);
                }
            }
        }
    }

    @Test
    void the_positions_are_those_of_the_trained_grid_seen_from_the_new_one() throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            Recipe recipe = recipe(320, model().toString());
            try (Parameters parameters = TrainingRun.parameters(recipe, manager);
                    var stored = ModelFolder.open(model()).openWeights()) {
                new VilamModel(parameters.root(), recipe.model());
                NDArray expected = Interpolation.BICUBIC.positionTable(stored.load(TABLE, manager), 3, 8, 8, 10, 10);
                float[] actual = parameters.array(TABLE).toFloatArray();
                assertThat(actual).hasSize((3 + 100) * WIDTH);
                assertThat(actual).containsExactly(expected.toFloatArray(), within(0f));
            }
        }
    }
}
