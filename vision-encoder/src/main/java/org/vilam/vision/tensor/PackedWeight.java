package org.vilam.vision.tensor;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * A weight kept in fewer bits than FLOAT32, for {@link Operations#linear(ai.djl.ndarray.NDArray, PackedWeight,
 * ai.djl.ndarray.NDArray)}. It stays open until every backward pass through it is done.
 */
public sealed interface PackedWeight extends AutoCloseable permits Bfloat16Weight, Int8Weight {
    /** The shape of the numbers, not of their storage. */
    Shape shape();

    /** Bytes of storage. */
    long sizeInBytes();

    /** Hands the storage over to another manager. */
    void attach(NDManager manager);

    /** Frees the storage. */
    @Override
    void close();
}
