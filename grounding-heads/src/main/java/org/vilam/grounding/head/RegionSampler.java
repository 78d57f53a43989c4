package org.vilam.grounding.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.Intermediates;

/**
 * Cuts regions out of feature maps and resamples each to a grid, as RoIAlign does (He et al. 2017, 3), but with a triangle filter
 * that falls to 0 one cell of the grid away, so that large regions are averaged and not picked from. Where cells of the grid are
 * smaller than the map's it is bilinear interpolation.
 *
 * <p>The filter is separable: each axis is one matrix product. What lies outside the map counts as 0, also for a cell inside whose
 * filter reaches over the edge. Letters: B batch, R
 * regions, C channels, H rows, W columns, G grid.
 */
final class RegionSampler {
    private final List<Region> regions;
    private final int grid;

    /**
     * A region of one image of a batch.
     *
     * @param image which
     * @param box parts 0..1 of the network input's sides; may reach beyond
     */
    record Region(int image, Box box) {}

    RegionSampler(List<Region> regions, int grid) {
        this.regions = List.copyOf(regions);
        this.grid = grid;
    }

    /**
     * The regions of a map; differentiable in the map.
     *
     * @param map (B, C, H, W)
     * @return (R, C, G, G)
     */
    NDArray sample(NDArray map) {
        Shape shape = map.getShape();
        long channels = shape.get(1);
        int rows = Math.toIntExact(shape.get(2));
        int columns = Math.toIntExact(shape.get(3));
        int count = regions.size();
        NDManager manager = map.getManager();
        return Intermediates.freeing(() -> {
            NDArray x = map.get(new NDIndex("{}", images(manager))); // (R, C, H, W)
            NDArray across = filters(manager, columns, true).swapAxes(1, 2); // (R, W, G)
            NDArray down = filters(manager, rows, false); // (R, G, H)
            x = x.reshape(count, channels * rows, columns).matMul(across); // (R, C * H, G)
            x = x.reshape(count, channels, rows, grid).transpose(0, 2, 1, 3); // (R, H, C, G)
            x = down.matMul(x.reshape(count, rows, channels * grid)); // (R, G, C * G)
            return x.reshape(count, grid, channels, grid).transpose(0, 2, 1, 3); // (R, C, G, G)
        });
    }

    private NDArray images(NDManager manager) {
        try (NDArray borrowed =
                manager.create(regions.stream().mapToLong(Region::image).toArray())) {
            return borrowed.duplicate();
        }
    }

    /** The weight of each cell of the map's axis in each cell of the grid's, (R, G, size). */
    private NDArray filters(NDManager manager, int size, boolean horizontal) {
        float[] values = new float[regions.size() * grid * size];
        for (int r = 0; r < regions.size(); r++) {
            Box box = regions.get(r).box();
            double low = (horizontal ? box.x1() : box.y1()) * size;
            double high = (horizontal ? box.x2() : box.y2()) * size;
            double step = (high - low) / grid;
            double reach = Math.max(1, step);
            for (int g = 0; g < grid; g++) {
                double centre = low + (g + 0.5) * step - 0.5;
                int at = (r * grid + g) * size;
                double sum = 0;
                int from = (int) Math.ceil(centre - reach);
                int to = (int) Math.floor(centre + reach);
                for (int i = from; i <= to; i++) {
                    sum += Math.max(0, 1 - Math.abs(i - centre) / reach);
                }
                for (int i = Math.max(0, from); i <= Math.min(size - 1, to); i++) {
                    values[at + i] = (float) (Math.max(0, 1 - Math.abs(i - centre) / reach) / sum);
                }
            }
        }
        return Constants.of(manager, values, new Shape(regions.size(), grid, size));
    }
}
