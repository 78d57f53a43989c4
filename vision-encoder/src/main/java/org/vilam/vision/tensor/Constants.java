package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;

/**
 * Numbers from Java as arrays whose memory belongs to the tensor engine, safe to close while a recorded graph still needs them.
 *
 * <p>On the CPU an array that DJL 0.35.1 creates from Java data only borrows a Java buffer and lets go of it in
 * {@code close()} ({@code PtNDArray}, {@code JniUtils.createNdFromByteBuffer}). When a multiplication has recorded such an
 * array for its backward pass, the next garbage collection frees the memory under it, and gradients are silently wrong. This
 * holds for {@code x.mul(Number)}, {@code x.div(Number)} and {@code x.pow(Number)} too, which create and close an array
 * for the number: where gradients are recorded, use {@link #scale} instead. Adding and subtracting a number is safe, since
 * their backward pass does not need it.
 */
public final class Constants {
    private Constants() {}

    /** {@code x * factor}, the factor a float32; any shape. */
    public static NDArray scale(NDArray x, double factor) {
        try (NDArray scalar = x.getManager().full(new Shape(), (float) factor, DataType.FLOAT32)) {
            return x.mul(scalar);
        }
    }

    /** A float32 array of these values, row-major. */
    public static NDArray of(NDManager manager, float[] values, Shape shape) {
        try (NDArray borrowed = manager.create(values, shape)) {
            return borrowed.duplicate();
        }
    }

    /** A boolean array, true where the byte is not 0, row-major. */
    public static NDArray of(NDManager manager, byte[] values, Shape shape) {
        try (NDArray borrowed = manager.create(ByteBuffer.wrap(values), shape, DataType.BOOLEAN)) {
            return borrowed.duplicate();
        }
    }
}
