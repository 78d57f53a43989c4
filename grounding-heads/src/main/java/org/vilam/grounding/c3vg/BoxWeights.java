package org.vilam.grounding.c3vg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.vilam.vision.tensor.Constants;

/** A map that says where a box is: the cells it touches weigh 1, all others 0.1. */
final class BoxWeights {
    private static final float OUTSIDE = 0.1f;
    private static final float INSIDE = 1;

    private BoxWeights() {}

    /**
     * Draws maps.
     *
     * @param boxes (B, 4), (centre x, centre y, width, height) as parts of the sides
     * @return (B, 1, rows, columns), constants
     */
    static NDArray of(NDManager manager, NDArray boxes, int rows, int columns) {
        float[] v = boxes.toFloatArray();
        int batch = v.length / 4;
        float[] weights = new float[batch * rows * columns];
        Arrays.fill(weights, OUTSIDE);
        for (int b = 0; b < batch; b++) {
            float halfWidth = 0.5f * v[4 * b + 2];
            float halfHeight = 0.5f * v[4 * b + 3];
            int left = clamp(Math.floor((v[4 * b] - halfWidth) * columns), columns);
            int right = clamp(Math.ceil((v[4 * b] + halfWidth) * columns), columns);
            int top = clamp(Math.floor((v[4 * b + 1] - halfHeight) * rows), rows);
            int bottom = clamp(Math.ceil((v[4 * b + 1] + halfHeight) * rows), rows);
            for (int y = top; y < bottom; y++) {
                int row = (b * rows + y) * columns;
                Arrays.fill(weights, row + left, row + Math.max(left, right), INSIDE);
            }
        }
        return Constants.of(manager, weights, new Shape(batch, 1, rows, columns));
    }

    private static int clamp(double cell, int side) {
        return (int) Math.max(0, Math.min(cell, side));
    }
}
