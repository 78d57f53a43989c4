package org.vilam.grounding.c3vg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.vilam.grounding.mask.BatchNorm;
import org.vilam.vision.tensor.Activation;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Interpolation;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.ParameterScope;

/**
 * From the four levels of a {@link FeaturePyramid} to one fine map, coarse to fine as in U-Net (Ronneberger et al. 2015): enlarged,
 * joined with the next finer level, and passed through two convolutions with batch norm.
 *
 * <p>Letters: B batch, E channels.
 */
final class PyramidDecoder {
    /** Bilinear, corner pixels on corner pixels: C3VG enlarges everything so. */
    static final Interpolation ENLARGED = Interpolation.BILINEAR.withAlignCorners();

    private static final Initializer TORCH = Initializer.kaimingUniform(Math.sqrt(5));

    private final Step third;
    private final Step second;
    private final Step first;

    PyramidDecoder(ParameterScope p, int channels) {
        this.third = new Step(p, 4, FeaturePyramid.width(channels, 3) + FeaturePyramid.width(channels, 2), channels);
        this.second = new Step(p, 3, channels + FeaturePyramid.width(channels, 1), channels);
        this.first = new Step(p, 2, channels + FeaturePyramid.width(channels, 0), channels);
    }

    /**
     * Joins the levels.
     *
     * @param levels finest first
     * @return (B, E, rows, columns) of the finest
     */
    NDArray forward(List<NDArray> levels, Mode mode) {
        return Intermediates.freeing(() -> {
            NDArray x = third.forward(levels.get(3), levels.get(2), mode);
            x = second.forward(x, levels.get(1), mode);
            return first.forward(x, levels.get(0), mode);
        });
    }

    /** One enlargement. */
    private static final class Step {
        private final NDArray weight1; // (E, in, 3, 3)
        private final BatchNorm norm1;
        private final NDArray weight2; // (E, E, 3, 3)
        private final BatchNorm norm2;

        /** With the tensors {@code conv{1,2}_{level}} and {@code bn{1,2}_{level}} of the scope. */
        Step(ParameterScope p, int level, int in, int channels) {
            this.weight1 = p.scope("conv1_" + level).get("weight", new Shape(channels, in, 3, 3), TORCH);
            this.norm1 = new BatchNorm(p.scope("bn1_" + level), channels);
            this.weight2 = p.scope("conv2_" + level).get("weight", new Shape(channels, channels, 3, 3), TORCH);
            this.norm2 = new BatchNorm(p.scope("bn2_" + level), channels);
        }

        NDArray forward(NDArray deep, NDArray skip, Mode mode) {
            return Intermediates.freeing(() -> {
                Shape size = skip.getShape();
                NDArray x = ENLARGED.resize(deep, (int) size.get(2), (int) size.get(3))
                        .concat(skip, 1);
                x = Activation.RELU.apply(norm1.forward(convolve(x, weight1), mode));
                return Activation.RELU.apply(norm2.forward(convolve(x, weight2), mode));
            });
        }

        private static NDArray convolve(NDArray x, NDArray weight) {
            return Operations.get().conv2d(x, weight, null, 1, 1, 1);
        }
    }
}
