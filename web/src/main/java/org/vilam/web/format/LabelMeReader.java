package org.vilam.web.format;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vilam.grounding.result.FoundObject.NamedPoint;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Polygon;
import org.vilam.vision.geometry.Visibility;
import org.vilam.vision.image.ImageDecoder;
import org.vilam.vision.image.RgbImage;

/**
 * Reads LabelMe's file (labelme 5, {@code label_file.py}): polygons, rectangles, circles and masks are objects, those of one
 * label and group the parts of one; points of a group are its object's keypoints. Lines, and points that belong to nothing, are
 * left out.
 */
final class LabelMeReader {
    private static final int CIRCLE_CORNERS = 64;
    private static final int MOST_SHAPES = 20_000;

    private final JsonNode root;
    private final Map<String, Parts> objects = new LinkedHashMap<>();

    /** An object as it is put together. */
    private static final class Parts {
        final String path;
        final String label;
        final String phrase;
        final List<Polygon> outline = new ArrayList<>();
        final List<NamedPoint> keypoints = new ArrayList<>();

        @Nullable
        Box box;

        Parts(String path, String label, String phrase) {
            this.path = path;
            this.label = label;
            this.phrase = phrase;
        }
    }

    LabelMeReader(JsonNode root) {
        this.root = root;
    }

    ImportedImage read() {
        int width = Fields.side(root, "imageWidth", "");
        int height = Fields.side(root, "imageHeight", "");
        String fileName = Fields.fileName(Fields.text(root, "imagePath", ""));
        Drafts drafts = new Drafts(width, height);
        JsonNode shapes = Fields.list(root, "shapes", "");
        if (shapes.size() > MOST_SHAPES) {
            throw Fields.wrong("shapes", "a list of at most " + MOST_SHAPES);
        }
        for (int i = 0; i < shapes.size(); i++) {
            if (!shapes.get(i).path("shape_type").asText("polygon").equals("point")) {
                shape(shapes.get(i), "shapes[" + i + "]", i, width, height, drafts);
            }
        }
        for (int i = 0; i < shapes.size(); i++) {
            if (shapes.get(i).path("shape_type").asText().equals("point")) {
                keypoint(shapes.get(i), "shapes[" + i + "]", drafts);
            }
        }
        objects.values()
                .forEach(parts -> drafts.add(
                        parts.path,
                        parts.label,
                        parts.phrase,
                        null,
                        parts.outline.isEmpty() ? parts.box : null,
                        parts.outline,
                        parts.keypoints));
        return new ImportedImage(fileName, width, height, pixels(), drafts.objects(), drafts.skipped());
    }

    private Optional<byte[]> pixels() {
        JsonNode data = root.path("imageData");
        return data.isTextual() ? Optional.of(base64(data.textValue(), "imageData")) : Optional.empty();
    }

    private void shape(JsonNode json, String path, int number, int width, int height, Drafts drafts) {
        String label = Fields.text(json, "label", path + ".");
        String type = json.path("shape_type").asText("polygon");
        List<Point> points = Fields.points(json.path("points"), path + ".points");
        JsonNode group = json.path("group_id");
        String key = group.isNumber() ? group.asText() + "/" + label : "#" + number;
        String description = json.path("description").asText("");
        try {
            switch (type) {
                case "polygon" -> parts(key, path, label, description).outline.add(Polygon.of(points));
                case "rectangle" -> {
                    require(points.size() == 2, path, "two corners of a rectangle");
                    Box box = Box.spanning(points.get(0), points.get(1));
                    Parts parts = parts(key, path, label, description);
                    parts.box = parts.box == null ? box : parts.box.hull(box);
                }
                case "circle" -> {
                    require(points.size() == 2, path, "the middle and the edge of a circle");
                    parts(key, path, label, description).outline.add(circle(points.get(0), points.get(1)));
                }
                case "mask" -> {
                    require(points.size() == 2, path, "two corners of a mask");
                    parts(key, path, label, description).outline.addAll(mask(json, points.get(0), path, width, height));
                }
                default -> drafts.skip(path, "a shape of this type is no region");
            }
        } catch (VilamException e) {
            String message = String.valueOf(e.getMessage());
            throw message.startsWith(path) ? e : new VilamException(e.code(), path + ": " + message, e.hint(), e);
        }
    }

    private Parts parts(String key, String path, String label, String description) {
        return objects.computeIfAbsent(key, k -> new Parts(path, label, description.isBlank() ? label : description));
    }

    private void keypoint(JsonNode json, String path, Drafts drafts) {
        String name = Fields.text(json, "label", path + ".");
        List<Point> points = Fields.points(json.path("points"), path + ".points");
        require(points.size() == 1, path, "one point");
        JsonNode group = json.path("group_id");
        String prefix = group.asText() + "/";
        Parts owner = group.isNumber()
                ? objects.entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith(prefix))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(null)
                : null;
        if (owner == null) {
            drafts.skip(path, "a point belongs to an object by its group_id");
        } else {
            owner.keypoints.add(
                    new NamedPoint(name, points.get(0).x(), points.get(0).y(), Visibility.VISIBLE, 1));
        }
    }

    private static Polygon circle(Point middle, Point edge) {
        double radius = Math.hypot(edge.x() - middle.x(), edge.y() - middle.y());
        List<Point> corners = new ArrayList<>(CIRCLE_CORNERS);
        for (int i = 0; i < CIRCLE_CORNERS; i++) {
            double angle = 2 * Math.PI * i / CIRCLE_CORNERS;
            corners.add(new Point(middle.x() + radius * Math.cos(angle), middle.y() + radius * Math.sin(angle)));
        }
        return Polygon.of(corners);
    }

    private static List<Polygon> mask(JsonNode json, Point corner, String path, int width, int height) {
        JsonNode data = json.path("mask");
        if (!data.isTextual()) {
            throw Fields.wrong(path + ".mask", "a PNG in base 64");
        }
        RgbImage image = new ImageDecoder()
                .decode(base64(data.textValue(), path + ".mask"))
                .pixels();
        int left = (int) Math.floor(corner.x());
        int top = (int) Math.floor(corner.y());
        if ((long) width * height > Integer.MAX_VALUE) {
            throw Fields.wrong("imageWidth", "a side of a picture that can be held in memory");
        }
        return Mask.where(width, height, (x, y) -> {
                    long column = (long) x - left;
                    long row = (long) y - top;
                    return column >= 0
                            && row >= 0
                            && column < image.width()
                            && row < image.height()
                            && image.get((int) column, (int) row, 0) != 0;
                })
                .toPolygons();
    }

    private static byte[] base64(String text, String path) {
        try {
            return Base64.getDecoder().decode(text.replaceAll("[\\r\\n]+", ""));
        } catch (IllegalArgumentException e) {
            throw Fields.wrong(path, "base 64");
        }
    }

    private static void require(boolean holds, String path, String wanted) {
        if (!holds) {
            throw Fields.wrong(path + ".points", wanted);
        }
    }
}
