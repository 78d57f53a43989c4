package org.vilam.web.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.FoundObject.NamedPoint;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Polygon;
import org.vilam.web.json.Json;

/**
 * QuPath's GeoJSON (RFC 7946 with QuPath's properties, {@code qupath.lib.io.PathObjectTypeAdapters}): one annotation an object,
 * in pixels of the full picture, y down. Keypoints are one annotation of points beside it. Several pictures come as a zip
 * archive with a file each.
 */
public final class GeoJsonExport implements ExportFormat {
    private static final String MEDIA_TYPE = "application/geo+json";

    @Override
    public Exported write(List<AnnotatedImage> images) {
        if (images.size() == 1) {
            AnnotatedImage image = images.get(0);
            return Exported.json(MEDIA_TYPE, image.stem() + ".geojson", collection(image.result()));
        }
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (AnnotatedImage image : images) {
            files.put(
                    image.stem() + ".geojson",
                    Exported.json(MEDIA_TYPE, "", collection(image.result())).bytes());
        }
        return Exported.zip("qupath.zip", files);
    }

    private static ObjectNode collection(GroundingResult result) {
        ObjectNode root = Json.object().put("type", "FeatureCollection");
        root.set("features", features(result));
        return root;
    }

    /** A feature for each object, and one for the keypoints of each that has some. */
    static ArrayNode features(GroundingResult result) {
        ArrayNode features = Json.MAPPER.createArrayNode();
        List<FoundObject> objects = result.objects();
        for (int i = 0; i < objects.size(); i++) {
            FoundObject object = objects.get(i);
            ObjectNode feature = features.addObject().put("type", "Feature").put("id", uuid(result, object.id()));
            geometry(feature.putObject("geometry"), object);
            properties(feature.putObject("properties"), object, object.phrase(), i);
            List<NamedPoint> seen =
                    object.keypoints().stream().filter(p -> p.x() != null).toList();
            if (!seen.isEmpty()) {
                ObjectNode points =
                        features.addObject().put("type", "Feature").put("id", uuid(result, object.id() + "-keypoints"));
                ObjectNode geometry = points.putObject("geometry").put("type", "MultiPoint");
                ArrayNode places = geometry.putArray("coordinates");
                seen.forEach(p -> places.addArray().add(p.x()).add(p.y()));
                String names =
                        String.join(", ", seen.stream().map(NamedPoint::name).toList());
                properties(points.putObject("properties"), object, names, i);
            }
        }
        return features;
    }

    /** The outline of an object, or its box where it has none. */
    public static void geometry(ObjectNode geometry, FoundObject object) {
        List<Polygon> parts = object.polygons().isEmpty() ? List.of(Polygon.of(object.box())) : object.polygons();
        if (parts.size() == 1) {
            geometry.put("type", "Polygon");
            rings(geometry.putArray("coordinates"), parts.get(0));
        } else {
            geometry.put("type", "MultiPolygon");
            ArrayNode all = geometry.putArray("coordinates");
            parts.forEach(part -> rings(all.addArray(), part));
        }
    }

    private static void rings(ArrayNode rings, Polygon polygon) {
        ring(rings.addArray(), polygon.exterior());
        polygon.holes().forEach(hole -> ring(rings.addArray(), hole));
    }

    private static void ring(ArrayNode ring, List<Point> points) {
        points.forEach(p -> ring.addArray().add(p.x()).add(p.y()));
        ring.addArray().add(points.get(0).x()).add(points.get(0).y());
    }

    private static void properties(ObjectNode properties, FoundObject object, String name, int index) {
        properties.put("objectType", "annotation");
        properties.put("name", name);
        ObjectNode classification = properties.putObject("classification").put("name", object.label());
        int colour = Palette.colour(index);
        classification
                .putArray("color")
                .add(colour >> 16 & 0xFF)
                .add(colour >> 8 & 0xFF)
                .add(colour & 0xFF);
        properties.put("isLocked", false);
        ObjectNode measurements = properties.putObject("measurements");
        if (object.score() != null) {
            measurements.put("score", object.score());
        }
        measurements.put("area px^2", object.area());
    }

    private static String uuid(GroundingResult result, String object) {
        String name = result.image().sha256() + "/" + result.id() + "/" + object;
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
