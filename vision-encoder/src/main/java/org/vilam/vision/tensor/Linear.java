package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
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
    private final NDArray weight; // (E, D)
    private final @Nullable NDArray bias; // (E)

    /** A layer with the weight {@code weight} (E, D) and, if asked for, the bias {@code bias} (E) of the scope. */
    public Linear(ParameterScope p, long in, long out, boolean bias) {
        this(p, in, out, bias, DEFAULT_WEIGHT);
    }

    /** As the four-argument form, with the weight's initialiser; the bias begins as 0. */
    public Linear(ParameterScope p, long in, long out, boolean bias, Initializer initializer) {
        this(
                p.path(),
                p.get("weight", new Shape(out, in), initializer),
                bias ? p.get("bias", new Shape(out), Initializer.zeros()) : null);
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
        if (bias != null) {
            Shapes.require(name, "bias", bias, weight.getShape().get(0));
        }
        this.name = name;
        this.weight = weight;
        this.bias = bias;
    }

    /**
     * Projects.
     *
     * @param x (..., D)
     * @return (..., E)
     */
    public NDArray forward(NDArray x) {
        Shapes.requireLast(name, "input", x, weight.getShape().get(1));
        return Operations.get().linear(x, weight, bias); // (..., E)
    }

    @Override
    public NDArray forward(NDArray x, Mode mode) {
        return forward(x);
    }

    /** The weight (E, D), for tying. */
    public NDArray weight() {
        return weight;
    }

    /** E. */
    public long out() {
        return weight.getShape().get(0);
    }
}
