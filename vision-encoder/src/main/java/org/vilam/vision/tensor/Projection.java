package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;

/**
 * A learned map of the last axis: a {@link Linear} layer, or something a family puts in its place.
 */
public interface Projection {
    /**
     * Projects.
     *
     * @param x (..., D)
     * @return (..., E), of x's manager
     */
    NDArray forward(NDArray x, Mode mode);
}
