package org.vilam.vision.tensor;

import static org.vilam.vision.tensor.OperationsUnderTest.EMULATED;
import static org.vilam.vision.tensor.OperationsUnderTest.PLAIN;
import static org.vilam.vision.tensor.OperationsUnderTest.SCRIPT;
import static org.vilam.vision.tensor.OperationsUnderTest.assertClose;
import static org.vilam.vision.tensor.OperationsUnderTest.copies;
import static org.vilam.vision.tensor.OperationsUnderTest.differentiate;
import static org.vilam.vision.tensor.OperationsUnderTest.newManager;
import static org.vilam.vision.tensor.OperationsUnderTest.normal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vilam.vision.tensor.OperationsUnderTest.Outcome;

/** Forward and backward, the script operations give what the plain ones give. */
class ScriptEqualsPlainTest {
    /** Float32 sums in another order. */
    private static final double FLOAT32 = 1e-5;

    /** A few roundings to 8 bits, each of which may fall to the other side: 2^-6. */
    private static final double BFLOAT16 = 1.0 / 64;

    /** An operation on inputs that are all differentiable. */
    private interface Computation {
        NDArray apply(Operations operations, List<NDArray> inputs);
    }

    private record Case(String name, double tolerance, Computation computation, List<Shape> shapes) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case of(String name, Computation computation, Shape... shapes) {
        return new Case(name, FLOAT32, computation, List.of(shapes));
    }

    static Stream<Case> pointwise_norms_and_convolutions() {
        Computation linear = (o, in) -> o.linear(in.get(0), in.get(1), in.get(2));
        Computation linearWithoutBias = (o, in) -> o.linear(in.get(0), in.get(1), null);
        Computation layerNorm = (o, in) -> o.layerNorm(in.get(0), in.get(1), in.get(2), 1e-5);
        Computation rmsNorm = (o, in) -> o.rmsNorm(in.get(0), in.get(1), 1e-6);
        return Stream.of(
                of("linear", linear, shape(2, 5, 8), shape(3, 8), shape(3)),
                of("linear of one row", linear, shape(8), shape(3, 8), shape(3)),
                of("linear without bias", linearWithoutBias, shape(2, 1, 8), shape(1, 8)),
                of("layer norm", layerNorm, shape(2, 5, 8), shape(8), shape(8)),
                of("layer norm of one element", layerNorm, shape(3, 1), shape(1), shape(1)),
                of("RMS norm", rmsNorm, shape(2, 5, 8), shape(8)),
                of("RMS norm of a vector", rmsNorm, shape(7), shape(7)),
                of("SiLU", (o, in) -> o.silu(in.get(0)), shape(3, 50)),
                of("GELU", (o, in) -> o.gelu(in.get(0), false), shape(3, 50)),
                of("GELU by tanh", (o, in) -> o.gelu(in.get(0), true), shape(3, 50)),
                of(
                        "convolution",
                        (o, in) -> o.conv2d(in.get(0), in.get(1), in.get(2), 2, 1, 1),
                        shape(2, 3, 7, 6),
                        shape(4, 3, 3, 3),
                        shape(4)),
                of(
                        "depthwise convolution",
                        (o, in) -> o.conv2d(in.get(0), in.get(1), null, 1, 1, 3),
                        shape(1, 3, 5, 5),
                        shape(3, 1, 3, 3)),
                transposed("transposed convolution, 2x up", 2, 0, shape(2, 3, 4, 5), shape(3, 4, 2, 2)),
                transposed("transposed convolution, overlapping", 2, 1, shape(1, 2, 3, 3), shape(2, 5, 4, 4)),
                transposed("transposed convolution, stride 1", 1, 2, shape(1, 2, 5, 4), shape(2, 1, 3, 3)),
                transposed("transposed convolution, gaps", 3, 0, shape(1, 1, 2, 3), shape(1, 2, 2, 1)),
                transposed("transposed convolution of a pixel", 4, 0, shape(1, 2, 1, 1), shape(2, 2, 3, 3)));
    }

    private static Case transposed(String name, int stride, int padding, Shape x, Shape weight) {
        Computation computation = (o, in) -> o.convTranspose2d(in.get(0), in.get(1), in.get(2), stride, padding);
        return of(name, computation, x, weight, shape(weight.get(1)));
    }

