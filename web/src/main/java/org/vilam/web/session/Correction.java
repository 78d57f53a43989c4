package org.vilam.web.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Polygon;
import org.vilam.vision.geometry.Polygons;
import org.vilam.vision.geometry.Rle;

/**
 * What a person changes about one object of a result: its place, its name, or that it is there at all.
 *
 * @param box where it is; an outline it had is dropped unless one is given too
 * @param polygons its outline; the box then follows from it
 * @param label what it is
 * @param deleted true: it is not there
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Correction(
        @Nullable Box box,
        @Nullable List<Polygon> polygons,
        @Nullable String label,
        @Nullable Boolean deleted) {
    private static final int MAX_LABEL = 200;

    /**
     * Checks that it says something.
     *
     * @throws VilamException INVALID_ARGUMENT naming the field
     */
    public Correction {
        polygons = polygons == null ? null : List.copyOf(polygons);
        if (box == null && polygons == null && label == null && deleted == null) {
            throw invalid("the correction is empty", "Give box, polygons, label or deleted.");
        }
        if (polygons != null && polygons.isEmpty()) {
            throw invalid("polygons: the list is empty", "Give one polygon or more, or leave the field out.");
        }
        if (box != null && polygons != null) {
            throw invalid("box: polygons are given too", "Give one of them; the box follows from the polygons.");
        }
        if (label != null && (label.isBlank() || label.length() > MAX_LABEL)) {
            throw invalid("label: it has " + label.length() + " characters", "Give 1 to " + MAX_LABEL + ".");
        }
        if (Boolean.TRUE.equals(deleted) && (box != null || polygons != null || label != null)) {
            throw invalid("deleted: a place or label is given too", "Send deleted alone.");
        }
    }

    /**
     * The result with this correction of one object. A candidate among the alternatives that is corrected becomes an object; an
     * object that is not there yet is added where a place is given.
     *
     * @throws VilamException NOT_FOUND when there is no such object and no place to put one; GEOMETRY_INVALID when nothing of
     *     the place lies in the picture
     */
    public GroundingResult applyTo(GroundingResult result, String object) {
        FoundObject before = result.find(object);
        if (before == null && box == null && polygons == null) {
            throw new VilamException(
                    ErrorCode.NOT_FOUND,
                    "the result has no such object",
                    "Its objects are " + ids(result) + "; a new one needs a box or polygons.");
        }
        List<FoundObject> objects = new ArrayList<>();
        boolean placed = false;
        for (FoundObject each : result.objects()) {
            if (!each.id().equals(object)) {
                objects.add(each);
            } else if (!Boolean.TRUE.equals(deleted)) {
                objects.add(changed(each, result));
                placed = true;
            }
        }
        boolean wasCandidate = result.alternatives().stream().anyMatch(a -> a.id().equals(object));
        if (!placed && !Boolean.TRUE.equals(deleted)) {
            objects.add(changed(before == null ? drawn(result, object, objects.size() + 1) : before, result));
        }
        GroundingResult base = wasCandidate ? withoutAlternative(result, object) : result;
        return base.withObjects(objects);
    }

    private static List<String> ids(GroundingResult result) {
        return Stream.concat(result.objects().stream(), result.alternatives().stream())
                .map(FoundObject::id)
                .toList();
    }

    private FoundObject drawn(GroundingResult result, String object, int rank) {
        Box place = clamped(box != null ? box : Polygons.boundingBox(Objects.requireNonNull(polygons)), result.image());
        return new FoundObject(
                object,
                rank,
                label == null ? "object" : label,
                label == null ? "object" : label,
                null,
                place,
                List.of(),
                null,
                List.of(),
                place.area(),
                null);
    }

    private FoundObject changed(FoundObject o, GroundingResult result) {
        GroundingResult.Image image = result.image();
        boolean moved = box != null || polygons != null;
        Box place = o.box();
        List<Polygon> outline = o.polygons();
        Rle mask = o.mask();
        double area = o.area();
        if (box != null) {
            place = clamped(box, image);
            outline = List.of();
            mask = null;
            area = place.area();
        } else if (polygons != null) {
            outline = Polygons.clip(polygons, image.width(), image.height());
            place = clamped(Polygons.boundingBox(outline), image);
            mask = mask == null ? null : Rle.ofPolygons(image.width(), image.height(), outline);
            area = Polygons.area(outline);
        }
        return new FoundObject(
                o.id(),
                o.rank(),
                label == null ? o.label() : label,
                o.phrase(),
                moved ? null : o.score(), // a score is the model's, and this place is not
                place,
                outline,
                mask,
                o.keypoints(),
                area,
                moved ? null : o.cycle());
    }

    private static Box clamped(Box box, GroundingResult.Image image) {
        Box inside = box.clamp(image.width(), image.height());
        if (inside.width() < 0.01 || inside.height() < 0.01) {
            throw new VilamException(
                    ErrorCode.GEOMETRY_INVALID,
                    "box: nothing of it lies in the picture of " + image.width() + " x " + image.height(),
                    "Give a place with area inside the picture.");
        }
        return inside;
    }

    private static GroundingResult withoutAlternative(GroundingResult r, String object) {
        List<FoundObject> others =
                r.alternatives().stream().filter(a -> !a.id().equals(object)).toList();
        List<GroundingResult.Phrase> phrases = r.phrases().stream()
                .map(p -> new GroundingResult.Phrase(
                        p.text(),
                        p.start(),
                        p.end(),
                        p.objects().stream().filter(id -> !id.equals(object)).toList()))
                .toList();
        return new GroundingResult(
                r.id(),
                r.task(),
                r.taskSource(),
                r.instruction(),
                // With a candidate settled there is nothing left to ask.
                r.status() == GroundingResult.Status.AMBIGUOUS ? GroundingResult.Status.OK : r.status(),
                r.presence(),
                r.image(),
                r.coordinates(),
                r.answer(),
                phrases,
                r.objects(),
                others,
                r.warnings(),
                r.model(),
                r.timingMs());
    }

    private static VilamException invalid(String message, String hint) {
        return new VilamException(ErrorCode.INVALID_ARGUMENT, message, hint);
    }
}
