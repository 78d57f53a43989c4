package org.vilam.vision.checkpoint;

import ai.djl.ndarray.NDArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Stored elements and arrays as plain numbers, read here without the code under test. */
final class Elements {
    private Elements() {}

    /** The elements as Long or Double; halves are decoded by the definition of the format. */
    static List<Number> of(DType dtype, ByteBuffer data) {
        ByteBuffer in = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        List<Number> values = new ArrayList<>();
        while (in.hasRemaining()) {
            values.add(
                    switch (dtype) {
                        case F64 -> in.getDouble();
                        case F32 -> (double) in.getFloat();
                        case F16 -> binary(in.getShort(), 5, 10);
                        case BF16 -> binary(in.getShort(), 8, 7);
                        case I64 -> in.getLong();
                        case I32 -> (long) in.getInt();
                        case I16 -> (long) in.getShort();
                        case I8 -> (long) in.get();
                        case U8, BOOL -> (long) (in.get() & 0xFF);
                    });
        }
        return values;
    }

    static List<Number> of(TensorSource source, String name) {
        return of(source.dtype(name), source.data(name));
    }

    /** IEEE 754 with the given field widths, straight from the standard's formula. */
    static double binary(short bits, int exponentBits, int fractionBits) {
        int raw = bits & 0xFFFF;
        double sign = (raw >>> 15) == 0 ? 1 : -1;
        int bias = (1 << (exponentBits - 1)) - 1;
        int exponent = (raw >>> fractionBits) & ((1 << exponentBits) - 1);
        double fraction = (raw & ((1 << fractionBits) - 1)) / (double) (1 << fractionBits);
        if (exponent == (1 << exponentBits) - 1) {
            return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
        }
        return exponent == 0
                ? sign * fraction * Math.pow(2, 1 - bias)
                : sign * (1 + fraction) * Math.pow(2, exponent - bias);
    }

    /** The elements of an array as Long or Double. */
    static List<Number> of(NDArray array) {
        if (array.size() == 0) {
            return List.of();
        }
        return switch (array.getDataType()) {
            case FLOAT32 -> {
                List<Number> values = new ArrayList<>();
                for (float value : array.toFloatArray()) {
                    values.add((double) value);
                }
                yield values;
            }
            case INT64 ->
                Arrays.stream(array.toLongArray()).<Number>mapToObj(v -> v).toList();
            case INT32 ->
                Arrays.stream(array.toIntArray())
                        .<Number>mapToObj(v -> (long) v)
                        .toList();
            case INT8 -> bytes(array.toByteArray(), 0xFFFFFFFF);
            case UINT8 -> bytes(array.toByteArray(), 0xFF);
            case BOOLEAN -> {
                List<Number> values = new ArrayList<>();
                for (boolean value : array.toBooleanArray()) {
                    values.add(value ? 1L : 0L);
                }
                yield values;
            }
            default -> throw new AssertionError("unexpected type " + array.getDataType());
        };
    }

    private static List<Number> bytes(byte[] bytes, int mask) {
        List<Number> values = new ArrayList<>();
        for (byte value : bytes) {
            values.add((long) (value & mask));
        }
        return values;
    }

    /** Row-major little-endian bytes of float32 values. */
    static ByteBuffer floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.flip();
    }
}
