package org.vilam.vision.geometry;

/**
 * A place in an image, in the coordinates of the package page.
 *
 * @param x pixels from the left edge
 * @param y pixels from the top edge
 */
public record Point(double x, double y) {
    /**
     * No coordinate of a shape may be larger in magnitude: wider than any image, and its square is still exact enough.
     */
    public static final double MAX_COORDINATE = 1e9;

    /** False for NaN, infinities and what is beyond {@link #MAX_COORDINATE}. */
    static boolean inRange(double coordinate) {
        return Math.abs(coordinate) <= MAX_COORDINATE;
    }
}
