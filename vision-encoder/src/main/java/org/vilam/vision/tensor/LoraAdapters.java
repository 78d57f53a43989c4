package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.checkpoint.LoadReport;
import org.vilam.vision.checkpoint.TensorSource;

/**
 * The low-rank adapters of a network: what {@link Parameters#adapt} put beside its linear layers.
 *
 * <p>Letters: D input width, E output width, R rank. A begins as peft's, uniform in +-1 / sqrt(D), and B as 0, so that an
 * adapted network begins as the network itself.
 */
public final class LoraAdapters {
    /** What peft puts before the names of a network's weights. */
    static final String PEFT = "base_model.model.";

    private static final Initializer BEGIN_A = Initializer.kaimingUniform(Math.sqrt(5));

    private final LoraConfig config;
    private final NDManager manager;
    private final @Nullable TensorSource source;
    private final long seed;
    private final Map<String, LoraAdapter> layers = new LinkedHashMap<>();

    LoraAdapters(LoraConfig config, NDManager manager, @Nullable TensorSource source, long seed) {
        this.config = config;
        this.manager = manager;
        this.source = source;
        this.seed = seed;
    }

    /** The adapter of a weight (E, D), or null where it is to have none. */
    @Nullable
    LoraAdapter of(String weight, Shape shape, @Nullable NDArray base) {
        String layer = layer(weight);
        LoraAdapter known = layers.get(layer);
        if (known == null && config.targets().test(layer)) {
            known = new LoraAdapter(
                    base,
                    parameter(layer + LoraConfig.A, new Shape(config.rank(), shape.get(1)), BEGIN_A),
                    parameter(layer + LoraConfig.B, new Shape(shape.get(0), config.rank()), Initializer.zeros()),
                    config);
            layers.put(layer, known);
        }
        return known;
    }

    /** {@code x.qkv.weight} belongs to the layer {@code x.qkv}, {@code x.in_proj_weight} to {@code x.in_proj}. */
    private static String layer(String weight) {
        int tail = "weight".length() + 1;
        return weight.endsWith(".weight") || weight.endsWith("_weight")
                ? weight.substring(0, weight.length() - tail)
                : weight;
    }

    private Parameter parameter(String name, Shape shape, Initializer initializer) {
        NDArray array;
        if (source == null) {
            array = Constants.of(manager, initializer.values(shape, SeededRandom.named(seed, name)), shape);
        } else if (source.names().contains(PEFT + name)
                && source.shape(PEFT + name).equals(shape)) {
            array = source.load(PEFT + name, manager);
        } else {
            array = manager.full(shape, Float.NaN); // as in Parameters: a hole shows in the report, and in every result
        }
        NDScope.unregister(array);
        array.setName(name);
        return new Parameter(name, array, true);
    }

    /** Rank, scale and dropout of all of them. */
    public LoraConfig config() {
        return config;
    }

    /** The names of the layers that have one, in the order the network asked for them; empty where none was targeted. */
    public List<String> layers() {
        return List.copyOf(layers.keySet());
    }

    /** The weights A and B of every layer, named {@code <layer>.lora_A.weight} and {@code <layer>.lora_B.weight}. */
    public List<Parameter> all() {
        List<Parameter> all = new ArrayList<>();
        layers.values().forEach(adapter -> {
            all.add(adapter.a());
            all.add(adapter.b());
        });
        return all;
    }

    /**
     * How the file of the adapters fits the network: to be looked at when the network is built.
     *
     * @throws IllegalStateException when there is no file
     */
    public LoadReport loadReport() {
        if (source == null) {
            throw new IllegalStateException("these adapters were initialised, not loaded");
        }
        Map<String, Shape> shapes = new LinkedHashMap<>();
        all().forEach(weight -> shapes.put(PEFT + weight.name(), weight.array().getShape()));
        return LoadReport.compare(source, shapes);
    }

    /**
     * Makes every layer as fast as without an adapter: it multiplies with {@code W + alpha / rank * B A} at once. The layers'
     * own weights are kept, so this takes the memory of the adapted weights a second time. Until {@link #unmerge} nothing of
     * them can learn, and {@link Parameters#arrays} gives the merged weights, as a model without adapters. Nobody else may
     * compute meanwhile.
     *
     * @throws IllegalStateException when a layer's weight is packed
     */
    public void merge() {
        layers.values().forEach(LoraAdapter::merge);
    }

    /** Goes back to the layers' own weights, which {@link #merge} left as they were, and the adapters beside them. */
    public void unmerge() {
        layers.values().forEach(LoraAdapter::unmerge);
    }

    /** The merged weight in place of a layer's own, while there is one. */
    @Nullable
    NDArray merged(String weight) {
        LoraAdapter adapter = layers.get(layer(weight));
        return adapter == null ? null : adapter.merged();
    }
}
