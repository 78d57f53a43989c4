package org.vilam.web.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.FoundObject.NamedPoint;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Point;
import org.vilam.web.json.Json;

/**
 * Label Studio's tasks with pre-annotations (labelstud.io/guide/predictions): rectangles or polygons, and keypoints, in percent
 * of the picture's sides.
 *
 * <p>Names are those of Label Studio's templates: {@code from_name} {@code label}, {@code polygon} and {@code keypoint}, {@code
 * to_name} {@code image}. Its polygons have one ring, see {@link Keyhole}.
 */
public final class LabelStudioExport implements ExportFormat {
    private static final double POINT_WIDTH = 0.75;

    @Override
    public Exported write(List<AnnotatedImage> images) {
        ArrayNode tasks = Json.MAPPER.createArrayNode();
        for (AnnotatedImage image : images) {
            ObjectNode task = tasks.addObject();
            task.putObject("data").put("image", image.fileName());
            task.putArray("predictions").add(prediction(image.result(), "label", "image"));
        }
        return Exported.json("application/json", "tasks.labelstudio.json", tasks);
    }

    /**
     * One prediction of a task.
     *
     * @param fromName the name of the labelling control for boxes, and of the others where they are the project's only ones
     * @param toName the name of the picture in the labelling set-up
     */
    public static ObjectNode prediction(GroundingResult result, String fromName, String toName) {
        ObjectNode prediction = Json.object();
        prediction.put(
                "model_version", result.model().id() + ":" + result.model().version());
        double score = result.objects().stream()
                .mapToDouble(object -> object.score() == null ? 1 : object.score())
                .average()
                .orElse(0);
        prediction.put("score", Math.round(score * 1e4) / 1e4);
        ArrayNode regions = prediction.putArray("result");
        for (FoundObject object : result.objects()) {
            if (object.polygons().isEmpty()) {
                rectangle(regions, object, result, fromName, toName);
            } else {
                polygon(regions, object, result, fromName.equals("label") ? "polygon" : fromName, toName);
            }
            for (NamedPoint point : object.keypoints()) {
                if (point.x() != null && point.y() != null) {
                    keypoint(regions, object, point, result, fromName.equals("label") ? "keypoint" : fromName, toName);
                }
            }
        }
        return prediction;
    }

    private static void rectangle(
            ArrayNode regions, FoundObject object, GroundingResult result, String from, String to) {
        GroundingResult.Image image = result.image();
        Box box = object.box();
        ObjectNode value = region(regions, object, object.id(), "rectanglelabels", result, from, to);
        value.put("x", percent(box.x1(), image.width()));
        value.put("y", percent(box.y1(), image.height()));
        value.put("width", percent(box.width(), image.width()));
        value.put("height", percent(box.height(), image.height()));
        value.put("rotation", 0);
        value.putArray("rectanglelabels").add(object.label());
    }

    private static void polygon(ArrayNode regions, FoundObject object, GroundingResult result, String from, String to) {
        GroundingResult.Image image = result.image();
        ObjectNode value = region(regions, object, object.id(), "polygonlabels", result, from, to);
        ArrayNode points = value.putArray("points");
        for (Point p : Keyhole.ring(object.polygons())) {
            points.addArray().add(percent(p.x(), image.width())).add(percent(p.y(), image.height()));
        }
        value.put("closed", true);
        value.putArray("polygonlabels").add(object.label());
    }

    private static void keypoint(
            ArrayNode regions, FoundObject object, NamedPoint point, GroundingResult result, String from, String to) {
        GroundingResult.Image image = result.image();
        ObjectNode value =
                region(regions, object, object.id() + "-" + point.name(), "keypointlabels", result, from, to);
        value.put("x", percent(point.x() == null ? 0 : point.x(), image.width()));
        value.put("y", percent(point.y() == null ? 0 : point.y(), image.height()));
        value.put("width", POINT_WIDTH);
        value.putArray("keypointlabels").add(point.name());
        ((ObjectNode) regions.get(regions.size() - 1)).put("parentID", object.id());
    }

    private static ObjectNode region(
            ArrayNode regions,
            FoundObject object,
            String id,
            String type,
            GroundingResult result,
            String from,
            String to) {
        ObjectNode region = regions.addObject()
                .put("id", id)
                .put("type", type)
                .put("from_name", from)
                .put("to_name", to)
                .put("original_width", result.image().width())
                .put("original_height", result.image().height())
                .put("image_rotation", 0);
        if (object.score() != null) {
            region.put("score", object.score());
        }
        return region.putObject("value");
    }

    private static double percent(double pixels, int side) {
        return Math.round(pixels / side * 1e6) / 1e4;
    }
}