    static Stream<Case> attentions() {
        return Stream.of(
                attention("attention", false, null, shape(2, 3, 5, 8), shape(2, 3, 7, 8)),
                attention("one query, one key", false, null, shape(1, 1, 1, 4), shape(1, 1, 1, 4)),
                attention("one query", true, null, shape(2, 4, 1, 8), shape(2, 4, 9, 8)),
                attention("causal", true, null, shape(2, 2, 6, 8), shape(2, 2, 6, 8)),
                attention("causal with a past", true, null, shape(1, 2, 3, 8), shape(1, 2, 8, 8)),
                attention("causal with blind queries", true, null, shape(1, 2, 5, 8), shape(1, 2, 3, 8)),
                attention("grouped", false, null, shape(2, 6, 5, 8), shape(2, 2, 7, 8)),
                attention("grouped, causal", true, null, shape(2, 4, 6, 8), shape(2, 1, 6, 8)),
                attention("grouped, causal with a past", true, null, shape(2, 4, 3, 8), shape(2, 2, 6, 8)),
                attention("grouped, one query", true, null, shape(2, 6, 1, 8), shape(2, 3, 6, 8)),
                attention("mask (T, S)", false, shape(5, 7), shape(2, 3, 5, 8), shape(2, 3, 7, 8)),
                attention("mask (H, T, S)", false, shape(3, 5, 7), shape(2, 3, 5, 8), shape(2, 3, 7, 8)),
                attention("mask (B, 1, 1, S)", false, shape(2, 1, 1, 7), shape(2, 3, 5, 8), shape(2, 3, 7, 8)),
                attention("mask (S) and causal", true, shape(6), shape(2, 3, 6, 8), shape(2, 3, 6, 8)),
                attention("mask and a past", true, shape(1, 1, 3, 6), shape(2, 3, 3, 8), shape(2, 3, 6, 8)),
                attention(
                        "grouped, mask by head, one query",
                        false,
                        shape(2, 6, 1, 5),
                        shape(2, 6, 1, 8),
                        shape(2, 3, 5, 8)),
                attention(
                        "grouped, mask (B, 1, 1, S), one query",
                        true,
                        shape(2, 1, 1, 5),
                        shape(2, 6, 1, 8),
                        shape(2, 3, 5, 8)),
                attention("grouped, mask by head", false, shape(1, 6, 4, 5), shape(2, 6, 4, 8), shape(2, 3, 5, 8)),
                attention("grouped, long", false, null, shape(1, 2, 300, 4), shape(1, 1, 300, 4)),
                attention("grouped, long, causal", true, null, shape(1, 4, 300, 4), shape(1, 2, 300, 4)),
                attention(
                        "grouped, long, mask and a past",
                        true,
                        shape(4, 1, 310),
                        shape(1, 4, 300, 4),
                        shape(1, 2, 310, 4)));
    }

    /** The mask, if any, is a further differentiable input. */
    private static Case attention(String name, boolean causal, @Nullable Shape mask, Shape q, Shape kv) {
        Computation computation =
                (o, in) -> o.attention(in.get(0), in.get(1), in.get(2), mask == null ? null : in.get(3), causal, 0.4);
        return of(name, computation, mask == null ? new Shape[] {q, kv, kv} : new Shape[] {q, kv, kv, mask});
    }

