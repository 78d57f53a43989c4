package org.vilam.vision.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/** From arrays to stored elements, a part at a time, so that the Java heap never holds a whole large tensor. */
final class ArrayElements {
    private static final int PART = 1 << 20;

    private ArrayElements() {}

    /**
     * Gives the elements of {@code array} in the announced type, in order. Each part is only valid during its call.
     *
     * @throws IllegalArgumentException when shape or type do not fit
     */
    static void forEachPart(NDArray array, TensorInfo info, Consumer<ByteBuffer> parts) {
        if (!array.getShape().equals(info.shape())) {
            throw new IllegalArgumentException(
                    "tensor " + info.name() + " was announced as " + info.shape() + ", not " + array.getShape());
        }
        if (!convertible(array.getDataType(), info.dtype())) {
            throw new IllegalArgumentException("tensor " + info.name() + " was announced as " + info.dtype()
                    + ", which an array of " + array.getDataType() + " is not converted to");
        }
        long elements = array.size();
        if (elements == 0) {
            return;
        }
        boolean asIs = asIs(array.getDataType(), info.dtype());
        ByteBuffer converted = ByteBuffer.allocate(
                        asIs ? 0 : (int) Math.min(PART, elements) * info.dtype().bytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        try (NDManager scope = array.getManager().newSubManager()) {
            // Row-major; a copy only where the array is a transposed view. Its parts are contiguous.
            NDArray flat = array.reshape(new Shape(elements));
            flat.attach(scope);
            for (long from = 0; from < elements; from += PART) {
                try (NDArray part = flat.get(new NDIndex().addSliceDim(from, Math.min(elements, from + PART)))) {
                    ByteBuffer bytes = part.toByteBuffer(true).order(ByteOrder.nativeOrder());
                    parts.accept(asIs ? bytes : convert(bytes, array.getDataType(), info, converted.clear()));
                }
            }
        }
    }

    private static boolean asIs(DataType from, DType to) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                && from.getNumOfBytes() == to.bytes()
                && !(from == DataType.FLOAT32 && to != DType.F32);
    }

    private static boolean convertible(DataType from, DType to) {
        return switch (to) {
            case F64 -> from == DataType.FLOAT64 || from == DataType.FLOAT32;
            case F32, BF16 -> from == DataType.FLOAT32;
            case F16 -> from == DataType.FLOAT16 || from == DataType.FLOAT32;
            case I64 -> from == DataType.INT64;
            case I32, I16 -> from == DataType.INT32;
            case I8 -> from == DataType.INT8;
            case U8 -> from == DataType.UINT8;
            case BOOL -> from == DataType.BOOLEAN;
        };
    }

    private static ByteBuffer convert(ByteBuffer in, DataType from, TensorInfo info, ByteBuffer out) {
        int count = in.remaining() / from.getNumOfBytes();
        boolean single = from == DataType.FLOAT32;
        for (int i = 0; i < count; i++) {
            switch (info.dtype()) {
                case F64 -> out.putDouble(single ? in.getFloat() : in.getDouble());
                case F32 -> out.putFloat(in.getFloat());
                case F16 -> out.putShort(single ? Float16.fromFloat(in.getFloat()) : in.getShort());
                case BF16 -> out.putShort(BFloat16.fromFloat(in.getFloat()));
                case I64 -> out.putLong(in.getLong());
                case I32 -> out.putInt(in.getInt());
                case I16 -> out.putShort(narrow(in.getInt(), info.name()));
                case I8, U8, BOOL -> out.put(in.get());
            }
        }
        return out.flip();
    }

    private static short narrow(int value, String name) {
        if (value != (short) value) {
            throw new IllegalArgumentException("tensor " + name + ": " + value + " does not fit 16 bits");
        }
        return (short) value;
    }
}
