package org.vilam.training.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.vilam.vision.checkpoint.DType;
import org.vilam.vision.checkpoint.SafetensorsFile;
import org.vilam.vision.checkpoint.SafetensorsWriter;
import org.vilam.vision.checkpoint.TensorInfo;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.tensor.GradientScope;

/**
 * The state of a run in one file: weights, moments, averages and the number of steps done. It appears whole or not at all, so that
 * a run that was killed at any moment continues from the last one, bit for bit.
 */
final class RunCheckpoint {
    private static final String STEP = "step";

    private RunCheckpoint() {}

    static void write(Path file, Map<String, NDArray> state, int step) {
        List<TensorInfo> infos = state.entrySet().stream()
                .map(e -> new TensorInfo(e.getKey(), DType.F32, e.getValue().getShape()))
                .toList();
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, infos, Map.of(STEP, Integer.toString(step)))) {
            state.forEach(writer::write);
            writer.finish();
        }
    }

    /**
     * Puts a saved state into the arrays of a run.
     *
     * @return the number of steps done; 0 where there is no file
     * @throws VilamException CHECKPOINT_MISMATCH naming the first tensor that is missing or of another shape
     */
    static int read(Path file, Map<String, NDArray> state, NDManager manager) {
        if (!Files.exists(file)) {
            return 0;
        }
        try (SafetensorsFile saved = SafetensorsFile.open(file);
                GradientScope scope = GradientScope.noGradient()) {
            state.forEach((name, array) -> {
                if (!saved.names().contains(name) || !saved.shape(name).equals(array.getShape())) {
                    throw new VilamException(
                            ErrorCode.CHECKPOINT_MISMATCH,
                            file + ": the run has " + name + " " + array.getShape() + ", the file has not",
                            "Continue with the recipe the run was begun with, or choose another folder.");
                }
                try (NDArray loaded = saved.load(name, manager)) {
                    loaded.copyTo(array);
                }
            });
            return Integer.parseInt(saved.metadata().getOrDefault(STEP, "0"));
        }
    }
}
