package org.vilam.vision.checkpoint;

import ai.djl.ndarray.types.Shape;
import java.util.Objects;

/**
 * What is known of a tensor without its elements.
 *
 * @param name the name
 * @param dtype the element type
 * @param shape the sides, outermost first; a scalar has none
 */
public record TensorInfo(String name, DType dtype, Shape shape) {
    /** Checks that every side is known and not negative and that the size fits 64 bits. */
    public TensorInfo {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(dtype, "dtype");
        if (bytes(dtype, shape.getShape()) < 0) {
            throw new IllegalArgumentException("tensor " + name + " cannot have shape " + shape);
        }
    }

    /** The size of the elements in bytes. */
    public long bytes() {
        return bytes(dtype, shape.getShape());
    }

    /** The size in bytes, or -1 where a side is negative or a product overflows 63 bits, as the reference checks it. */
    static long bytes(DType dtype, long[] shape) {
        try {
            long elements = 1;
            for (long side : shape) {
                if (side < 0) {
                    return -1;
                }
                elements = Math.multiplyExact(elements, side);
            }
            return Math.multiplyExact(elements, (long) dtype.bytes());
        } catch (ArithmeticException e) {
            return -1;
        }
    }
}
