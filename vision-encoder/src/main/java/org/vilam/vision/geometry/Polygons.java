package org.vilam.vision.geometry;

import java.util.ArrayList;
import java.util.List;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.util.GeometryFixer;
import org.locationtech.jts.operation.overlayng.OverlayNG;
import org.locationtech.jts.operation.overlayng.OverlayNGRobust;

/**
 * What is done with regions of several polygons, on the JTS Topology Suite.
 *
 * <p>A region is valid as OGC Simple Features has it: rings do not cross themselves or one another and touch in single
 * points only, holes lie inside their exterior, parts do not overlap. Measures repair what is not ({@link #repair}).
 */
public final class Polygons {
    private static final GeometryFactory JTS = new GeometryFactory();

    private Polygons() {}

    /** True where the parts form a valid region. */
    public static boolean isValid(List<Polygon> parts) {
        return raw(parts).isValid();
    }

    /**
     * The valid region nearest to what the rings mean: crossing rings are split where they cross (both lobes of a bow
     * tie are kept), parts that overlap are joined, and what has no area is dropped (JTS {@code GeometryFixer}). Empty
     * where nothing is left.
     */
    public static List<Polygon> repair(List<Polygon> parts) {
        return polygons(valid(parts));
    }

    /** Square pixels of the repaired region; parts that overlap count once. */
    public static double area(List<Polygon> parts) {
        return valid(parts).getArea();
    }

    /** The smallest box around all parts; {@code [0, 0, 0, 0]} without parts. */
    public static Box boundingBox(List<Polygon> parts) {
        return parts.stream().map(Polygon::boundingBox).reduce(Box::hull).orElse(new Box(0, 0, 0, 0));
    }

    /** Intersection over union of the repaired regions, 0..1; 0 where either has no area. */
    public static double iou(List<Polygon> a, List<Polygon> b) {
        Geometry ga = valid(a);
        Geometry gb = valid(b);
        double intersection =
                OverlayNGRobust.overlay(ga, gb, OverlayNG.INTERSECTION).getArea();
        return intersection > 0 ? Math.min(1, intersection / (ga.getArea() + gb.getArea() - intersection)) : 0;
    }

    /** True where the point lies in the repaired region or on its edge. */
    public static boolean contains(List<Polygon> parts, Point point) {
        return valid(parts).covers(JTS.createPoint(new Coordinate(point.x(), point.y())));
    }

    /** True where the repaired region covers the whole of the other, edges included. */
    public static boolean contains(List<Polygon> parts, List<Polygon> other) {
        return valid(parts).covers(valid(other));
    }

    /** What of the repaired region lies inside the box; may have more parts than before, or none. */
    public static List<Polygon> clip(List<Polygon> parts, Box box) {
        return box.isEmpty()
                ? List.of()
                : polygons(
                        OverlayNGRobust.overlay(valid(parts), raw(List.of(Polygon.of(box))), OverlayNG.INTERSECTION));
    }

    /** What of the repaired region lies inside the image {@code [0, width] x [0, height]}. */
    public static List<Polygon> clip(List<Polygon> parts, int imageWidth, int imageHeight) {
        return clip(parts, new Box(0, 0, imageWidth, imageHeight));
    }

    /**
     * The same parts and holes with fewer corners (Douglas-Peucker, keeping the topology; see {@link RingSimplifier}).
     *
     * <p>The corners that stay are corners of the input, and each edge runs within {@code maxError} of the stretch of
     * ring it replaces and the other way round, so the Hausdorff distance of the outlines is at most {@code maxError}.
     * Every part and hole keeps at least three corners. A valid region stays valid.
     *
     * @param maxError pixels, at least 0; 0 drops only corners on straight lines
     */
    public static List<Polygon> simplify(List<Polygon> parts, double maxError) {
        if (!(maxError >= 0)) {
            throw new IllegalArgumentException("maxError must be at least 0, got " + maxError);
        }
        List<Polygon> simple = RingSimplifier.simplify(parts, maxError);
        // Rings that touch an edge of another in its middle, at both ends of a stretch, could come to share that edge.
        return isValid(simple) || !isValid(parts) ? simple : List.copyOf(parts);
    }

    private static Geometry valid(List<Polygon> parts) {
        Geometry raw = raw(parts);
        return raw.isValid() ? raw : GeometryFixer.fix(raw);
    }

    private static Geometry raw(List<Polygon> parts) {
        return JTS.createMultiPolygon(
                parts.stream().map(Polygons::raw).toArray(org.locationtech.jts.geom.Polygon[]::new));
    }

    private static org.locationtech.jts.geom.Polygon raw(Polygon part) {
        return JTS.createPolygon(
                ring(part.exterior()), part.holes().stream().map(Polygons::ring).toArray(LinearRing[]::new));
    }

    private static LinearRing ring(List<Point> points) {
        Coordinate[] closed = new Coordinate[points.size() + 1];
        for (int i = 0; i < closed.length; i++) {
            Point p = points.get(i % points.size());
            closed[i] = new Coordinate(p.x(), p.y());
        }
        return JTS.createLinearRing(closed);
    }

    private static List<Polygon> polygons(Geometry geometry) {
        List<Polygon> parts = new ArrayList<>();
        for (int i = 0; i < geometry.getNumGeometries(); i++) {
            if (geometry.getGeometryN(i) instanceof org.locationtech.jts.geom.Polygon part && part.getArea() > 0) {
                List<List<Point>> holes = new ArrayList<>();
                for (int h = 0; h < part.getNumInteriorRing(); h++) {
                    holes.add(points(part.getInteriorRingN(h)));
                }
                parts.add(new Polygon(points(part.getExteriorRing()), holes));
            }
        }
        return parts;
    }

    private static List<Point> points(LinearRing ring) {
        CoordinateSequence sequence = ring.getCoordinateSequence();
        List<Point> points = new ArrayList<>(sequence.size());
        for (int i = 0; i < sequence.size(); i++) {
            points.add(new Point(sequence.getX(i), sequence.getY(i)));
        }
        return points;
    }
}
