package org.vilam.web.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.FoundObject.NamedPoint;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Polygon;
import org.vilam.web.image.EncodedImage;
import org.vilam.web.json.Json;

/**
 * LabelMe's file (labelme 5, {@code label_file.py}), one a picture; several come as a zip archive.
 *
 * <p>The shapes of one object have its number as {@code group_id}: a polygon for each part of an outline, or a rectangle, and a
 * point for each keypoint. An outline with holes is a shape of type {@code mask}, a picture of the object's box.
 */
final class LabelMeExport implements ExportFormat {
    private static final String VERSION = "5.5.0";

    @Override
    public Exported write(List<AnnotatedImage> images) {
        if (images.size() == 1) {
            AnnotatedImage image = images.get(0);
            return Exported.json("application/json", image.stem() + ".json", file(image));
        }
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (AnnotatedImage image : images) {
            files.put(image.stem() + ".json", Exported.json("", "", file(image)).bytes());
            files.computeIfAbsent(
                    image.fileName(), name -> image.upright().get().bytes());
        }
        return Exported.zip("labelme.zip", files);
    }

    private static ObjectNode file(AnnotatedImage image) {
        ObjectNode root = Json.object().put("version", VERSION);
        root.putObject("flags");
        ArrayNode shapes = root.putArray("shapes");
        List<FoundObject> objects = image.result().objects();
        for (int i = 0; i < objects.size(); i++) {
            shapes(shapes, objects.get(i), i + 1);
        }
        root.put("imagePath", image.fileName());
        root.putNull("imageData");
        root.put("imageHeight", image.height());
        root.put("imageWidth", image.width());
        return root;
    }

    private static void shapes(ArrayNode shapes, FoundObject object, int group) {
        boolean holes =
                object.polygons().stream().anyMatch(part -> !part.holes().isEmpty());
        if (holes) {
            mask(shapes, object, group);
        } else if (object.polygons().isEmpty()) {
            Box box = object.box();
            shape(
                    shapes,
                    object.label(),
                    List.of(new Point(box.x1(), box.y1()), new Point(box.x2(), box.y2())),
                    group,
                    object.phrase(),
                    "rectangle");
        } else {
            for (Polygon part : object.polygons()) {
                shape(shapes, object.label(), part.exterior(), group, object.phrase(), "polygon");
            }
        }
        for (NamedPoint point : object.keypoints()) {
            Double x = point.x();
            Double y = point.y();
            if (x != null && y != null) {
                shape(shapes, point.name(), List.of(new Point(x, y)), group, "", "point");
            }
        }
    }

    /** LabelMe's mask is as wide as its two points are apart, both included. */
    private static void mask(ArrayNode shapes, FoundObject object, int group) {
        Box box = object.box();
        int left = (int) Math.floor(box.x1());
        int top = (int) Math.floor(box.y1());
        int width = Math.max(1, (int) Math.ceil(box.x2()) - left);
        int height = Math.max(1, (int) Math.ceil(box.y2()) - top);
        List<Polygon> moved = object.polygons().stream()
                .map(part -> new Polygon(
                        shifted(part.exterior(), left, top),
                        part.holes().stream()
                                .map(hole -> shifted(hole, left, top))
                                .toList()))
                .toList();
        ObjectNode shape = shape(
                shapes,
                object.label(),
                List.of(new Point(left, top), new Point(left + width - 1.0, top + height - 1.0)),
                group,
                object.phrase(),
                "mask");
        byte[] png = EncodedImage.png(Mask.ofPolygons(width, height, moved)).bytes();
        shape.put("mask", Base64.getEncoder().encodeToString(png));
    }

    private static List<Point> shifted(List<Point> ring, int left, int top) {
        return ring.stream().map(p -> new Point(p.x() - left, p.y() - top)).toList();
    }

    private static ObjectNode shape(
            ArrayNode shapes, String label, List<Point> points, int group, String description, String type) {
        ObjectNode shape = shapes.addObject().put("label", Objects.requireNonNull(label));
        ArrayNode list = shape.putArray("points");
        points.forEach(p -> list.addArray().add(p.x()).add(p.y()));
        shape.put("group_id", group);
        shape.put("description", description);
        shape.put("shape_type", type);
        shape.putObject("flags");
        shape.putNull("mask");
        return shape;
    }
}
