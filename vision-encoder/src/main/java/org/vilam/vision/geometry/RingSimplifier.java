package org.vilam.vision.geometry;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.locationtech.jts.algorithm.ConvexHull;
import org.locationtech.jts.algorithm.locate.SimplePointInAreaLocator;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Location;
import org.locationtech.jts.index.strtree.STRtree;

/**
 * Douglas-Peucker simplification of rings that may not come to cross one another (Saalfeld 1999, "Topologically
 * consistent line simplification with the Douglas-Peucker algorithm").
 *
 * <p>A stretch of ring is replaced by the segment between its ends only where all its corners lie within the allowed
 * error of that segment, and its convex hull holds no corner of another stretch. An edge that came to cross the segment
 * would have to end inside the hull, so replacing such stretches one after the other never makes a crossing, nor does a
 * small ring change sides. JTS's own {@code TopologyPreservingSimplifier} is not used: where it drops a ring's first
 * corner it exceeds its tolerance, and its time grows with corners times rings (minutes for a noisy mask).
 */
final class RingSimplifier {
    private static final GeometryFactory JTS = new GeometryFactory();

    /** All rings, each from a corner of its convex hull. */
    private final List<List<Point>> rings = new ArrayList<>();

    private final STRtree corners = new STRtree();
    private final double maxError;

    private record Corner(int ring, int index, Coordinate at) {}

    private RingSimplifier(double maxError) {
        this.maxError = maxError;
    }

    static List<Polygon> simplify(List<Polygon> parts, double maxError) {
        RingSimplifier simplifier = new RingSimplifier(maxError);
        for (Polygon part : parts) {
            simplifier.add(part.exterior());
            part.holes().forEach(simplifier::add);
        }
        List<Polygon> simple = new ArrayList<>(parts.size());
        int ring = 0;
        for (Polygon part : parts) {
            List<Point> exterior = simplifier.simplify(ring++);
            List<List<Point>> holes = new ArrayList<>(part.holes().size());
            for (int h = 0; h < part.holes().size(); h++) {
                holes.add(simplifier.simplify(ring++));
            }
            simple.add(new Polygon(exterior, holes));
        }
        return simple;
    }

    private void add(List<Point> points) {
        List<Point> ring = new ArrayList<>(points);
        Collections.rotate(ring, -Polygon.topmost(ring));
        for (int i = 0; i < ring.size(); i++) {
            Coordinate at = new Coordinate(ring.get(i).x(), ring.get(i).y());
            corners.insert(new Envelope(at), new Corner(rings.size(), i, at));
        }
        rings.add(ring);
    }

    private List<Point> simplify(int number) {
        List<Point> ring = rings.get(number);
        int n = ring.size();
        // Three corners of the hull always stay, so that something of the ring does.
        int second = farthest(ring, 0, n, ring.get(0), ring.get(0));
        int third = farthest(ring, 0, n, ring.get(0), ring.get(second));
        if (distance(ring.get(third), ring.get(0), ring.get(second)) == 0) {
            return ring; // a line has nothing to simplify to
        }
        int[] fixed = {0, Math.min(second, third), Math.max(second, third), n};
        boolean[] kept = new boolean[n + 1];
        Deque<int[]> stretches = new ArrayDeque<>();
        for (int i = 0; i < 3; i++) {
            kept[fixed[i]] = true;
            stretches.push(new int[] {fixed[i], fixed[i + 1]});
        }
        while (!stretches.isEmpty()) {
            int[] stretch = stretches.pop();
            int from = stretch[0];
            int to = stretch[1];
            if (to - from < 2) {
                continue;
            }
            Point a = ring.get(from);
            Point b = ring.get(to % n);
            int worst = farthest(ring, from, to, a, b);
            if (distance(ring.get(worst), a, b) > maxError || !isFree(number, from, to)) {
                kept[worst] = true;
                stretches.push(new int[] {from, worst});
                stretches.push(new int[] {worst, to});
            }
        }
        List<Point> simple = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            if (kept[i]) {
                simple.add(ring.get(i));
            }
        }
        return simple;
    }

    /** True where the stretch may be replaced by the segment between its ends without touching another. */
    private boolean isFree(int number, int from, int to) {
        List<Point> ring = rings.get(number);
        int n = ring.size();
        Coordinate[] stretch = new Coordinate[to - from + 1];
        Envelope around = new Envelope();
        for (int i = 0; i < stretch.length; i++) {
            Point p = ring.get((from + i) % n);
            stretch[i] = new Coordinate(p.x(), p.y());
            around.expandToInclude(stretch[i]);
        }
        Geometry hull = new ConvexHull(Arrays.copyOf(stretch, stretch.length), JTS).getConvexHull();
        boolean touchesStart = false;
        boolean touchesEnd = false;
        for (Object item : corners.query(around)) {
            Corner corner = (Corner) item;
            boolean own = corner.ring == number
                    && ((corner.index >= from && corner.index <= to) || (to == n && corner.index == 0));
            if (own) {
                continue;
            }
            // Another ring may touch one end. If it touched both, its edge between them could become the same as ours.
            if (corner.at.equals2D(stretch[0])) {
                touchesStart = true;
            } else if (corner.at.equals2D(stretch[stretch.length - 1])) {
                touchesEnd = true;
            } else if (covers(hull, corner.at)) {
                return false;
            }
        }
        return !(touchesStart && touchesEnd);
    }

    private static boolean covers(Geometry hull, Coordinate at) {
        return hull.getDimension() < 2
                ? hull.covers(JTS.createPoint(at))
                : SimplePointInAreaLocator.locate(at, hull) != Location.EXTERIOR;
    }

    /** Index strictly between the two of the corner farthest from the segment; the middle one where none is off it. */
    private static int farthest(List<Point> ring, int from, int to, Point a, Point b) {
        int best = (from + to) / 2;
        double most = 0;
        for (int i = from + 1; i < to; i++) {
            double distance = distance(ring.get(i), a, b);
            if (distance > most) {
                most = distance;
                best = i;
            }
        }
        return best;
    }

    /** Distance of a point from a segment. */
    private static double distance(Point p, Point a, Point b) {
        double dx = b.x() - a.x();
        double dy = b.y() - a.y();
        double squared = dx * dx + dy * dy;
        double along = squared > 0 ? ((p.x() - a.x()) * dx + (p.y() - a.y()) * dy) / squared : 0;
        double t = Math.max(0, Math.min(1, along));
        return Math.hypot(p.x() - a.x() - t * dx, p.y() - a.y() - t * dy);
    }
}
