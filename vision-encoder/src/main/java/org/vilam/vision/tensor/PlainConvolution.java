package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import org.jspecify.annotations.Nullable;

/** Transposed convolution of array operations: the adjoint of a convolution is one with the flipped kernel. */
final class PlainConvolution {
    private PlainConvolution() {}

    /** See {@link Operations#convTranspose2d}. */
    static NDArray transposed(NDArray x, NDArray weight, @Nullable NDArray bias, int stride, int padding) {
        Shape in = x.getShape(); // (B, D, height, width)
        Shape kernel = weight.getShape(); // (D, E, kernelHeight, kernelWidth)
        NDArray y = x;
        if (stride > 1) {
            long height = (in.get(2) - 1) * stride + 1;
            long width = (in.get(3) - 1) * stride + 1;
            y = spread(spread(x, 2, stride), 3, stride).get(new NDIndex(":, :, :" + height + ", :" + width));
        }
        Shape margin = new Shape(kernel.get(2) - 1, kernel.get(3) - 1);
        NDArray flipped = weight.swapAxes(0, 1).flip(2, 3); // (E, D, kernelHeight, kernelWidth)
        y = Conv2d.conv2d(y, flipped, bias, new Shape(1, 1), margin).singletonOrThrow();
        if (padding == 0) {
            return y;
        }
        Shape out = y.getShape();
        return y.get(new NDIndex(
                ":, :, " + padding + ":" + (out.get(2) - padding) + ", " + padding + ":" + (out.get(3) - padding)));
    }

    /** Puts {@code stride - 1} zeros after every element along an axis. */
    private static NDArray spread(NDArray x, int axis, int stride) {
        long[] shape = x.getShape().getShape().clone();
        NDArray y = x.expandDims(axis + 1);
        long[] zeros = y.getShape().getShape().clone();
        zeros[axis + 1] = stride - 1L;
        y = y.concat(x.getManager().zeros(new Shape(zeros)), axis + 1);
        shape[axis] *= stride;
        return y.reshape(shape);
    }
}
