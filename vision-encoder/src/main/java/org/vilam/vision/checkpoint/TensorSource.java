package org.vilam.vision.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * Named tensors that can be read one at a time: an open weight file, several shards, or a view of either under other names.
 *
 * <p>Opening reads no tensor data. Sources are safe for reading from several threads.
 */
public interface TensorSource extends AutoCloseable {
    /** The names, in the order of the file. */
    Set<String> names();

    /**
     * The shape of a tensor; a scalar has no sides.
     *
     * @throws IllegalArgumentException when there is no tensor of that name
     */
    Shape shape(String name);

    /** The element type as stored. */
    DType dtype(String name);

    /**
     * The elements as stored: contiguous, row-major, little-endian, position 0 to limit; read-only. Memory-mapped where the
     * file allows it, so asking for it costs nothing until it is read.
     */
    ByteBuffer data(String name);

    /**
     * A new array on {@code manager}: float32 for every floating type (exact for F16 and BF16, rounded for F64), the stored
     * type for integers (I16 widened to int32), boolean for BOOL.
     */
    NDArray load(String name, NDManager manager);

    @Override
    void close();
}
