package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vilam.vision.tensor.OperationsUnderTest.SCRIPT;
import static org.vilam.vision.tensor.OperationsUnderTest.both;
import static org.vilam.vision.tensor.OperationsUnderTest.bytes;
import static org.vilam.vision.tensor.OperationsUnderTest.newManager;
import static org.vilam.vision.tensor.OperationsUnderTest.normal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A garbage collection between forward and backward changes no gradient. */
class RecordedBuffersTest {
    private final NDManager manager = newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    static Stream<Arguments> numbers() {
        // d/dx at x = 2
        return Stream.of(
                number("x * 3", x -> x.mul(3f), 3),
                number("x / 4", x -> x.div(4f), 0.25f),
                number("x ^ 3", x -> x.pow(3f), 12),
                number("max(x, 1)", x -> x.maximum(1f), 1),
                number("min(x, 1)", x -> x.minimum(1f), 0),
                number("clip(x, 0, 1)", x -> x.clip(0f, 1f), 0));
    }

    private static Arguments number(String name, UnaryOperator<NDArray> operation, float slope) {
        return Arguments.of(name, operation, slope);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("numbers")
    void a_recording_scope_keeps_the_numbers_of_array_arithmetic(
            String name, UnaryOperator<NDArray> operation, float slope) throws Exception {
        NDArray x = manager.full(new Shape(3), 2f);
        x.setRequiresGradient(true);
        NDArray loss;
        try (GradientScope scope = GradientScope.recording()) {
            loss = operation.apply(x).sum();
        }
        collectGarbage();
        assertThat(SCRIPT.gradients(loss, List.of(x)).get(0).toFloatArray()).containsExactly(slope, slope, slope);
    }

    private interface Computation {
        NDArray apply(Operations operations, NDArray x);
    }

    static Stream<Arguments> operations() {
        return both().flatMap(o -> Stream.of(
                operation(o, "attention", (ops, x) -> ops.attention(x, x, x, mask(x), true, 0.3)),
                operation(o, "mixed attention", (ops, x) -> ops.mixedAttention(x, x, x, mask(x), true, 0.3)),
                operation(o, "linear", (ops, x) -> ops.linear(x, weight(x), null)),
                operation(o, "mixed linear", (ops, x) -> ops.mixedLinear(x, weight(x), null)),
                operation(o, "bfloat16 linear", (ops, x) -> ops.linear(x, SCRIPT.toBfloat16(weight(x)), null)),
                operation(o, "int8 linear", (ops, x) -> ops.linear(x, SCRIPT.toInt8(weight(x)), null)),
                operation(o, "RMS norm", (ops, x) -> ops.rmsNorm(x, gain(x), 1e-6)),
                operation(o, "SiLU", Operations::silu),
                operation(o, "GELU by tanh", (ops, x) -> ops.gelu(x, true)),
                operation(o, "transposed convolution", (ops, x) -> ops.convTranspose2d(x, kernel(x), null, 2, 1))));
    }

    private static Arguments operation(Operations operations, String name, Computation computation) {
        return Arguments.of(operations.name() + ": " + name, operations, computation);
    }

    /** The operations themselves need no scope. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void operations_leave_nothing_to_the_garbage_collector(String name, Operations operations, Computation computation)
            throws Exception {
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(true);
        try {
            byte[] expected = gradient(operations, computation, false);
            assertThat(gradient(operations, computation, true)).isEqualTo(expected);
        } finally {
            JniUtils.setGradMode(before);
        }
    }

    private byte[] gradient(Operations operations, Computation computation, boolean collect) throws Exception {
        NDArray x = normal(manager, 1, 1, 2, 6, 16);
        x.setRequiresGradient(true);
        NDArray loss = computation.apply(operations, x).square().sum();
        if (collect) {
            collectGarbage();
        }
        return bytes(operations.gradients(loss, List.of(x)).get(0));
    }

    @Test
    void memory_is_held_until_the_thread_records_again() throws Exception {
        WeakReference<ByteBuffer> memory;
        try (GradientScope outer = GradientScope.recording()) {
            memory = closedArray();
            try (GradientScope inner = GradientScope.recording();
                    GradientScope off = GradientScope.noGradient()) {
                collectGarbage();
                assertThat(memory.get()).as("in nested scopes").isNotNull();
            }
        }
        collectGarbage();
        assertThat(memory.get()).as("for a backward pass after the scope").isNotNull();
        try (GradientScope next = GradientScope.recording()) {
            collectGarbage();
            assertThat(memory.get()).isNull();
        }
    }

    private WeakReference<ByteBuffer> closedArray() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(8);
        manager.create(buffer, new Shape(8), DataType.INT8).close();
        return new WeakReference<>(buffer);
    }

    /** Frees what can be freed and writes over it. */
    private void collectGarbage() throws InterruptedException {
        for (int round = 0; round < 2; round++) {
            System.gc();
            Thread.sleep(20); // buffers are freed by a thread of their own
            for (int i = 0; i < 500; i++) {
                manager.create(1e30f);
                manager.create(new float[64]);
            }
        }
    }

    private static NDArray mask(NDArray x) {
        return normal(x.getManager(), 2, 6, 6);
    }

    private static NDArray weight(NDArray x) {
        return normal(x.getManager(), 3, 8, 16);
    }

    private static NDArray gain(NDArray x) {
        return normal(x.getManager(), 4, 16);
    }

    private static NDArray kernel(NDArray x) {
        return normal(x.getManager(), 5, 2, 3, 4, 4);
    }
}
