package org.vilam.grounding.result;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Polygon;
import org.vilam.vision.geometry.Rle;
import org.vilam.vision.geometry.Visibility;

/**
 * One object of a result. Pixels have two decimals, scores four.
 *
 * @param id its name in the dialogue, such as {@code o1}; an object that is found again keeps it
 * @param rank 1 for the best; of candidates to choose from, the number to answer with
 * @param label what kind of thing it is, such as {@code dog}
 * @param phrase the words that were looked for, or that describe it
 * @param score 0..1; null where the place was given and not found
 * @param box pixels, with area
 * @param polygons its outline, where asked for
 * @param mask its pixels, where asked for
 * @param keypoints its named points, where asked for
 * @param area square pixels of the outline where there is one, else of the box
 * @param cycle what came of describing it and looking for the description, where asked for
 */
public record FoundObject(
        String id,
        int rank,
        String label,
        String phrase,
        @Nullable Double score,
        Box box,
        List<Polygon> polygons,
        @Nullable Rle mask,
        List<NamedPoint> keypoints,
        double area,
        @Nullable Cycle cycle) {
    /**
     * Rounds and checks.
     *
     * @throws VilamException INVALID_ARGUMENT naming the field
     */
    public FoundObject {
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(phrase, "phrase");
        if (!id.matches("[A-Za-z0-9_-]{1,64}")) {
            throw invalid("id: an object is not called \"" + id + "\"");
        }
        if (rank < 1) {
            throw invalid("rank: " + rank + " is less than 1");
        }
        score = score == null ? null : probability("score", score);
        box = Rounding.pixels(box);
        if (box.isEmpty()) {
            throw invalid("box: " + box + " has no area");
        }
        polygons = polygons.stream().map(Rounding::pixels).toList();
        keypoints = List.copyOf(keypoints);
        if (!(area >= 0 && area < Double.POSITIVE_INFINITY)) {
            throw invalid("area: " + area + " is no area");
        }
        area = Rounding.pixels(area);
    }

    /**
     * A named point.
     *
     * @param name as in COCO's list of 17; left and right are the person's own
     * @param x pixels; null exactly where the point is absent
     * @param y as x
     * @param visibility whether it is seen, hidden or not there
     * @param score 0..1, how sure it is that it can be seen
     */
    public record NamedPoint(
            String name, @Nullable Double x, @Nullable Double y, Visibility visibility, double score) {
        /**
         * Rounds and checks.
         *
         * @throws VilamException INVALID_ARGUMENT naming the field
         */
        public NamedPoint {
            Objects.requireNonNull(name, "name");
            boolean absent = visibility == Visibility.ABSENT;
            if ((x == null) != absent || (y == null) != absent) {
                throw invalid("visibility: " + name + " is " + visibility + " at x " + x + ", y " + y);
            }
            x = x == null ? null : Rounding.pixels(x);
            y = y == null ? null : Rounding.pixels(y);
            score = probability("score", score);
        }
    }

    /**
     * The way back: the object described, and the description looked for.
     *
     * @param text the description
     * @param iou 0..1, overlap of what the description found with the object
     * @param consistent whether that is the same object, an overlap of at least {@link #SAME}
     */
    public record Cycle(String text, double iou, boolean consistent) {
        /** The overlap from which on two boxes are one object, as in the REC accuracy at 0.5. */
        public static final double SAME = 0.5;

        /** Rounds and checks. */
        public Cycle {
            Objects.requireNonNull(text, "text");
            iou = probability("iou", iou);
        }
    }

    /** The same object with another rank. */
    public FoundObject withRank(int other) {
        return new FoundObject(id, other, label, phrase, score, box, polygons, mask, keypoints, area, cycle);
    }

    /** The same object under another label. */
    public FoundObject withLabel(String other) {
        return new FoundObject(id, rank, other, phrase, score, box, polygons, mask, keypoints, area, cycle);
    }

    /** The same object under other words. */
    public FoundObject withPhrase(String other) {
        return new FoundObject(id, rank, label, other, score, box, polygons, mask, keypoints, area, cycle);
    }

    /** The same object, checked. */
    public FoundObject withCycle(Cycle other) {
        return new FoundObject(id, rank, label, phrase, score, box, polygons, mask, keypoints, area, other);
    }

    private static double probability(String field, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw invalid(field + ": " + value + " is not within 0..1");
        }
        return Rounding.parts(value);
    }

    static VilamException invalid(String message) {
        return new VilamException(
                ErrorCode.INVALID_ARGUMENT, message, "Give a result as this program writes it; see the field's rule.");
    }
}
