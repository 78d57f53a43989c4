package org.vilam.vision.checkpoint;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Writes weights as one {@code model.safetensors}, or as several shards with {@code model.safetensors.index.json} where they
 * exceed a size.
 *
 * <p>Tensors go into shards in the order given; a tensor that is larger than the limit gets a shard of its own. Names and
 * index are those of the Hugging Face tools. The index appears last, so a reader never sees half a checkpoint.
 */
public final class ShardedSafetensorsWriter implements TensorSink {
    private static final String STEM = "model";

    private final Path folder;
    private final List<String> files = new ArrayList<>();
    private final List<SafetensorsWriter> shards = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final long totalBytes;

    private ShardedSafetensorsWriter(Path folder, long totalBytes) {
        this.folder = folder;
        this.totalBytes = totalBytes;
    }

    /**
     * Begins the files.
     *
     * @param folder an existing folder
     * @param tensors all tensors, in the order in which they fill the shards
     * @param metadata free-form texts, repeated in every shard
     * @param maxShardBytes the most a shard's tensors may take together; positive
     */
    public static ShardedSafetensorsWriter create(
            Path folder, Collection<TensorInfo> tensors, Map<String, String> metadata, long maxShardBytes) {
        if (maxShardBytes < 1) {
            throw new IllegalArgumentException("maxShardBytes must be positive, not " + maxShardBytes);
        }
        List<List<TensorInfo>> plan = plan(tensors, maxShardBytes);
        long total = tensors.stream().mapToLong(TensorInfo::bytes).reduce(0, Math::addExact);
        ShardedSafetensorsWriter writer = new ShardedSafetensorsWriter(folder, total);
        try {
            for (int i = 0; i < plan.size(); i++) {
                String file = plan.size() == 1
                        ? STEM + ".safetensors"
                        : String.format(Locale.ROOT, "%s-%05d-of-%05d.safetensors", STEM, i + 1, plan.size());
                writer.files.add(file);
                writer.shards.add(SafetensorsWriter.create(folder.resolve(file), plan.get(i), metadata));
                for (TensorInfo info : plan.get(i)) {
                    if (writer.places.put(info.name(), i) != null) {
                        throw new IllegalArgumentException("tensor " + info.name() + " is announced twice");
                    }
                }
            }
            return writer;
        } catch (RuntimeException | Error e) {
            writer.close();
            throw e;
        }
    }

    private static List<List<TensorInfo>> plan(Collection<TensorInfo> tensors, long maxShardBytes) {
        List<List<TensorInfo>> plan = new ArrayList<>();
        List<TensorInfo> current = new ArrayList<>();
        long bytes = 0;
        for (TensorInfo info : tensors) {
            if (!current.isEmpty() && info.bytes() > maxShardBytes - bytes) {
                plan.add(current);
                current = new ArrayList<>();
                bytes = 0;
            }
            current.add(info);
            bytes += info.bytes();
        }
        if (!current.isEmpty() || plan.isEmpty()) {
            plan.add(current);
        }
        return plan;
    }

    @Override
    public void write(String name, ByteBuffer elements) {
        shard(name).write(name, elements);
    }

    @Override
    public void write(String name, NDArray array) {
        shard(name).write(name, array);
    }

    private SafetensorsWriter shard(String name) {
        Integer place = places.get(name);
        if (place == null) {
            throw new IllegalArgumentException("tensor " + name + " was not announced");
        }
        return shards.get(place);
    }

    @Override
    public void finish() {
        shards.forEach(SafetensorsWriter::seal);
        shards.forEach(SafetensorsWriter::publish);
        Path index = folder.resolve(STEM + ".safetensors.index.json");
        try {
            if (shards.size() > 1) {
                writeIndex(index);
            } else {
                // Readers go by the index first: one of earlier weights must not stay.
                Files.deleteIfExists(index);
            }
        } catch (IOException e) {
            throw SafetensorsWriter.unwritable(index, e);
        }
    }

    private void writeIndex(Path index) throws IOException {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("metadata").put("total_size", totalBytes);
        ObjectNode map = json.putObject("weight_map");
        new TreeMap<>(places).forEach((name, shard) -> map.put(name, files.get(shard)));
        Path temporary = folder.resolve("." + index.getFileName() + "." + UUID.randomUUID() + ".tmp");
        PrettyJson.write(temporary, json);
        Files.move(temporary, index, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {
        shards.forEach(SafetensorsWriter::close);
    }
}
