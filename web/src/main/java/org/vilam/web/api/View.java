package org.vilam.web.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.vision.geometry.Rle;
import org.vilam.web.image.EncodedImage;
import org.vilam.web.json.Json;

/**
 * How a result is shown to one caller: in which unit and form its places are, and which form its masks have. The result itself
 * is always in pixels; what is shown says in {@code coordinates} how it is to be read.
 *
 * @param coords unit of all places; areas stay square pixels
 * @param box what the four numbers of a box are
 * @param mask which form masks have; null: as the result has them
 */
record View(
        @Nullable Coords coords,
        @Nullable BoxForm box,
        @Nullable MaskForm mask) {
    /** The result as it is. */
    static final View PLAIN = new View(null, null, null);

    static final List<String> FIELDS = List.of("coords", "box", "mask");

    /** The unit of places. */
    enum Coords {
        /** Pixels. */
        PIXEL,
        /** Parts 0..1 of the picture's sides. */
        NORM1,
        /** Thousandths of the picture's sides. */
        NORM1000
    }

    /** The numbers of a box. */
    enum BoxForm {
        /** Left, top, right, bottom. */
        XYXY,
        /** Left, top, width, height. */
        XYWH,
        /** Centre, width, height. */
        CXCYWH
    }

    /** The form of masks. */
    enum MaskForm {
        POLYGON,
        RLE,
        /** A base-64 PNG of the picture's size, white where the object is. */
        PNG,
        NONE
    }

    /** Takes the fields of a view out of an options object, which is left with those of the assistant. */
    static View takenFrom(@Nullable ObjectNode options) {
        if (options == null) {
            return PLAIN;
        }
        ObjectNode own = Json.object();
        for (String field : FIELDS) {
            JsonNode value = options.remove(field);
            if (value != null) {
                own.set(field, value);
            }
        }
        View view = Json.read(own, View.class, "options");
        if (view.mask != null && !options.has("masks")) {
            options.put("masks", view.mask != MaskForm.NONE);
        }
        return view;
    }

    /** The result as JSON in this view. */
    JsonNode show(GroundingResult result) {
        ObjectNode json = (ObjectNode) Json.tree(result);
        if (equals(PLAIN)) {
            return json;
        }
        ObjectNode coordinates = (ObjectNode) json.get("coordinates");
        coordinates.put("unit", coords == null ? "pixel" : name(coords));
        coordinates.put("box", box == null ? "xyxy" : name(box));
        double sx = scale(result.image().width());
        double sy = scale(result.image().height());
        show(result.objects(), (ArrayNode) json.get("objects"), sx, sy);
        show(result.alternatives(), (ArrayNode) json.get("alternatives"), sx, sy);
        return json;
    }

    private double scale(int side) {
        return coords == null || coords == Coords.PIXEL ? 1 : (coords == Coords.NORM1 ? 1.0 : 1000.0) / side;
    }

    private void show(List<FoundObject> objects, ArrayNode shown, double sx, double sy) {
        for (int i = 0; i < objects.size(); i++) {
            FoundObject object = objects.get(i);
            ObjectNode json = (ObjectNode) shown.get(i);
            ArrayNode numbers = json.putArray("box");
            double[] form = box == BoxForm.XYWH
                    ? object.box().toXywh()
                    : box == BoxForm.CXCYWH
                            ? object.box().toCxcywh()
                            : new double[] {
                                object.box().x1(),
                                object.box().y1(),
                                object.box().x2(),
                                object.box().y2()
                            };
            for (int k = 0; k < 4; k++) {
                numbers.add(rounded(form[k] * (k % 2 == 0 ? sx : sy)));
            }
            for (JsonNode keypoint : json.path("keypoints")) {
                if (keypoint.has("x")) {
                    ((ObjectNode) keypoint).put("x", rounded(keypoint.get("x").doubleValue() * sx));
                    ((ObjectNode) keypoint).put("y", rounded(keypoint.get("y").doubleValue() * sy));
                }
            }
            for (JsonNode polygon : json.path("polygons")) {
                scale((ArrayNode) polygon.get("exterior"), sx, sy);
                polygon.get("holes").forEach(hole -> scale((ArrayNode) hole, sx, sy));
            }
            showMask(object, json);
        }
    }

    private void showMask(FoundObject object, ObjectNode json) {
        if (mask == null) {
            return;
        }
        if (mask != MaskForm.POLYGON) {
            json.putArray("polygons");
        }
        Rle rle = object.mask();
        if (mask == MaskForm.PNG && rle != null) {
            ObjectNode png = json.putObject("mask");
            png.put("format", "png");
            png.putArray("size").add(rle.height()).add(rle.width());
            png.put(
                    "data",
                    Base64.getEncoder()
                            .encodeToString(EncodedImage.png(rle.toMask()).bytes()));
        } else if (mask != MaskForm.RLE) {
            json.remove("mask");
        }
    }

    private void scale(ArrayNode ring, double sx, double sy) {
        for (Iterator<JsonNode> points = ring.elements(); points.hasNext(); ) {
            ArrayNode point = (ArrayNode) points.next();
            point.set(0, rounded(point.get(0).doubleValue() * sx));
            point.set(1, rounded(point.get(1).doubleValue() * sy));
        }
    }

    /** Two decimals of pixels or thousandths; five of parts, as finely as others write them. */
    private double rounded(double value) {
        double steps = coords == Coords.NORM1 ? 1e5 : 1e2;
        return Math.round(value * steps) / steps;
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
