package org.vilam.vision.geometry;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * A named place on an object, such as {@code left_wrist}.
 *
 * @param name the skeleton's name for it; left and right are the person's own, not the picture's
 * @param point its place; null exactly where the visibility is ABSENT
 * @param visibility whether the place is known and seen
 */
public record Keypoint(String name, @Nullable Point point, Visibility visibility) {
    /**
     * Checks that a place is given where there is one.
     *
     * @throws VilamException GEOMETRY_INVALID when the place is no number or beyond {@link Point#MAX_COORDINATE}
     */
    public Keypoint {
        Objects.requireNonNull(name, "name");
        if ((point == null) != (visibility == Visibility.ABSENT)) {
            throw new IllegalArgumentException(name + " is " + visibility + " with the place " + point);
        }
        if (point != null && !(Point.inRange(point.x()) && Point.inRange(point.y()))) {
            throw new VilamException(
                    ErrorCode.GEOMETRY_INVALID,
                    "keypoint " + name + " lies at " + point.x() + ", " + point.y(),
                    "Give keypoints as x, y in pixels, or as absent.");
        }
    }

    /** A keypoint whose place is not known. */
    public static Keypoint absent(String name) {
        return new Keypoint(name, null, Visibility.ABSENT);
    }

    /** A keypoint that is seen. */
    public static Keypoint visible(String name, double x, double y) {
        return new Keypoint(name, new Point(x, y), Visibility.VISIBLE);
    }

    /** A keypoint whose place is known though something covers it. */
    public static Keypoint occluded(String name, double x, double y) {
        return new Keypoint(name, new Point(x, y), Visibility.OCCLUDED);
    }

    /** The same keypoint at another place; one that is absent stays as it is. */
    public Keypoint at(Point place) {
        return visibility == Visibility.ABSENT ? this : new Keypoint(name, place, visibility);
    }
}
