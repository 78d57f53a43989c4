package org.vilam.training.cli;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.vilam.training.evaluate.EvaluationReport;
import org.vilam.training.run.ModelExport;
import org.vilam.training.run.Recipe;
import org.vilam.vision.checkpoint.ModelFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a model folder of a run. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a model of a training run: the moving averages of its last checkpoint as float16, with sizes, tokenizer,"
                    + " preprocessing and provenance. The run may still be going on."
        },
        footer = {"", "Example:", "  vilam-train export runs/mini -o models/mini --scores report.json"})
final class ExportCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN", description = "Folder of the run.")
    private Path run = Path.of("");

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "FOLDER",
            description = "The model's folder; it must not exist yet.")
    private Path out = Path.of("");

    @Option(
            names = "--recipe",
            paramLabel = "FILE",
            description = "The recipe of the run, where it is not RUN/recipe.yaml.")
    private @Nullable Path recipe;

    @Option(
            names = "--scores",
            paramLabel = "FILE",
            description = "A JSON report of `evaluate` on the same weights, to be kept in the provenance.")
    private @Nullable Path scores;

    @Option(
            names = "--commit",
            paramLabel = "ID",
            description =
                    "The commit of the program that trained it; by default that of the working folder, if it is one.")
    private @Nullable String commit;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Recipe read = Recipe.read(recipe == null ? run.resolve("recipe.yaml") : recipe);
        Map<String, Double> measured = scores == null ? Map.of() : EvaluationReport.readScores(scores);
        Files.createDirectories(out.toAbsolutePath().getParent());
        try (NDManager manager = NDManager.newBaseManager()) {
            ModelFolder folder =
                    ModelExport.write(run, read, out, measured, commit == null ? Commit.head() : commit, manager);
            if (spec != null) {
                PrintWriter to = spec.commandLine().getOut();
                to.println(folder.path() + "  " + folder.sha256());
            }
        }
        return 0;
    }
}
