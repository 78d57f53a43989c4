package org.vilam.vision.checkpoint;

import ai.djl.ndarray.NDArray;
import java.nio.ByteBuffer;

/** Where tensors are written one at a time: one file, or several with an index. */
public interface TensorSink extends AutoCloseable {
    /**
     * Writes a tensor's elements as they are.
     *
     * @param name an announced name that was not written yet
     * @param elements contiguous, row-major, little-endian, from position to limit; the buffer itself is not changed
     */
    void write(String name, ByteBuffer elements);

    /**
     * Writes an array, converting a float32 array to the announced F16, BF16 or F64 (nearest value, ties to even) and an
     * int32 array to I16. For all other types the array's type must be the announced one.
     *
     * @throws IllegalArgumentException when the array's shape or type does not fit what was announced
     */
    void write(String name, NDArray array);

    /** Writes every tensor of {@code source}, which must be the announced ones, as stored. */
    default void writeAll(TensorSource source) {
        source.names().forEach(name -> write(name, source.data(name)));
    }

    /**
     * Checks that every announced tensor was written and makes the result visible.
     *
     * @throws IllegalStateException when one was not
     */
    void finish();

    /** Gives up everything written unless {@link #finish()} was called. */
    @Override
    void close();
}
