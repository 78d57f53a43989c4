package org.vilam.training.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.vilam.assistant.text.TextTokenizer;
import org.vilam.assistant.vilam.VilamConfig;
import org.vilam.assistant.vilam.VilamModel;
import org.vilam.vision.checkpoint.DType;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.checkpoint.Provenance;
import org.vilam.vision.checkpoint.SafetensorsFile;
import org.vilam.vision.checkpoint.SafetensorsWriter;
import org.vilam.vision.checkpoint.TensorInfo;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Parameters;

/** Makes a model folder of a run: the moving averages of its weights in float16, with everything needed to use them. */
public final class ModelExport {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ModelExport() {}

    /**
     * Writes the model of a run's last checkpoint.
     *
     * @param run folder of the run
     * @param recipe of the run
     * @param target a folder that does not exist yet, in one that does
     * @param scores measured scores by name; may be empty
     * @param commit of the program that trained it; empty where it is not known
     * @param parent gives the device
     * @throws VilamException FILE_UNREADABLE when the run has no checkpoint yet; CHECKPOINT_MISMATCH when it is not of this
     *     recipe
     */
    public static ModelFolder write(
            Path run, Recipe recipe, Path target, Map<String, Double> scores, String commit, NDManager parent) {
        Path checkpoint = run.resolve(TrainingRun.CHECKPOINT);
        if (!Files.exists(checkpoint)) {
            throw new VilamException(
                    ErrorCode.FILE_UNREADABLE,
                    checkpoint + ": is not there",
                    "Train until the first checkpoint; the recipe's checkpoint_every says when that is.");
        }
        Path tokenizerFile = run.resolve(TrainingRun.TOKENIZER);
        try (SafetensorsFile saved = SafetensorsFile.open(checkpoint);
                TextTokenizer tokenizer = TextTokenizer.load(tokenizerFile);
                NDManager manager = parent.newSubManager();
                Parameters parameters = TrainingRun.parameters(recipe, manager);
                GradientScope scope = GradientScope.noGradient()) {
            VilamConfig config = TrainingRun.withVocabulary(recipe.model(), tokenizer.vocabSize());
            VilamModel model = new VilamModel(parameters.root(), config); // for its names
            Map<String, NDArray> weights = new LinkedHashMap<>();
            parameters.arrays().forEach((name, begun) -> {
                String average = Optimizer.AVERAGE + name;
                if (!saved.names().contains(average)) {
                    weights.put(name, begun); // frozen, or no weight
                } else if (saved.shape(average).equals(begun.getShape())) {
                    weights.put(name, saved.load(average, manager));
                } else {
                    throw new VilamException(
                            ErrorCode.CHECKPOINT_MISMATCH,
                            checkpoint + ": " + average + " is " + saved.shape(average) + ", the recipe makes it "
                                    + begun.getShape(),
                            "Give the recipe the run was begun with.");
                }
            });
            if (saved.names().stream().noneMatch(name -> name.startsWith(Optimizer.AVERAGE))) {
                throw new VilamException(
                        ErrorCode.CHECKPOINT_MISMATCH,
                        checkpoint + ": has no moving averages",
                        "Give the folder of a run, not that of a model.");
            }
            return write(target, model.config(), recipe, weights, tokenizerFile, provenance(recipe, scores, commit));
        }
    }

    /**
     * Writes a model from arrays.
     *
     * @param weights everything the network asks for, by its full name; stored as float16
     */
    static ModelFolder write(
            Path target,
            VilamConfig config,
            Recipe recipe,
            Map<String, NDArray> weights,
            Path tokenizer,
            Provenance provenance) {
        List<TensorInfo> infos = new ArrayList<>();
        weights.forEach((name, array) -> infos.add(new TensorInfo(name, DType.F16, array.getShape())));
        return ModelFolder.write(target, provenance, folder -> {
            writeJson(folder.resolve("config.json"), config);
            writeJson(folder.resolve("preprocessor.json"), recipe.preprocessor());
            Files.copy(tokenizer, folder.resolve("tokenizer.json"));
            try (SafetensorsWriter writer =
                    SafetensorsWriter.create(folder.resolve("model.safetensors"), infos, Map.of("format", "pt"))) {
                weights.forEach(writer::write);
                writer.finish();
            }
        });
    }

    /** What is recorded of a run. */
    static Provenance provenance(Recipe recipe, Map<String, Double> scores, String commit) {
        Set<String> drawn = new TreeSet<>();
        Stream.concat(recipe.lessons().stream().map(Recipe.Lesson::data), Stream.of(recipe.data()))
                .forEach(data -> data.families().forEach((family, weight) -> {
                    if (weight > 0) {
                        drawn.add("SceneWorld " + family + " (procedural, seed " + data.seed()
                                + ", without held-out compositions)");
                    }
                }));
        List<String> trainedOn = new ArrayList<>(drawn);
        if (recipe.from() != null) {
            trainedOn.add("begun from the model " + Path.of(recipe.from()).getFileName());
        }
        return new Provenance(trainedOn, recipe.toYaml(), recipe.seed(), commit, scores, "Apache-2.0");
    }

    private static void writeJson(Path file, Object value) throws IOException {
        Files.writeString(file, JSON.writeValueAsString(value).replace("\r\n", "\n") + "\n");
    }
}
