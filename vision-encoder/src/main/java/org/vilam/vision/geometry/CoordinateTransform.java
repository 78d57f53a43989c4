package org.vilam.vision.geometry;

import java.util.ArrayList;
import java.util.List;

/**
 * A per-axis scale and shift between two pixel frames: {@code x' = scaleX * x + offsetX}, likewise for y.
 *
 * <p>Resizing, letterboxing and padding are all of this form, so every answer of a network goes back to image pixels
 * through one {@link #inverse()}. A negative scale mirrors; {@link Keypoints} then keep their names, so mirror them by
 * {@link Keypoints#mirrored} instead. Masks are not moved by this class but resampled ({@link Mask#resized},
 * {@link Mask#window}).
 *
 * @param scaleX target pixels per source pixel across, not 0
 * @param scaleY target pixels per source pixel down, not 0
 * @param offsetX target x of the source's left edge
 * @param offsetY target y of the source's top edge
 */
public record CoordinateTransform(double scaleX, double scaleY, double offsetX, double offsetY) {
    /** The transform that changes nothing. */
    public static final CoordinateTransform IDENTITY = new CoordinateTransform(1, 1, 0, 0);

    /** Checks that the transform can be undone. */
    public CoordinateTransform {
        if (!(Math.abs(scaleX) > 0)
                || !(Math.abs(scaleY) > 0)
                || Double.isInfinite(scaleX)
                || Double.isInfinite(scaleY)) {
            throw new IllegalArgumentException("scale must be finite and not 0, got " + scaleX + ", " + scaleY);
        }
        if (!Double.isFinite(offsetX) || !Double.isFinite(offsetY)) {
            throw new IllegalArgumentException("offset must be finite, got " + offsetX + ", " + offsetY);
        }
    }

    /** The transform back. */
    public CoordinateTransform inverse() {
        return new CoordinateTransform(1 / scaleX, 1 / scaleY, -offsetX / scaleX, -offsetY / scaleY);
    }

    /** This transform, and then another: {@code a.then(b).apply(p)} is {@code b.apply(a.apply(p))}. */
    public CoordinateTransform then(CoordinateTransform next) {
        return new CoordinateTransform(
                next.scaleX * scaleX,
                next.scaleY * scaleY,
                next.scaleX * offsetX + next.offsetX,
                next.scaleY * offsetY + next.offsetY);
    }

    /** The image of a point. */
    public Point apply(Point p) {
        return new Point(scaleX * p.x() + offsetX, scaleY * p.y() + offsetY);
    }

    /** The image of a box, its corners in order also where the transform mirrors. */
    public Box apply(Box box) {
        return Box.spanning(apply(new Point(box.x1(), box.y1())), apply(new Point(box.x2(), box.y2())));
    }

    /** The image of a polygon, its exterior clockwise also where the transform mirrors. */
    public Polygon apply(Polygon polygon) {
        return new Polygon(
                ring(polygon.exterior()),
                polygon.holes().stream().map(this::ring).toList());
    }

    /** The images of the parts of a region. */
    public List<Polygon> apply(List<Polygon> parts) {
        return parts.stream().map(this::apply).toList();
    }

    /** The images of keypoints, under the same names. */
    public Keypoints apply(Keypoints keypoints) {
        List<Keypoint> moved = new ArrayList<>(keypoints.points().size());
        for (Keypoint keypoint : keypoints.points()) {
            Point p = keypoint.point();
            moved.add(p == null ? keypoint : keypoint.at(apply(p)));
        }
        return new Keypoints(keypoints.skeleton(), moved);
    }

    private List<Point> ring(List<Point> ring) {
        return ring.stream().map(this::apply).toList();
    }
}
