package org.vilam.vision.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.vilam.vision.error.VilamException;

/**
 * Several weight files and the index that says which tensor lies where ({@code model.safetensors.index.json} or
 * {@code pytorch_model.bin.index.json}).
 *
 * <p>The index rules: a tensor that lies in a shard but is not in the index does not exist. All shards are opened at once,
 * which reads their headers only.
 */
public final class ShardedCheckpoint implements TensorSource {
    private static final long MAX_INDEX_BYTES = 100_000_000;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Map<String, TensorSource> shards;
    private final Map<String, TensorSource> owners;

    private ShardedCheckpoint(Map<String, TensorSource> shards, Map<String, TensorSource> owners) {
        this.shards = shards;
        this.owners = owners;
    }

    /**
     * Opens the index and every shard it names.
     *
     * @throws VilamException FILE_UNREADABLE when a shard is missing; CHECKPOINT_CORRUPT when the index is no index, when a
     *     shard lacks a tensor it should hold, or when a shard's path leaves the index's folder
     */
    public static ShardedCheckpoint open(Path index) {
        Map<String, String> places = places(index);
        Map<String, TensorSource> shards = new LinkedHashMap<>();
        try {
            for (String shard : new TreeSet<>(places.values())) {
                shards.put(shard, CheckpointFormat.openFile(resolve(index, shard)));
            }
            return new ShardedCheckpoint(shards, owners(index, places, shards));
        } catch (RuntimeException | Error e) {
            shards.values().forEach(TensorSource::close);
            throw e;
        }
    }

    /** The names of the shards, relative to the index's folder. */
    static Set<String> shardNames(Path index) {
        return new TreeSet<>(places(index).values());
    }

    private static Map<String, TensorSource> owners(
            Path index, Map<String, String> places, Map<String, TensorSource> shards) {
        places.forEach((name, shard) -> {
            TensorSource source = shards.get(shard);
            if (source == null || !source.names().contains(name)) {
                throw Refusals.corrupt(index, "tensor " + name + " is not in " + shard);
            }
        });
        Map<String, TensorSource> owners = new LinkedHashMap<>();
        shards.forEach((shard, source) -> source.names().stream()
                .filter(name -> shard.equals(places.get(name)))
                .forEach(name -> owners.put(name, source)));
        return owners;
    }

    private static Map<String, String> places(Path index) {
        JsonNode map;
        try {
            if (Files.size(index) > MAX_INDEX_BYTES) {
                throw Refusals.corrupt(index, "an index of over " + MAX_INDEX_BYTES + " bytes");
            }
            byte[] bytes = Files.readAllBytes(index);
            try {
                map = JSON.readTree(bytes).path("weight_map");
            } catch (IOException e) {
                throw Refusals.corrupt(index, "no valid JSON: " + e.getMessage(), e);
            }
        } catch (IOException e) {
            throw Refusals.unreadable(index, e);
        }
        if (!map.isObject()) {
            throw Refusals.corrupt(index, "weight_map is missing or no object");
        }
        Map<String, String> places = new LinkedHashMap<>();
        map.properties().forEach(entry -> {
            if (!entry.getValue().isTextual()) {
                throw Refusals.corrupt(index, "weight_map: the value of " + entry.getKey() + " is no file name");
            }
            places.put(entry.getKey(), entry.getValue().textValue());
        });
        return places;
    }

    /** Names only are checked, not links: the Hugging Face cache keeps shards as links to files outside the folder. */
    private static Path resolve(Path index, String shard) {
        if (!isInside(shard)) {
            throw Refusals.corrupt(index, "the shard path " + shard + " leaves the folder of the index");
        }
        return index.resolveSibling(shard);
    }

    /** Whether a relative path with forward slashes stays in its folder on every platform. */
    static boolean isInside(String path) {
        if (path.isEmpty() || path.indexOf('\\') >= 0 || path.indexOf(':') >= 0 || path.indexOf('\0') >= 0) {
            return false;
        }
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(owners.keySet());
    }

    @Override
    public Shape shape(String name) {
        return owner(name).shape(name);
    }

    @Override
    public DType dtype(String name) {
        return owner(name).dtype(name);
    }

    @Override
    public ByteBuffer data(String name) {
        return owner(name).data(name);
    }

    @Override
    public NDArray load(String name, NDManager manager) {
        return owner(name).load(name, manager);
    }

    private TensorSource owner(String name) {
        TensorSource owner = owners.get(name);
        if (owner == null) {
            throw Refusals.noTensor(name);
        }
        return owner;
    }

    @Override
    public void close() {
        shards.values().forEach(TensorSource::close);
    }
}
