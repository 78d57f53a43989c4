package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Where a part of a network finds its weights: a {@link Parameters} store seen from one prefix.
 *
 * <p>Names are joined with dots, as in PyTorch's state dicts, and may hold dots themselves:
 * {@code p.scope("layers").scope(0).get("fc1.weight", ...)} is the weight {@code layers.0.fc1.weight}.
 */
public final class ParameterScope {
    private final Parameters store;
    private final String path;

    ParameterScope(Parameters store, String path) {
        this.store = store;
        this.path = path;
    }

    /** The scope one name deeper. */
    public ParameterScope scope(String name) {
        return new ParameterScope(store, fullName(name));
    }

    /** The scope of the element {@code index} of a list, as in {@code layers.3}. */
    public ParameterScope scope(int index) {
        return scope(Integer.toString(index));
    }

    /**
     * A weight of this scope; weight decay applies to it unless it has fewer than two axes, as is usual for biases, norms and
     * single learned vectors.
     *
     * @param name its name below this scope
     * @param shape what the network needs
     * @param initializer how it begins when it is not read from a file
     * @return float32, belongs to the store; the same array whenever the same full name is asked for
     * @throws IllegalArgumentException when the name was asked for before with another shape
     */
    public NDArray get(String name, Shape shape, Initializer initializer) {
        return get(name, shape, initializer, shape.dimension() > 1);
    }

    /** As the three-argument form, saying whether weight decay applies; the first to ask for a name decides. */
    public NDArray get(String name, Shape shape, Initializer initializer, boolean decays) {
        return store.get(fullName(name), shape, initializer, decays, false);
    }

    /**
     * A tensor that is saved and loaded with the weights but never learns, such as the running mean of a batch norm.
     *
     * @return as {@link #get(String, Shape, Initializer)}
     */
    public NDArray buffer(String name, Shape shape, Initializer initializer) {
        return store.get(fullName(name), shape, initializer, false, true);
    }

    /** The weight of a linear layer in fewer bits, or null where this store keeps it in float32. */
    @Nullable
    PackedWeight packed(String name, Shape shape) {
        return store.packed(fullName(name), shape);
    }

    /** What low-rank adaptation adds to the layer of a weight, or null where it adds nothing. */
    @Nullable
    LoraAdapter adapter(String name, Shape shape, @Nullable NDArray weight) {
        return store.adapter(fullName(name), shape, weight);
    }

    /** The names down to here, joined with dots; empty at the root. */
    public String path() {
        return path;
    }

    /** The full name of a tensor of this scope, for messages. */
    public String fullName(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a name below " + (path.isEmpty() ? "the root" : path) + " is empty");
        }
        return path.isEmpty() ? name : path + "." + name;
    }
}
