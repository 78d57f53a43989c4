package org.vilam.vision.geometry;

import java.util.List;

/**
 * Polygons that stand for a mask, and what they lose of it.
 *
 * @param parts the polygons, the largest part first
 * @param iou overlap of the polygons, filled again ({@link Rle#ofPolygons}), with the mask, 0..1; 1 where nothing is lost,
 *     also for an empty mask without parts
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
     * @param maxError how far, in pixels, the outline may move ({@link Polygons#simplify}); 0.75 smooths pixel stairs
     * @param minArea parts of fewer pixels are dropped, and holes of fewer pixels filled; 0 or 1 keeps all
     */
    public static Outline simplified(Mask mask, double maxError, long minArea) {
        Kept kept = Kept.of(mask, minArea);
        return kept.outline(mask, Polygons.simplify(kept.parts, maxError));
    }

    /**
     * ViLaM's form: {@code points} points at equal distances along the outer ring of each part ({@link Polygon#sampled}),
     * usually {@link Polygon#VILAM_POINTS}. Holes cannot be told in it and are lost.
     *
     * @param minArea parts of fewer pixels are dropped; 0 or 1 keeps all
     */
    public static Outline sampled(Mask mask, int points, long minArea) {
        Kept kept = Kept.of(mask, minArea);
        return kept.outline(
                mask, kept.parts.stream().map(part -> part.sampled(points)).toList());
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
