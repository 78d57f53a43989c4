package org.vilam.assistant.vilam;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.vilam.grounding.answer.Grounded.ScoredKeypoint;
import org.vilam.grounding.head.RegionHead;
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.CoordinateTransform;
import org.vilam.vision.geometry.Keypoint;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Skeleton;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Mode;

/** The closer look at boxes that were found: refined, with masks and keypoints, all in parts of the network's frame. */
final class Looker {
    private final VilamModel model;
    private final NDArray images;
    private final Beit3Encoder.Encoded encoded;

    Looker(VilamModel model, NDArray images, Beit3Encoder.Encoded encoded) {
        this.model = model;
        this.images = images;
        this.encoded = encoded;
    }

    /** Boxes after so many refinements. */
    List<RegionHead.Region> refined(List<RegionHead.Region> regions, int times) {
        List<RegionHead.Region> out = regions;
        for (int i = 0; i < times && !out.isEmpty(); i++) {
            List<RegionHead.Region> from = out;
            float[] values;
            try (NDArray boxes = Intermediates.freeing(() -> {
                RegionHead.Look look = model.regionHead().look(images, encoded, from, Mode.INFERENCE);
                return model.regionHead().refine(look, Mode.INFERENCE);
            })) {
                values = boxes.toFloatArray();
            }
            List<RegionHead.Region> next = new ArrayList<>();
            for (int r = 0; r < from.size(); r++) {
                next.add(new RegionHead.Region(
                        from.get(r).image(),
                        Box.ofCxcywh(values[4 * r], values[4 * r + 1], values[4 * r + 2], values[4 * r + 3])));
            }
            out = next;
        }
        return out;
    }

    /**
     * A drawn region.
     *
     * @param view what was looked at
     * @param mask (G, G) logits
     * @param heat (K, G, G) logits
     * @param visible (K) logits
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Drawn(Box view, float[] mask, float[] heat, float[] visible, int grid) {
        /** The object's pixels in a picture. */
        Mask mask(int width, int height, CoordinateTransform toFrame, int side) {
            return Mask.where(width, height, (x, y) -> {
                double gx = ((toFrame.scaleX() * (x + 0.5) + toFrame.offsetX()) / side - view.x1()) / view.width();
                double gy = ((toFrame.scaleY() * (y + 0.5) + toFrame.offsetY()) / side - view.y1()) / view.height();
                return gx > 0 && gx < 1 && gy > 0 && gy < 1 && bilinear(gx * grid - 0.5, gy * grid - 0.5) > 0;
            });
        }

        private double bilinear(double x, double y) {
            double cx = Math.min(Math.max(x, 0), grid - 1.0);
            double cy = Math.min(Math.max(y, 0), grid - 1.0);
            int x0 = (int) Math.min(cx, grid - 2.0);
            int y0 = (int) Math.min(cy, grid - 2.0);
            double fx = cx - x0;
            double fy = cy - y0;
            int at = y0 * grid + x0;
            return (1 - fy) * ((1 - fx) * mask[at] + fx * mask[at + 1])
                    + fy * ((1 - fx) * mask[at + grid] + fx * mask[at + grid + 1]);
        }

        /** The named points in a picture. */
        List<ScoredKeypoint> keypoints(CoordinateTransform toFrame, int side) {
            List<ScoredKeypoint> out = new ArrayList<>();
            CoordinateTransform back = toFrame.inverse();
            for (int k = 0; k < visible.length; k++) {
                double max = Double.NEGATIVE_INFINITY;
                for (int i = 0; i < grid * grid; i++) {
                    max = Math.max(max, heat[k * grid * grid + i]);
                }
                double sum = 0;
                double sx = 0;
                double sy = 0;
                for (int i = 0; i < grid * grid; i++) {
                    double p = Math.exp(heat[k * grid * grid + i] - max);
                    sum += p;
                    sx += p * (i % grid + 0.5) / grid;
                    sy += p * (Math.floorDiv(i, grid) + 0.5) / grid;
                }
                Point inFrame = new Point(
                        (view.x1() + sx / sum * view.width()) * side, (view.y1() + sy / sum * view.height()) * side);
                Point place = back.apply(inFrame);
                double seen = 1 / (1 + Math.exp(-visible[k]));
                String name = Skeleton.COCO_PERSON.names().get(k);
                out.add(new ScoredKeypoint(
                        seen >= 0.5
                                ? Keypoint.visible(name, place.x(), place.y())
                                : Keypoint.occluded(name, place.x(), place.y()),
                        seen));
            }
            return out;
        }
    }

    /** Masks and keypoints of regions. */
    List<Drawn> draw(List<RegionHead.Region> regions) {
        if (regions.isEmpty()) {
            return List.of();
        }
        int grid = model.config().heads().regionGrid();
        int keypoints = model.config().heads().keypoints();
        RegionHead.Look look = model.regionHead().look(images, encoded, regions, Mode.INFERENCE);
        float[] maps;
        float[] seen;
        try (NDArray m = model.regionHead().maps(look);
                NDArray v = model.regionHead().visible(look, Mode.INFERENCE)) {
            maps = m.toFloatArray();
            seen = v.toFloatArray();
        }
        look.features().close();
        look.pooled().close();
        List<Drawn> out = new ArrayList<>();
        int cells = grid * grid;
        int known = Math.max(1, keypoints);
        for (int r = 0; r < regions.size(); r++) {
            int at = r * (1 + keypoints) * cells;
            out.add(new Drawn(
                    regions.get(r).view(),
                    java.util.Arrays.copyOfRange(maps, at, at + cells),
                    java.util.Arrays.copyOfRange(maps, at + cells, at + (1 + keypoints) * cells),
                    java.util.Arrays.copyOfRange(seen, r * known, r * known + keypoints),
                    grid));
        }
        return out;
    }
}
