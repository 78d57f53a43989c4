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
import java.nio.ShortBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * From stored elements to arrays.
 *
 * <p>An array that DJL creates over a Java buffer does not own its memory: the buffer may be collected once that array is
 * closed, even while a view of it is in use. Copies made here therefore end in memory that libtorch allocated itself. Types
 * that libtorch converts are converted by it, straight from the mapped file; the others (bfloat16, which DJL 0.35 cannot
 * create, and int16) go through a small staging buffer, so that a large tensor costs no second copy of itself.
 */
final class ArrayLoader {
    private static final int STAGE_BYTES = 4 << 20;

    /** Working memory of one load; used again, because direct buffers are freed late, by the garbage collector. */
    private static final class Stage {
        private static final Queue<Stage> FREE = new ConcurrentLinkedQueue<>();

        final ByteBuffer bytes = ByteBuffer.allocateDirect(STAGE_BYTES).order(ByteOrder.nativeOrder());
        final short[] shorts = new short[STAGE_BYTES / Float.BYTES];
        final float[] floats = new float[STAGE_BYTES / Float.BYTES];

        static Stage take() {
            Stage free = FREE.poll();
            return free != null ? free : new Stage();
        }

        void giveBack() {
            FREE.add(this);
        }
    }

    private ArrayLoader() {}

    /** Whether an array can be laid over the bytes themselves. */
    static boolean mappable(DType dtype, ByteBuffer data, NDManager manager) {
        return dtype == DType.F32
                && direct(dtype, data)
                && data.remaining() > 0
                && !manager.getDevice().isGpu();
    }

    /** Whether libtorch can read the bytes where they are. */
    private static boolean direct(DType dtype, ByteBuffer data) {
        return data.isDirect()
                && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                && data.alignmentOffset(data.position(), dtype.bytes()) == 0;
    }

    /** An array over mapped float32 elements. */
    static NDArray map(Shape shape, ByteBuffer data, NDManager manager) {
        return manager.create(data, shape, DataType.FLOAT32);
    }

    /** An array with memory of its own. */
    static NDArray copy(DType dtype, Shape shape, ByteBuffer data, NDManager manager) {
        if (data.remaining() == 0) {
            return manager.create(shape, arrayType(dtype));
        }
        if (direct(dtype, data)) {
            switch (dtype) {
                case F32, I64, I32, I8, U8 -> {
                    return owned(manager.create(data, shape, arrayType(dtype)));
                }
                case F64, F16 -> {
                    DataType stored = dtype == DType.F64 ? DataType.FLOAT64 : DataType.FLOAT16;
                    try (NDArray mapped = manager.create(data, shape, stored)) {
                        return mapped.toType(DataType.FLOAT32, true);
                    }
                }
                default -> {}
            }
        }
        return staged(dtype, shape, data, manager);
    }

    private static NDArray staged(DType dtype, Shape shape, ByteBuffer data, NDManager manager) {
        DataType type = arrayType(dtype);
        int elements = data.remaining() / dtype.bytes();
        int perStage = STAGE_BYTES / Math.max(type.getNumOfBytes(), Float.BYTES);
        Stage stage = Stage.take();
        try {
            if (elements <= perStage) {
                return owned(manager.create(converted(dtype, data, 0, elements, stage), shape, type));
            }
            try (NDArray flat = manager.create(new Shape(elements), type)) {
                for (int from = 0; from < elements; from += perStage) {
                    int count = Math.min(perStage, elements - from);
                    ByteBuffer part = converted(dtype, data, from, count, stage);
                    try (NDArray lent = manager.create(part, new Shape(count), type)) {
                        flat.set(new NDIndex().addSliceDim(from, (long) from + count), lent);
                    }
                }
                return flat.reshape(shape);
            }
        } finally {
            stage.giveBack();
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

    /** Some elements in the array's type and the machine's byte order; {@code from} and {@code count} in elements. */
    private static ByteBuffer converted(DType dtype, ByteBuffer data, int from, int count, Stage stage) {
        ByteBuffer in = data.slice(data.position() + from * dtype.bytes(), count * dtype.bytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer out = stage.bytes;
        FloatBuffer floats = out.asFloatBuffer();
        IntBuffer ints = out.asIntBuffer();
        LongBuffer longs = out.asLongBuffer();
        switch (dtype) {
            case F16, BF16 -> convertHalves(dtype, in.asShortBuffer(), count, stage);
            case F32 -> floats.put(in.asFloatBuffer());
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    floats.put(i, (float) in.getDouble(i * Double.BYTES));
                }
            }
            case I64 -> longs.put(in.asLongBuffer());
            case I32 -> ints.put(in.asIntBuffer());
            case I16 -> {
                for (int i = 0; i < count; i++) {
                    ints.put(i, in.getShort(i * Short.BYTES));
                }
            }
            case I8, U8 -> out.put(0, in, 0, count);
            case BOOL -> {
                for (int i = 0; i < count; i++) {
                    out.put(i, (byte) (in.get(i) == 0 ? 0 : 1));
                }
            }
        }
        return out.slice(0, count * arrayType(dtype).getNumOfBytes()).order(ByteOrder.nativeOrder());
    }

    /** Through Java arrays: bulk copies in and out, a plain loop between. */
    private static void convertHalves(DType dtype, ShortBuffer in, int count, Stage stage) {
        short[] shorts = stage.shorts;
        float[] floats = stage.floats;
        in.get(shorts, 0, count);
        if (dtype == DType.BF16) {
            for (int i = 0; i < count; i++) {
                floats[i] = BFloat16.toFloat(shorts[i]);
            }
        } else {
            for (int i = 0; i < count; i++) {
                floats[i] = Float16.toFloat(shorts[i]);
            }
        }
        stage.bytes.asFloatBuffer().put(floats, 0, count);
    }
}
