package org.vilam.vision.geometry;

import java.util.Optional;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * An axis-parallel box, half-open: it covers the points with {@code x1 <= x < x2} and {@code y1 <= y < y2}.
 *
 * <p>The corners are in order ({@code x1 <= x2}, {@code y1 <= y2}). A box without width or height is allowed, because
 * networks and annotation files produce them; it is {@link #isEmpty() empty}, has area 0, and by rule its overlap with
 * anything, itself included, is 0. No measure here is ever NaN. Other forms (corner and size, centre and size, parts of
 * the image's sides) are made and read only by the {@code of...} and {@code to...} methods.
 *
 * @param x1 left edge
 * @param y1 top edge
 * @param x2 right edge, not less than {@code x1}
 * @param y2 bottom edge, not less than {@code y1}
 */
public record Box(double x1, double y1, double x2, double y2) {
    /** Steps of the language side's scale along each side of the image (ViLaM writes places as integers 0..1000). */
    public static final int PER_MILLE = 1000;

    /**
     * Checks the order of the corners.
     *
     * @throws VilamException GEOMETRY_INVALID when a coordinate is no number or beyond {@link Point#MAX_COORDINATE}, or
     *     when the corners are not in order
     */
    public Box {
        if (!Point.inRange(x1) || !Point.inRange(y1) || !Point.inRange(x2) || !Point.inRange(y2)) {
            throw invalid("box " + text(x1, y1, x2, y2) + " has a coordinate that is no number or beyond "
                    + Point.MAX_COORDINATE);
        }
        if (x1 > x2 || y1 > y2) {
            throw invalid("box " + text(x1, y1, x2, y2) + " has its corners in the wrong order");
        }
    }

    /** The box with these two points at opposite corners, whichever they are. */
    public static Box spanning(Point a, Point b) {
        return new Box(Math.min(a.x(), b.x()), Math.min(a.y(), b.y()), Math.max(a.x(), b.x()), Math.max(a.y(), b.y()));
    }

    /** From COCO's {@code [x, y, width, height]} in pixels. */
    public static Box ofXywh(double x, double y, double width, double height) {
        return new Box(x, y, x + width, y + height);
    }

    /** From centre and size in pixels. */
    public static Box ofCxcywh(double cx, double cy, double width, double height) {
        return new Box(cx - 0.5 * width, cy - 0.5 * height, cx + 0.5 * width, cy + 0.5 * height);
    }

    /** From corners given as parts 0..1 of the image's sides. */
    public static Box ofNormalised(double x1, double y1, double x2, double y2, int imageWidth, int imageHeight) {
        return new Box(x1 * imageWidth, y1 * imageHeight, x2 * imageWidth, y2 * imageHeight);
    }

    /** From corners given as thousandths of the image's sides, the language side's scale. */
    public static Box ofPerMille(int x1, int y1, int x2, int y2, int imageWidth, int imageHeight) {
        double sx = (double) imageWidth / PER_MILLE;
        double sy = (double) imageHeight / PER_MILLE;
        return new Box(x1 * sx, y1 * sy, x2 * sx, y2 * sy);
    }

    /** COCO's {@code [x, y, width, height]}. */
    public double[] toXywh() {
        return new double[] {x1, y1, width(), height()};
    }

    /** {@code [centre x, centre y, width, height]}. */
    public double[] toCxcywh() {
        return new double[] {0.5 * (x1 + x2), 0.5 * (y1 + y2), width(), height()};
    }

    /** The corners as parts 0..1 of the image's sides; outside 0..1 where the box is outside the image. */
    public double[] toNormalised(int imageWidth, int imageHeight) {
        return new double[] {x1 / imageWidth, y1 / imageHeight, x2 / imageWidth, y2 / imageHeight};
    }

    /**
     * The corners as thousandths of the image's sides, rounded to the nearest (halves up) and clamped to 0..1000. Going
     * there and {@link #ofPerMille back} moves each edge of a box inside the image by at most half a thousandth of the
     * side.
     */
    public int[] toPerMille(int imageWidth, int imageHeight) {
        return new int[] {
            perMille(x1, imageWidth), perMille(y1, imageHeight), perMille(x2, imageWidth), perMille(y2, imageHeight)
        };
    }

    private static int perMille(double value, int side) {
        return (int) Math.max(0, Math.min(PER_MILLE, Math.round(value * PER_MILLE / side)));
    }

    /** Pixels across, at least 0. */
    public double width() {
        return x2 - x1;
    }

    /** Pixels down, at least 0. */
    public double height() {
        return y2 - y1;
    }

    /** Square pixels, at least 0. */
    public double area() {
        return width() * height();
    }

    /** True where the box covers nothing. */
    public boolean isEmpty() {
        return x1 == x2 || y1 == y2;
    }

    /** The middle. */
    public Point centre() {
        return new Point(0.5 * (x1 + x2), 0.5 * (y1 + y2));
    }

    /** True where the point is covered; points on the right and bottom edge are not. */
    public boolean contains(Point p) {
        return x1 <= p.x() && p.x() < x2 && y1 <= p.y() && p.y() < y2;
    }

    /** Moved and cut to the image {@code [0, width] x [0, height]}; empty where nothing of it lies inside. */
    public Box clamp(int imageWidth, int imageHeight) {
        return new Box(
                Math.max(0, Math.min(x1, imageWidth)),
                Math.max(0, Math.min(y1, imageHeight)),
                Math.max(0, Math.min(x2, imageWidth)),
                Math.max(0, Math.min(y2, imageHeight)));
    }

    /** What both cover; nothing where that has no area. */
    public Optional<Box> intersection(Box other) {
        return intersectionArea(other) > 0
                ? Optional.of(new Box(
                        Math.max(x1, other.x1), Math.max(y1, other.y1), Math.min(x2, other.x2), Math.min(y2, other.y2)))
                : Optional.empty();
    }

    /** Square pixels that both cover. */
    public double intersectionArea(Box other) {
        double w = Math.min(x2, other.x2) - Math.max(x1, other.x1);
        double h = Math.min(y2, other.y2) - Math.max(y1, other.y1);
        return w > 0 && h > 0 ? w * h : 0;
    }

    /** The smallest box around both. */
    public Box hull(Box other) {
        return new Box(Math.min(x1, other.x1), Math.min(y1, other.y1), Math.max(x2, other.x2), Math.max(y2, other.y2));
    }

    /**
     * Intersection over union, 0..1, symmetric; 0 where either box is empty. Equals pycocotools' {@code bbIou} without
     * {@code iscrowd}.
     */
    public double iou(Box other) {
        double intersection = intersectionArea(other);
        return intersection > 0 ? intersection / (area() + other.area() - intersection) : 0;
    }

    /**
     * Intersection over this box's own area, 0..1: COCO's overlap of a detection (this) with a ground truth marked
     * {@code iscrowd}, which may hold many objects. 0 where either box is empty.
     */
    public double crowdIou(Box crowd) {
        double intersection = intersectionArea(crowd);
        return intersection > 0 ? intersection / area() : 0;
    }

    /**
     * Generalised IoU (Rezatofighi et al. 2019, eq. 1): {@code IoU - (hull - union) / hull}, -1..1, symmetric.
     *
     * <p>With empty boxes: IoU counts as 0 and the second term as written; where the hull itself has no area (two
     * points or two segments on one line) the second term counts as 0, so the result is 0. There the formula of the
     * reference code (OneRef, torchvision) gives NaN.
     */
    public double giou(Box other) {
        double intersection = intersectionArea(other);
        double union = area() + other.area() - intersection;
        double hull = hull(other).area();
        double iou = intersection > 0 ? intersection / union : 0;
        return hull > 0 ? iou - (hull - union) / hull : iou;
    }

    private static String text(double x1, double y1, double x2, double y2) {
        return "[" + x1 + ", " + y1 + ", " + x2 + ", " + y2 + "]";
    }

    private static VilamException invalid(String message) {
        return new VilamException(
                ErrorCode.GEOMETRY_INVALID, message, "Give boxes as [x1, y1, x2, y2] with x1 <= x2 and y1 <= y2.");
    }
}
