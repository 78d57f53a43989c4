package org.vilam.vision.tensor;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The checks at the entry of {@link Operations}, the same for every implementation. */
final class OperationShapes {
    private OperationShapes() {}

    static void attention(NDArray q, NDArray k, NDArray v, @Nullable NDArray mask) {
        Shape query = q.getShape();
        Shape key = k.getShape();
        Shape value = v.getShape();
        require(
                query.dimension() == 4 && key.dimension() == 4 && key.equals(value),
                () -> "q is (B, H, T, K), k and v are (B, G, S, K); got " + query + ", " + key + ", " + value);
        require(
                query.get(0) == key.get(0) && query.get(3) == key.get(3) && query.get(1) % key.get(1) == 0,
                () -> "k must share q's B and K, and q's H be a multiple of its G; got q " + query + ", k " + key);
        if (mask != null) {
            Shape given = mask.getShape();
            Shape scores = new Shape(query.get(0), query.get(1), query.get(2), key.get(2));
            require(broadcasts(given, scores), () -> "mask " + given + " does not broadcast to the scores " + scores);
        }
    }

    static void linear(NDArray x, Shape weight, @Nullable NDArray bias) {
        Shape input = x.getShape();
        require(
                weight.dimension() == 2 && input.dimension() >= 1 && last(input) == weight.get(1),
                () -> "x is (..., D) and weight (E, D); got " + input + " and " + weight);
        vector("bias", bias, weight.get(0));
    }

    static void norm(NDArray x, NDArray weight, @Nullable NDArray bias) {
        Shape input = x.getShape();
        require(input.dimension() >= 1, () -> "x is (..., D), got a scalar");
        vector("weight", weight, last(input));
        vector("bias", bias, last(input));
    }

    static void conv(NDArray x, NDArray weight, @Nullable NDArray bias, int stride, int padding, int groups) {
        Shape kernel = kernel(weight, stride, padding);
        require(
                groups >= 1 && kernel.get(0) % groups == 0,
                () -> groups + " groups do not divide the outputs of the kernel " + kernel);
        channels(x, kernel.get(1) * groups);
        vector("bias", bias, kernel.get(0));
    }

    static void convTranspose(NDArray x, NDArray weight, @Nullable NDArray bias, int stride, int padding) {
        Shape kernel = kernel(weight, stride, padding);
        channels(x, kernel.get(0));
        vector("bias", bias, kernel.get(1));
    }

    private static Shape kernel(NDArray weight, int stride, int padding) {
        Shape kernel = weight.getShape();
        require(kernel.dimension() == 4, () -> "a kernel has 4 axes, got " + kernel);
        require(
                stride >= 1 && padding >= 0,
                () -> "stride is at least 1 and padding 0, got " + stride + " and " + padding);
        return kernel;
    }

    private static void channels(NDArray x, long channels) {
        Shape input = x.getShape();
        require(
                input.dimension() == 4 && input.get(1) == channels,
                () -> "x is (B, " + channels + ", height, width), got " + input);
    }

    static void notScalar(NDArray weight) {
        require(weight.getShape().dimension() >= 1, () -> "weight has at least one axis");
    }

    static void matrix(NDArray weight) {
        require(weight.getShape().dimension() == 2, () -> "weight is (E, D), got " + weight.getShape());
    }

    static void adamW(
            List<NDArray> parameters,
            List<NDArray> gradients,
            List<NDArray> firstMoments,
            List<NDArray> secondMoments,
            long step) {
        require(step >= 1, () -> "the first step is 1, got " + step);
        sameShapes("gradients", gradients, parameters);
        sameShapes("firstMoments", firstMoments, parameters);
        sameShapes("secondMoments", secondMoments, parameters);
    }

    static void maxNorm(double maxNorm) {
        require(maxNorm > 0, () -> "maxNorm must be above 0, got " + maxNorm);
    }

    static void movingAverage(List<NDArray> averages, List<NDArray> parameters, double decay) {
        require(decay >= 0 && decay <= 1, () -> "decay must be in [0, 1], got " + decay);
        sameShapes("averages", averages, parameters);
    }

    static void gradients(NDArray loss, List<NDArray> parameters) {
        require(loss.size() == 1, () -> "a loss has one element, got " + loss.getShape());
        for (int i = 0; i < parameters.size(); i++) {
            int index = i;
            require(parameters.get(i).hasGradient(), () -> "parameters[" + index + "] does not require gradients");
        }
    }

    /** libtorch's refusal of a loss without a graph, in our words; DJL's hasGradient() is false for every computed array. */
    static RuntimeException backwardFailure(EngineException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("does not have a grad_fn")) {
            return new IllegalArgumentException(
                    "nothing was recorded: compute the loss inside GradientScope.recording()", e);
        }
        return e;
    }

    private static void sameShapes(String name, List<NDArray> arrays, List<NDArray> parameters) {
        require(
                arrays.size() == parameters.size(),
                () -> name + ": one a parameter, got " + arrays.size() + " for " + parameters.size() + " parameters");
        for (int i = 0; i < arrays.size(); i++) {
            int index = i;
            Shape shape = arrays.get(i).getShape();
            Shape parameter = parameters.get(i).getShape();
            require(
                    shape.equals(parameter),
                    () -> name + "[" + index + "] is " + shape + ", its parameter " + parameter);
        }
    }

    private static void vector(String name, @Nullable NDArray array, long length) {
        if (array != null) {
            Shape shape = array.getShape();
            require(
                    shape.dimension() == 1 && shape.get(0) == length,
                    () -> name + " is (" + length + "), got " + shape);
        }
    }

    private static void require(boolean condition, Supplier<String> message) {
        if (!condition) {
            throw new IllegalArgumentException(message.get());
        }
    }

    private static long last(Shape shape) {
        return shape.get(shape.dimension() - 1);
    }

    private static boolean broadcasts(Shape from, Shape to) {
        int offset = to.dimension() - from.dimension();
        if (offset < 0) {
            return false;
        }
        for (int i = 0; i < from.dimension(); i++) {
            if (from.get(i) != 1 && from.get(i) != to.get(i + offset)) {
                return false;
            }
        }
        return true;
    }
}
