package org.vilam.assistant.models;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vilam.vision.checkpoint.LoadReport;
import org.vilam.vision.checkpoint.ModelFamilies;
import org.vilam.vision.checkpoint.ModelFamily;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.error.VilamException;

/**
 * Whether a model is what it was when it was made: its files byte by byte, its tensors by name and shape, and its network by what
 * it computes.
 *
 * @param checks in the order in which they were made; nothing is checked after the first that failed
 */
public record ModelVerification(List<Check> checks) {
    /** Copies the list. */
    public ModelVerification {
        checks = List.copyOf(checks);
    }

    /**
     * One check.
     *
     * @param name what was looked at
     * @param outcome what came of it
     * @param detail for a person
     */
    public record Check(String name, Outcome outcome, String detail) {}

    /** What came of a check. */
    public enum Outcome {
        /** All is as it should be. */
        PASSED,
        /** It is not. */
        FAILED,
        /** It could not be made, which the detail explains. */
        LEFT_OUT
    }

    /** Whether no check failed. */
    public boolean passed() {
        return checks.stream().noneMatch(check -> check.outcome() == Outcome.FAILED);
    }

    /** Verifies a model. */
    public static ModelVerification of(ModelFolder folder) {
        List<Check> checks = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager()) {
            folder.verify();
            int files = folder.provenance().sha256().size();
            checks.add(new Check("files", Outcome.PASSED, files + " files have their recorded sha256"));
            JsonNode config = folder.config();
            ModelFamily family = ModelFamilies.named(config.path("family").asText());
            checks.add(new Check("family", Outcome.PASSED, family.name()));
            try (TensorSource weights = folder.openWeights()) {
                LoadReport report = LoadReport.compare(weights, family.parameters(config, manager));
                report.requireExact();
                checks.add(new Check("tensors", Outcome.PASSED, report.text()));
            }
            checks.add(forward(folder, family, config, manager));
        } catch (VilamException e) {
            checks.add(new Check(nextCheck(checks), Outcome.FAILED, String.valueOf(e.getMessage())));
        } catch (IOException e) {
            checks.add(new Check(nextCheck(checks), Outcome.FAILED, e.toString()));
        }
        return new ModelVerification(checks);
    }

    private static String nextCheck(List<Check> made) {
        return List.of("files", "family", "tensors", "forward").get(made.size());
    }

    private static Check forward(ModelFolder folder, ModelFamily family, JsonNode config, NDManager manager)
            throws IOException {
        if (!Files.exists(folder.path().resolve(Probe.FILE))) {
            return new Check("forward", Outcome.LEFT_OUT, "the folder has no " + Probe.FILE + " to compare with");
        }
        if (!Probe.fits(family, config, manager)) {
            return new Check("forward", Outcome.LEFT_OUT, "float32 weights do not fit the memory that is free");
        }
        Optional<String> difference = Probe.difference(folder.path(), family, config, manager);
        return difference
                .map(detail -> new Check("forward", Outcome.FAILED, detail))
                .orElseGet(() -> new Check("forward", Outcome.PASSED, "the network computes what was recorded"));
    }
}
