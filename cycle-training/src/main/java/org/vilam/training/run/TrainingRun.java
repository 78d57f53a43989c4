package org.vilam.training.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.vilam.assistant.text.TextTokenizer;
import org.vilam.assistant.vilam.VilamConfig;
import org.vilam.assistant.vilam.VilamModel;
import org.vilam.training.evaluate.EvaluationReport;
import org.vilam.training.sample.Example;
import org.vilam.training.sample.Framer;
import org.vilam.training.sample.SceneExamples;
import org.vilam.training.scene.Holdout;
import org.vilam.training.scene.SceneWorld;
import org.vilam.training.text.BpeConfig;
import org.vilam.training.text.BpeTrainer;
import org.vilam.vision.beit3.Beit3Interpolation;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.image.ImageProcessor;
import org.vilam.vision.tensor.Parameters;

/**
 * A run from a recipe to a model, in a folder of its own: {@code recipe.yaml}, {@code checkpoint.safetensors} to continue from,
 * {@code metrics.jsonl} with losses and scores, both as curves in PNG files, {@code tokenizer.json}, and in the end the model in
 * {@code model}.
 */
public final class TrainingRun {
    static final String CHECKPOINT = "checkpoint.safetensors";
    static final String TOKENIZER = "tokenizer.json";
    static final String RECIPE = "recipe.yaml";
    private static final String METRICS = "metrics.jsonl";
    private static final String MODEL = "model";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SENTENCES = 60_000;

    private final Recipe recipe;
    private final Path folder;
    private final String commit;

    /**
     * A run; its folder is made where it does not exist, and continued from where it does.
     *
     * @param commit of the program, for the model's provenance; empty where it is not known
     */
    public TrainingRun(Recipe recipe, Path folder, String commit) {
        this.recipe = recipe;
        this.folder = folder;
        this.commit = commit;
    }

    /** Hears of each step. */
    @FunctionalInterface
    public interface Listener {
        /** Returns false to stop after this step, with a checkpoint. */
        boolean onStep(int step, int steps, Map<String, Double> metrics);

        /** The moving averages were measured after a step. */
        default void onEvaluation(int step, List<EvaluationReport.Section> sections) {}
    }

