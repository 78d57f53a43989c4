package org.vilam.vision.geometry;

import java.util.ArrayList;
import java.util.List;

/**
 * Polygons that stand for a mask, and what they lose of it.
 *
 * @param parts the polygons, the largest part first
 * @param iou overlap of the polygons, filled again ({@link Rle#ofPolygons}), with the mask, 0..1; 1 where nothing is
 *     lost, also for an empty mask without parts
 * @param droppedParts number of parts that were too small
 * @param droppedArea pixels of those parts
 */
public record Outline(List<Polygon> parts, double iou, int droppedParts, long droppedArea) {
    /** Copies the list. */
    public Outline {
        parts = List.copyOf(parts);
    }

    /** The pixel edges themselves: filled again they are the very same mask. */
    public static Outline exact(Mask mask) {
        return new Outline(mask.toPolygons(), 1, 0, 0);
    }

    /**
     * Pixel edges simplified.
     *
     * @param maxError how far, in pixels, the outline may move ({@link Polygons#simplify}); 1 turns most pixel stairs
     *     into slopes
     * @param minArea parts of fewer pixels are dropped, and holes of fewer pixels filled; 0 or 1 keeps all
     */
    public static Outline simplified(Mask mask, double maxError, long minArea) {
        Kept kept = Kept.of(mask, minArea);
        return kept.outline(mask, Polygons.simplify(kept.parts, maxError));
    }

    /**
     * ViLaM's form: {@code points} points at equal distances along the outer ring of each part ({@link
     * Polygon#sampled}), usually {@link Polygon#VILAM_POINTS}. Holes cannot be told in it and are lost.
     *
     * <p>The ring is first led through the middles of the pixel edges (the half-level of marching squares, Lorensen and
     * Cline 1987), which turns stairs into slopes: the stairs would lengthen slanted stretches by up to 41 % and draw
     * points there.
     *
     * @param minArea parts of fewer pixels are dropped; 0 or 1 keeps all
     */
    public static Outline sampled(Mask mask, int points, long minArea) {
        Kept kept = Kept.of(mask, minArea);
        return kept.outline(
                mask,
                kept.parts.stream()
                        .map(part -> throughMiddles(part).sampled(points))
                        .toList());
    }

    /** The exterior's corners cut off at the middles of the first and last pixel edge of each straight stretch. */
    private static Polygon throughMiddles(Polygon part) {
        List<Point> corners = part.exterior();
        List<Point> middles = new ArrayList<>(2 * corners.size());
        for (int i = 0; i < corners.size(); i++) {
            Point a = corners.get(i);
            Point b = corners.get((i + 1) % corners.size());
            double dx = 0.5 * Math.signum(b.x() - a.x());
            double dy = 0.5 * Math.signum(b.y() - a.y());
            middles.add(new Point(a.x() + dx, a.y() + dy));
            if (Math.abs(b.x() - a.x()) + Math.abs(b.y() - a.y()) > 1) {
                middles.add(new Point(b.x() - dx, b.y() - dy));
            }
        }
        return Polygon.of(middles);
    }

    private record Kept(List<Polygon> parts, int droppedParts, long droppedArea) {
        static Kept of(Mask mask, long minArea) {
            List<Polygon> all = mask.toPolygons();
            List<Polygon> parts = all.stream()
                    .filter(part -> part.area() >= minArea)
                    .map(part -> new Polygon(
                            part.exterior(),
                            part.holes().stream()
                                    .filter(hole -> -Polygon.signedArea(hole) >= minArea)
                                    .toList()))
                    .toList();
            double dropped = all.stream()
                    .filter(part -> part.area() < minArea)
                    .mapToDouble(Polygon::area)
                    .sum();
            return new Kept(parts, all.size() - parts.size(), Math.round(dropped));
        }

        Outline outline(Mask mask, List<Polygon> fitted) {
            Mask filled = Rle.ofPolygons(mask.width(), mask.height(), fitted).toMask();
            double iou = filled.equals(mask) ? 1 : filled.iou(mask);
            return new Outline(fitted, iou, droppedParts, droppedArea);
        }
    }
}
