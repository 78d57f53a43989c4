package org.vilam.vision.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Several sources as one; the first that has a name gives the tensor. */
final class JoinedSource implements TensorSource {
    private final List<TensorSource> sources;
    private final Map<String, TensorSource> places = new LinkedHashMap<>();

    JoinedSource(List<TensorSource> sources) {
        this.sources = List.copyOf(sources);
        sources.forEach(source -> source.names().forEach(name -> places.putIfAbsent(name, source)));
    }

    private TensorSource place(String name) {
        TensorSource source = places.get(name);
        if (source == null) {
            throw Refusals.noTensor(name);
        }
        return source;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(places.keySet());
    }

    @Override
    public Shape shape(String name) {
        return place(name).shape(name);
    }

    @Override
    public DType dtype(String name) {
        return place(name).dtype(name);
    }

    @Override
    public ByteBuffer data(String name) {
        return place(name).data(name);
    }

    @Override
    public NDArray load(String name, NDManager manager) {
        return place(name).load(name, manager);
    }

    @Override
    public NDArray loadMapped(String name, NDManager manager) {
        return place(name).loadMapped(name, manager);
    }

    @Override
    public Optional<JsonNode> config() {
        return sources.stream().flatMap(source -> source.config().stream()).findFirst();
    }

    @Override
    public void close() {
        sources.forEach(TensorSource::close);
    }
}
