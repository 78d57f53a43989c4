package org.vilam.web.format;

import java.util.ArrayList;
import java.util.List;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Polygon;

/**
 * A region of several rings as one ring, for formats that have one ring an object: parts and holes are joined by a bridge, there
 * and back along the same line, between their nearest corners. Filled by the even-odd or the non-zero rule it is the same region
 * but for the bridges, which have no area. Ultralytics joins the parts of COCO objects so ({@code merge_multi_segment}).
 */
final class Keyhole {
    private Keyhole() {}

    static List<Point> ring(List<Polygon> parts) {
        List<List<Point>> rings = new ArrayList<>();
        for (Polygon part : parts) {
            rings.add(part.exterior());
            rings.addAll(part.holes());
        }
        List<Point> joined = new ArrayList<>(rings.remove(0));
        while (!rings.isEmpty()) {
            Bridge best = nearest(joined, rings);
            List<Point> ring = rings.remove(best.ring());
            List<Point> loop = new ArrayList<>();
            for (int i = 0; i <= ring.size(); i++) {
                loop.add(ring.get((best.to() + i) % ring.size()));
            }
            loop.add(joined.get(best.from()));
            joined.addAll(best.from() + 1, loop);
        }
        return joined;
    }

    private record Bridge(int from, int ring, int to, double squared) {}

    private static Bridge nearest(List<Point> joined, List<List<Point>> rings) {
        Bridge best = new Bridge(0, 0, 0, Double.POSITIVE_INFINITY);
        for (int from = 0; from < joined.size(); from++) {
            Point a = joined.get(from);
            for (int ring = 0; ring < rings.size(); ring++) {
                for (int to = 0; to < rings.get(ring).size(); to++) {
                    Point b = rings.get(ring).get(to);
                    double squared = (a.x() - b.x()) * (a.x() - b.x()) + (a.y() - b.y()) * (a.y() - b.y());
                    if (squared < best.squared()) {
                        best = new Bridge(from, ring, to, squared);
                    }
                }
            }
        }
        return best;
    }
}
