package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.checkpoint.DType;
import org.vilam.vision.checkpoint.LoadReport;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

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
    private final Map<String, PackedWeight> packed = new LinkedHashMap<>();
    private final boolean mapped;
    private boolean outline;
    private Packing packing = Packing.BFLOAT16;
    private Predicate<String> packs = name -> false;
    private @Nullable LoraAdapters adapters;

    private Parameters(NDManager parent, @Nullable TensorSource source, @Nullable Long seed, boolean mapped) {
        this.manager = parent.newSubManager();
        this.source = source;
        this.seed = seed;
        this.mapped = mapped;
    }

    /**
     * A store that begins every weight with its initialiser.
     *
     * @param parent gives the device; closing it closes the store
     * @param seed with the full name the only thing a weight's values depend on: neither the order of construction nor the
     *     machine changes them
     */
    public static Parameters initialise(NDManager parent, long seed) {
        return new Parameters(parent, null, seed, false);
    }

    /**
     * A store that reads every weight by its full name. What a file lacks shows in {@link #loadReport()}; until that is
     * looked at, such a weight is NaN throughout, so that a network with holes cannot pass for a working one.
     *
     * @param source must stay open until the network is built and its report read
     */
    public static Parameters load(NDManager parent, TensorSource source) {
        return new Parameters(parent, source, null, false);
    }

    /**
     * A store that reads what the file has, and begins the rest with its initialiser, as when a new head is put on a
     * pre-trained encoder. {@link #loadReport()} tells which is which.
     */
    public static Parameters load(NDManager parent, TensorSource source, long seed) {
        return new Parameters(parent, source, seed, false);
    }

    /**
     * As {@link #load(NDManager, TensorSource)}, but weights are used where they lie in the file where that is possible
     * ({@link TensorSource#loadMapped}): ready at once, and shared between processes. For inference only: weights that lie in
     * a file cannot learn.
     */
    public static Parameters map(NDManager parent, TensorSource source) {
        return new Parameters(parent, source, null, true);
    }

    /**
     * A store whose weights are all 0 and take no memory, whatever their sizes: for the names and shapes of a network that is
     * not to be used.
     */
    public static Parameters outline(NDManager parent) {
        Parameters outline = new Parameters(parent, null, 0L, false);
        outline.outline = true;
        return outline;
    }

    /**
     * Keeps the weights of linear layers in fewer bits, for layers that are built from now on: a language model too large for
     * float32 is used, and trained through, but does not learn. A joint weight of queries, keys and values stays float32.
     *
     * @param linear which of them, by full name
     * @return this store
     */
    public Parameters pack(Packing format, Predicate<String> linear) {
        this.packing = format;
        this.packs = linear;
        return this;
    }

    /**
     * Puts low-rank adapters beside the weights of linear layers, for layers that are built from now on; a joint weight of
     * queries, keys and values is one layer, and a packed weight can have one too. Nothing learns until
     * {@link #requireGradients(Predicate)} says so: with {@link LoraConfig#adaptersOf} the adapters do, and the network's own
     * weights stay as they are.
     *
     * @param seed with a layer's name the only thing its adapter's first values depend on
     * @return this store
     */
    public Parameters adapt(LoraConfig config, long seed) {
        return adapt(new LoraAdapters(config, manager, null, seed));
    }

    /**
     * As {@link #adapt(LoraConfig, long)}, with the adapters of a folder; look at their
     * {@linkplain LoraAdapters#loadReport() report} when the network is built.
     *
     * @param folder must stay open until then
     */
    public Parameters adapt(AdapterFolder folder) {
        return adapt(new LoraAdapters(folder.config(), manager, folder.weights(), 0));
    }

    /**
     * As {@link #adapt(LoraConfig, long)}, with the adapters of a file that has more than those; look at their
     * {@linkplain LoraAdapters#loadReport() report} when the network is built.
     *
     * @param weights the adapters alone, under the names peft gives them; must stay open until then
     */
    public Parameters adapt(LoraConfig config, TensorSource weights) {
        return adapt(new LoraAdapters(config, manager, weights, 0));
    }

    private Parameters adapt(LoraAdapters all) {
        if (adapters != null) {
            throw new IllegalStateException("these weights have adapters already");
        }
        adapters = all;
        return this;
    }

    /**
     * The adapters.
     *
     * @throws IllegalStateException when there are none
     */
    public LoraAdapters adapters() {
        if (adapters == null) {
            throw new IllegalStateException("these weights have no adapters");
        }
        return adapters;
    }

    @Nullable
    LoraAdapter adapter(String name, Shape shape, @Nullable NDArray weight) {
        return adapters == null ? null : adapters.of(name, shape, weight);
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
        NDScope.unregister(array); // it stays, also when a network is built where Intermediates are freed
        array.setName(name);
        arrays.put(name, array);
        if (!buffer) {
            parameters.put(name, new Parameter(name, array, decays));
        }
        return array;
    }

    /** The weight of a linear layer, if it is to be packed and the file has it; what it lacks is left to {@link #get}. */
    @Nullable
    PackedWeight packed(String name, Shape shape) {
        PackedWeight known = packed.get(name);
        if (known == null && source != null && packs.test(name) && fits(source, name, shape)) {
            known = pack(source, name, shape);
            packed.put(name, known);
        }
        if (known != null && !known.shape().equals(shape)) {
            throw new IllegalArgumentException(
                    "tensor " + name + " was asked for before as " + known.shape() + ", now as " + shape);
        }
        return known;
    }

    private PackedWeight pack(TensorSource file, String name, Shape shape) {
        if (packing == Packing.BFLOAT16 && file.dtype(name) == DType.BF16) {
            return Bfloat16Weight.of(manager, file.data(name), shape);
        }
        try (NDArray whole = file.load(name, manager)) {
            Operations operations = Operations.get();
            return packing == Packing.BFLOAT16 ? operations.toBfloat16(whole) : operations.toInt8(whole);
        }
    }

    private NDArray create(String name, Shape shape, Initializer initializer) {
        if (outline) {
            try (NDArray zero = manager.zeros(new Shape())) {
                return zero.broadcast(shape); // one element seen from everywhere
            }
        }
        if (source != null && fits(source, name, shape)) {
            return mapped ? source.loadMapped(name, manager) : source.load(name, manager);
        }
        if (seed == null) {
            return manager.full(shape, Float.NaN);
        }
        return Constants.of(manager, initializer.values(shape, SeededRandom.named(seed, name)), shape);
    }

    private static boolean fits(TensorSource file, String name, Shape shape) {
        if (!file.names().contains(name) || !file.shape(name).equals(shape)) {
            return false;
        }
        if (!file.dtype(name).floating()) {
            throw new VilamException(
                    ErrorCode.CHECKPOINT_MISMATCH,
                    "tensor " + name + " is " + file.dtype(name) + ", a weight is of a floating type",
                    "Check that the file holds the weights themselves and not a quantised form of them.");
        }
        return true;
    }

    /**
     * The weights in the order they were first asked for, then those of the adapters; neither buffers nor packed weights are
     * among them.
     */
    public List<Parameter> all() {
        List<Parameter> all = new ArrayList<>(parameters.values());
        if (adapters != null) {
            all.addAll(adapters.all());
        }
        return all;
    }

    /** The weights that learn: those gradients are recorded for. */
    public List<Parameter> trainable() {
        return all().stream().filter(Parameter::trainable).toList();
    }

    /**
     * One weight or buffer.
     *
     * @throws IllegalArgumentException when nothing of this full name was asked for
     */
    public NDArray array(String name) {
        NDArray array = arrays.get(name);
        if (array == null) {
            throw new IllegalArgumentException("the network has no tensor " + name);
        }
        return array;
    }

    /**
     * Weights and buffers by full name, in the order they were first asked for: what is saved. Adapters are saved in an
     * {@link AdapterFolder} instead; but while they are {@linkplain LoraAdapters#merge() merged}, the merged weights are here.
     *
     * @throws IllegalStateException when weights are packed, which are not to be saved in their place
     */
    public Map<String, NDArray> arrays() {
        if (!packed.isEmpty()) {
            throw new IllegalStateException("packed weights are for use, not for saving");
        }
        LoraAdapters beside = adapters;
        if (beside == null) {
            return Collections.unmodifiableMap(arrays);
        }
        Map<String, NDArray> merged = new LinkedHashMap<>(arrays);
        merged.replaceAll((name, array) -> Objects.requireNonNullElse(beside.merged(name), array));
        return Collections.unmodifiableMap(merged);
    }

    /**
     * Lets exactly the weights learn whose full name passes, and freezes the others.
     *
     * @throws IllegalStateException when weights that lie in a file are to learn
     */
    public void requireGradients(Predicate<String> learns) {
        for (Parameter parameter : all()) {
            String name = parameter.name();
            boolean learn = learns.test(name);
            if (learn && mapped && parameters.containsKey(name)) {
                throw new IllegalStateException("weight " + name + " lies in a file and cannot learn: load it instead");
            }
            parameter.array().setRequiresGradient(learn);
        }
    }

    /** Lets all weights learn, or freezes them all. */
    public void requireGradients(boolean learn) {
        requireGradients(name -> learn);
    }

    /** The number of elements of all weights, packed ones and adapters too. */
    public long count() {
        long whole = all().stream().mapToLong(Parameter::size).sum();
        return whole
                + packed.values().stream()
                        .mapToLong(weight -> weight.shape().size())
                        .sum();
    }

    /** The shapes of everything that was asked for, weights, buffers and packed weights, by full name. */
    public Map<String, Shape> shapes() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        arrays.forEach((name, array) -> shapes.put(name, array.getShape()));
        packed.forEach((name, weight) -> shapes.put(name, weight.shape()));
        return shapes;
    }

    /**
     * How the file fits the network, over what was asked for so far: to be looked at when the network is built.
     *
     * @throws IllegalStateException when there is no file
     */
    public LoadReport loadReport() {
        if (source == null) {
            throw new IllegalStateException("these weights were initialised, not loaded");
        }
        return LoadReport.compare(source, shapes());
    }

    /** Frees the weights. */
    @Override
    public void close() {
        manager.close();
    }
}
