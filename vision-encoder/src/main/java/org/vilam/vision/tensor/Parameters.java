package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.checkpoint.TensorSource;

/**
 * The weights of a network by name: initialised from a seed, or read from a file.
 *
 * <p>A network's constructor asks a {@link ParameterScope} for each weight it needs, under the name the weight has in the
 * checkpoints of its family. So the constructor is the one list of names, shapes and initialisers; saving, loading, counting,
 * freezing and weight decay all follow from it.
 *
 * <p>The store owns the arrays: they live until {@link #close}. Building is for one thread; afterwards any number of threads
 * may read. Operations should take activations as their first argument, never weights: a result belongs to the manager of
 * the first argument, and would pile up here.
 */
public final class Parameters implements AutoCloseable {
    private final NDManager manager;
    private final @Nullable TensorSource source;
    private final @Nullable Long seed;
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Map<String, NDArray> arrays = new LinkedHashMap<>();
    private final List<String> missing = new ArrayList<>();
    private final List<String> wrongShape = new ArrayList<>();

    private Parameters(NDManager parent, @Nullable TensorSource source, @Nullable Long seed) {
        this.manager = parent.newSubManager();
        this.source = source;
        this.seed = seed;
    }

    /**
     * A store that begins every weight with its initialiser.
     *
     * @param parent gives the device; closing it closes the store
     * @param seed with the full name the only thing a weight's values depend on: neither the order of construction nor the
     *     machine changes them
     */
    public static Parameters initialise(NDManager parent, long seed) {
        return new Parameters(parent, null, seed);
    }

    /**
     * A store that reads every weight by its full name. What a file lacks shows in {@link #loadReport()}; until that is
     * looked at, such a weight is NaN throughout, so that a network with holes cannot pass for a working one.
     *
     * @param source must stay open until the network is built
     */
    public static Parameters load(NDManager parent, TensorSource source) {
        return new Parameters(parent, source, null);
    }

    /**
     * A store that reads what the file has, and begins the rest with its initialiser, as when a new head is put on a
     * pre-trained encoder. {@link #loadReport()} tells which is which.
     */
    public static Parameters load(NDManager parent, TensorSource source, long seed) {
        return new Parameters(parent, source, seed);
    }

    /** The scope of full names. */
    public ParameterScope root() {
        return new ParameterScope(this, "");
    }

    /** The scope below one name. */
    public ParameterScope scope(String name) {
        return root().scope(name);
    }

    NDArray get(String name, Shape shape, Initializer initializer, boolean decays, boolean buffer) {
        NDArray known = arrays.get(name);
        if (known != null) {
            if (!known.getShape().equals(shape) || buffer == parameters.containsKey(name)) {
                throw new IllegalArgumentException("tensor " + name + " was asked for before, then as "
                        + (parameters.containsKey(name) ? "a weight " : "a buffer ") + known.getShape() + ", now as "
                        + (buffer ? "a buffer " : "a weight ") + shape);
            }
            return known;
        }
        NDArray array = create(name, shape, initializer);
        array.setName(name);
        arrays.put(name, array);
        if (!buffer) {
            parameters.put(name, new Parameter(name, array, decays));
        }
        return array;
    }

    private NDArray create(String name, Shape shape, Initializer initializer) {
        if (source != null) {
            if (!source.names().contains(name)) {
                missing.add(name);
            } else if (!source.shape(name).equals(shape) || !source.dtype(name).floating()) {
                wrongShape.add(name + ": the network has " + shape + ", the file " + source.dtype(name) + " "
                        + source.shape(name));
            } else {
                return source.load(name, manager);
            }
        }
        if (seed == null) {
            return manager.full(shape, Float.NaN);
        }
        return Constants.of(manager, initializer.values(shape, SeededRandom.named(seed, name)), shape);
    }

    /** The weights in the order they were first asked for; buffers are not among them. */
    public List<Parameter> all() {
        return List.copyOf(parameters.values());
    }

    /** The weights that learn: those gradients are recorded for. */
    public List<Parameter> trainable() {
        return parameters.values().stream().filter(Parameter::trainable).toList();
    }

    /** Weights and buffers by full name, in the order they were first asked for: what is saved. */
    public Map<String, NDArray> arrays() {
        return java.util.Collections.unmodifiableMap(arrays);
    }

    /** Lets exactly the weights learn whose full name passes, and freezes the others. */
    public void requireGradients(Predicate<String> learns) {
        parameters.forEach((name, parameter) -> parameter.array().setRequiresGradient(learns.test(name)));
    }

    /** Lets all weights learn, or freezes them all. */
    public void requireGradients(boolean learn) {
        requireGradients(name -> learn);
    }

    /** The number of elements of all weights. */
    public long count() {
        return parameters.values().stream().mapToLong(Parameter::size).sum();
    }

    /** How the file and the network agree, over what was asked for so far; empty lists when nothing was read. */
    public Loaded loadReport() {
        Set<String> unexpected = new LinkedHashSet<>(source == null ? Set.of() : source.names());
        unexpected.removeAll(arrays.keySet());
        return new Loaded(List.copyOf(missing), List.copyOf(wrongShape), List.copyOf(unexpected));
    }

    /** Frees the weights. */
    @Override
    public void close() {
        manager.close();
    }

    /**
     * How a weight file and a network agree.
     *
     * @param missing weights the file lacks
     * @param wrongShape weights the file has in another shape or type, with both
     * @param unexpected tensors of the file the network did not ask for
     */
    public record Loaded(List<String> missing, List<String> wrongShape, List<String> unexpected) {}
}
