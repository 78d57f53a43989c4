package org.vilam.training.cli;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.vilam.training.evaluate.EvaluationReport;
import org.vilam.training.run.Recipe;
import org.vilam.training.run.TrainingRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains a model from a recipe. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = {
            "Trains a model from a recipe. The folder of the run gets recipe.yaml, checkpoint.safetensors, metrics.jsonl with"
                    + " losses and scores, both as curves in PNG files, and in the end the model in model/."
        },
        footer = {
            "",
            "A run that was stopped or killed goes on where its last checkpoint was, bit for bit, when the same command is given"
                    + " again.",
            "",
            "Example:",
            "  vilam-train train recipes/mini.yaml -o runs/mini"
        })
final class TrainCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RECIPE", description = "The recipe, a YAML file.")
    private Path recipe = Path.of("");

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "FOLDER",
            description = "Folder of the run.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws IOException, InterruptedException {
        Recipe read = Recipe.read(recipe);
        CommandSpec command = Objects.requireNonNull(spec);
        try (NDManager manager = NDManager.newBaseManager();
                ProgressLine progress = new ProgressLine(command.commandLine().getErr())) {
            Watcher watcher = new Watcher(read, progress);
            Thread stop = new Thread(watcher::stop, "stop");
            Runtime.getRuntime().addShutdownHook(stop);
            try {
                new TrainingRun(read, out, Commit.head()).run(manager, watcher);
            } finally {
                watcher.ended();
            }
        }
        Path model = out.resolve("model");
        command.commandLine()
                .getOut()
                .println(Files.exists(model) ? model : "stopped; the same command goes on from here");
        command.commandLine().getOut().flush();
        return 0;
    }

    /** Turns steps and evaluations into lines. */
    private static final class Watcher implements TrainingRun.Listener {
        /** Share of the past in the loss that is shown. */
        private static final double PAST = 0.95;

        private final Recipe recipe;
        private final ProgressLine progress;
        private final long begun = System.nanoTime();
        private int first = -1;
        private double loss = Double.NaN;

        /** How long a step and its checkpoint may take when the process is asked to end. */
        private static final int PATIENCE_SECONDS = 60;

        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile boolean goOn = true;

        /**
         * Asks the run to end after this step, and waits until it has: a process that ends in the middle of a step pulls the
         * tensor library from under the threads that compute.
         */
        void stop() {
            goOn = false;
            try {
                ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void ended() {
            ended.countDown();
        }

        Watcher(Recipe recipe, ProgressLine progress) {
            this.recipe = recipe;
            this.progress = progress;
        }

        @Override
        public boolean onStep(int step, int steps, Map<String, Double> metrics) {
            if (first < 0) {
                first = step - 1;
            }
            double now = metrics.getOrDefault("loss", Double.NaN);
            loss = Double.isNaN(loss) ? now : PAST * loss + (1 - PAST) * now;
            double perSecond = (step - first) / ((System.nanoTime() - begun) / 1e9);
            double expressions = perSecond
                    * recipe.images()
                    * recipe.shards()
                    * recipe.data().groundings();
            progress.show(
                    (double) step / steps,
                    String.format(
                            Locale.ROOT, "step %d/%d  loss %.3f  %.1f expressions/s", step, steps, loss, expressions));
            return goOn;
        }

        @Override
        public void onEvaluation(int step, List<EvaluationReport.Section> sections) {
            for (EvaluationReport.Section section : sections) {
                StringBuilder line = new StringBuilder("step " + step + "  " + section.family());
                for (String name : EvaluationReport.mainScores()) {
                    OptionalDouble score = section.score(name);
                    if (score.isPresent()) {
                        line.append(String.format(Locale.ROOT, "  %s %.3f", name, score.getAsDouble()));
                    }
                }
                progress.note(line.toString());
            }
        }
    }
}
