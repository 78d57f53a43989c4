package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Fixed positions of sines and cosines.
 *
 * <p>Letters: T tokens, D width, E width of one axis (D / 2). Feature i of a place p is {@code sin(p / t^(2 floor(i / 2) / D))}
 * for even i and the cosine for odd i, with the temperature t = 10000.
 */
public final class SinePositions {
    private static final double TEMPERATURE = 10000;
    private static final double EPS = 1e-6;

    private SinePositions() {}

    /**
     * Positions of a sequence (Vaswani et al. 2017, 3.5): places 0, 1, ...
     *
     * @param width even
     * @return (T, D)
     */
    public static NDArray of1d(NDManager manager, int length, int width) {
        requireMultiple(width, 2);
        float[] values = new float[length * width];
        for (int p = 0; p < length; p++) {
            features(values, p * width, width, p);
        }
        return Constants.of(manager, values, new Shape(length, width));
    }

    /**
     * Positions of an image's grid as DETR has them (Carion et al. 2020, {@code PositionEmbeddingSine} with normalisation):
     * place {@code (row + 1) / (rows + 1e-6) * 2 pi} down and likewise across; the first E features are of the row, the
     * others of the column.
     *
     * @param width a multiple of 4
     * @return (rows * columns, D), row by row
     */
    public static NDArray of2d(NDManager manager, int rows, int columns, int width) {
        requireMultiple(width, 4);
        float[] values = new float[rows * columns * width];
        int half = width / 2;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int at = (row * columns + column) * width;
                features(values, at, half, (row + 1) / (rows + EPS) * 2 * Math.PI);
                features(values, at + half, half, (column + 1) / (columns + EPS) * 2 * Math.PI);
            }
        }
        return Constants.of(manager, values, new Shape((long) rows * columns, width));
    }

    private static void features(float[] values, int at, int width, double place) {
        for (int i = 0; i < width; i += 2) {
            double angle = place / Math.pow(TEMPERATURE, (double) i / width);
            values[at + i] = (float) Math.sin(angle);
            values[at + i + 1] = (float) Math.cos(angle);
        }
    }

    private static void requireMultiple(int width, int of) {
        if (width < of || width % of != 0) {
            throw new IllegalArgumentException("the width is a multiple of " + of + ", got " + width);
        }
    }
}
