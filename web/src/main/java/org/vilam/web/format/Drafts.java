package org.vilam.web.format;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.FoundObject.NamedPoint;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Polygon;
import org.vilam.vision.geometry.Polygons;

/** Objects of one picture as they are read, numbered {@code o1}, {@code o2} and so on. */
final class Drafts {
    private final int width;
    private final int height;
    private final List<FoundObject> objects = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    Drafts(int width, int height) {
        this.width = width;
        this.height = height;
    }

    /**
     * Adds an object, cut to the picture; one of which nothing is in the picture is left out.
     *
     * @param path names it in messages
     * @param box may be null where there is an outline
     */
    void add(
            String path,
            String label,
            String phrase,
            @Nullable Double score,
            @Nullable Box box,
            List<Polygon> outline,
            List<NamedPoint> keypoints) {
        List<Polygon> inside;
        try {
            inside = outline.isEmpty() || fits(outline) ? outline : Polygons.clip(outline, width, height);
        } catch (VilamException e) {
            throw new VilamException(e.code(), path + ": " + e.getMessage(), e.hint(), e);
        }
        Box place = (box != null ? box : Polygons.boundingBox(inside)).clamp(width, height);
        if (cents(place.x1()) == cents(place.x2()) || cents(place.y1()) == cents(place.y2())) {
            skip(path, "nothing of it lies in the picture");
            return;
        }
        double area = inside.isEmpty() ? place.area() : Polygons.area(inside);
        objects.add(new FoundObject(
                "o" + (objects.size() + 1),
                objects.size() + 1,
                label,
                phrase,
                score,
                place,
                inside,
                null,
                keypoints,
                area,
                null));
    }

    /** A result has two decimals: two edges closer than that are one. */
    private static long cents(double pixels) {
        return Math.round(100 * pixels);
    }

    private boolean fits(List<Polygon> outline) {
        Box around = Polygons.boundingBox(outline);
        return around.x1() >= 0 && around.y1() >= 0 && around.x2() <= width && around.y2() <= height;
    }

    void skip(String path, String why) {
        skipped.add(path + " was left out: " + why + ".");
    }

    List<FoundObject> objects() {
        return objects;
    }

    List<String> skipped() {
        return skipped;
    }
}
