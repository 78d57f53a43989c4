package org.vilam.grounding.c3vg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Shapes;

/**
 * How a box reads one vector from a map: the maximum over some cells, channel by channel. The map gets the gradient, the box
 * none.
 *
 * <p>Letters: B batch, C channels.
 */
public enum RegionPooling {
    /**
     * What the official code does, and so what its checkpoint knows: torchvision's {@code roi_pool} with output 1 by 1 of boxes
     * whose corners are parts of the image's sides, with scale 1. So corners round to cell 0 or 1, and every box reads one to
     * four cells at the top left of the map.
     */
    CORNER_CELLS {
        @Override
        int[] cells(float low, float high, int side) {
            int first = round(low);
            int count = Math.max(round(high) - first + 1, 1);
            return new int[] {Math.max(0, Math.min(first, side)), Math.max(0, Math.min(first + count, side))};
        }
    },
    /** The cells that the box touches, at least one; for models trained anew. */
    BOX_CELLS {
        @Override
        int[] cells(float low, float high, int side) {
            int first = Math.max(0, Math.min((int) Math.floor(low * side), side - 1));
            int end = Math.max(first + 1, Math.min((int) Math.ceil(high * side), side));
            return new int[] {first, end};
        }
    };

    /**
     * The cells along an axis that a box reads.
     *
     * @param low the box's lower corner, as part of the side
     * @param high its upper corner
     * @param side cells of the map
     * @return the first cell and the one after the last, within the map; equal where there are none
     */
    abstract int[] cells(float low, float high, int side);

    /**
     * Reads vectors.
     *
     * @param map (B, C, rows, columns)
     * @param boxes (B, 4), (centre x, centre y, width, height) as parts of the sides
     * @return (B, C), zeros for a box that reads no cell
     */
    public NDArray pool(NDArray map, NDArray boxes) {
        Shapes.require("region pooling", "map", map, "B", "C", "rows", "columns");
        Shape shape = map.getShape();
        Shapes.require("region pooling", "boxes", boxes, shape.get(0), 4);
        float[] v = boxes.toFloatArray();
        int rows = Math.toIntExact(shape.get(2));
        int columns = Math.toIntExact(shape.get(3));
        return Intermediates.freeing(() -> {
            NDList pooled = new NDList();
            for (int b = 0; b < shape.get(0); b++) {
                int at = 4 * b;
                int[] x = cells(v[at] - 0.5f * v[at + 2], v[at] + 0.5f * v[at + 2], columns);
                int[] y = cells(v[at + 1] - 0.5f * v[at + 3], v[at + 1] + 0.5f * v[at + 3], rows);
                pooled.add(
                        x[0] == x[1] || y[0] == y[1]
                                ? map.getManager().zeros(new Shape(shape.get(1)))
                                : map.get(new NDIndex("{}, :, {}:{}, {}:{}", b, y[0], y[1], x[0], x[1]))
                                        .reshape(shape.get(1), -1)
                                        .max(new int[] {1})); // (C), the gradient goes to one of equal cells
            }
            return NDArrays.stack(pooled); // (B, C)
        });
    }

    /** Halves away from zero, C's {@code round}. */
    private static int round(float v) {
        return (int) (v < 0 ? -Math.floor(0.5 - v) : Math.floor(v + 0.5));
    }
}
