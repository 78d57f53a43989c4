package org.vilam.vision.geometry;

/**
 * A per-axis scale and shift between two pixel frames: {@code x' = scaleX * x + offsetX}, likewise for y.
 *
 * <p>Resizing, letterboxing and padding are all of this form, so every answer of a network goes back to image pixels
 * through one {@link #inverse()}.
 *
 * @param scaleX target pixels per source pixel across, not 0
 * @param scaleY target pixels per source pixel down, not 0
 * @param offsetX target x of the source's left edge
 * @param offsetY target y of the source's top edge
 */
public record CoordinateTransform(double scaleX, double scaleY, double offsetX, double offsetY) {
    /** Checks that the transform can be undone. */
    public CoordinateTransform {
        if (!(Math.abs(scaleX) > 0)
                || !(Math.abs(scaleY) > 0)
                || Double.isInfinite(scaleX)
                || Double.isInfinite(scaleY)) {
            throw new IllegalArgumentException("scale must be finite and not 0, got " + scaleX + ", " + scaleY);
        }
    }

    /** The transform back. */
    public CoordinateTransform inverse() {
        return new CoordinateTransform(1 / scaleX, 1 / scaleY, -offsetX / scaleX, -offsetY / scaleY);
    }

    /** The image of a point. */
    public Point apply(Point p) {
        return new Point(scaleX * p.x() + offsetX, scaleY * p.y() + offsetY);
    }
}
