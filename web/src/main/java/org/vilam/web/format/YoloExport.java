package org.vilam.web.format;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.vilam.grounding.result.FoundObject;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Polygon;
import org.vilam.vision.geometry.Skeleton;
import org.vilam.web.json.Json;

/**
 * A data set for Ultralytics YOLO (docs.ultralytics.com/datasets: detect, segment, pose) as a zip archive: {@code data.yaml},
 * {@code images/train}, {@code labels/train}. All numbers are parts 0..1 of the picture's sides.
 *
 * <p>Segments have one ring an object, see {@link Keyhole}; an object without an outline has its box's corners. In a pose file
 * there are the objects that have keypoints.
 */
final class YoloExport implements ExportFormat {
    /** What the label files hold. */
    enum Kind {
        DETECT,
        SEGMENT,
        POSE
    }

    private final Kind kind;

    YoloExport(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Exported write(List<AnnotatedImage> images) {
        Categories categories = new Categories(images);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("data.yaml", bytes(dataYaml(categories)));
        for (AnnotatedImage image : images) {
            String labels = image.result().objects().stream()
                    .filter(object -> kind != Kind.POSE || !object.keypoints().isEmpty())
                    .map(object -> line(object, categories.index(object), image))
                    .collect(Collectors.joining());
            files.put("labels/train/" + image.stem() + ".txt", bytes(labels));
            files.computeIfAbsent(
                    "images/train/" + image.fileName(),
                    name -> image.upright().get().bytes());
        }
        return Exported.zip("yolo-" + kind.name().toLowerCase(Locale.ROOT) + ".zip", files);
    }

    private String line(FoundObject object, int category, AnnotatedImage image) {
        StringBuilder line = new StringBuilder().append(category);
        double w = image.width();
        double h = image.height();
        if (kind == Kind.SEGMENT) {
            List<Polygon> parts = object.polygons().isEmpty() ? List.of(Polygon.of(object.box())) : object.polygons();
            for (Point point : Keyhole.ring(parts)) {
                append(line, point.x() / w, point.y() / h);
            }
        } else {
            Box box = object.box();
            double[] form = box.toCxcywh();
            append(line, form[0] / w, form[1] / h);
            append(line, form[2] / w, form[3] / h);
        }
        if (kind == Kind.POSE) {
            double[] xyv = CocoKeypoints.of(object).toCoco();
            for (int i = 0; i < xyv.length; i += 3) {
                append(line, xyv[i] / w, xyv[i + 1] / h);
                line.append(' ').append((int) xyv[i + 2]);
            }
        }
        return line.append('\n').toString();
    }

    private static void append(StringBuilder line, double x, double y) {
        line.append(String.format(Locale.ROOT, " %.6f %.6f", clamp(x), clamp(y)));
    }

    private static double clamp(double part) {
        return Math.max(0, Math.min(1, part));
    }

    private String dataYaml(Categories categories) {
        StringBuilder yaml = new StringBuilder("path: .\ntrain: images/train\nval: images/train\n");
        if (kind == Kind.POSE) {
            yaml.append("kpt_shape: [").append(Skeleton.COCO_PERSON.size()).append(", 3]\n");
            yaml.append("flip_idx: ").append(Skeleton.COCO_PERSON.mirror()).append('\n');
        }
        if (categories.names().isEmpty()) {
            return yaml.append("names: {}\n").toString();
        }
        yaml.append("names:\n");
        for (int c = 0; c < categories.names().size(); c++) {
            // A JSON text is a YAML text, whatever is in it.
            yaml.append("  ")
                    .append(c)
                    .append(": ")
                    .append(Json.write(categories.names().get(c)))
                    .append('\n');
        }
        return yaml.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
