package org.vilam.grounding.c3vg;

import ai.djl.ndarray.NDArray;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.LayerNorm;
import org.vilam.vision.tensor.ParameterScope;

/**
 * LayerNorm over the channels at each place of a map, {@code LN2d}. Its epsilon is 1e-5: the class says 1e-6, but mmcv's builder of
 * norms gives it another.
 */
final class ChannelNorm {
    private static final double EPS = 1e-5;

    private final LayerNorm norm;

    ChannelNorm(ParameterScope p, int channels) {
        this.norm = new LayerNorm(p, channels, EPS);
    }

    /** (B, C, rows, columns), the same shape. */
    NDArray forward(NDArray x) {
        return Intermediates.freeing(() -> norm.forward(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2));
    }
}
