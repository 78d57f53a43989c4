package org.vilam.vision.checkpoint;

import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Tensors in memory. */
final class MemorySource implements TensorSource {
    private final Map<String, DerivedTensor> tensors = new LinkedHashMap<>();

    /** A float32 tensor with the given elements. */
    MemorySource with(String name, Shape shape, float... values) {
        return with(name, DType.F32, shape, Elements.floats(values));
    }

    MemorySource with(String name, DType dtype, Shape shape, ByteBuffer data) {
        tensors.put(name, new DerivedTensor(dtype, shape, () -> data.duplicate().order(ByteOrder.LITTLE_ENDIAN)));
        return this;
    }

    /** A float32 tensor of running numbers that no other tensor of this source has. */
    MemorySource with(String name, long... shape) {
        float[] values = new float[(int) new Shape(shape).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = 1000 * (tensors.size() + 1) + i;
        }
        return with(name, new Shape(shape), values);
    }

    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    private DerivedTensor tensor(String name) {
        DerivedTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no tensor named " + name);
        }
        return tensor;
    }

    @Override
    public Shape shape(String name) {
        return tensor(name).shape();
    }

    @Override
    public DType dtype(String name) {
        return tensor(name).dtype();
    }

    @Override
    public ByteBuffer data(String name) {
        return tensor(name).data().get();
    }

    @Override
    public void close() {}
}
