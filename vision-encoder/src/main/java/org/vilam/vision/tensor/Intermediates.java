package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.function.Supplier;

/**
 * Frees what a computation made on the way to its result.
 *
 * <p>Without it every activation of a network lives until the caller closes its manager. What a recorded graph needs for its
 * backward pass stays alive: the engine holds its own memory, and a recording {@link GradientScope} that of Java.
 */
public final class Intermediates {
    private Intermediates() {}

    /**
     * Runs a computation and closes every array it made on this thread except its result, also when it throws. What a
     * {@link Parameters} or {@link KvCache} holds is not closed.
     *
     * @param computation returns an array it made itself, not one it was given
     * @return its result, which belongs to the manager it was made in
     */
    public static NDArray freeing(Supplier<NDArray> computation) {
        NDArray result;
        try (NDScope scope = RecordedBuffers.closing()) {
            result = computation.get();
            NDScope.unregister(result);
        }
        NDScope.register(result); // so that a computation around this one frees it in turn
        return result;
    }
}
