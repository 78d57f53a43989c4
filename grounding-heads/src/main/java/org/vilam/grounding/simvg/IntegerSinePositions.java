package org.vilam.grounding.simvg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.vilam.vision.tensor.Constants;

/**
 * The positions of a text's tokens as the code of SimVG and C3VG has them ({@code PositionEmbeddingSine1D}): meant were sines and
 * cosines of falling frequencies, but the frequencies are cast to integers, so that only the first, 1, survives and all others
 * are 0. Checkpoints were trained with it.
 */
public final class IntegerSinePositions {
    private IntegerSinePositions() {}

    /**
     * Row p is {@code (sin p, cos p, 0, 1, 0, 1, ...)}, p = 0, 1, ... in radians.
     *
     * @param width even
     * @return (length, width)
     */
    public static NDArray of(NDManager manager, int length, int width) {
        if (width < 2 || width % 2 != 0) {
            throw new IllegalArgumentException("the width is even, got " + width);
        }
        float[] values = new float[length * width];
        for (int p = 0; p < length; p++) {
            for (int i = 0; i < width; i += 2) {
                double angle = i == 0 ? p : 0;
                values[p * width + i] = (float) Math.sin(angle);
                values[p * width + i + 1] = (float) Math.cos(angle);
            }
        }
        return Constants.of(manager, values, new Shape(length, width));
    }
}
