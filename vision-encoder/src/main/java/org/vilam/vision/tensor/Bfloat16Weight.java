package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;

/**
 * Numbers in bfloat16: the upper half of a FLOAT32.
 *
 * <p>Storage is an INT8 array whose last axis holds two bytes a number, little-endian, because DJL 0.35.1 ends the process
 * when it meets an array of type BFLOAT16. It can be sliced, attached and saved like any other array; only
 * {@link Operations} reads it as numbers.
 *
 * @param bytes INT8, (..., 2 D) for numbers of shape (..., D)
 */
public record Bfloat16Weight(NDArray bytes) implements PackedWeight {
    public Bfloat16Weight {
        Shape shape = bytes.getShape();
        if (bytes.getDataType() != DataType.INT8
                || shape.dimension() == 0
                || shape.get(shape.dimension() - 1) % 2 != 0) {
            throw new IllegalArgumentException(
                    "bfloat16 storage is INT8 with an even last axis, got " + bytes.getDataType() + " " + shape);
        }
    }

    /**
     * Wraps little-endian bfloat16 numbers, as they lie in a safetensors file. A direct buffer on the CPU is not copied:
     * it must not change afterwards.
     *
     * @param buffer 2 bytes a number from its position to its limit
     * @param shape the shape of the numbers, at least one axis
     */
    public static Bfloat16Weight of(NDManager manager, ByteBuffer buffer, Shape shape) {
        if (shape.dimension() == 0 || buffer.remaining() != 2 * shape.size()) {
            throw new IllegalArgumentException(
                    "bfloat16 numbers of shape " + shape + " take 2 bytes each, got " + buffer.remaining() + " bytes");
        }
        long[] storage = shape.getShape().clone();
        storage[storage.length - 1] *= 2;
        return new Bfloat16Weight(manager.create(buffer.slice(), new Shape(storage), DataType.INT8));
    }

    @Override
    public Shape shape() {
        long[] numbers = bytes.getShape().getShape().clone();
        numbers[numbers.length - 1] /= 2;
        return new Shape(numbers);
    }

    @Override
    public long sizeInBytes() {
        return bytes.size();
    }

    @Override
    public void attach(NDManager manager) {
        bytes.attach(manager);
    }

    @Override
    public void close() {
        bytes.close();
    }
}
