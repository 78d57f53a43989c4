package org.vilam.assistant.chat.tool;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Polygon;
import org.vilam.vision.geometry.Visibility;

/** Results as a language model reads them: whole pixels, and no more points than it can use. */
final class ToolJson {
    private static final int MOST_OBJECTS = 50;
    private static final int MOST_POINTS = 24;
    private static final int MOST_ECHOED = 60;

    private ToolJson() {}

    /** Something went wrong, and what to do. */
    static String error(String message, String hint) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("error", message)
                .put("hint", hint)
                .toString();
    }

    /** Text of somebody else for a message. */
    static String brief(String text) {
        return text.length() <= MOST_ECHOED ? text : text.substring(0, MOST_ECHOED) + "...";
    }

    static String of(GroundingResult result) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("status", result.status().name().toLowerCase(Locale.ROOT)).put("answer", result.answer());
        root.set("objects", objects(result.objects(), false));
        if (result.status() == GroundingResult.Status.AMBIGUOUS) {
            root.set("candidates", objects(result.alternatives(), true));
        }
        if (result.objects().size() > MOST_OBJECTS) {
            root.put("more_objects", result.objects().size() - MOST_OBJECTS);
        }
        return root.toString();
    }

    private static ArrayNode objects(List<FoundObject> objects, boolean numbered) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (FoundObject object : objects.subList(0, Math.min(objects.size(), MOST_OBJECTS))) {
            ObjectNode item = list.addObject().put("id", object.id());
            if (numbered) {
                item.put("number", object.rank());
            }
            item.put("label", object.label());
            if (object.score() != null) {
                item.put("score", object.score());
            }
            item.putArray("box")
                    .add(Math.round(object.box().x1()))
                    .add(Math.round(object.box().y1()))
                    .add(Math.round(object.box().x2()))
                    .add(Math.round(object.box().y2()));
            shape(item, object);
        }
        return list;
    }

    private static void shape(ObjectNode item, FoundObject object) {
        object.polygons().stream()
                .max(Comparator.comparingInt(p -> p.exterior().size()))
                .map(Polygon::exterior)
                .ifPresent(corners -> {
                    item.put("area", Math.round(object.area()));
                    ArrayNode outline = item.putArray("outline");
                    int step = Math.max(1, (corners.size() + MOST_POINTS - 1) / MOST_POINTS);
                    for (int i = 0; i < corners.size(); i += step) {
                        Point corner = corners.get(i);
                        outline.addArray().add(Math.round(corner.x())).add(Math.round(corner.y()));
                    }
                });
        ObjectNode points = JsonNodeFactory.instance.objectNode();
        for (FoundObject.NamedPoint point : object.keypoints()) {
            Double x = point.x();
            Double y = point.y();
            if (point.visibility() == Visibility.ABSENT || x == null || y == null) {
                points.put(point.name(), "not visible");
            } else {
                points.putArray(point.name()).add(Math.round(x)).add(Math.round(y));
            }
        }
        if (!points.isEmpty()) {
            item.set("keypoints", points);
        }
    }
}
