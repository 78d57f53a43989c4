package org.vilam.training.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.vilam.training.evaluate.Split;
import org.vilam.training.scene.Expression;
import org.vilam.training.scene.Scene;
import org.vilam.training.scene.SceneFamily;
import org.vilam.training.scene.SceneObject;
import org.vilam.training.scene.SceneWorld;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Keypoints;
import org.vilam.vision.geometry.Rle;
import org.vilam.vision.geometry.Skeleton;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes pictures of the procedural world with what is true of them. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = {
            "Writes pictures of the procedural world into a folder, and annotations.jsonl beside them: one line a picture with"
                    + " its objects (category, attributes, box as [x1, y1, x2, y2], mask as COCO run lengths, keypoints as"
                    + " COCO's 17 x, y, v) and expressions with the objects they mean."
        },
        footer = {
            "",
            "Examples:",
            "  vilam-train generate --family shapes --count 100 --seed 1 -o scenes",
            "  vilam-train generate --family things --split unseen-style --count 20 -o other-hands"
        })
final class GenerateCommand implements Callable<Integer> {
    private static final String ANNOTATIONS = "annotations.jsonl";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--family",
            split = ",",
            required = true,
            paramLabel = "FAMILY",
            description = "shapes, things, people, phantoms; several with commas.")
    private List<String> families = List.of();

    @Option(
            names = "--count",
            description = "Pictures of each family; default: ${DEFAULT-VALUE}.",
            defaultValue = "100")
    private int count;

    @Option(names = "--seed", description = "Seed of the pictures; default: ${DEFAULT-VALUE}.", defaultValue = "1")
    private long seed;

    @Option(
            names = "--split",
            paramLabel = "SPLIT",
            description = "seed (as in training), composition, unseen-style; default: ${DEFAULT-VALUE}.",
            defaultValue = "seed")
    private String split = "";

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "FOLDER",
            description = "Where to; it is made where it does not exist.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws IOException {
        CommandSpec command = Objects.requireNonNull(spec);
        Split chosen = Choices.split(command, split);
        List<SceneFamily> drawn = Choices.families(command, families, chosen);
        Choices.positive(command, "--count", count);
        Path annotations = out.resolve(ANNOTATIONS);
        if (Files.exists(annotations)) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT, annotations + ": is there already", "Give a new folder.");
        }
        Files.createDirectories(out);
        int all = drawn.size() * count;
        int done = 0;
        try (ProgressLine progress = new ProgressLine(command.commandLine().getErr());
                BufferedWriter lines = Files.newBufferedWriter(annotations)) {
            for (SceneFamily family : drawn) {
                for (int i = 0; i < count; i++) {
                    Scene scene = SceneWorld.scene(family, chosen.holdout(), seed, i);
                    String name = String.format(Locale.ROOT, "%s-%06d.png", family.name(), i);
                    Overlay.png(Overlay.buffered(scene.image()), out.resolve(name));
                    lines.write(JSON.writeValueAsString(line(name, scene, i)));
                    lines.write('\n');
                    progress.show((double) ++done / all, name);
                }
            }
        }
        return 0;
    }

    private ObjectNode line(String name, Scene scene, int index) {
        ObjectNode line = JSON.createObjectNode()
                .put("image", name)
                .put("width", scene.image().width())
                .put("height", scene.image().height())
                .put("family", scene.family())
                .put("split", split)
                .put("seed", seed)
                .put("index", index);
        ArrayNode objects = line.putArray("objects");
        scene.objects().forEach(object -> objects.add(object(object)));
        ArrayNode expressions = line.putArray("expressions");
        for (Expression.Kind kind : Expression.Kind.values()) {
            SceneWorld.expression(scene, kind, seed, index).ifPresent(said -> {
                ObjectNode node = expressions
                        .addObject()
                        .put("text", said.text())
                        .put("kind", kind.name().toLowerCase(Locale.ROOT));
                said.objects().forEach(node.putArray("objects")::add);
            });
        }
        return line;
    }

    private static ObjectNode object(SceneObject object) {
        ObjectNode node = JSON.createObjectNode().put("id", object.id()).put("category", object.category());
        new TreeSet<>(object.kinds()).forEach(node.putArray("nouns")::add);
        ObjectNode attributes = node.putObject("attributes");
        new TreeMap<>(object.attributes()).forEach(attributes::put);
        node.set("box", PredictCommand.box(object.box()));
        node.put("visible", object.visible());
        Rle code = object.mask().toRle();
        ObjectNode mask = node.putObject("mask").put("format", "coco_rle");
        mask.putArray("size").add(code.height()).add(code.width());
        mask.put("counts", code.toCompressedString());
        if (!object.keypoints().isEmpty()) {
            ArrayNode points = node.putArray("keypoints");
            for (double v : new Keypoints(Skeleton.COCO_PERSON, object.keypoints()).toCoco()) {
                points.add(v);
            }
        }
        return node;
    }
}
