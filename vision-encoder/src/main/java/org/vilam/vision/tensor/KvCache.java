package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Objects;

/**
 * The keys and values of the tokens a decoder has seen: what changes during one request, where weights do not.
 *
 * <p>Letters: B batch (rows of text, or beams), G key/value heads, S places, T new tokens, K head width. Memory for all S
 * places is taken at once, 8 B G S K bytes a layer. For inference: what is stored passes no gradient back. For one thread.
 */
public final class KvCache implements AutoCloseable {
    private final NDManager manager;
    private final NDArray[] keys; // each (B, G, S, K)
    private final NDArray[] values; // each (B, G, S, K)
    private final int[] lengths;
    private final int capacity; // S

    /**
     * An empty cache.
     *
     * @param parent gives the device; closing it closes the cache
     * @param batch B, which {@link #select} may change
     * @param capacity S, the most tokens it will hold, those of the prompt included
     */
    public KvCache(NDManager parent, int layers, int batch, int heads, int capacity, int headWidth) {
        if (layers < 1 || capacity < 1) {
            throw new IllegalArgumentException("a cache needs layers and places, got " + layers + ", " + capacity);
        }
        this.capacity = capacity;
        this.keys = new NDArray[layers];
        this.values = new NDArray[layers];
        this.lengths = new int[layers];
        this.manager = parent.newSubManager();
        Shape shape = new Shape(batch, heads, capacity, headWidth);
        for (int i = 0; i < layers; i++) {
            keys[i] = zeros(shape);
            values[i] = zeros(shape);
        }
    }

    /** How many tokens every layer holds: the position of the next token in an unpadded sequence. */
    public int length() {
        return lengths[lengths.length - 1];
    }

    /** S. */
    public int capacity() {
        return capacity;
    }

    /** B. */
    public int batch() {
        return Math.toIntExact(keys[0].getShape().get(0));
    }

    /** The part that belongs to one layer of the decoder. */
    public Layer layer(int index) {
        return new Layer(Objects.checkIndex(index, keys.length));
    }

    /** Forgets all tokens, keeping the memory. */
    public void reset() {
        Arrays.fill(lengths, 0);
    }

    /**
     * Replaces the rows of the batch: row i becomes what row {@code rows[i]} was. Reorders beams, drops finished rows, and
     * repeats the rows of a prompt for its beams.
     *
     * @param rows each 0 .. B - 1; their number is the new B
     */
    public void select(int... rows) {
        if (rows.length == 0) {
            throw new IllegalArgumentException("a cache keeps one row at least");
        }
        for (int row : rows) {
            Objects.checkIndex(row, batch());
        }
        for (int i = 0; i < keys.length; i++) {
            keys[i] = selected(keys[i], lengths[i], rows);
            values[i] = selected(values[i], lengths[i], rows);
        }
    }

    private NDArray selected(NDArray cached, int length, int[] rows) {
        Shape shape = cached.getShape();
        boolean sameBatch = rows.length == shape.get(0);
        NDArray target = sameBatch ? cached : zeros(new Shape(rows.length, shape.get(1), shape.get(2), shape.get(3)));
        if (length > 0) {
            try (NDManager scope = manager.newSubManager()) {
                NDArray used = cached.get(scope, filled(0, length)); // (old B, G, length, K), a view
                NDArray picked = used.get(new NDIndex(
                        "{}", scope.create(Arrays.stream(rows).asLongStream().toArray()))); // (B, G, length, K), a copy
                target.set(filled(0, length), picked);
            }
        }
        if (!sameBatch) {
            cached.close();
        }
        return target;
    }

    /** Memory that stays when the cache is made or changed inside a computation that frees its {@link Intermediates}. */
    private NDArray zeros(Shape shape) {
        NDArray array = manager.zeros(shape);
        NDScope.unregister(array);
        return array;
    }

    private static NDIndex filled(int from, int to) {
        return new NDIndex().addAllDim(2).addSliceDim(from, to).addAllDim();
    }

    /** Frees the memory. */
    @Override
    public void close() {
        manager.close();
    }

    /**
     * All tokens of a layer so far.
     *
     * @param keys (B, G, length, K), a view of the cache, of the manager of what was appended
     * @param values the same shape
     */
    public record Entry(NDArray keys, NDArray values) {}

    /** One layer's part of a {@link KvCache}. */
    public final class Layer {
        private final int index;

        private Layer(int index) {
            this.index = index;
        }

        /** How many tokens this layer holds. */
        public int length() {
            return lengths[index];
        }

        /**
         * Adds tokens behind those held.
         *
         * @param newKeys (B, G, T, K), with their positions applied
         * @param newValues (B, G, T, K)
         * @return all tokens, the new ones last
         * @throws IllegalStateException when there are more tokens than places
         */
        public Entry append(NDArray newKeys, NDArray newValues) {
            Shape held = keys[index].getShape();
            Shapes.require("cache", "keys", newKeys, held.get(0), held.get(1), "T", held.get(3));
            long tokens = newKeys.getShape().get(2);
            Shapes.require("cache", "values", newValues, held.get(0), held.get(1), tokens, held.get(3));
            int from = lengths[index];
            if (from + tokens > capacity) {
                throw new IllegalStateException("the cache has " + capacity + " places, " + from + " of them taken; "
                        + tokens + " more tokens do not fit");
            }
            int to = from + (int) tokens;
            store(keys[index], newKeys, filled(from, to));
            store(values[index], newValues, filled(from, to));
            lengths[index] = to;
            NDManager owner = newKeys.getManager();
            return new Entry(keys[index].get(owner, filled(0, to)), values[index].get(owner, filled(0, to)));
        }

        /** Writes a detached view: a graph through the cache would grow with every token. */
        private void store(NDArray target, NDArray tokens, NDIndex at) {
            try (NDArray constant = tokens.stopGradient()) {
                target.set(at, constant);
            }
        }
    }
}
