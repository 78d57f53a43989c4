package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.vilam.vision.tensor.OperationsUnderTest.both;
import static org.vilam.vision.tensor.OperationsUnderTest.newManager;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients against central differences, in FLOAT64 so that 1e-7 of the gradient can be told. */
class FiniteDifferenceTest {
    private static final double STEP = 1e-5;

    private static int threads;

    private interface Computation {
        NDArray apply(Operations operations, List<NDArray> inputs);
    }

    /** Thousands of tiny calls: a second thread would only be waited for. */
    @BeforeAll
    static void oneThread() {
        Engine.getEngine(PtEngine.ENGINE_NAME);
        threads = JniUtils.getNumThreads();
        JniUtils.setNumThreads(1);
    }

    @AfterAll
    static void allThreads() {
        JniUtils.setNumThreads(threads);
    }

    static Stream<Arguments> computations() {
        return both().flatMap(o -> Stream.of(
                arguments(
                        o, "linear", (ops, in) -> ops.linear(in.get(0), in.get(1), in.get(2)), s(2, 3), s(4, 3), s(4)),
                arguments(
                        o,
                        "layer norm",
                        (ops, in) -> ops.layerNorm(in.get(0), in.get(1), in.get(2), 1e-5),
                        s(2, 5),
                        s(5),
                        s(5)),
                arguments(o, "RMS norm", (ops, in) -> ops.rmsNorm(in.get(0), in.get(1), 1e-6), s(2, 5), s(5)),
                arguments(o, "SiLU", (ops, in) -> ops.silu(in.get(0)), s(9)),
                arguments(o, "GELU", (ops, in) -> ops.gelu(in.get(0), false), s(9)),
                arguments(o, "GELU by tanh", (ops, in) -> ops.gelu(in.get(0), true), s(9)),
                arguments(
                        o,
                        "convolution",
                        (ops, in) -> ops.conv2d(in.get(0), in.get(1), in.get(2), 2, 1, 1),
                        s(1, 2, 5, 4),
                        s(3, 2, 3, 3),
                        s(3)),
                arguments(
                        o,
                        "transposed convolution",
                        (ops, in) -> ops.convTranspose2d(in.get(0), in.get(1), in.get(2), 2, 1),
                        s(1, 2, 3, 2),
                        s(2, 3, 4, 4),
                        s(3)),
                arguments(o, "attention", attention(false, false), s(1, 2, 3, 4), s(1, 2, 5, 4), s(1, 2, 5, 4)),
                arguments(o, "attention, causal", attention(true, false), s(1, 2, 3, 4), s(1, 2, 3, 4), s(1, 2, 3, 4)),
                arguments(
                        o,
                        "attention, grouped with a past",
                        attention(true, false),
                        s(1, 4, 2, 4),
                        s(1, 2, 5, 4),
                        s(1, 2, 5, 4)),
                arguments(
                        o,
                        "attention, grouped decoding",
                        attention(true, false),
                        s(2, 4, 1, 4),
                        s(2, 2, 5, 4),
                        s(2, 2, 5, 4)),
                arguments(
                        o,
                        "attention with a mask",
                        attention(false, true),
                        s(2, 2, 3, 4),
                        s(2, 1, 5, 4),
                        s(2, 1, 5, 4),
                        s(2, 1, 3, 5))));
    }

    private static Computation attention(boolean causal, boolean mask) {
        return (ops, in) -> ops.attention(in.get(0), in.get(1), in.get(2), mask ? in.get(3) : null, causal, 0.5);
    }

    private static Arguments arguments(Operations operations, String name, Computation computation, Shape... shapes) {
        return Arguments.of(operations.name() + ": " + name, operations, computation, List.of(shapes));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("computations")
    void gradients_are_the_slopes(String name, Operations operations, Computation computation, List<Shape> shapes) {
        List<double[]> values = new ArrayList<>();
        Random random = new Random(7);
        for (Shape shape : shapes) {
            values.add(random.doubles(shape.size(), -1.5, 1.5).toArray());
        }
        // A sum of squares, so that the output's gradient differs from element to element.
        Function<List<NDArray>, NDArray> loss =
                in -> computation.apply(operations, in).square().sum();

        List<double[]> gradients = new ArrayList<>();
        try (NDManager manager = newManager();
                GradientScope scope = GradientScope.recording()) {
            List<NDArray> inputs = arrays(manager, values, shapes);
            inputs.forEach(input -> input.setRequiresGradient(true));
            for (NDArray gradient : operations.gradients(loss.apply(inputs), inputs)) {
                gradients.add(gradient.toDoubleArray());
            }
        }
        for (int i = 0; i < values.size(); i++) {
            double[] input = values.get(i);
            for (int j = 0; j < input.length; j++) {
                double x = input[j];
                input[j] = x + STEP;
                double above = evaluate(loss, values, shapes);
                input[j] = x - STEP;
                double below = evaluate(loss, values, shapes);
                input[j] = x;
                double slope = (above - below) / (2 * STEP);
                assertThat(gradients.get(i)[j])
                        .as("input %d, element %d", i, j)
                        .isCloseTo(slope, within(1e-7 * Math.max(1, Math.abs(slope))));
            }
        }
    }

    private static double evaluate(Function<List<NDArray>, NDArray> loss, List<double[]> values, List<Shape> shapes) {
        try (NDManager manager = newManager();
                GradientScope scope = GradientScope.noGradient()) {
            return loss.apply(arrays(manager, values, shapes)).getDouble();
        }
    }

    private static List<NDArray> arrays(NDManager manager, List<double[]> values, List<Shape> shapes) {
        List<NDArray> arrays = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            arrays.add(manager.create(values.get(i), shapes.get(i)));
        }
        return arrays;
    }

    private static Shape s(long... axes) {
        return new Shape(axes);
    }
}
