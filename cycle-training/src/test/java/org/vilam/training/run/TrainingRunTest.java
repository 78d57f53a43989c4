package org.vilam.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.assistant.vilam.OpenModel;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounder.Detail;
import org.vilam.training.TinyRuns;
import org.vilam.training.evaluate.EvaluationReport;
import org.vilam.training.scene.Holdout;
import org.vilam.training.scene.Scene;
import org.vilam.training.scene.SceneWorld;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** Two runs of the same recipe: one from beginning to end, one that dies on the way and measures itself. */
class TrainingRunTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static Recipe recipe;
    private static Path whole;
    private static Path broken;
    private static final List<Integer> EVALUATED = new ArrayList<>();

    /** As a killed process: no checkpoint is written on the way out. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @BeforeAll
    static void both_runs() throws IOException {
        recipe = TinyRuns.read(folder);
        whole = TinyRuns.folder(folder.resolve("whole"));
        broken = TinyRuns.folder(folder.resolve("broken"));
        try (NDManager manager = NDManager.newBaseManager()) {
            assertThat(new TrainingRun(recipe, whole, "abc").run(manager, (step, steps, metrics) -> true))
                    .isEqualTo(4);
            Recipe measured =
                    TinyRuns.read(folder, "evaluate_every: 0\nevaluate_on: 0", "evaluate_every: 2\nevaluate_on: 2");
            TrainingRun run = new TrainingRun(measured, broken, "");
            assertThatThrownBy(() -> run.run(manager, (step, steps, metrics) -> {
                        if (step == 3) {
                            throw new Killed();
                        }
                        return true;
                    }))
                    .isInstanceOf(Killed.class);
            run.run(manager, new TrainingRun.Listener() {
                @Override
                public boolean onStep(int step, int steps, Map<String, Double> metrics) {
                    assertThat(step).isGreaterThan(2); // it goes on where the checkpoint of step 2 was
                    return true;
                }

                @Override
                public void onEvaluation(int step, List<EvaluationReport.Section> sections) {
                    EVALUATED.add(step);
                }
            });
        }
    }

    @Test
    void a_run_that_died_and_was_measured_ends_in_the_same_bytes_as_one_that_did_not() {
        assertThat(broken.resolve("checkpoint.safetensors"))
                .hasSameBinaryContentAs(whole.resolve("checkpoint.safetensors"));
        assertThat(broken.resolve("model/model.safetensors"))
                .hasSameBinaryContentAs(whole.resolve("model/model.safetensors"));
    }

    @Test
    void a_run_keeps_its_recipe() {
        assertThat(Recipe.read(whole.resolve("recipe.yaml"))).isEqualTo(recipe);
    }

    @Test
    void evaluations_are_logged_drawn_and_recorded_in_the_model() throws IOException {
        assertThat(EVALUATED).containsExactly(4); // that of step 2 was before the death
        List<Integer> steps = new ArrayList<>();
        for (String line : Files.readAllLines(broken.resolve("metrics.jsonl"))) {
            JsonNode json = JSON.readTree(line);
            if (json.has("eval")) {
                steps.add(json.get("step").asInt());
                assertThat(json.get("eval").get("shapes/seed/rec acc@0.5").asDouble())
                        .isBetween(0.0, 1.0);
                assertThat(json.get("eval").has("people/seed/keypoints pck@0.1 (found or not)"))
                        .isTrue();
            }
        }
        assertThat(steps).containsExactly(2, 4);
        assertThat(ImageIO.read(broken.resolve("losses.png").toFile()).getWidth())
                .isEqualTo(1100);
        assertThat(broken.resolve("scores-shapes.png")).exists();
        assertThat(broken.resolve("scores-people.png")).exists();
        assertThat(ModelFolder.open(broken.resolve("model")).provenance().scores())
                .containsKey("shapes/seed/rec acc@0.5");
        assertThat(broken.resolve(".evaluation")).doesNotExist();
    }

    @Test
    void the_model_of_a_run_opens_and_answers() {
        Scene scene = SceneWorld.scene(SceneWorld.families().get(0), Holdout.NONE, 1, 1);
        ModelFolder model = ModelFolder.open(whole.resolve("model")).verify();
        assertThat(model.provenance().commit()).isEqualTo("abc");
        assertThat(model.provenance().trainedOn())
                .containsExactly(
                        "SceneWorld people (procedural, seed 7, without held-out compositions)",
                        "SceneWorld phantoms (procedural, seed 7, without held-out compositions)",
                        "SceneWorld shapes (procedural, seed 7, without held-out compositions)");
        try (NDManager manager = NDManager.newBaseManager();
                OpenModel open = OpenModel.open(model, manager)) {
            assertThat(open.parameters()).isGreaterThan(10_000);
            Grounded found = open.vilam().ground(scene.image(), "the red circle", Detail.ALL);
            assertThat(found.presence()).isBetween(0.0, 1.0);
            assertThat(found.one().mask()).isPresent();
            assertThat(found.one().keypoints()).hasSize(17);
            assertThat(open.vilam().answer(scene.image(), found.one().box(), "describe it"))
                    .isNotNull();
        }
    }

    @Test
    void the_export_of_a_run_is_the_model_it_ended_with() {
        try (NDManager manager = NDManager.newBaseManager()) {
            ModelFolder exported = ModelExport.write(
                    whole, recipe, folder.resolve("exported"), Map.of("shapes/seed/rec acc@0.5", 0.25), "", manager);
            assertThat(exported.path().resolve("model.safetensors"))
                    .hasSameBinaryContentAs(whole.resolve("model/model.safetensors"));
            assertThat(exported.config())
                    .isEqualTo(ModelFolder.open(whole.resolve("model")).config());
            assertThat(exported.provenance().scores()).containsEntry("shapes/seed/rec acc@0.5", 0.25);
        }
    }

    @Test
    void a_run_without_a_checkpoint_is_not_exported() {
        try (NDManager manager = NDManager.newBaseManager()) {
            assertThatThrownBy(() -> ModelExport.write(
                            folder.resolve("nothing"), recipe, folder.resolve("none"), Map.of(), "", manager))
                    .isInstanceOfSatisfying(VilamException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.FILE_UNREADABLE);
                        assertThat(e).hasMessageContaining("checkpoint.safetensors");
                    });
        }
    }

    @Test
    void a_checkpoint_of_another_recipe_is_refused_by_name() throws IOException {
        Recipe other = TinyRuns.read(folder, "region_width: 16", "region_width: 8");
        try (NDManager manager = NDManager.newBaseManager()) {
            assertThatThrownBy(() -> ModelExport.write(whole, other, folder.resolve("other"), Map.of(), "", manager))
                    .isInstanceOfSatisfying(
                            VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_MISMATCH))
                    .hasMessageContaining("average.region_head");
        }
        assertThat(folder.resolve("other")).doesNotExist();
    }

    @Test
    void weights_that_lack_a_tensor_or_have_one_too_many_do_not_open() throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            ModelFolder more =
                    StrangeModels.with(whole.resolve("model"), folder.resolve("more"), "one_more.weight", "");
            assertThatThrownBy(() -> OpenModel.open(more, manager))
                    .isInstanceOf(VilamException.class)
                    .hasMessageContaining("unexpected one_more.weight");
            ModelFolder less =
                    StrangeModels.with(whole.resolve("model"), folder.resolve("less"), "", "ln_vision.weight");
            assertThatThrownBy(() -> OpenModel.open(less, manager))
                    .isInstanceOf(VilamException.class)
                    .hasMessageContaining("missing ln_vision.weight");
        }
    }
}
