package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.checkpoint.DType;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.parity.ParityPack;

/** Weights for tests: those of a parity pack by its fill rule, or given ones. */
final class PackSource implements TensorSource {
    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private final Map<String, float[]> values = new LinkedHashMap<>();
    private final Map<String, DType> types = new LinkedHashMap<>();

    /** The weights a pack lists in {@code case.json}, computed by the rule of the packs' README. */
    static PackSource filled(ParityPack pack) {
        PackSource source = new PackSource();
        pack.caseJson().get("weights").properties().forEach(entry -> {
            JsonNode sides = entry.getValue().get(0);
            long[] shape = new long[sides.size()];
            for (int i = 0; i < shape.length; i++) {
                shape[i] = sides.get(i).asLong();
            }
            source.put(
                    entry.getKey(),
                    new Shape(shape),
                    fill(
                            entry.getKey(),
                            new Shape(shape),
                            entry.getValue().get(1).asText()),
                    DType.F32);
        });
        return source;
    }

    private static float[] fill(String key, Shape shape, String kind) {
        CRC32 crc = new CRC32();
        crc.update(key.getBytes(StandardCharsets.UTF_8));
        float[] out = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < out.length; i++) {
            long z = (crc.getValue() << 32) + (i + 1) * 0x9E3779B97F4A7C15L;
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            z ^= z >>> 31;
            double r = 2 * ((z >>> 11) * 0x1.0p-53) - 1;
            out[i] = (float)
                    switch (kind) {
                        case "norm_weight" -> 1 + 0.1 * r;
                        case "vector" -> 0.05 * r;
                        case "matrix" -> r * Math.sqrt(3.0 / ((double) shape.size() / shape.get(0)));
                        case "table" -> 0.5 * r;
                        default -> throw new IllegalArgumentException("fill kind " + kind);
                    };
        }
        return out;
    }

    PackSource put(String name, Shape shape, float[] data, DType type) {
        shapes.put(name, shape);
        values.put(name, data);
        types.put(name, type);
        return this;
    }

    @Override
    public Set<String> names() {
        return shapes.keySet();
    }

    @Override
    public Shape shape(String name) {
        return known(shapes.get(name), name);
    }

    @Override
    public DType dtype(String name) {
        return known(types.get(name), name);
    }

    @Override
    public ByteBuffer data(String name) {
        throw new UnsupportedOperationException("raw bytes are not needed here");
    }

    @Override
    public NDArray load(String name, NDManager manager) {
        return Constants.of(manager, known(values.get(name), name), shape(name));
    }

    private static <T> T known(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalArgumentException("no tensor " + name);
        }
        return value;
    }

    @Override
    public void close() {}
}
