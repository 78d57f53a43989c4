package org.vilam.grounding.c3vg;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * What a transformer of the head looks at: words or patches.
 *
 * @param values (B, tokens, E)
 * @param positions (tokens, E)
 * @param mask additive, (B, 1, 1, tokens), or null
 */
record Tokens(NDArray values, NDArray positions, @Nullable NDArray mask) implements AutoCloseable {
    @Override
    public void close() {
        values.close();
        positions.close();
        if (mask != null) {
            mask.close();
        }
    }
}
