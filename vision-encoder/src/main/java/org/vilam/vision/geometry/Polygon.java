package org.vilam.vision.geometry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * One part of a region: an outer ring and the rings of its holes. A region of several parts is a list of polygons, see
 * {@link Polygons}.
 *
 * <p>Rings are closed implicitly: the last point is joined to the first and does not repeat it (a repeat is dropped).
 * The exterior runs clockwise as seen on the screen, holes counter-clockwise; rings given the other way round are
 * reversed, the first point staying first. With y down, clockwise on the screen is a positive {@link #signedArea},
 * which programs that draw y upwards (GeoJSON, RFC 7946) read as counter-clockwise: both conventions get the ring they
 * expect.
 *
 * @param exterior the outer ring, at least 3 points
 * @param holes the rings of the holes, at least 3 points each; often none
 */
public record Polygon(List<Point> exterior, List<List<Point>> holes) {
    /** Points in ViLaM's polygons, for each part. */
    public static final int VILAM_POINTS = 25;

    /**
     * Checks and turns the rings. Whether they cross is not checked here, see {@link Polygons#isValid}.
     *
     * @throws VilamException GEOMETRY_INVALID when a ring has fewer than 3 points or a coordinate is no number or
     *     beyond {@link Point#MAX_COORDINATE}
     */
    public Polygon {
        exterior = ring(exterior, "exterior", true);
        List<List<Point>> checked = new ArrayList<>(holes.size());
        for (List<Point> hole : holes) {
            checked.add(ring(hole, "hole " + checked.size(), false));
        }
        holes = List.copyOf(checked);
    }

    /** A polygon without holes. */
    public static Polygon of(List<Point> exterior) {
        return new Polygon(exterior, List.of());
    }

    /**
     * A polygon without holes from COCO's flat list {@code x, y, x, y, ...}.
     *
     * @throws VilamException GEOMETRY_INVALID as the constructor, or when the number of values is odd
     */
    public static Polygon ofFlat(double... xy) {
        if (xy.length % 2 != 0) {
            throw invalid("polygon has " + xy.length + " numbers instead of x, y pairs");
        }
        List<Point> points = new ArrayList<>(xy.length / 2);
        for (int i = 0; i < xy.length; i += 2) {
            points.add(new Point(xy[i], xy[i + 1]));
        }
        return of(points);
    }

    /** The four corners of a box, clockwise from the top left. */
    public static Polygon of(Box box) {
        return ofFlat(box.x1(), box.y1(), box.x2(), box.y1(), box.x2(), box.y2(), box.x1(), box.y2());
    }

    /** The exterior as COCO's flat list; COCO has no form for holes, so they are left out. */
    public double[] toFlat() {
        return flat(exterior);
    }

    /** The exterior with its first point repeated at the end, the closed form that ViLaM's texts and GeoJSON write. */
    public List<Point> closedExterior() {
        List<Point> closed = new ArrayList<>(exterior);
        closed.add(exterior.get(0));
        return Collections.unmodifiableList(closed);
    }

    /**
     * Square pixels: the exterior's area less the holes'. For rings that do not cross; others {@link Polygons#repair}
     * first.
     */
    public double area() {
        double area = signedArea(exterior);
        for (List<Point> hole : holes) {
            area += signedArea(hole);
        }
        return area;
    }

    /** Length of the exterior in pixels. */
    public double perimeter() {
        double length = 0;
        Point before = exterior.get(exterior.size() - 1);
        for (Point p : exterior) {
            length += Math.hypot(p.x() - before.x(), p.y() - before.y());
            before = p;
        }
        return length;
    }

    /** The smallest box around the exterior. */
    public Box boundingBox() {
        double x1 = Double.POSITIVE_INFINITY;
        double y1 = Double.POSITIVE_INFINITY;
        double x2 = Double.NEGATIVE_INFINITY;
        double y2 = Double.NEGATIVE_INFINITY;
        for (Point p : exterior) {
            x1 = Math.min(x1, p.x());
            y1 = Math.min(y1, p.y());
            x2 = Math.max(x2, p.x());
            y2 = Math.max(y2, p.y());
        }
        return new Box(x1, y1, x2, y2);
    }

    /**
     * {@code n} points of the exterior at equal distances along it, clockwise on the screen; holes are dropped.
     *
     * <p>The first point is the topmost corner, of several the leftmost, so the walk begins to the right: the form of
     * ViLaM's polygon answers (the figures of its README), which have {@link #VILAM_POINTS} points for each part. Point
     * k lies at {@code k / n} of the perimeter from the first; the n points are distinct places of the ring, and the
     * closing repeat ({@link #closedExterior}) comes on top of them.
     *
     * @param n number of points, at least 3
     * @throws VilamException GEOMETRY_INVALID when the exterior has no length
     */
    public Polygon sampled(int n) {
        if (n < 3) {
            throw new IllegalArgumentException("a polygon needs at least 3 points, not " + n);
        }
        double step = perimeter() / n;
        if (!(step > 0)) {
            throw invalid("the points of the polygon are all the same");
        }
        List<Point> ring = new ArrayList<>(exterior);
        Collections.rotate(ring, -topmost(ring));
        ring.add(ring.get(0));
        List<Point> samples = new ArrayList<>(n);
        double walked = 0; // distance of ring.get(i) from the first point
        for (int i = 0; i + 1 < ring.size() && samples.size() < n; i++) {
            Point a = ring.get(i);
            Point b = ring.get(i + 1);
            double length = Math.hypot(b.x() - a.x(), b.y() - a.y());
            while (samples.size() < n && samples.size() * step < walked + length) {
                double part = (samples.size() * step - walked) / length;
                samples.add(new Point(a.x() + part * (b.x() - a.x()), a.y() + part * (b.y() - a.y())));
            }
            walked += length;
        }
        return of(samples);
    }

    /** Index of the topmost corner, of several the leftmost: a corner of the ring's convex hull. */
    static int topmost(List<Point> ring) {
        int best = 0;
        for (int i = 1; i < ring.size(); i++) {
            Point p = ring.get(i);
            Point q = ring.get(best);
            if (p.y() < q.y() || (p.y() == q.y() && p.x() < q.x())) {
                best = i;
            }
        }
        return best;
    }

    /** Area of a ring by the shoelace formula: positive where it runs clockwise on the screen (y down). */
    static double signedArea(List<Point> ring) {
        Point origin = ring.get(0); // differences keep far-off rings exact
        double twice = 0;
        for (int i = 1; i + 1 < ring.size(); i++) {
            Point a = ring.get(i);
            Point b = ring.get(i + 1);
            twice += (a.x() - origin.x()) * (b.y() - origin.y()) - (b.x() - origin.x()) * (a.y() - origin.y());
        }
        return 0.5 * twice;
    }

    /** All rings as {@code x, y, x, y, ...}. */
    List<double[]> flatRings() {
        List<double[]> rings = new ArrayList<>(1 + holes.size());
        rings.add(flat(exterior));
        holes.forEach(hole -> rings.add(flat(hole)));
        return rings;
    }

    private static double[] flat(List<Point> ring) {
        double[] xy = new double[2 * ring.size()];
        for (int i = 0; i < ring.size(); i++) {
            xy[2 * i] = ring.get(i).x();
            xy[2 * i + 1] = ring.get(i).y();
        }
        return xy;
    }

    private static List<Point> ring(List<Point> points, String name, boolean clockwise) {
        int size = points.size();
        if (size > 1 && points.get(0).equals(points.get(size - 1))) {
            size--;
        }
        if (size < 3) {
            throw invalid(name + " of the polygon has " + size + " points instead of at least 3");
        }
        List<Point> ring = new ArrayList<>(points.subList(0, size));
        for (Point p : ring) {
            if (!Point.inRange(p.x()) || !Point.inRange(p.y())) {
                throw invalid(name + " of the polygon has the point " + p.x() + ", " + p.y());
            }
        }
        double area = signedArea(ring);
        if (clockwise ? area < 0 : area > 0) {
            Collections.reverse(ring.subList(1, size));
        }
        return List.copyOf(ring);
    }

    static VilamException invalid(String message) {
        return new VilamException(
                ErrorCode.GEOMETRY_INVALID,
                message,
                "Give each ring as at least 3 points x, y in pixels, each a number within +-1e9.");
    }
}
