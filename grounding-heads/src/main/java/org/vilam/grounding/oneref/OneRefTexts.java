package org.vilam.grounding.oneref;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * Texts as OneRef takes them: {@code <s>}, the pieces cut where they do not fit, {@code </s>}, padding, with XLM-R's ids.
 *
 * @param ids (B, T) int64
 * @param padding (B, T) int64, 1 where there is padding
 */
record OneRefTexts(NDArray ids, NDArray padding) {
    private static final long START = 0;
    private static final long PAD = 1;
    private static final long END = 2;

    /**
     * Lays texts out.
     *
     * @param pieces the ids of each text's pieces alone
     * @param length T
     */
    static OneRefTexts of(NDManager manager, List<int[]> pieces, int length) {
        long[] ids = new long[pieces.size() * length];
        long[] padding = new long[ids.length];
        Arrays.fill(ids, PAD);
        Arrays.fill(padding, 1);
        for (int b = 0; b < pieces.size(); b++) {
            int kept = Math.min(pieces.get(b).length, length - 2);
            if (kept == 0) {
                throw new VilamException(
                        ErrorCode.INVALID_ARGUMENT, "the expression is empty", "Say what is to be found.");
            }
            int at = b * length;
            ids[at] = START;
            for (int i = 0; i < kept; i++) {
                ids[at + 1 + i] = pieces.get(b)[i];
            }
            ids[at + 1 + kept] = END;
            Arrays.fill(padding, at, at + kept + 2, 0);
        }
        Shape shape = new Shape(pieces.size(), length);
        return new OneRefTexts(copied(manager, ids, shape), copied(manager, padding, shape));
    }

    private static NDArray copied(NDManager manager, long[] values, Shape shape) {
        try (NDArray borrowed = manager.create(values, shape)) {
            return borrowed.duplicate();
        }
    }
}
