package org.vilam.training.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.vilam.assistant.vilam.OpenModel;
import org.vilam.assistant.vilam.VilamConfig;
import org.vilam.training.evaluate.EvaluationReport;
import org.vilam.training.evaluate.Evaluator;
import org.vilam.training.evaluate.Split;
import org.vilam.vision.checkpoint.ModelFolder;

/**
 * Measures a run while it goes on: its moving averages as a model folder, which is opened and asked like any other.
 *
 * <p>The pictures are neither those of training nor those of reports: their seed follows from that of training.
 */
final class RunEvaluation {
    private static final String FOLDER = ".evaluation";

    private final Recipe recipe;
    private final Path run;

    RunEvaluation(Recipe recipe, Path run) {
        this.recipe = recipe;
        this.run = run;
    }

    /** Whether the recipe wants an evaluation after so many steps. */
    boolean due(int step) {
        return recipe.evaluateEvery() > 0
                && recipe.evaluateOn() > 0
                && (step % recipe.evaluateEvery() == 0 || step == recipe.steps());
    }

    /** The scores of the families that the recipe draws, without held-out compositions. */
    List<EvaluationReport.Section> measure(
            VilamConfig config, Map<String, NDArray> weights, Path tokenizer, NDManager manager) throws IOException {
        Path folder = run.resolve(FOLDER);
        delete(folder); // left by a run that was killed meanwhile
        ModelFolder model = ModelExport.write(
                folder, config, recipe, weights, tokenizer, ModelExport.provenance(recipe, Map.of(), ""));
        try (OpenModel open = OpenModel.open(model, manager)) {
            int threads = Math.max(1, Runtime.getRuntime().availableProcessors());
            List<String> families = recipe.data().families().entrySet().stream()
                    .filter(family -> family.getValue() > 0)
                    .map(Map.Entry::getKey)
                    .toList();
            return new Evaluator(open.vilam(), open.vilam(), threads)
                    .evaluate(
                            families,
                            List.of(Split.SEED),
                            recipe.evaluateOn(),
                            recipe.data().seed() + 1_000_003,
                            (part, what) -> {});
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
