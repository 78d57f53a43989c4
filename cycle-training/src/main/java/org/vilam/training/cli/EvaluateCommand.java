package org.vilam.training.cli;

import ai.djl.ndarray.NDManager;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.vilam.OpenModel;
import org.vilam.training.evaluate.EvaluationReport;
import org.vilam.training.evaluate.Evaluator;
import org.vilam.training.evaluate.Split;
import org.vilam.vision.checkpoint.ModelFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures a model on the procedural world. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = {
            "Measures a model on pictures it has never seen: boxes, sets, no-target, masks, keypoints, descriptions and"
                    + " categories, with confidence intervals."
        },
        footer = {
            "",
            "Examples:",
            "  vilam-train evaluate models/mini --out report.md",
            "  vilam-train evaluate runs/mini/model --families shapes --splits seed --count 200"
        })
final class EvaluateCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Folder of the model.")
    private Path model = Path.of("");

    @Option(
            names = "--families",
            split = ",",
            paramLabel = "FAMILY",
            description = "Families of pictures; default: ${DEFAULT-VALUE}.",
            defaultValue = "shapes,things,people,phantoms")
    private List<String> families = List.of();

    @Option(
            names = "--splits",
            split = ",",
            paramLabel = "SPLIT",
            description = "seed, composition, unseen-style; default: ${DEFAULT-VALUE}.",
            defaultValue = "seed,composition,unseen-style")
    private List<String> splits = List.of();

    @Option(
            names = "--count",
            description = "Questions of each sort about each family in each split; default: ${DEFAULT-VALUE}.",
            defaultValue = "2000")
    private int count;

    @Option(
            names = "--seed",
            description = "Seed of the pictures, another one than that of training; default: ${DEFAULT-VALUE}.",
            defaultValue = "90001")
    private long seed;

    @Option(
            names = "--threads",
            description = "Threads that ask; the scores do not depend on it. Default: the processor's cores.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Where the report goes: NAME.md for people and NAME.json for programs are written, whichever is named.")
    private @Nullable Path out;

    @Override
    public Integer call() {
        CommandSpec command = Objects.requireNonNull(spec);
        List<Split> wanted =
                splits.stream().map(name -> Choices.split(command, name)).toList();
        Choices.families(command, families);
        Choices.positive(command, "--count", count);
        Choices.positive(command, "--threads", threads);
        long begun = System.nanoTime();
        try (NDManager manager = NDManager.newBaseManager();
                OpenModel open = OpenModel.open(ModelFolder.open(model), manager);
                ProgressLine progress = new ProgressLine(command.commandLine().getErr())) {
            Evaluator evaluator = new Evaluator(open.vilam(), open.vilam(), threads);
            List<EvaluationReport.Section> sections = evaluator.evaluate(families, wanted, count, seed, progress::show);
            EvaluationReport report = new EvaluationReport(
                    open.folder().id(),
                    open.folder()
                            .provenance()
                            .sha256()
                            .getOrDefault("model.safetensors", open.folder().sha256()),
                    seed,
                    count,
                    (System.nanoTime() - begun) / 1e9,
                    sections);
            if (out != null) {
                String name = String.valueOf(out.getFileName()).replaceFirst("\\.(md|json)$", "");
                report.write(out.resolveSibling(name + ".md"), out.resolveSibling(name + ".json"));
            }
            PrintWriter to = command.commandLine().getOut();
            to.print(report.toMarkdown());
            to.flush();
        }
        return 0;
    }
}
