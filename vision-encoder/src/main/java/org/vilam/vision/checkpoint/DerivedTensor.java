package org.vilam.vision.checkpoint;

import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Supplier;

/**
 * A tensor made from those of a source.
 *
 * @param dtype its element type
 * @param shape its sides
 * @param data makes its elements, little-endian and row-major
 */
record DerivedTensor(DType dtype, Shape shape, Supplier<ByteBuffer> data) {
    /** A tensor as it is. */
    static DerivedTensor of(TensorSource source, String name) {
        return new DerivedTensor(source.dtype(name), source.shape(name), () -> source.data(name));
    }

    /** A matrix with its two sides exchanged. */
    DerivedTensor transposed() {
        Shape swapped = new Shape(shape.get(1), shape.get(0));
        return new DerivedTensor(
                dtype,
                swapped,
                () -> swapped.size() == 0
                        ? data.get()
                        : readOnly(StridedCopy.rowMajor(
                                data.get(), dtype.bytes(), swapped.getShape(), new long[] {1, shape.get(1)})));
    }

    /** A stretch of rows, in place. */
    DerivedTensor rows(long from, long count) {
        long bytes = rowBytes();
        return new DerivedTensor(
                dtype,
                withRows(shape, count),
                () -> data.get()
                        .slice(Math.toIntExact(from * bytes), Math.toIntExact(count * bytes))
                        .order(ByteOrder.LITTLE_ENDIAN));
    }

    /** Tensors that differ at most in their number of rows, one below the other. */
    static DerivedTensor joined(List<DerivedTensor> parts) {
        DerivedTensor first = parts.get(0);
        long rows = parts.stream().mapToLong(part -> part.shape.get(0)).sum();
        return new DerivedTensor(first.dtype, withRows(first.shape, rows), () -> {
            ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(rows * first.rowBytes()));
            parts.forEach(part -> all.put(part.data.get().duplicate()));
            return readOnly(all.flip());
        });
    }

    /** A tensor whose elements are all {@code value}. */
    static DerivedTensor filled(DType dtype, Shape shape, double value) {
        return new DerivedTensor(dtype, shape, () -> {
            ByteBuffer one = element(dtype, value);
            ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(shape.size() * dtype.bytes()));
            while (all.hasRemaining()) {
                all.put(one.duplicate());
            }
            return readOnly(all.flip());
        });
    }

    /** Whether every element has exactly this value. */
    boolean isFilledWith(double value) {
        ByteBuffer one = element(dtype, value);
        ByteBuffer all = data.get();
        for (int at = 0; at < all.remaining(); at += dtype.bytes()) {
            if (one.mismatch(all.slice(at, dtype.bytes())) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static ByteBuffer element(DType dtype, double value) {
        ByteBuffer one = ByteBuffer.allocate(dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        switch (dtype) {
            case F64 -> one.putDouble(value);
            case F32 -> one.putFloat((float) value);
            case F16 -> one.putShort(Float16.fromFloat((float) value));
            case BF16 -> one.putShort(BFloat16.fromFloat((float) value));
            case I64 -> one.putLong((long) value);
            case I32 -> one.putInt((int) value);
            case I16 -> one.putShort((short) value);
            case I8, U8, BOOL -> one.put((byte) (int) value);
        }
        return one.flip();
    }

    private long rowBytes() {
        long elements = 1;
        for (int i = 1; i < shape.dimension(); i++) {
            elements *= shape.get(i);
        }
        return elements * dtype.bytes();
    }

    static Shape withRows(Shape shape, long rows) {
        long[] sides = shape.getShape().clone();
        sides[0] = rows;
        return new Shape(sides);
    }

    private static ByteBuffer readOnly(ByteBuffer buffer) {
        return buffer.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
}
