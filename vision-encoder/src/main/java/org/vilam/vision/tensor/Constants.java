package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * Numbers from Java as arrays whose memory belongs to the tensor engine.
 *
 * <p>On the CPU an array that DJL 0.35.1 creates from Java data only borrows a Java buffer, and lets go of it in
 * {@code close()}. A graph that has recorded such an array reads freed memory in its backward pass, unless a
 * {@link GradientScope} holds the buffer until then. What is made here needs no holding: a mask of dropout can be closed as
 * soon as it is used, and its Java memory is free at once.
 */
public final class Constants {
    private Constants() {}

    /** {@code x * factor}, the factor a float32 in libtorch's memory, which autograd keeps; see {@link RecordedBuffers}. */
    public static NDArray scale(NDArray x, double factor) {
        try (NDArray scalar = x.getManager().full(new Shape(), (float) factor, DataType.FLOAT32)) {
            return x.mul(scalar);
        }
    }

    /** A float32 array of these values, row-major. */
    public static NDArray of(NDManager manager, float[] values, Shape shape) {
        return copied(() -> manager.create(values, shape));
    }

    /** A boolean array, true where the byte is not 0, row-major. */
    public static NDArray of(NDManager manager, byte[] values, Shape shape) {
        return copied(() -> manager.create(ByteBuffer.wrap(values), shape, DataType.BOOLEAN));
    }

    /** The copy of a borrowed array. The scope around this one is not told of that array, and so does not hold its buffer. */
    private static NDArray copied(Supplier<NDArray> borrowed) {
        NDArray copy;
        try (NDScope scope = new NDScope()) {
            copy = borrowed.get().duplicate();
            NDScope.unregister(copy);
        }
        NDScope.register(copy);
        return copy;
    }
}
