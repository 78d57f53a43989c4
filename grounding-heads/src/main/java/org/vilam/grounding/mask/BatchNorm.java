package org.vilam.grounding.mask;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.ParameterScope;
import org.vilam.vision.tensor.Shapes;

/**
 * Batch normalisation of maps (Ioffe and Szegedy 2015), {@code torch.nn.BatchNorm2d}: epsilon 1e-5, momentum 0.1. In inference by
 * the running statistics; in training by those of the batch, which then enter the running ones, the variance unbiased. So a
 * training pass changes this object's buffers, and passes must not overlap.
 *
 * <p>Letters: B batch, C channels.
 */
public final class BatchNorm {
    private static final float EPS = 1e-5f;
    /** DJL's momentum is the share of the old statistics, PyTorch's that of the new ones. */
    private static final float KEPT = 0.9f;

    private final String name;
    private final NDArray weight; // (C)
    private final NDArray bias; // (C)
    private final NDArray runningMean; // (C)
    private final NDArray runningVariance; // (C)

    /** A norm with the tensors {@code weight}, {@code bias}, {@code running_mean} and {@code running_var} (C) of the scope. */
    public BatchNorm(ParameterScope p, long channels) {
        Shape shape = new Shape(channels);
        this.name = p.path();
        this.weight = p.get("weight", shape, Initializer.ones());
        this.bias = p.get("bias", shape, Initializer.zeros());
        this.runningMean = p.buffer("running_mean", shape, Initializer.zeros());
        this.runningVariance = p.buffer("running_var", shape, Initializer.ones());
    }

    /**
     * Normalises.
     *
     * @param x (B, C, height, width)
     * @return the same shape
     */
    public NDArray forward(NDArray x, Mode mode) {
        Shapes.require(name, "input", x, "B", weight.size(), "height", "width");
        return ai.djl.nn.norm.BatchNorm.batchNorm(
                        x, runningMean, runningVariance, weight, bias, 1, KEPT, EPS, mode.isTraining())
                .singletonOrThrow();
    }
}
