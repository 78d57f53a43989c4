package org.vilam.assistant.dialogue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.Options;
import org.vilam.grounding.answer.Grounded.Found;
import org.vilam.grounding.answer.Grounded.ScoredKeypoint;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.FoundObject.NamedPoint;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.geometry.Outline;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Polygon;

/** Makes objects of a result from what heads found, under names that last through the dialogue. */
final class ObjectMaker {
    /** No outline has more corners. */
    static final int MOST_CORNERS = 400;
    /** Parts of a mask with fewer pixels are dust. */
    private static final int DUST = 4;

    private final Options options;
    private final Memory memory;
    private final Set<String> taken;
    private final List<FoundObject> made = new ArrayList<>();

    ObjectMaker(Options options, Memory memory) {
        this.options = options;
        this.memory = memory;
        this.taken = new TreeSet<>(memory.ids());
    }

    /**
     * @param label what kind of thing it is
     * @param phrase the words it was found by
     * @param points the body points asked for, none for none
     */
    FoundObject found(Found found, int rank, String label, String phrase, List<String> points) {
        return object(found.box(), rank, label, phrase, found.score(), found.mask().orElse(null), points(found, points));
    }

    /** A place that was given. */
    FoundObject given(Box box, String label, String phrase) {
        return object(box, 1, label, phrase, null, null, List.of());
    }

    /** An object with the mask and points of what was found in its place. */
    FoundObject enriched(FoundObject object, Found found, List<String> points) {
        Drawn drawn = drawn(found.mask().orElse(null));
        boolean outlined = !drawn.parts.isEmpty();
        List<NamedPoint> named = points(found, points);
        FoundObject richer = new FoundObject(
                object.id(),
                object.rank(),
                object.label(),
                object.phrase(),
                object.score(),
                object.box(),
                outlined ? drawn.parts : object.polygons(),
                outlined ? drawn.mask.toRle() : object.mask(),
                named.isEmpty() ? object.keypoints() : named,
                outlined ? drawn.mask.area() : object.area(),
                object.cycle());
        made.replaceAll(o -> o.id().equals(richer.id()) ? richer : o);
        return richer;
    }

    private FoundObject object(
            Box box,
            int rank,
            String label,
            String phrase,
            @Nullable Double score,
            @Nullable Mask mask,
            List<NamedPoint> points) {
        Drawn drawn = drawn(mask);
        boolean outlined = !drawn.parts.isEmpty();
        FoundObject object = new FoundObject(
                id(box),
                rank,
                label,
                phrase,
                score,
                box,
                drawn.parts,
                outlined ? drawn.mask.toRle() : null,
                points,
                outlined ? drawn.mask.area() : box.area(),
                null);
        made.add(object);
        return object;
    }

    private record Drawn(Mask mask, List<Polygon> parts) {}

    /** The outline within the tolerance asked for, or a coarser one where it would have too many corners. */
    private Drawn drawn(@Nullable Mask mask) {
        if (mask == null || mask.isEmpty()) {
            return new Drawn(Mask.empty(1, 1), List.of());
        }
        long dust = Math.min(DUST, mask.area());
        List<Polygon> parts = Outline.simplified(mask, options.simplify(), dust).parts();
        double tolerance = Math.max(0.5, options.simplify());
        while (corners(parts) > MOST_CORNERS && tolerance < Math.max(mask.width(), mask.height())) {
            tolerance *= 1.5;
            parts = Outline.simplified(mask, tolerance, dust).parts();
        }
        return new Drawn(mask, parts);
    }

    private static int corners(List<Polygon> parts) {
        return parts.stream()
                .mapToInt(p -> p.exterior().size()
                        + p.holes().stream().mapToInt(List::size).sum())
                .sum();
    }

    private static List<NamedPoint> points(Found found, List<String> names) {
        List<NamedPoint> points = new ArrayList<>();
        for (ScoredKeypoint scored : found.keypoints()) {
            Point place = scored.keypoint().point();
            if (names.contains(scored.keypoint().name())) {
                points.add(new NamedPoint(
                        scored.keypoint().name(),
                        place == null ? null : place.x(),
                        place == null ? null : place.y(),
                        scored.keypoint().visibility(),
                        scored.score()));
            }
        }
        return points;
    }

    /** The name of the object that is there already, else the next. */
    private String id(Box box) {
        for (FoundObject object : made) {
            if (Memory.same(object.box(), box)) {
                return object.id();
            }
        }
        FoundObject known = memory.at(box);
        if (known != null && made.stream().noneMatch(o -> o.id().equals(known.id()))) {
            return known.id();
        }
        int next = 1;
        while (taken.contains("o" + next)) {
            next++;
        }
        taken.add("o" + next);
        return "o" + next;
    }
}
