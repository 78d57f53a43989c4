package org.vilam.web.format;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vilam.grounding.result.FoundObject.NamedPoint;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Polygon;
import org.vilam.vision.geometry.Rle;
import org.vilam.vision.geometry.Visibility;

/**
 * Reads COCO's annotation format (cocodataset.org/#format-data): boxes, polygons, run lengths in both forms, and keypoints of any
 * skeleton that its category names. Crowds are left out, since they are no single object.
 */
final class CocoReader {
    private static final int MOST_ANNOTATIONS = 200_000;

    private final JsonNode root;
    private final Map<Long, Category> categories = new HashMap<>();

    private record Category(String name, List<String> keypoints) {}

    private record Image(String fileName, int width, int height, Drafts drafts) {}

    CocoReader(JsonNode root) {
        this.root = root;
    }

    List<ImportedImage> read() {
        JsonNode list = Fields.list(root, "categories", "");
        for (int i = 0; i < list.size(); i++) {
            String path = "categories[" + i + "].";
            List<String> keypoints = new ArrayList<>();
            list.get(i).path("keypoints").forEach(name -> keypoints.add(name.asText()));
            categories.put(
                    Fields.whole(list.get(i), "id", path),
                    new Category(Fields.text(list.get(i), "name", path), keypoints));
        }
        Map<Long, Image> images = images();
        JsonNode annotations = Fields.list(root, "annotations", "");
        if (annotations.size() > MOST_ANNOTATIONS) {
            throw Fields.wrong("annotations", "a list of at most " + MOST_ANNOTATIONS);
        }
        for (int i = 0; i < annotations.size(); i++) {
            annotation(annotations.get(i), "annotations[" + i + "]", images);
        }
        return images.values().stream()
                .map(image -> new ImportedImage(
                        image.fileName(),
                        image.width(),
                        image.height(),
                        Optional.empty(),
                        image.drafts().objects(),
                        image.drafts().skipped()))
                .toList();
    }

    private Map<Long, Image> images() {
        Map<Long, Image> images = new LinkedHashMap<>();
        JsonNode list = Fields.list(root, "images", "");
        for (int i = 0; i < list.size(); i++) {
            String path = "images[" + i + "].";
            JsonNode image = list.get(i);
            int width = Fields.side(image, "width", path);
            int height = Fields.side(image, "height", path);
            images.put(
                    Fields.whole(image, "id", path),
                    new Image(
                            Fields.fileName(Fields.text(image, "file_name", path)),
                            width,
                            height,
                            new Drafts(width, height)));
        }
        return images;
    }

    private void annotation(JsonNode json, String path, Map<Long, Image> images) {
        Image image = images.get(Fields.whole(json, "image_id", path + "."));
        Category category = categories.get(Fields.whole(json, "category_id", path + "."));
        if (image == null) {
            throw Fields.wrong(path + ".image_id", "the id of one of the images");
        }
        if (category == null) {
            throw Fields.wrong(path + ".category_id", "the id of one of the categories");
        }
        if (json.path("iscrowd").asInt() != 0) {
            image.drafts().skip(path, "it is a crowd");
            return;
        }
        List<Polygon> outline = outline(json.path("segmentation"), path + ".segmentation", image);
        Box box = null;
        if (json.has("bbox")) {
            double[] xywh = Fields.numbers(json.get("bbox"), path + ".bbox");
            if (xywh.length != 4 || xywh[2] < 0 || xywh[3] < 0) {
                throw Fields.wrong(path + ".bbox", "a box x, y, width, height");
            }
            box = Box.ofXywh(xywh[0], xywh[1], xywh[2], xywh[3]);
        }
        Double score = json.has("score") ? Fields.number(json.get("score"), path + ".score") : null;
        if (score != null && (score < 0 || score > 1)) {
            throw Fields.wrong(path + ".score", "a number within 0..1");
        }
        String phrase = json.path("phrase").isTextual() ? Fields.text(json, "phrase", path + ".") : category.name();
        image.drafts().add(path, category.name(), phrase, score, box, outline, keypoints(json, path, category));
    }

    private static List<Polygon> outline(JsonNode segmentation, String path, Image image) {
        try {
            if (segmentation.isArray()) {
                List<Polygon> parts = new ArrayList<>();
                for (int i = 0; i < segmentation.size(); i++) {
                    parts.add(Polygon.ofFlat(Fields.numbers(segmentation.get(i), path + "[" + i + "]")));
                }
                return parts;
            }
            if (segmentation.isObject()) {
                return rle(segmentation, path, image).toMask().toPolygons();
            }
        } catch (VilamException e) {
            String message = String.valueOf(e.getMessage());
            throw message.startsWith(path) ? e : new VilamException(e.code(), path + ": " + message, e.hint(), e);
        }
        return List.of();
    }

    private static Rle rle(JsonNode code, String path, Image image) {
        double[] size = Fields.numbers(code.path("size"), path + ".size");
        if (size.length != 2 || size[0] != image.height() || size[1] != image.width()) {
            throw Fields.wrong(path + ".size", "the picture's height and width");
        }
        JsonNode counts = code.path("counts");
        if (counts.isTextual()) {
            return Rle.parse(image.width(), image.height(), counts.textValue());
        }
        double[] runs = Fields.numbers(counts, path + ".counts");
        int[] whole = new int[runs.length];
        for (int i = 0; i < runs.length; i++) {
            whole[i] = (int) runs[i];
        }
        return Rle.ofCounts(image.width(), image.height(), whole);
    }

    private static List<NamedPoint> keypoints(JsonNode json, String path, Category category) {
        if (!json.has("keypoints")) {
            return List.of();
        }
        double[] xyv = Fields.numbers(json.get("keypoints"), path + ".keypoints");
        if (xyv.length != 3 * category.keypoints().size()) {
            throw Fields.wrong(
                    path + ".keypoints",
                    "x, y, v for each of the " + category.keypoints().size() + " keypoints of its category");
        }
        List<NamedPoint> points = new ArrayList<>();
        for (int i = 0; i < xyv.length; i += 3) {
            String name = category.keypoints().get(i / 3);
            points.add(
                    xyv[i + 2] == 0
                            ? new NamedPoint(name, null, null, Visibility.ABSENT, 1)
                            : new NamedPoint(
                                    name,
                                    xyv[i],
                                    xyv[i + 1],
                                    xyv[i + 2] == 1 ? Visibility.OCCLUDED : Visibility.VISIBLE,
                                    1));
        }
        return points;
    }
}