    /**
     * Runs to the end, or until the listener says stop.
     *
     * @param parent gives the device
     * @return the number of steps done
     */
    public int run(NDManager parent, Listener listener) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(RECIPE), recipe.toYaml());
        Path tokenizerFile = folder.resolve(TOKENIZER);
        Map<SceneExamples.Mixture, SceneExamples> worlds = new ConcurrentHashMap<>();
        Feed.Source examples = (step, index) -> worlds.computeIfAbsent(
                        recipe.lesson(step).data(), data -> new SceneExamples(data, Holdout.TRAIN))
                .get(index);
        if (!Files.exists(tokenizerFile)) {
            if (recipe.from() != null) {
                Files.copy(Path.of(recipe.from()).resolve("tokenizer.json"), tokenizerFile);
            } else {
                trainTokenizer(tokenizerFile);
            }
        }
        try (TextTokenizer tokenizer = TextTokenizer.load(tokenizerFile);
                NDManager manager = parent.newSubManager();
                Parameters parameters = parameters(recipe, manager)) {
            VilamConfig config = withVocabulary(recipe.model(), tokenizer.vocabSize());
            VilamModel model = new VilamModel(parameters.root(), config);
            parameters.requireGradients(true);
            ImageProcessor processor = new ImageProcessor(recipe.preprocessor());
            Framer framer = new Framer(
                    config,
                    processor,
                    text -> Arrays.stream(tokenizer.encode(text))
                            .mapToInt(Math::toIntExact)
                            .toArray(),
                    recipe.cycle().boxes());
            try (Optimizer optimizer = new Optimizer(manager, parameters.trainable(), recipe.optimizer())) {
                Path checkpoint = folder.resolve(CHECKPOINT);
                int step = RunCheckpoint.read(checkpoint, optimizer.state(), manager);
                RunEvaluation evaluation = new RunEvaluation(recipe, folder);
                Map<String, Double> scores = Map.of();
                try (Trainer trainer = new Trainer(recipe, model, framer, optimizer, manager);
                        Feed feed = new Feed(examples, framer, recipe, step)) {
                    boolean goOn = true;
                    while (goOn && step < recipe.steps()) {
                        Map<String, Double> metrics = trainer.step(feed.next(), step);
                        step++;
                        if (step % 10 == 0 || step == recipe.steps()) {
                            log(step, metrics);
                        }
                        goOn = listener.onStep(step, recipe.steps(), metrics);
                        if (!goOn || step % recipe.checkpointEvery() == 0 || step == recipe.steps()) {
                            RunCheckpoint.write(checkpoint, optimizer.state(), step);
                        }
                        if (evaluation.due(step)) {
                            List<EvaluationReport.Section> sections = evaluation.measure(
                                    model.config(), averaged(parameters, optimizer), tokenizerFile, manager);
                            scores = EvaluationReport.named(sections);
                            log(Map.of("step", step, "eval", scores));
                            Curves.draw(folder.resolve(METRICS), folder);
                            listener.onEvaluation(step, sections);
                        }
                    }
                }
                if (step == recipe.steps() && !Files.exists(folder.resolve(MODEL))) {
                    Curves.draw(folder.resolve(METRICS), folder);
                    ModelExport.write(
                            folder.resolve(MODEL),
                            model.config(),
                            recipe,
                            averaged(parameters, optimizer),
                            tokenizerFile,
                            ModelExport.provenance(recipe, scores, commit));
                }
                return step;
            }
        }
    }

    /** Everything the network asks for, what learns as its moving average. */
    private static Map<String, NDArray> averaged(Parameters parameters, Optimizer optimizer) {
        Map<String, NDArray> all = new LinkedHashMap<>(parameters.arrays());
        all.putAll(optimizer.averages());
        return all;
    }

    /**
     * The weights a run begins with, ready for its networks to be built; those of another image size are resampled to the
     * recipe's.
     */
    static Parameters parameters(Recipe recipe, NDManager manager) {
        if (recipe.from() == null) {
            return Parameters.initialise(manager, recipe.seed());
        }
        TensorSource source = ModelFolder.open(Path.of(recipe.from())).openWeights();
        return Parameters.load(
                manager, Beit3Interpolation.resized(source, recipe.model().encoder()), recipe.seed());
    }

    /** The tokenizer learns from the whole world, so that a model can go on to families it was not begun with. */
    private void trainTokenizer(Path file) {
        Map<String, Double> families = new LinkedHashMap<>();
        SceneWorld.families().forEach(family -> families.put(family.name(), 1.0));
        SceneExamples world = new SceneExamples(
                new SceneExamples.Mixture(
                        families, Map.of(), 6, 4, 1, 1, recipe.data().seed()),
                Holdout.TRAIN);
        BpeTrainer trainer = new BpeTrainer(BpeConfig.of(recipe.vocabulary(), List.of()));
        for (long i = 0; i < SENTENCES / 10; i++) {
            Example example = world.get(i);
            List<String> sentences = new ArrayList<>();
            example.groundings().forEach(g -> sentences.add(g.expression()));
            example.tellings().forEach(t -> {
                sentences.add(t.instruction());
                sentences.add(" " + t.answer());
            });
            trainer.addAll(sentences);
        }
        trainer.train().write(file);
    }

    /** The sizes with every vocabulary that of the tokenizer. */
    static VilamConfig withVocabulary(VilamConfig config, int vocabulary) {
        ObjectNode json = JSON.valueToTree(config);
        for (String part : List.of("encoder", "qformer_config", "text_config")) {
            ((ObjectNode) json.get(part)).put("vocab_size", vocabulary);
        }
        try {
            return JSON.treeToValue((JsonNode) json, VilamConfig.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void log(int step, Map<String, Double> metrics) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step);
        metrics.forEach((name, value) -> line.put(name, Double.parseDouble(String.format(Locale.ROOT, "%.5g", value))));
        log(line);
    }

    private void log(Map<String, ?> line) {
        try {
            Files.writeString(
                    folder.resolve(METRICS),
                    JSON.writeValueAsString(line) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
