package org.vilam.grounding.parity;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.vilam.vision.checkpoint.DType;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.parity.FilledWeights;
import org.vilam.vision.parity.ParityPack;

/**
 * All tensors of a pack's model: the weights by the fill rule, the float buffers and integer counters that SimVG's and C3VG's
 * packs list ({@code fixed_buffers}), and the counters of OneRef's ({@code constants}).
 */
public final class PackWeights implements TensorSource {
    private final FilledWeights filled;
    private final Map<String, float[]> buffers = new LinkedHashMap<>();
    private final Set<String> counters = new LinkedHashSet<>();

    /** The model of a pack. */
    public PackWeights(ParityPack pack) {
        this.filled = FilledWeights.of(pack, "weights");
        for (Map.Entry<String, JsonNode> e :
                pack.caseJson().path("fixed_buffers").properties()) {
            if (!e.getValue().isArray()) { // a counter, 0
                counters.add(e.getKey());
                continue;
            }
            float[] values = new float[e.getValue().size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) e.getValue().get(i).asDouble();
            }
            buffers.put(e.getKey(), values);
        }
        pack.caseJson().path("constants").fieldNames().forEachRemaining(counters::add);
    }

    @Override
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>(filled.names());
        names.addAll(buffers.keySet());
        names.addAll(counters);
        return names;
    }

    @Override
    public Shape shape(String name) {
        float[] buffer = buffers.get(name);
        if (counters.contains(name)) {
            return new Shape();
        }
        return buffer == null ? filled.shape(name) : new Shape(buffer.length);
    }

    @Override
    public DType dtype(String name) {
        return counters.contains(name) ? DType.I64 : DType.F32;
    }

    @Override
    public ByteBuffer data(String name) {
        float[] buffer = buffers.get(name);
        if (buffer == null && !counters.contains(name)) {
            return filled.data(name);
        }
        ByteBuffer bytes = ByteBuffer.allocateDirect(buffer == null ? Long.BYTES : buffer.length * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        if (buffer != null) {
            bytes.asFloatBuffer().put(buffer);
        }
        return bytes;
    }

    @Override
    public void close() {
        filled.close();
    }
}
