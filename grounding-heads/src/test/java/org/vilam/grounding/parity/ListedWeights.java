package org.vilam.grounding.parity;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;
import org.vilam.vision.checkpoint.DType;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.parity.FilledWeights;

/** Weights by the fill rule from any list of a pack, {@code {key: [shape, kind]}}. */
public final class ListedWeights implements TensorSource {
    private final Map<String, JsonNode> entries = new LinkedHashMap<>();

    /** All of a list. */
    public ListedWeights(JsonNode list) {
        this(list, "");
    }

    /** Those of a list whose keys begin so, under their keys without it, which are those of the fill rule too. */
    public ListedWeights(JsonNode list, String prefix) {
        for (Map.Entry<String, JsonNode> e : list.properties()) {
            if (e.getKey().startsWith(prefix)) {
                entries.put(e.getKey().substring(prefix.length()), e.getValue());
            }
        }
    }

    private JsonNode entry(String name) {
        return Objects.requireNonNull(entries.get(name), name);
    }

    @Override
    public Set<String> names() {
        return entries.keySet();
    }

    @Override
    public Shape shape(String name) {
        JsonNode sides = entry(name).get(0);
        return new Shape(LongStream.range(0, sides.size())
                .map(i -> sides.get((int) i).asLong())
                .toArray());
    }

    @Override
    public DType dtype(String name) {
        return DType.F32;
    }

    @Override
    public ByteBuffer data(String name) {
        float[] values =
                FilledWeights.values(name, shape(name), entry(name).get(1).asText());
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }

    @Override
    public void close() {}
}
