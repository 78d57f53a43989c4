package org.vilam.grounding.family;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.vilam.vision.tensor.Constants;

/** The picture that families compute their probes on: waves of a different length in each channel. */
public final class ProbeInput {
    private ProbeInput() {}

    /** One square picture, (1, 3, side, side), values from -1 to 1. */
    public static NDArray images(NDManager manager, int side) {
        float[] values = new float[3 * side * side];
        for (int i = 0; i < values.length; i++) {
            int channel = i / (side * side);
            int y = i / side % side;
            int x = i % side;
            values[i] = (float) Math.sin((channel + 1) * 0.05 * x + 0.03 * y);
        }
        return Constants.of(manager, values, new Shape(1, 3, side, side));
    }
}
