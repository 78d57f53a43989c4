package org.vilam.training.cli;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.vilam.OpenModel;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounder.Detail;
import org.vilam.grounding.language.LocationCodec;
import org.vilam.prompts.Instructions;
import org.vilam.prompts.Task;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Rle;
import org.vilam.vision.image.ImageDecoder;
import org.vilam.vision.image.RgbImage;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Asks a model about one picture. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description = {
            "Finds what an expression means in a picture, or says what lies in a region. The answer is JSON on standard"
                    + " output; places are pixels of the upright picture."
        },
        footer = {
            "",
            "Examples:",
            "  vilam-train predict models/mini picture.png \"the red circle left of the star\" --overlay found.png",
            "  vilam-train predict models/mini people.jpg \"the man in the blue shirt\" --keypoints",
            "  vilam-train predict models/mini picture.png --describe 10,20,110,90"
        })
final class PredictCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Folder of the model.")
    private Path model = Path.of("");

    @Parameters(index = "1", paramLabel = "PICTURE", description = "A picture: PNG, JPEG, WebP, TIFF, GIF, BMP, DICOM.")
    private Path picture = Path.of("");

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "EXPRESSION",
            description = "What is to be found, e.g. \"the red circle\".")
    private @Nullable String expression;

    @Option(
            names = "--describe",
            paramLabel = "X1,Y1,X2,Y2",
            converter = BoxConverter.class,
            description = "Describe this region instead of finding something.")
    private @Nullable Box described;

    @Option(
            names = "--category",
            paramLabel = "X1,Y1,X2,Y2",
            converter = BoxConverter.class,
            description = "Name what lies in this region instead of finding something.")
    private @Nullable Box named;

    @Option(
            names = "--keypoints",
            description = "Named points of the found objects too; they mean something on people.")
    private boolean keypoints;

    @Option(names = "--no-masks", description = "Boxes without their pixels.")
    private boolean noMasks;

    @Option(
            names = "--overlay",
            paramLabel = "FILE",
            description = "Draw the answer over the picture into this PNG file.")
    private @Nullable Path overlay;

    @Override
    public Integer call() throws IOException {
        CommandSpec command = Objects.requireNonNull(spec);
        long asked =
                Stream.of(expression, described, named).filter(Objects::nonNull).count();
        if (asked != 1) {
            throw new ParameterException(
                    command.commandLine(), "Give one of an EXPRESSION, --describe and --category, not " + asked);
        }
        RgbImage image = new ImageDecoder().decode(picture).pixels();
        ObjectNode json;
        try (NDManager manager = NDManager.newBaseManager();
                OpenModel open = OpenModel.open(ModelFolder.open(model), manager)) {
            if (expression != null) {
                json = ground(open, image, expression);
            } else if (described != null) {
                json = tell(open, image, Task.DESCRIBE, described);
            } else {
                json = tell(open, image, Task.CLASSIFY, Objects.requireNonNull(named));
            }
            json.putObject("model")
                    .put("id", open.folder().id())
                    .put("sha256", open.folder().sha256());
        }
        command.commandLine().getOut().println(pretty(json));
        command.commandLine().getOut().flush();
        return 0;
    }

    private ObjectNode ground(OpenModel open, RgbImage image, String words) throws IOException {
        Grounded found = open.vilam().ground(image, words, new Detail(!noMasks, keypoints));
        if (overlay != null) {
            Overlay.write(image, found, overlay);
        }
        ObjectNode json = JSON.createObjectNode().put("expression", words);
        size(json, image);
        json.put("presence", found.presence()).put("present", found.present());
        json.set("one", object(found.one()));
        ArrayNode all = json.putArray("all");
        found.all().forEach(one -> all.add(object(one)));
        return json;
    }

    private ObjectNode tell(OpenModel open, RgbImage image, Task task, Box asked) throws IOException {
        Box region = asked.clamp(image.width(), image.height());
        if (region.isEmpty()) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the region lies outside the picture, which is " + image.width() + " x " + image.height(),
                    "Give left,top,right,bottom in pixels of the picture.");
        }
        String place = new LocationCodec(image.width(), image.height()).box(region);
        String instruction = Instructions.canonical(task).fill(Map.of("region", place));
        String answer = open.vilam().answer(image, region, instruction);
        if (overlay != null) {
            Overlay.write(image, region, answer, overlay);
        }
        ObjectNode json = JSON.createObjectNode().put("instruction", instruction);
        size(json, image);
        json.set("region", box(region));
        return json.put("answer", answer);
    }

    private static void size(ObjectNode json, RgbImage image) {
        json.putObject("image").put("width", image.width()).put("height", image.height());
    }

    private static ObjectNode object(Grounded.Found found) {
        ObjectNode json = JSON.createObjectNode();
        json.set("box", box(found.box()));
        json.put("score", found.score());
        found.mask().ifPresent(mask -> {
            Rle code = mask.toRle();
            ObjectNode segmentation = json.putObject("mask").put("format", "coco_rle");
            segmentation.putArray("size").add(code.height()).add(code.width());
            segmentation.put("counts", code.toCompressedString());
        });
        if (!found.keypoints().isEmpty()) {
            ArrayNode points = json.putArray("keypoints");
            found.keypoints().forEach(scored -> {
                Point place = scored.keypoint().point();
                if (place != null) {
                    points.addObject()
                            .put("name", scored.keypoint().name())
                            .put("x", place.x())
                            .put("y", place.y())
                            .put(
                                    "visible",
                                    scored.keypoint().visibility().name().equals("VISIBLE"))
                            .put("score", scored.score());
                }
            });
        }
        return json;
    }

    static ArrayNode box(Box box) {
        return JSON.createArrayNode().add(box.x1()).add(box.y1()).add(box.x2()).add(box.y2());
    }

    private static String pretty(ObjectNode json) {
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree that cannot be written", e);
        }
    }

    /** Four numbers with commas between them. */
    static final class BoxConverter implements ITypeConverter<Box> {
        @Override
        public Box convert(String text) {
            String[] parts = text.split(",", -1);
            try {
                if (parts.length == 4) {
                    Box box = new Box(
                            Double.parseDouble(parts[0]),
                            Double.parseDouble(parts[1]),
                            Double.parseDouble(parts[2]),
                            Double.parseDouble(parts[3]));
                    if (!box.isEmpty()) {
                        return box;
                    }
                }
            } catch (IllegalArgumentException e) {
                // said below
            }
            throw new TypeConversionException("'" + text + "' is no box; write left,top,right,bottom in pixels");
        }
    }
}
