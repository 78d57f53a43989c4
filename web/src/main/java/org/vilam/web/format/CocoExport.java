package org.vilam.web.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vilam.grounding.result.FoundObject;
import org.vilam.vision.geometry.Keypoints;
import org.vilam.vision.geometry.Polygon;
import org.vilam.vision.geometry.Rle;
import org.vilam.vision.geometry.Skeleton;
import org.vilam.web.json.Json;

/**
 * COCO's annotation format (cocodataset.org/#format-data): {@code instances} and {@code person_keypoints} in one file.
 *
 * <p>Outlines are flat polygons; one with holes, which those cannot say, is a compressed run-length code, as in COCO's own crowd
 * annotations and read by pycocotools' {@code annToRLE}. {@code score} and {@code phrase} are additions that readers skip.
 */
final class CocoExport implements ExportFormat {
    @Override
    public Exported write(List<AnnotatedImage> images) {
        Categories categories = new Categories(images);
        ObjectNode root = Json.object();
        root.putObject("info").put("description", "ViLaM for Java").put("version", "1.0");
        root.putArray("licenses");
        ArrayNode imageList = root.putArray("images");
        ArrayNode annotations = root.putArray("annotations");
        for (int i = 0; i < images.size(); i++) {
            AnnotatedImage image = images.get(i);
            imageList
                    .addObject()
                    .put("id", i + 1)
                    .put("file_name", image.fileName())
                    .put("width", image.width())
                    .put("height", image.height());
            for (FoundObject object : image.result().objects()) {
                annotation(
                        annotations.addObject().put("id", annotations.size()),
                        object,
                        image,
                        i + 1,
                        categories.index(object) + 1);
            }
        }
        categories(root.putArray("categories"), categories, images);
        return Exported.json("application/json", "annotations.coco.json", root);
    }

    private static void annotation(
            ObjectNode json, FoundObject object, AnnotatedImage image, int imageId, int categoryId) {
        json.put("image_id", imageId);
        json.put("category_id", categoryId);
        ArrayNode box = json.putArray("bbox");
        for (double value : object.box().toXywh()) {
            box.add(Math.round(value * 100) / 100.0);
        }
        json.put("area", object.area());
        json.put("iscrowd", 0);
        segmentation(json, object, image);
        if (!object.keypoints().isEmpty()) {
            Keypoints keypoints = CocoKeypoints.of(object);
            ArrayNode flat = json.putArray("keypoints");
            for (double value : keypoints.toCoco()) {
                flat.add(value);
            }
            json.put("num_keypoints", keypoints.labelled());
        }
        if (object.score() != null) {
            json.put("score", object.score());
        }
        json.put("phrase", object.phrase());
    }

    private static void segmentation(ObjectNode json, FoundObject object, AnnotatedImage image) {
        boolean holes =
                object.polygons().stream().anyMatch(part -> !part.holes().isEmpty());
        Rle rle = holes || object.polygons().isEmpty() ? rle(object, image) : null;
        if (rle != null) {
            ObjectNode code = json.putObject("segmentation");
            code.putArray("size").add(rle.height()).add(rle.width());
            code.put("counts", rle.toCompressedString());
            return;
        }
        ArrayNode parts = json.putArray("segmentation");
        for (Polygon part : object.polygons()) {
            ArrayNode flat = parts.addArray();
            for (double value : part.toFlat()) {
                flat.add(value);
            }
        }
    }

    /** The object's pixels, from its mask or outline; null where it has neither. */
    static @Nullable Rle rle(FoundObject object, AnnotatedImage image) {
        if (object.mask() != null) {
            return object.mask();
        }
        return object.polygons().isEmpty() ? null : Rle.ofPolygons(image.width(), image.height(), object.polygons());
    }

    private static void categories(ArrayNode json, Categories categories, List<AnnotatedImage> images) {
        for (int c = 0; c < categories.names().size(); c++) {
            String name = categories.names().get(c);
            ObjectNode category =
                    json.addObject().put("id", c + 1).put("name", name).put("supercategory", "");
            boolean pose = images.stream()
                    .flatMap(image -> image.result().objects().stream())
                    .anyMatch(o -> o.label().equals(name) && !o.keypoints().isEmpty());
            if (pose) {
                Skeleton.COCO_PERSON.names().forEach(category.putArray("keypoints")::add);
                ArrayNode edges = category.putArray("skeleton");
                Skeleton.COCO_PERSON
                        .edges()
                        .forEach(e -> edges.addArray().add(e.from() + 1).add(e.to() + 1));
            }
        }
    }
}
