package org.vilam.vision.parity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One case of reference numbers: {@code case.json} and its safetensors files.
 *
 * <p>Packs lie in this module's test resources under {@code parity/}; those that are too large for that are read in place
 * from the {@link SharedData shared folder}. The tensor reader here is a plain one of its own, on purpose: it does not use
 * the reader under test.
 */
public final class ParityPack {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;

    private ParityPack(Path folder) {
        this.folder = folder;
    }

    /** Opens a pack by its folder name, from the test resources or else from the shared folder. */
    public static ParityPack open(String name) {
        URL bundled = ParityPack.class.getResource("/parity/" + name + "/case.json");
        if (bundled == null) {
            return new ParityPack(SharedData.path("parity/" + name));
        }
        try {
            URI uri = bundled.toURI();
            if (uri.getScheme().equals("jar")) {
                try {
                    FileSystems.getFileSystem(uri);
                } catch (FileSystemNotFoundException e) {
                    FileSystems.newFileSystem(uri, Map.of());
                }
            }
            return new ParityPack(java.util.Objects.requireNonNull(Path.of(uri).getParent()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The pack's {@code case.json}. */
    public JsonNode caseJson() {
        return json("case.json");
    }

    /** A JSON file of the pack. */
    public JsonNode json(String file) {
        try {
            return JSON.readTree(Files.readAllBytes(file(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of the pack; inside a test jar this is a path of the jar's file system. */
    public Path file(String name) {
        return folder.resolve(name);
    }

    /** The tensor {@code key} of {@code io.safetensors}. */
    public Tensor io(String key) {
        return tensor("io.safetensors", key);
    }

    /** A tensor of a safetensors file of the pack; element types F32, F64, F16-free integer types, U8, BOOL. */
    public Tensor tensor(String file, String key) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file(file))).order(ByteOrder.LITTLE_ENDIAN);
            int headerLength = Math.toIntExact(bytes.getLong(0));
            JsonNode entry = JSON.readTree(bytes.array(), 8, headerLength).path(key);
            if (entry.isMissingNode()) {
                throw new IllegalArgumentException(file + " has no tensor " + key);
            }
            List<Long> shape = new ArrayList<>();
            entry.get("shape").forEach(n -> shape.add(n.asLong()));
            int from = 8 + headerLength + entry.get("data_offsets").get(0).asInt();
            int to = 8 + headerLength + entry.get("data_offsets").get(1).asInt();
            String dtype = entry.get("dtype").asText();
            return new Tensor(
                    shape.stream().mapToLong(Long::longValue).toArray(), dtype, values(bytes, from, to, dtype));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double[] values(ByteBuffer bytes, int from, int to, String dtype) {
        int width = switch (dtype) {
            case "F64", "I64" -> 8;
            case "F32", "I32" -> 4;
            case "I16" -> 2;
            case "U8", "I8", "BOOL" -> 1;
            default -> throw new IllegalArgumentException("dtype " + dtype);
        };
        double[] values = new double[(to - from) / width];
        for (int i = 0; i < values.length; i++) {
            int at = from + i * width;
            values[i] = switch (dtype) {
                case "F64" -> bytes.getDouble(at);
                case "F32" -> bytes.getFloat(at);
                case "I64" -> bytes.getLong(at);
                case "I32" -> bytes.getInt(at);
                case "I16" -> bytes.getShort(at);
                case "I8" -> bytes.get(at);
                default -> bytes.get(at) & 0xFF;
            };
        }
        return values;
    }

    /**
     * A tensor as plain numbers.
     *
     * @param shape the sides, outermost first; empty for a scalar
     * @param dtype the safetensors type name
     * @param values the elements, row-major; exact for every type up to 53 bits
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Tensor(long[] shape, String dtype, double[] values) {
        /** The elements as float32. */
        public float[] floats() {
            float[] out = new float[values.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = (float) values[i];
            }
            return out;
        }

        /** The elements as bytes (unsigned 8-bit values wrap as Java bytes do). */
        public byte[] bytes() {
            byte[] out = new byte[values.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = (byte) (int) values[i];
            }
            return out;
        }
    }
}
