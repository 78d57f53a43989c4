package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/**
 * Additive attention masks: 0 where a token sees a key, {@link #MASKED} where it does not.
 *
 * <p>Letters: B batch, T query tokens, S key tokens. Masks have four axes, so that they broadcast over heads.
 */
public final class AttentionMasks {
    /**
     * The most negative float32, as Hugging Face uses. Unlike minus infinity it leaves a row whose keys are all masked
     * finite: such a row, at a padding position, attends to everything alike.
     */
    public static final float MASKED = -Float.MAX_VALUE;

    private AttentionMasks() {}

    /**
     * Hides padding from all tokens.
     *
     * @param real (B, S), not 0 where a token is real, 0 where it is padding; any type
     * @return (B, 1, 1, S), of the manager of {@code real}
     */
    public static NDArray padding(NDArray real) {
        if (real.getShape().dimension() != 2) {
            throw Shapes.mismatch("attention mask", "real", real.getShape().toString(), "(B, S)");
        }
        return Intermediates.freeing(() -> real.toType(DataType.BOOLEAN, false)
                .logicalNot()
                .toType(DataType.FLOAT32, false)
                .mul(MASKED)
                .expandDims(1)
                .expandDims(1)); // (B, 1, 1, S)
    }

    /**
     * Lets each token see itself and what came before.
     *
     * @param tokens T, the last T of the keys
     * @param keys S, at least T
     * @return (1, 1, T, S)
     */
    public static NDArray causal(NDManager manager, int tokens, int keys) {
        return prefixCausal(manager, 0, tokens, keys);
    }

    /**
     * Lets each token see itself, what came before, and the whole prefix: the prefix sees itself in both directions.
     *
     * @param prefix the number of keys from the first on that every token sees
     * @param tokens T, the last T of the keys
     * @param keys S, at least T
     * @return (1, 1, T, S)
     */
    public static NDArray prefixCausal(NDManager manager, int prefix, int tokens, int keys) {
        if (prefix < 0 || prefix > keys || tokens < 1 || tokens > keys) {
            throw new IllegalArgumentException(
                    "prefix " + prefix + " and tokens " + tokens + " must lie within the " + keys + " keys");
        }
        float[] values = new float[Math.multiplyExact(tokens, keys)];
        for (int t = 0; t < tokens; t++) {
            int seen = Math.max(prefix, keys - tokens + t + 1);
            Arrays.fill(values, t * keys + seen, (t + 1) * keys, MASKED);
        }
        return Constants.of(manager, values, new Shape(1, 1, tokens, keys));
    }

    /** Hides what either mask hides; the masks broadcast. The sum of two would overflow to minus infinity. */
    public static NDArray both(NDArray a, NDArray b) {
        return a.minimum(b);
    }
}
