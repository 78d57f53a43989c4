package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;

/**
 * LLaMA's gated network (Shazeer 2020, "GLU variants improve transformer"): {@code down(silu(gate(x)) * up(x))}, no biases.
 *
 * <p>Letters: D width, F hidden width.
 */
public final class SwiGlu {
    private final Projection gate;
    private final Projection up;
    private final Projection down;

    /** A network with the layers {@code gate_proj}, {@code up_proj} and {@code down_proj} of the scope. */
    public SwiGlu(ParameterScope p, long width, long hidden) {
        this(
                new Linear(p.scope("gate_proj"), width, hidden, false),
                new Linear(p.scope("up_proj"), width, hidden, false),
                new Linear(p.scope("down_proj"), hidden, width, false));
    }

    /** A network of given projections, D to F, D to F and F to D. */
    public SwiGlu(Projection gate, Projection up, Projection down) {
        this.gate = gate;
        this.up = up;
        this.down = down;
    }

    /**
     * Applies the network to every token.
     *
     * @param x (..., D)
     * @return (..., D)
     */
    public NDArray forward(NDArray x, Mode mode) {
        return Intermediates.freeing(() -> {
            NDArray gated = Activation.SILU.apply(gate.forward(x, mode)).mul(up.forward(x, mode)); // (..., F)
            return down.forward(gated, mode); // (..., D)
        });
    }
}
