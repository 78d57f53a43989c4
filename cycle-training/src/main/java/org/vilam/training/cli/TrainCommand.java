package org.vilam.training.cli;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.vilam.training.run.Recipe;
import org.vilam.training.run.TrainingRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trains a model from a recipe. */
@Command(name = "train", mixinStandardHelpOptions = true, description = "Trains a model from a recipe.")
final class TrainCommand implements Callable<Integer> {
    @Parameters(index = "0", description = "The recipe, a YAML file.")
    private Path recipe = Path.of("");

    @Option(
            names = {"-o", "--out"},
            required = true,
            description = "Folder of the run; a run that was stopped or killed continues from it.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws Exception {
        Recipe read = Recipe.read(recipe);
        long begun = System.nanoTime();
        int[] first = {-1};
        double[] loss = {Double.NaN};
        try (NDManager manager = NDManager.newBaseManager()) {
            new TrainingRun(read, out).run(manager, (step, steps, metrics) -> {
                if (first[0] < 0) {
                    first[0] = step - 1;
                }
                double now = metrics.getOrDefault("loss", Double.NaN);
                loss[0] = Double.isNaN(loss[0]) ? now : 0.95 * loss[0] + 0.05 * now;
                if (step % 20 == 0 || step == steps) {
                    double seconds = (System.nanoTime() - begun) / 1e9;
                    double perSecond = (step - first[0]) / seconds;
                    System.err.printf(
                            Locale.ROOT,
                            "step %d/%d  loss %.3f  %.1f expressions/s  left %s  %s%n",
                            step,
                            steps,
                            loss[0],
                            perSecond
                                    * read.images()
                                    * read.shards()
                                    * read.data().groundings(),
                            Duration.ofSeconds((long) ((steps - step) / perSecond)),
                            metrics);
                }
                return true;
            });
        }
        return 0;
    }
}
