package org.vilam.vision.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import org.vilam.vision.checkpoint.DType;
import org.vilam.vision.checkpoint.TensorSource;

/**
 * Weights that need no file: each element follows from its tensor's name and its index by the rule of the parity packs
 * (a SplitMix64 of CRC-32 of the key, scaled by the tensor's kind).
 */
public final class FilledWeights implements TensorSource {
    private record Entry(Shape shape, String kind) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private FilledWeights() {}

    /** The weights a pack's {@code case.json} lists under {@code field}: {@code {key: [shape, kind]}}. */
    public static FilledWeights of(ParityPack pack, String field) {
        FilledWeights weights = new FilledWeights();
        for (Map.Entry<String, JsonNode> e : pack.caseJson().get(field).properties()) {
            long[] sides = LongStream.range(0, e.getValue().get(0).size())
                    .map(i -> e.getValue().get(0).get((int) i).asLong())
                    .toArray();
            weights.entries.put(
                    e.getKey(), new Entry(new Shape(sides), e.getValue().get(1).asText()));
        }
        return weights;
    }

    /** u of the rule: uniform in 0..1, a function of the key and the element's index. */
    static double uniform(String key, long index) {
        CRC32 crc = new CRC32();
        crc.update(key.getBytes(StandardCharsets.UTF_8));
        return uniform(crc.getValue(), index);
    }

    private static double uniform(long crc, long index) {
        long z = (crc << 32) + (index + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        z = z ^ (z >>> 31);
        return (z >>> 11) * 0x1p-53;
    }

    /** The values of a tensor of some kind, as the rule has them. */
    public static float[] values(String key, Shape shape, String kind) {
        CRC32 crc = new CRC32();
        crc.update(key.getBytes(StandardCharsets.UTF_8));
        double fanIn = shape.dimension() == 0 ? 1 : (double) shape.size() / shape.get(0);
        float[] out = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < out.length; i++) {
            double r = 2 * uniform(crc.getValue(), i) - 1;
            out[i] = (float)
                    switch (kind) {
                        case "norm_weight" -> 1 + 0.1 * r;
                        case "running_var" -> 1 + 0.25 * r;
                        case "vector" -> 0.05 * r;
                        case "matrix" -> r * Math.sqrt(3 / fanIn);
                        case "table" -> 0.5 * r;
                        default -> throw new IllegalArgumentException("kind " + kind);
                    };
        }
        return out;
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("no tensor " + name);
        }
        return entry;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    @Override
    public Shape shape(String name) {
        return entry(name).shape();
    }

    @Override
    public DType dtype(String name) {
        entry(name);
        return DType.F32;
    }

    @Override
    public ByteBuffer data(String name) {
        float[] values = values(name, shape(name), entry(name).kind());
        ByteBuffer bytes = ByteBuffer.allocateDirect(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public NDArray load(String name, NDManager manager) {
        return manager.create(values(name, shape(name), entry(name).kind()), shape(name));
    }

    @Override
    public void close() {}
}
