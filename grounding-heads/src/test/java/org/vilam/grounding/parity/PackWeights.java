package org.vilam.grounding.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.vilam.vision.checkpoint.DType;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.parity.FilledWeights;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.Constants;

/** All tensors of a pack's model: the weights by the fill rule, and the buffers whose values the pack lists. */
public final class PackWeights implements TensorSource {
    private final FilledWeights filled;
    private final Map<String, float[]> buffers = new LinkedHashMap<>();

    /** The model of a pack. */
    public PackWeights(ParityPack pack) {
        this.filled = FilledWeights.of(pack, "weights");
        for (Map.Entry<String, JsonNode> e :
                pack.caseJson().path("fixed_buffers").properties()) {
            float[] values = new float[e.getValue().size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) e.getValue().get(i).asDouble();
            }
            buffers.put(e.getKey(), values);
        }
    }

    @Override
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>(filled.names());
        names.addAll(buffers.keySet());
        return names;
    }

    @Override
    public Shape shape(String name) {
        float[] buffer = buffers.get(name);
        return buffer == null ? filled.shape(name) : new Shape(buffer.length);
    }

    @Override
    public DType dtype(String name) {
        return DType.F32;
    }

    @Override
    public ByteBuffer data(String name) {
        throw new UnsupportedOperationException("tests load arrays, not bytes");
    }

    @Override
    public NDArray load(String name, NDManager manager) {
        float[] buffer = buffers.get(name);
        return buffer == null ? filled.load(name, manager) : Constants.of(manager, buffer, new Shape(buffer.length));
    }

    @Override
    public void close() {
        filled.close();
    }
}
