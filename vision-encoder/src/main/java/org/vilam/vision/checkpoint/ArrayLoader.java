package org.vilam.vision.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * From stored elements to arrays.
 *
 * <p>An array that DJL creates over a Java buffer does not own its memory: the buffer may be collected once that array is
 * closed, even while a view of it is in use. Copies made here therefore end in memory that libtorch allocated itself.
 * Elements that need converting go through a small staging buffer, so that a large tensor costs no second copy of itself.
 */
final class ArrayLoader {
    private static final int STAGE_BYTES = 4 << 20;
    // Direct buffers are freed late, by the garbage collector: they are used again rather than allocated per tensor.
    private static final Queue<ByteBuffer> STAGES = new ConcurrentLinkedQueue<>();

    private ArrayLoader() {}

    /** Whether an array can be laid over the bytes themselves. */
    static boolean mappable(DType dtype, ByteBuffer data, NDManager manager) {
        return dtype == DType.F32
                && native32(data)
                && data.remaining() > 0
                && !manager.getDevice().isGpu();
    }

    private static boolean native32(ByteBuffer data) {
        return data.isDirect()
                && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                && data.alignmentOffset(data.position(), Float.BYTES) == 0;
    }

    /** An array over mapped float32 elements. */
    static NDArray map(Shape shape, ByteBuffer data, NDManager manager) {
        return manager.create(data, shape, DataType.FLOAT32);
    }

    /** An array with memory of its own. */
    static NDArray copy(DType dtype, Shape shape, ByteBuffer data, NDManager manager) {
        DataType type = arrayType(dtype);
        if (data.remaining() == 0) {
            return manager.create(shape, type);
        }
        if (dtype == DType.F32 && native32(data)) {
            return owned(manager.create(data, shape, type));
        }
        return staged(dtype, type, shape, data, manager);
    }

    private static NDArray staged(DType dtype, DataType type, Shape shape, ByteBuffer data, NDManager manager) {
        int elements = data.remaining() / dtype.bytes();
        int perStage = STAGE_BYTES / type.getNumOfBytes();
        ByteBuffer recycled = STAGES.poll();
        ByteBuffer stage = recycled != null
                ? recycled
                : ByteBuffer.allocateDirect(STAGE_BYTES).order(ByteOrder.nativeOrder());
        try {
            if (elements <= perStage) {
                convert(dtype, data, 0, elements, stage);
                return owned(manager.create(part(stage, elements, type), shape, type));
            }
            try (NDArray flat = manager.create(new Shape(elements), type)) {
                for (int from = 0; from < elements; from += perStage) {
                    int count = Math.min(perStage, elements - from);
                    convert(dtype, data, from, count, stage);
                    try (NDArray lent = manager.create(part(stage, count, type), new Shape(count), type)) {
                        flat.set(new NDIndex().addSliceDim(from, (long) from + count), lent);
                    }
                }
                return flat.reshape(shape);
            }
        } finally {
            STAGES.add(stage);
        }
    }

    /** An array created on a GPU is a copy already; one on the CPU lies over the buffer. */
    private static NDArray owned(NDArray created) {
        if (created.getDevice().isGpu()) {
            return created;
        }
        try (created) {
            return created.duplicate();
        }
    }

    private static ByteBuffer part(ByteBuffer stage, int elements, DataType type) {
        return stage.slice(0, elements * type.getNumOfBytes()).order(ByteOrder.nativeOrder());
    }

    /** The array type that {@link TensorSource#load} gives for a stored type. */
    static DataType arrayType(DType dtype) {
        return switch (dtype) {
            case F64, F32, F16, BF16 -> DataType.FLOAT32;
            case I64 -> DataType.INT64;
            case I32, I16 -> DataType.INT32;
            case I8 -> DataType.INT8;
            case U8 -> DataType.UINT8;
            case BOOL -> DataType.BOOLEAN;
        };
    }

    private static void convert(DType dtype, ByteBuffer data, int from, int count, ByteBuffer stage) {
        ByteBuffer in = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int base = data.position() + from * dtype.bytes();
        FloatBuffer floats = stage.asFloatBuffer();
        IntBuffer ints = stage.asIntBuffer();
        LongBuffer longs = stage.asLongBuffer();
        switch (dtype) {
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    floats.put(i, (float) in.getDouble(base + i * 8));
                }
            }
            case F32 -> {
                for (int i = 0; i < count; i++) {
                    floats.put(i, in.getFloat(base + i * 4));
                }
            }
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    floats.put(i, Float16.toFloat(in.getShort(base + i * 2)));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    floats.put(i, BFloat16.toFloat(in.getShort(base + i * 2)));
                }
            }
            case I64 -> {
                for (int i = 0; i < count; i++) {
                    longs.put(i, in.getLong(base + i * 8));
                }
            }
            case I32 -> {
                for (int i = 0; i < count; i++) {
                    ints.put(i, in.getInt(base + i * 4));
                }
            }
            case I16 -> {
                for (int i = 0; i < count; i++) {
                    ints.put(i, in.getShort(base + i * 2));
                }
            }
            case I8, U8 -> {
                for (int i = 0; i < count; i++) {
                    stage.put(i, in.get(base + i));
                }
            }
            case BOOL -> {
                for (int i = 0; i < count; i++) {
                    stage.put(i, (byte) (in.get(base + i) == 0 ? 0 : 1));
                }
            }
        }
    }
}
