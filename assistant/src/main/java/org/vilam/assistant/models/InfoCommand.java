package org.vilam.assistant.models;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.checkpoint.ModelFamilies;
import org.vilam.vision.checkpoint.ModelFamily;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.checkpoint.Provenance;
import org.vilam.vision.tensor.MemoryPreflight;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Shows one model. */
@Command(
        name = "info",
        mixinStandardHelpOptions = true,
        description = "Shows what a model is, where it comes from, and in which weight types it fits the memory.")
final class InfoCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable ModelsCommand models;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's name.")
    private String id = "";

    @Override
    public Integer call() {
        ModelsCommand parent = Objects.requireNonNull(models);
        ModelFolder folder = parent.store().open(id);
        JsonNode config = folder.config();
        ModelFamily family = ModelFamilies.named(config.path("family").asText());
        Map<String, Shape> shapes = ModelImport.parameters(family, config);
        Provenance provenance = folder.provenance();
        PrintWriter out = parent.out();
        out.println("model      " + folder.id());
        out.println("folder     " + folder.path());
        out.println("sha256     " + folder.sha256());
        out.println("family     " + family.name() + ": " + family.description());
        out.println("weights    "
                + String.format(
                        Locale.ROOT,
                        "%,d in %,d tensors",
                        shapes.values().stream().mapToLong(Shape::size).sum(),
                        shapes.size()));
        // Without caches: what a question needs beside the weights depends on its length.
        MemoryPreflight preflight = MemoryPreflight.of(shapes, family::packs, 0, MemoryPreflight.availableBytes());
        out.println("memory     " + preflight.text());
        out.println("from       " + String.join(", ", provenance.trainedOn()));
        out.println("recipe     " + provenance.recipe().lines().findFirst().orElse(""));
        out.println("licence    " + provenance.licence());
        new TreeMap<>(provenance.scores()).forEach((name, score) -> out.println("score      " + name + " " + score));
        return 0;
    }
}
