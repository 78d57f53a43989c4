package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;

/**
 * One weight of a network.
 *
 * <p>Whether it learns is the array's own state ({@link #trainable}), set through {@link Parameters#requireGradients}.
 *
 * @param name its full name, as in a weight file
 * @param array the values, float32; belongs to the {@link Parameters} it came from
 * @param decays whether weight decay applies to it
 */
public record Parameter(String name, NDArray array, boolean decays) {
    /** Whether gradients are recorded for it. */
    public boolean trainable() {
        return array.hasGradient();
    }

    /** The number of elements. */
    public long size() {
        return array.size();
    }
}
