package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * A linear layer's weight in 8-bit integers with one scale an output channel: {@code weight = values * scales[:, None]}.
 */
public final class Int8Weight implements PackedWeight {
    private final NDArray values;
    private final NDArray scales;

    /** Takes over arrays made by libtorch, whose memory is aligned as its int8 kernel needs. */
    Int8Weight(NDArray values, NDArray scales) {
        Shape shape = values.getShape();
        if (values.getDataType() != DataType.INT8 || shape.dimension() != 2) {
            throw new IllegalArgumentException("values are INT8 (E, D), got " + values.getDataType() + " " + shape);
        }
        if (scales.getDataType() != DataType.FLOAT32 || !scales.getShape().equals(new Shape(shape.get(0)))) {
            throw new IllegalArgumentException(
                    "scales are FLOAT32 (" + shape.get(0) + "), got " + scales.getDataType() + " " + scales.getShape());
        }
        this.values = values;
        this.scales = scales;
    }

    /**
     * A copy of values and scales that lie elsewhere, a file for instance; belongs to the manager of the values.
     *
     * @param values INT8, (E, D), -127..127
     * @param scales FLOAT32, (E), at least 0
     */
    public static Int8Weight copyOf(NDArray values, NDArray scales) {
        return new Int8Weight(values.duplicate(), scales.duplicate());
    }

    /** INT8, (E, D), -127..127. */
    public NDArray values() {
        return values;
    }

    /** FLOAT32, (E). */
    public NDArray scales() {
        return scales;
    }

    @Override
    public Shape shape() {
        return values.getShape();
    }

    @Override
    public long sizeInBytes() {
        return values.size() + 4 * scales.size();
    }

    @Override
    public void attach(NDManager manager) {
        values.attach(manager);
        scales.attach(manager);
    }

    @Override
    public void close() {
        values.close();
        scales.close();
    }
}
