package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Linear layer: {@code x weight^T + bias}, {@code torch.nn.Linear}.
 *
 * <p>Letters: D input width, E output width.
 */
public final class Linear implements Projection {
    /** How linear layers of vision transformers begin (BERT, ViT, BEiT, CLIP's fine-tunings): std 0.02, bias 0. */
    public static final Initializer DEFAULT_WEIGHT = Initializer.truncatedNormal(0.02);

    private final String name;
    private final long in; // D
    private final long out; // E
    private final @Nullable NDArray weight; // (E, D), or null where it is packed
    private final @Nullable PackedWeight packed; // (E, D)
    private final @Nullable NDArray bias; // (E)
    private final @Nullable LoraAdapter adapter;

    /** A layer with the weight {@code weight} (E, D) and, if asked for, the bias {@code bias} (E) of the scope. */
    public Linear(ParameterScope p, long in, long out, boolean bias) {
        this(p, in, out, bias, DEFAULT_WEIGHT);
    }

    /** As the four-argument form, with the weight's initialiser; the bias begins as 0. */
    public Linear(ParameterScope p, long in, long out, boolean bias, Initializer initializer) {
        Shape shape = new Shape(out, in);
        this.name = p.path();
        this.in = in;
        this.out = out;
        this.packed = p.packed("weight", shape);
        this.weight = packed == null ? p.get("weight", shape, initializer) : null;
        this.bias = bias ? p.get("bias", new Shape(out), Initializer.zeros()) : null;
        this.adapter = p.adapter("weight", shape, weight);
    }

    /**
     * A layer of given arrays, such as an output layer tied to the embedding.
     *
     * @param name for messages
     * @param weight (E, D)
     * @param bias (E) or null
     */
    public Linear(String name, NDArray weight, @Nullable NDArray bias) {
        Shapes.require(name, "weight", weight, "E", "D");
        this.name = name;
        this.in = weight.getShape().get(1);
        this.out = weight.getShape().get(0);
        if (bias != null) {
            Shapes.require(name, "bias", bias, out);
        }
        this.weight = weight;
        this.packed = null;
        this.bias = bias;
        this.adapter = null;
    }

    /**
     * Projects, in float32 unless the weight is packed.
     *
     * @param x (..., D)
     * @return (..., E)
     */
    public NDArray forward(NDArray x) {
        return forward(x, Mode.INFERENCE);
    }

    @Override
    public NDArray forward(NDArray x, Mode mode) {
        Shapes.requireLast(name, "input", x, in);
        LoraAdapter lora = adapter;
        return lora == null
                ? apply(x, weight, mode) // (..., E)
                : Intermediates.freeing(() -> lora.add(apply(x, lora.weight(mode), mode), x, mode)); // (..., E)
    }

    private NDArray apply(NDArray x, @Nullable NDArray whole, Mode mode) {
        return whole == null
                ? Operations.get().linear(x, Objects.requireNonNull(packed), bias)
                : apply(x, whole, bias, mode);
    }

    /** The layer of a weight, in the precision of the mode. */
    static NDArray apply(NDArray x, NDArray weight, @Nullable NDArray bias, Mode mode) {
        return mode.isMixed()
                ? Operations.get().mixedLinear(x, weight, bias)
                : Operations.get().linear(x, weight, bias);
    }

    /** D. */
    public long in() {
        return in;
    }

    /** E. */
    public long out() {
        return out;
    }
}
