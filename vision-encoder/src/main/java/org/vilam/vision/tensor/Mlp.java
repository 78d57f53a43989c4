package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The two-layer network of a transformer block (Vaswani et al. 2017, 3.3): {@code out(activation(in(x)))}, with an optional
 * norm before the second layer as in BEiT-3 (sub-LayerNorm, Wang et al. 2022).
 *
 * <p>Letters: D width, F hidden width.
 */
public final class Mlp {
    private final Linear in;
    private final Linear out;
    private final Activation activation;
    private final @Nullable LayerNorm norm;
    private final Dropout dropout;

    /** A network with biases and neither inner norm nor dropout. */
    public Mlp(ParameterScope p, MlpNames names, long width, long hidden, Activation activation) {
        this(p, names, width, hidden, activation, OptionalDouble.empty(), 0, Linear.DEFAULT_WEIGHT);
    }

    /**
     * A network with biases.
     *
     * @param normEps the epsilon of the norm between the layers, empty for none
     * @param dropout the rate after the activation; what follows the second layer is the caller's
     * @param initializer of both weights
     */
    public Mlp(
            ParameterScope p,
            MlpNames names,
            long width,
            long hidden,
            Activation activation,
            OptionalDouble normEps,
            double dropout,
            Initializer initializer) {
        this.in = new Linear(p.scope(names.in()), width, hidden, true, initializer);
        this.out = new Linear(p.scope(names.out()), hidden, width, true, initializer);
        this.activation = activation;
        this.norm = normEps.isPresent() ? new LayerNorm(p.scope(names.norm()), hidden, normEps.getAsDouble()) : null;
        this.dropout = new Dropout(dropout);
    }

    /**
     * Applies the network to every token.
     *
     * @param x (..., D)
     * @return (..., D)
     */
    public NDArray forward(NDArray x, Mode mode) {
        return Intermediates.freeing(() -> {
            NDArray h = activation.apply(in.forward(x, mode)); // (..., F)
            h = dropout.forward(h, mode);
            if (norm != null) {
                h = norm.forward(h);
            }
            return out.forward(h, mode); // (..., D)
        });
    }
}
