package org.vilam.grounding.simvg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.SeededRandom;

/** The input on which imported SimVG and C3VG models are verified: one image of noise and one text of seven pieces. */
public final class Probe {
    private static final long SEED = 320;
    private static final int PIECES = 7;
    private static final int FIRST_PIECE = 4;

    private Probe() {}

    /** (1, 3, side, side), values from -2 to 2. */
    public static NDArray image(NDManager manager, int side) {
        SeededRandom random = new SeededRandom(SEED);
        float[] values = new float[3 * side * side];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextUniform(-2, 2);
        }
        return Constants.of(manager, values, new Shape(1, 3, side, side));
    }

    /** (1, length) ids below the size of the vocabulary. */
    public static ExpressionReader.Batch text(NDManager manager, int length, int vocabSize) {
        long[] pieces = new long[PIECES];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = Math.min(FIRST_PIECE + 10L * i, vocabSize - 1L);
        }
        return new ExpressionReader(text -> pieces, length).read(manager, java.util.List.of("probe"));
    }
}
