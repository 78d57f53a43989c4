package org.vilam.grounding.hivg;

import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.vilam.vision.checkpoint.DType;
import org.vilam.vision.checkpoint.TensorSource;

/** A checkpoint under other names, or one of names and shapes alone. */
final class PublishedNames implements TensorSource {
    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private final Map<String, String> origins = new LinkedHashMap<>();
    private final @org.jspecify.annotations.Nullable TensorSource source;

    private PublishedNames(@org.jspecify.annotations.Nullable TensorSource source) {
        this.source = source;
    }

    /** Tensors without elements. */
    static PublishedNames of(Map<String, Shape> shapes) {
        PublishedNames names = new PublishedNames(null);
        names.shapes.putAll(shapes);
        return names;
    }

    /** The same tensors under other names. */
    PublishedNames renamed(UnaryOperator<String> name) {
        PublishedNames renamed = new PublishedNames(source);
        shapes.forEach((old, shape) -> {
            renamed.shapes.put(name.apply(old), shape);
            renamed.origins.put(name.apply(old), origins.getOrDefault(old, old));
        });
        return renamed;
    }

    /** All tensors of a source. */
    static PublishedNames of(TensorSource source) {
        PublishedNames names = new PublishedNames(source);
        source.names().forEach(name -> names.shapes.put(name, source.shape(name)));
        return names;
    }

    @Override
    public Set<String> names() {
        return shapes.keySet();
    }

    @Override
    public Shape shape(String name) {
        return java.util.Objects.requireNonNull(shapes.get(name), name);
    }

    @Override
    public DType dtype(String name) {
        return source == null ? DType.F32 : source.dtype(origins.getOrDefault(name, name));
    }

    @Override
    public ByteBuffer data(String name) {
        if (source == null) {
            throw new IllegalStateException("only names and shapes");
        }
        return source.data(origins.getOrDefault(name, name));
    }

    @Override
    public void close() {}
}
