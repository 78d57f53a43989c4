package org.vilam.grounding.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Polygon;

/**
 * Boxes, points and polygons of one image as ViLaM's text, and back.
 *
 * <p>A box is {@code [x1, y1, x2, y2]}; a list of points {@code [[x1, y1], [x2, y2]]}; a polygon the list of its ring closed by
 * the first point again, several parts joined by {@code and}. Reading takes the first group of the right form and ignores the
 * prose around it; numbers outside 0..1000 make a group wrong, decimals are rounded.
 */
public final class LocationCodec {
    private final int width;
    private final int height;

    /**
     * The codec of one image.
     *
     * @param width pixels across, at least 1
     * @param height pixels down, at least 1
     */
    public LocationCodec(int width, int height) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("an image of " + width + " x " + height + " has no places");
        }
        this.width = width;
        this.height = height;
    }

    /** A box as {@code [x1, y1, x2, y2]}, rounded to the nearest thousandth (halves up) and clamped to the image. */
    public String box(Box box) {
        int[] c = box.toPerMille(width, height);
        return "[" + c[0] + ", " + c[1] + ", " + c[2] + ", " + c[3] + "]";
    }

    /** Points as {@code [[x1, y1], [x2, y2]]}, rounded and clamped like boxes. */
    public String points(List<Point> points) {
        return points.stream().map(this::point).collect(Collectors.joining(", ", "[", "]"));
    }

    /** The outer rings of polygons, each closed by its first point again, joined by {@code and}. Holes cannot be told. */
    public String polygons(List<Polygon> parts) {
        return parts.stream().map(part -> points(part.closedExterior())).collect(Collectors.joining(" and "));
    }

    private String point(Point p) {
        int[] c = new Box(p.x(), p.y(), p.x(), p.y()).toPerMille(width, height);
        return "[" + c[0] + ", " + c[1] + "]";
    }

    /**
     * The first box in a text.
     *
     * @return in pixels; empty when no group has four numbers 0..1000. Corners in the wrong order are put in order; a box
     *     without width or height is an answer, if a poor one.
     */
    public Optional<Box> readBox(String text) {
        for (Group group : Group.all(text)) {
            if (group.closed()
                    && group.children().isEmpty()
                    && group.numbers().size() == 4
                    && inRange(group.numbers())) {
                List<Double> n = group.numbers();
                return Optional.of(Box.spanning(pixel(n.get(0), n.get(1)), pixel(n.get(2), n.get(3))));
            }
        }
        return Optional.empty();
    }

    /**
     * What was read of a list of points.
     *
     * @param points in pixels, in order
     * @param truncated whether the text broke off inside the list, so that points may be missing
     */
    public record Points(List<Point> points, boolean truncated) {
        /** Copies the list. */
        public Points {
            points = List.copyOf(points);
        }
    }

    /** The first list of points in a text; the points before a break are kept. Empty when there is none with a whole point. */
    public Optional<Points> readPoints(String text) {
        return lists(text).stream().findFirst();
    }

    /**
     * What was read of a segmentation.
     *
     * @param parts rings of at least three different points, in pixels, without the closing point
     * @param truncated whether the text broke off inside a part
     */
    public record Segmentation(List<Polygon> parts, boolean truncated) {
        /** Copies the list. */
        public Segmentation {
            parts = List.copyOf(parts);
        }
    }

    /** All polygons in a text; lists of fewer than three different points are no polygons. Empty when there are none. */
    public Optional<Segmentation> readPolygons(String text) {
        List<Polygon> parts = new ArrayList<>();
        boolean truncated = false;
        for (Points list : lists(text)) {
            List<Point> ring = new ArrayList<>(list.points());
            if (ring.size() > 1 && ring.get(0).equals(ring.get(ring.size() - 1))) {
                ring.remove(ring.size() - 1);
            }
            truncated |= list.truncated();
            if (ring.stream().distinct().count() >= 3) {
                parts.add(Polygon.of(ring));
            }
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(new Segmentation(parts, truncated));
    }

    private List<Points> lists(String text) {
        List<Points> out = new ArrayList<>();
        for (Group group : Group.all(text)) {
            List<Point> points = new ArrayList<>();
            boolean whole = group.numbers().isEmpty() && !group.children().isEmpty();
            for (int i = 0; i < group.children().size() && whole; i++) {
                Group pair = group.children().get(i);
                boolean good = pair.closed()
                        && pair.children().isEmpty()
                        && pair.numbers().size() == 2
                        && inRange(pair.numbers());
                boolean broken = !group.closed() && i == group.children().size() - 1 && !pair.closed();
                if (good) {
                    points.add(pixel(pair.numbers().get(0), pair.numbers().get(1)));
                } else {
                    whole = broken;
                }
            }
            if (whole && !points.isEmpty()) {
                out.add(new Points(points, !group.closed()));
            }
        }
        return out;
    }

    private static boolean inRange(List<Double> numbers) {
        return numbers.stream().allMatch(n -> n >= 0 && n <= Box.PER_MILLE);
    }

    private Point pixel(double x, double y) {
        Box box = Box.ofPerMille(
                (int) Math.round(x), (int) Math.round(y), (int) Math.round(x), (int) Math.round(y), width, height);
        return new Point(box.x1(), box.y1());
    }
}
