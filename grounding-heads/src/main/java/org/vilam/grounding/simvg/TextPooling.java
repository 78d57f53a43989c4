package org.vilam.grounding.simvg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import org.vilam.vision.tensor.AttentionMasks;

/**
 * How the tokens of a text become one vector.
 *
 * <p>Letters: B batch, T text tokens, E width.
 */
public enum TextPooling {
    /**
     * What the code of SimVG and C3VG does, and so what their checkpoints know: the element-wise maximum of the last two tokens
     * if any token is padding, else the last token. (Meant was {@link #MASKED_MAX}; the code inverts the bits of an integer mask,
     * gets -1 and -2, and uses these as indices.) With two paddings or more this is the encoder's output at a padding token,
     * which holds image and text because padding attends to both.
     */
    LAST_TWO {
        @Override
        public NDArray pool(NDArray text, NDArray padding) {
            NDArray last = text.get(new NDIndex(":, -1")); // (B, E)
            NDArray before = text.get(new NDIndex(":, -2")); // (B, E)
            NDArray padded = padding.neq(0)
                    .toType(DataType.FLOAT32, false)
                    .max(new int[] {1}, true) // (B, 1)
                    .neq(0)
                    .broadcast(last.getShape()); // (B, E)
            return last.maximum(NDArrays.where(padded, before, last));
        }
    },
    /** The element-wise maximum of the real tokens; for models trained anew. */
    MASKED_MAX {
        @Override
        public NDArray pool(NDArray text, NDArray padding) {
            NDArray hidden = AttentionMasks.padding(padding.eq(0)); // (B, 1, 1, T)
            return text.add(hidden.reshape(text.getShape().get(0), -1, 1)).max(new int[] {1}); // (B, E)
        }
    };

    /**
     * Pools.
     *
     * @param text (B, T, E), T above 1
     * @param padding (B, T), 0 where a token is real
     * @return (B, E)
     */
    public abstract NDArray pool(NDArray text, NDArray padding);
}
