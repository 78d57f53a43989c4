package org.vilam.grounding.hivg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.vilam.vision.clip.ClipConfig;

/** Texts as HiVG takes them: CLIP's start token, the words cut where they do not fit, the end token, and zeros. */
final class HiVgTexts {
    private HiVgTexts() {}

    /**
     * The ids of texts. Start and end are the last two of the vocabulary.
     *
     * @param words the ids of each text's words alone
     * @return (B, T) int64
     */
    static NDArray ids(NDManager manager, List<int[]> words, ClipConfig.Text config) {
        int length = config.maxPositions();
        long[] ids = new long[words.size() * length];
        for (int b = 0; b < words.size(); b++) {
            int kept = Math.min(words.get(b).length, length - 2);
            ids[b * length] = config.vocabSize() - 2L;
            for (int i = 0; i < kept; i++) {
                ids[b * length + 1 + i] = words.get(b)[i];
            }
            ids[b * length + 1 + kept] = config.vocabSize() - 1L;
        }
        try (NDArray borrowed = manager.create(ids, new Shape(words.size(), length))) {
            return borrowed.duplicate();
        }
    }
}
