package org.vilam.grounding.result;

import java.util.List;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Polygon;

/**
 * How many decimals a result has: two for pixels, four for parts of one. Values are rounded when a result is made and not when
 * it is written, so that a result is the same before and after a trip through JSON.
 */
final class Rounding {
    private Rounding() {}

    static double pixels(double value) {
        return Math.round(value * 100) / 100.0;
    }

    static double parts(double value) {
        return Math.round(value * 10_000) / 10_000.0;
    }

    static Box pixels(Box box) {
        return new Box(pixels(box.x1()), pixels(box.y1()), pixels(box.x2()), pixels(box.y2()));
    }

    static Polygon pixels(Polygon polygon) {
        return new Polygon(
                ring(polygon.exterior()),
                polygon.holes().stream().map(Rounding::ring).toList());
    }

    private static List<Point> ring(List<Point> points) {
        return points.stream().map(p -> new Point(pixels(p.x()), pixels(p.y()))).toList();
    }
}
