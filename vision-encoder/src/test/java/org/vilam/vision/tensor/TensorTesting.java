package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.assertj.core.data.Offset;

/** What the tests of blocks share: numbered values, comparisons and finite differences. */
final class TensorTesting {
    static {
        // The tensors of these tests are tiny: several threads would only wait for each other.
        Engine.getInstance();
        JniUtils.setNumThreads(1);
    }

    private TensorTesting() {}

    /** Uniform numbers in [-1, 1), the same for the same name and shape. */
    static NDArray random(NDManager manager, String name, long... sides) {
        Shape shape = new Shape(sides);
        return Constants.of(manager, Initializer.uniform(-1, 1).values(shape, SeededRandom.named(7, name)), shape);
    }

    /** Initialises weights far from zero and one, so that a wrong use of any of them shows. */
    static Parameters parameters(NDManager manager) {
        return Parameters.initialise(manager, 11);
    }

    /** Replaces every weight by uniform numbers in [-0.5, 0.5), norms and biases too. */
    static void scramble(Parameters parameters) {
        for (Parameter parameter : parameters.all()) {
            Shape shape = parameter.array().getShape();
            float[] values = Initializer.uniform(-0.5, 0.5).values(shape, SeededRandom.named(5, parameter.name()));
            parameter.array().set(values);
        }
    }

    static double[] doubles(NDArray array) {
        float[] floats = array.toFloatArray();
        double[] out = new double[floats.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = floats[i];
        }
        return out;
    }

    static void assertClose(NDArray actual, double[] expected, double atol, double rtol) {
        assertClose(doubles(actual), expected, atol, rtol);
    }

    static void assertClose(double[] actual, double[] expected, double atol, double rtol) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            double allowed = atol + rtol * Math.abs(expected[i]);
            if (!(Math.abs(actual[i] - expected[i]) <= allowed)) {
                throw new AssertionError("element " + i + " of " + actual.length + " is " + actual[i] + ", expected "
                        + expected[i] + " within " + allowed);
            }
        }
    }

    /** The largest absolute difference. */
    static double difference(NDArray a, NDArray b) {
        try (NDArray gap = a.sub(b).abs().max()) {
            return gap.getFloat();
        }
    }

    /**
     * Compares the gradients of a block's inputs and weights with central differences.
     *
     * <p>The loss is the sum of outputs times fixed random numbers, accumulated in double, so that float32 noise of the sum
     * does not hide the difference; the step is 2^-6, small against the inputs and large against float32's rounding.
     *
     * @param forward a smooth function of the inputs and of whatever weights {@code learned} are
     */
    static void checkGradients(
            NDManager manager, List<NDArray> inputs, List<NDArray> learned, Function<List<NDArray>, NDArray> forward) {
        List<NDArray> all = new ArrayList<>(inputs);
        all.addAll(learned);
        all.forEach(array -> array.setRequiresGradient(true));
        List<NDArray> gradients;
        double[] weights;
        try (GradientScope scope = GradientScope.recording()) {
            NDArray y = forward.apply(inputs);
            NDArray mix = random(manager, "loss", y.getShape().getShape());
            weights = doubles(mix);
            gradients = Operations.get().gradients(y.mul(mix).sum(), all);
        }
        try (GradientScope scope = GradientScope.noGradient()) {
            Supplier<Double> loss = () -> {
                try (NDArray y = forward.apply(inputs)) {
                    double[] values = doubles(y);
                    double sum = 0;
                    for (int i = 0; i < values.length; i++) {
                        sum += values[i] * weights[i];
                    }
                    return sum;
                }
            };
            for (int a = 0; a < all.size(); a++) {
                compareWithDifferences(all.get(a), doubles(gradients.get(a)), loss, "array " + a);
            }
        }
    }

    private static void compareWithDifferences(NDArray array, double[] gradient, Supplier<Double> loss, String name) {
        float step = 0x1.0p-6f;
        float[] values = array.toFloatArray();
        int stride = Math.max(1, values.length / 7);
        for (int i = 0; i < values.length; i += stride) {
            float original = values[i];
            values[i] = original + step;
            array.set(values.clone());
            double up = loss.get();
            values[i] = original - step;
            array.set(values.clone());
            double down = loss.get();
            values[i] = original;
            double expected = (up - down) / ((original + step) - (double) (original - step));
            assertThat(gradient[i])
                    .as("gradient %d of %s, by central differences %s", i, name, expected)
                    .isCloseTo(expected, Offset.offset(2e-3 + 1e-2 * Math.abs(expected)));
        }
        array.set(values.clone());
    }
}
