package org.vilam.assistant.models;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.vilam.vision.checkpoint.ModelFamily;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.tensor.MemoryPreflight;

/** The outputs of a family's forward pass on its fixed input, kept in {@code probe.json} of a model folder. */
final class Probe {
    static final String FILE = "probe.json";

    /** Of the largest recorded number: far above what other processors and thread counts change, far below a wrong weight. */
    private static final double TOLERANCE = 1e-3;

    private Probe() {}

    /**
     * Computes and keeps the outputs.
     *
     * @return false when float32 weights would not fit the memory, so that nothing was recorded
     * @throws VilamException MODEL_INVALID when an output is not finite
     */
    static boolean record(Path folder, ModelFamily family, JsonNode config, NDManager manager) throws IOException {
        if (!fits(family, config, manager)) {
            return false;
        }
        ObjectNode json = ModelStore.JSON.createObjectNode();
        try (TensorSource weights = TensorSource.open(folder)) {
            family.probe(config, weights, manager).forEach((name, values) -> {
                ArrayNode numbers = json.putArray(name);
                for (float value : values) {
                    if (!Float.isFinite(value)) {
                        throw new VilamException(
                                ErrorCode.MODEL_INVALID,
                                "the network computes " + value + " for " + name + " of a fixed input",
                                "The weights are damaged: get them again.");
                    }
                    numbers.add(value);
                }
            });
        }
        Files.write(folder.resolve(FILE), ModelStore.JSON.writeValueAsBytes(json));
        return true;
    }

    /** Whether float32 weights fit the memory, with a fifth more for the pass. */
    static boolean fits(ModelFamily family, JsonNode config, NDManager manager) {
        long bytes = family.parameters(config, manager).values().stream()
                .mapToLong(shape -> shape.size() * Float.BYTES)
                .sum();
        return bytes + bytes / 5 <= MemoryPreflight.availableBytes();
    }

    /** What differs from the recorded outputs; empty when nothing does. */
    static Optional<String> difference(Path folder, ModelFamily family, JsonNode config, NDManager manager)
            throws IOException {
        JsonNode recorded = ModelStore.JSON.readTree(Files.readAllBytes(folder.resolve(FILE)));
        try (TensorSource weights = TensorSource.open(folder)) {
            for (Map.Entry<String, float[]> output :
                    family.probe(config, weights, manager).entrySet()) {
                JsonNode expected = recorded.path(output.getKey());
                float[] values = output.getValue();
                if (expected.size() != values.length) {
                    return Optional.of(
                            output.getKey() + " has " + values.length + " numbers, recorded are " + expected.size());
                }
                double largest = 0;
                for (JsonNode number : expected) {
                    largest = Math.max(largest, Math.abs(number.asDouble()));
                }
                for (int i = 0; i < values.length; i++) {
                    // Not a number fails this comparison too.
                    if (!(Math.abs(values[i] - expected.get(i).asDouble()) <= TOLERANCE * largest)) {
                        return Optional.of(output.getKey() + "[" + i + "] is " + values[i] + ", recorded is "
                                + expected.get(i).asDouble());
                    }
                }
            }
        }
        return Optional.empty();
    }
}