    static Stream<Case> mixed() {
        Computation linear = (o, in) -> o.mixedLinear(in.get(0), in.get(1), in.get(2));
        Computation withoutBias = (o, in) -> o.mixedLinear(in.get(0), in.get(1), null);
        Stream<Case> linears = Stream.of(
                of("mixed linear", linear, shape(2, 5, 48), shape(20, 48), shape(20)),
                of("mixed linear of one row", withoutBias, shape(33), shape(5, 33)));
        Stream<Case> convolutions = Stream.of(
                mixedConvolution("mixed convolution", 1, 1, 1, shape(2, 3, 7, 6), shape(4, 3, 3, 3), shape(4)),
                mixedConvolution("mixed convolution, halving", 2, 1, 1, shape(2, 3, 8, 6), shape(5, 3, 3, 3), shape(5)),
                mixedConvolution("mixed convolution of single pixels", 1, 0, 1, shape(1, 6, 4, 4), shape(3, 6, 1, 1)),
                mixedConvolution("mixed convolution, depthwise", 1, 1, 3, shape(1, 3, 5, 5), shape(3, 1, 3, 3)));
        Stream<Case> attentions = attentions().map(c -> new Case("mixed " + c.name(), BFLOAT16, mixed(c), c.shapes()));
        Stream<Case> layers = Stream.concat(linears, convolutions);
        return Stream.concat(layers, attentions).map(c -> new Case(c.name(), BFLOAT16, c.computation(), c.shapes()));
    }

    /** The bias, if any, is the third shape. */
    private static Case mixedConvolution(String name, int stride, int padding, int groups, Shape... shapes) {
        Computation computation = (o, in) ->
                o.mixedConv2d(in.get(0), in.get(1), in.size() > 2 ? in.get(2) : null, stride, padding, groups);
        return of(name, computation, shapes);
    }

    private static Computation mixed(Case attention) {
        boolean causal = attention.name().contains("causal") || attention.name().contains("past");
        return (o, in) ->
                o.mixedAttention(in.get(0), in.get(1), in.get(2), in.size() == 3 ? null : in.get(3), causal, 0.4);
    }

    @ParameterizedTest
    @MethodSource({"pointwise_norms_and_convolutions", "attentions", "mixed"})
    void forward_and_backward(Case c) {
        check(c, SCRIPT);
    }

    @ParameterizedTest
    @MethodSource("mixed")
    void without_native_bfloat16_too(Case c) {
        check(c, EMULATED);
    }

    private static void check(Case c, Operations script) {
        try (NDManager manager = newManager()) {
            List<NDArray> inputs = new ArrayList<>();
            for (Shape shape : c.shapes()) {
                inputs.add(normal(manager, inputs.size() + 1, shape.getShape()));
            }
            Outcome expected = differentiate(PLAIN, in -> c.computation().apply(PLAIN, in), copies(manager, inputs));
            Outcome actual = differentiate(script, in -> c.computation().apply(script, in), copies(manager, inputs));

            assertClose("output", actual.output(), expected.output(), c.tolerance());
            for (int i = 0; i < inputs.size(); i++) {
                NDArray gradient = actual.gradients().get(i);
                assertClose("gradient " + i, gradient, expected.gradients().get(i), c.tolerance());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.vilam.vision.tensor.OperationsUnderTest#both")
    void a_query_that_sees_nothing_gets_zeros_and_passes_no_gradient(Operations operations) {
        try (NDManager manager = newManager()) {
            float[] hidden = new float[3 * 4];
            Arrays.fill(hidden, 4, 8, Float.NEGATIVE_INFINITY); // query 1
            hidden[0] = Float.NEGATIVE_INFINITY; // query 0 does not see key 0
            NDArray mask = manager.create(hidden, shape(3, 4));
            for (boolean mixed : new boolean[] {false, true}) {
                List<NDArray> inputs = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    inputs.add(normal(manager, i, 1, 2, i == 0 ? 3 : 4, 8));
                }
                Outcome outcome = differentiate(
                        operations,
                        in -> mixed
                                ? operations.mixedAttention(in.get(0), in.get(1), in.get(2), mask, false, 0.5)
                                : operations.attention(in.get(0), in.get(1), in.get(2), mask, false, 0.5),
                        inputs);

                NDArray zeros = manager.zeros(shape(1, 2, 8));
                assertClose("output", outcome.output().get(":, :, 1"), zeros, 0);
                assertClose("gradient of q", outcome.gradients().get(0).get(":, :, 1"), zeros, 0);
                for (NDArray gradient : outcome.gradients()) {
                    assertClose(
                            "finite",
                            gradient.isNaN().any().toType(ai.djl.ndarray.types.DataType.FLOAT32, false),
                            manager.zeros(shape()),
                            0);
                }
            }
        }
    }

    private static Shape shape(long... axes) {
        return new Shape(axes);
    }
}
