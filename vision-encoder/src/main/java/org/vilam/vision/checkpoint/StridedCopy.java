package org.vilam.vision.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Lays the elements of a strided view out row by row. */
final class StridedCopy {
    private StridedCopy() {}

    static boolean isContiguous(long[] shape, long[] strides) {
        long expected = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            if (shape[i] != 1 && strides[i] != expected) {
                return false;
            }
            expected *= shape[i];
        }
        return true;
    }

    /** The strides of row-major order. */
    static long[] rowMajorStrides(long[] shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape[i];
        }
        return strides;
    }

    /**
     * Copies a view with at least one element.
     *
     * @param source begins at the view's first element
     * @param width bytes of an element
     * @return a little-endian buffer, position 0 to limit
     */
    static ByteBuffer rowMajor(ByteBuffer source, int width, long[] shape, long[] strides) {
        int rank = 0;
        int[] sides = new int[shape.length + 1];
        int[] steps = new int[shape.length + 1];
        // Sides that continue one another are taken as one; the last is then as long as can be.
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] == 1) {
                continue;
            }
            if (rank > 0 && steps[rank - 1] == strides[i] * width * shape[i]) {
                sides[rank - 1] = Math.toIntExact(sides[rank - 1] * shape[i]);
                steps[rank - 1] = Math.toIntExact(strides[i] * width);
            } else {
                sides[rank] = Math.toIntExact(shape[i]);
                steps[rank] = Math.toIntExact(strides[i] * width);
                rank++;
            }
        }
        if (rank == 0) {
            sides[rank] = 1;
            steps[rank++] = width;
        }
        return copy(source, width, Arrays.copyOf(sides, rank), Arrays.copyOf(steps, rank));
    }

    private static ByteBuffer copy(ByteBuffer source, int width, int[] sides, int[] steps) {
        long elements = 1;
        for (int side : sides) {
            elements *= side;
        }
        ByteBuffer in = source.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(elements * width)).order(ByteOrder.LITTLE_ENDIAN);
        int last = sides.length - 1;
        int[] index = new int[sides.length];
        int from = source.position();
        int to = 0;
        while (true) {
            copyRow(in, from, steps[last], out, to, width, sides[last]);
            to += sides[last] * width;
            int axis = last - 1;
            while (axis >= 0 && ++index[axis] == sides[axis]) {
                from -= (sides[axis] - 1) * steps[axis];
                index[axis--] = 0;
            }
            if (axis < 0) {
                return out;
            }
            from += steps[axis];
        }
    }

    private static void copyRow(ByteBuffer in, int from, int step, ByteBuffer out, int to, int width, int count) {
        if (step == width) {
            out.put(to, in, from, count * width);
            return;
        }
        switch (width) {
            case 1 -> {
                for (int i = 0; i < count; i++) {
                    out.put(to + i, in.get(from + i * step));
                }
            }
            case 2 -> {
                for (int i = 0; i < count; i++) {
                    out.putShort(to + i * 2, in.getShort(from + i * step));
                }
            }
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    out.putInt(to + i * 4, in.getInt(from + i * step));
                }
            }
            case 8 -> {
                for (int i = 0; i < count; i++) {
                    out.putLong(to + i * 8, in.getLong(from + i * step));
                }
            }
            default -> throw new IllegalArgumentException("elements of " + width + " bytes");
        }
    }
}
