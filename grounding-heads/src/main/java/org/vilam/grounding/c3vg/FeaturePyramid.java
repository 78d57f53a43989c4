package org.vilam.grounding.c3vg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import java.util.ArrayList;
import java.util.List;
import org.vilam.vision.tensor.Activation;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.ParameterScope;

/**
 * Four sizes of one map, as ViTDet makes them (Li et al. 2022, 3, "simple feature pyramid"), {@code SimpleFPN}: four and two times
 * enlarged by transposed convolutions, as it is, and halved; each then passes a 1 by 1 and a 3 by 3 convolution with norms.
 *
 * <p>Letters: B batch, E channels, G cells a side (any two sides).
 */
final class FeaturePyramid {
    private static final Initializer TORCH = Initializer.kaimingUniform(Math.sqrt(5));

    private final Enlarging quarter;
    private final ChannelNorm quarterNorm;
    private final Enlarging quarterAgain;
    private final Enlarging half;
    private final List<NormedConvolution> lateral = new ArrayList<>();
    private final List<NormedConvolution> out = new ArrayList<>();

    FeaturePyramid(ParameterScope p, int channels) {
        ParameterScope first = p.scope("fpn1");
        this.quarter = new Enlarging(first.scope(0), channels, channels / 2);
        this.quarterNorm = new ChannelNorm(first.scope(1), channels / 2);
        this.quarterAgain = new Enlarging(first.scope(3), channels / 2, channels / 4);
        this.half = new Enlarging(p.scope("fpn2").scope(0), channels, channels / 2);
        int[] in = {channels / 4, channels / 2, channels, channels};
        for (int i = 0; i < in.length; i++) {
            int width = width(channels, i);
            lateral.add(new NormedConvolution(p.scope("lateral_convs").scope(i), in[i], width, 1));
            out.add(new NormedConvolution(p.scope("fpn_convs").scope(i), width, width, 3));
        }
    }

    /** Channels of a level: E / 4, E / 2, E, 2 E. */
    static int width(int channels, int level) {
        return channels * (1 << level) / 4;
    }

    /**
     * Makes the four levels, finest first; the caller closes them.
     *
     * @param x (B, E, G, G)
     * @return (B, E / 4, 4 G, 4 G), (B, E / 2, 2 G, 2 G), (B, E, G, G), (B, 2 E, G / 2, G / 2)
     */
    List<NDArray> forward(NDArray x) {
        List<NDArray> levels = new ArrayList<>();
        levels.add(Intermediates.freeing(
                () -> finish(0, quarterAgain.forward(Activation.GELU.apply(quarterNorm.forward(quarter.forward(x)))))));
        levels.add(Intermediates.freeing(() -> finish(1, half.forward(x))));
        levels.add(finish(2, x));
        levels.add(Intermediates.freeing(
                () -> finish(3, Pool.maxPool2d(x, new Shape(2, 2), new Shape(2, 2), new Shape(0, 0), false))));
        return levels;
    }

    private NDArray finish(int level, NDArray x) {
        return Intermediates.freeing(
                () -> out.get(level).forward(lateral.get(level).forward(x)));
    }

    /** A transposed convolution that doubles the sides. */
    private static final class Enlarging {
        private final NDArray weight; // (in, out, 2, 2)
        private final NDArray bias; // (out)

        Enlarging(ParameterScope p, int in, int out) {
            this.weight = p.get("weight", new Shape(in, out, 2, 2), TORCH);
            this.bias = p.get("bias", new Shape(out), Initializer.zeros());
        }

        NDArray forward(NDArray x) {
            return Operations.get().convTranspose2d(x, weight, bias, 2, 0);
        }
    }

    /** A convolution that keeps the sides, and a norm; no activation. */
    private static final class NormedConvolution {
        private final NDArray weight; // (out, in, kernel, kernel)
        private final ChannelNorm norm;
        private final int kernel;

        NormedConvolution(ParameterScope p, int in, int out, int kernel) {
            this.weight = p.get("conv.weight", new Shape(out, in, kernel, kernel), TORCH);
            this.norm = new ChannelNorm(p.scope("norm_layer"), out);
            this.kernel = kernel;
        }

        NDArray forward(NDArray x) {
            return Intermediates.freeing(
                    () -> norm.forward(Operations.get().conv2d(x, weight, null, 1, kernel / 2, 1)));
        }
    }
}
