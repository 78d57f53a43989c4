package org.vilam.vision.checkpoint;

import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** A tensor as torch and numpy keep it: sides and strides over a storage, in elements. */
final class TensorView {
    /** A view that repeats elements (stride 0) may be this much larger than its storage, or up to 64 MiB. */
    private static final long MAX_EXPANSION = 1024;

    private static final long ALWAYS_ALLOWED_BYTES = 64 << 20;

    private final TorchStorage storage;
    private final DType dtype;
    private final long offset;
    private final long[] shape;
    private final long[] strides;
    private final long bytes;

    /** Checks that every element lies in the storage. */
    TensorView(TorchStorage storage, DType dtype, long offset, long[] shape, long[] strides, Arguments context) {
        this.storage = storage;
        this.dtype = dtype;
        this.offset = offset;
        this.shape = shape;
        this.strides = strides;
        if (shape.length != strides.length) {
            throw context.wrong(shape.length + " sides but " + strides.length + " strides");
        }
        this.bytes = TensorInfo.bytes(dtype, shape);
        if (bytes < 0) {
            throw context.wrong("impossible sides " + new Shape(shape));
        }
        if (bytes > 0) {
            try {
                if (offset < 0 || end() > storage.bytes() / dtype.bytes()) {
                    throw context.wrong("a view beyond its storage of " + storage.bytes() + " bytes");
                }
            } catch (ArithmeticException e) {
                throw context.wrong("strides that overflow");
            }
            if (bytes > ALWAYS_ALLOWED_BYTES && bytes / MAX_EXPANSION > storage.bytes()) {
                throw context.wrong("a view that repeats its storage of " + storage.bytes() + " bytes into " + bytes);
            }
        }
    }

    /** One past the last element the view touches. */
    private long end() {
        long last = offset;
        for (int i = 0; i < shape.length; i++) {
            if (strides[i] < 0) {
                return Long.MAX_VALUE;
            }
            last = Math.addExact(last, Math.multiplyExact(shape[i] - 1, strides[i]));
        }
        return Math.addExact(last, 1);
    }

    DType dtype() {
        return dtype;
    }

    Shape shape() {
        return new Shape(shape);
    }

    /** The elements, row-major: in place where they lie so, else copied. */
    ByteBuffer data(Path file, String name) {
        if (bytes > Integer.MAX_VALUE) {
            throw Refusals.tooLarge(file, name, bytes);
        }
        int width = dtype.bytes();
        if (bytes == 0) {
            return storage.slice(0, 0);
        }
        if (StridedCopy.isContiguous(shape, strides)) {
            return storage.slice(offset * width, bytes);
        }
        long span = (end() - offset) * width;
        if (span > Integer.MAX_VALUE) {
            throw Refusals.tooLarge(file, name + " as a view", span);
        }
        return StridedCopy.rowMajor(storage.slice(offset * width, span), width, shape, strides)
                .asReadOnlyBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
    }
}
