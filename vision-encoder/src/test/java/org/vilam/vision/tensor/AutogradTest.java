package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vilam.vision.tensor.OperationsUnderTest.PLAIN;
import static org.vilam.vision.tensor.OperationsUnderTest.SCRIPT;
import static org.vilam.vision.tensor.OperationsUnderTest.array;
import static org.vilam.vision.tensor.OperationsUnderTest.assertClose;
import static org.vilam.vision.tensor.OperationsUnderTest.bytes;
import static org.vilam.vision.tensor.OperationsUnderTest.newManager;
import static org.vilam.vision.tensor.OperationsUnderTest.normal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who owns what, what is recorded, and what a backward pass leaves behind. */
class AutogradTest {
    private final NDManager manager = newManager();

    static Stream<Operations> both() {
        return OperationsUnderTest.both();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @MethodSource("both")
    void a_result_is_the_only_array_left_and_belongs_to_the_first_argument(Operations operations) {
        NDArray weight = normal(manager, 1, 6, 8);
        NDArray gain = normal(manager, 2, 8);
        NDArray kernel = normal(manager, 3, 2, 3, 2, 2);
        NDArray heads = normal(manager, 4, 1, 2, 4, 8);
        NDArray mask = normal(manager, 5, 5, 4);
        PackedWeight narrow = operations.toBfloat16(weight);
        PackedWeight int8 = operations.toInt8(weight);
        int arrays = manager.getManagedArrays().size();
        try (NDManager scope = manager.newSubManager();
                GradientScope recording = GradientScope.recording()) {
            NDArray x = normal(scope, 6, 3, 8);
            NDArray q = normal(scope, 7, 1, 2, 5, 8);
            NDArray image = normal(scope, 8, 1, 2, 3, 3);
            weight.setRequiresGradient(true);
            int inputs = scope.getManagedArrays().size();

            NDList results = new NDList(
                    operations.linear(x, weight, null),
                    operations.linear(x, narrow, null),
                    operations.linear(x, int8, null),
                    operations.mixedLinear(x, weight, null),
                    operations.layerNorm(x, gain, gain, 1e-5),
                    operations.rmsNorm(x, gain, 1e-6),
                    operations.silu(x),
                    operations.gelu(x, false),
                    operations.gelu(x, true),
                    operations.conv2d(image, kernel.swapAxes(0, 1), null, 1, 0, 1),
                    operations.convTranspose2d(image, kernel, null, 2, 1),
                    operations.attention(q, heads, heads, mask, true, 0.3),
                    operations.mixedAttention(q, heads, heads, mask, false, 0.3));
            assertThat(results)
                    .allSatisfy(result -> assertThat(result.getManager()).isSameAs(scope));
            assertThat(scope.getManagedArrays().size()).isEqualTo(inputs + results.size());

            NDArray loss = results.get(0).sum();
            List<NDArray> gradients = operations.gradients(loss, List.of(weight));
            assertThat(gradients.get(0).getManager()).isSameAs(scope);
            assertThat(scope.getManagedArrays().size()).isEqualTo(inputs + results.size() + 2); // loss and gradient
        }
        assertThat(manager.getManagedArrays().size()).isEqualTo(arrays + 1); // the swapped kernel
    }

    @ParameterizedTest
    @MethodSource("both")
    void arguments_are_left_as_they_were(Operations operations) {
        NDArray q = normal(manager, 1, 1, 4, 3, 8);
        NDArray k = normal(manager, 2, 1, 2, 5, 8);
        NDArray mask = normal(manager, 3, 3, 5);
        NDArray weight = normal(manager, 4, 6, 8);
        List<NDArray> arguments = List.of(q, k, mask, weight);
        List<byte[]> before = arguments.stream().map(OperationsUnderTest::bytes).toList();

        operations.attention(q, k, k, mask, true, 0.3);
        operations.mixedAttention(q, k, k, mask, true, 0.3);
        operations.linear(q, operations.toInt8(weight), null);
        operations.linear(q, operations.toBfloat16(weight), null);
        operations.silu(q);

        for (int i = 0; i < arguments.size(); i++) {
            assertThat(bytes(arguments.get(i))).isEqualTo(before.get(i));
        }
    }

    @Test
    void a_chain_of_script_plain_and_array_operations_is_differentiated_as_a_whole() {
        List<NDArray> inputs = List.of(normal(manager, 1, 2, 3, 8), normal(manager, 2, 8), normal(manager, 3, 8, 8));
        List<NDArray> mixed = OperationsUnderTest.differentiate(
                        SCRIPT, in -> chain(in, SCRIPT, PLAIN), OperationsUnderTest.copies(manager, inputs))
                .gradients();
        List<NDArray> plain = OperationsUnderTest.differentiate(
                        PLAIN, in -> chain(in, PLAIN, PLAIN), OperationsUnderTest.copies(manager, inputs))
                .gradients();
        for (int i = 0; i < inputs.size(); i++) {
            assertClose("gradient " + i, mixed.get(i), plain.get(i), 1e-5);
        }
    }

    private static NDArray chain(List<NDArray> in, Operations first, Operations second) {
        NDArray x = first.rmsNorm(in.get(0), in.get(1), 1e-6).mul(2);
        NDArray h = second.silu(second.linear(x, in.get(2), null)).add(x);
        NDArray heads = h.reshape(2, 3, 2, 4).swapAxes(1, 2);
        NDArray y = first.attention(heads, heads, heads, null, true, 0.5)
                .swapAxes(1, 2)
                .reshape(2, 3, 8);
        return first.gelu(second.rmsNorm(y.add(h), in.get(1), 1e-6), true);
    }

    @ParameterizedTest
    @MethodSource("both")
    void gradients_do_not_accumulate_from_call_to_call(Operations operations) {
        NDArray w = normal(manager, 1, 4, 4);
        w.setRequiresGradient(true);
        NDArray x = normal(manager, 2, 3, 4);
        try (GradientScope scope = GradientScope.recording()) {
            NDArray first =
                    operations.gradients(squares(operations, x, w), List.of(w)).get(0);
            NDArray second =
                    operations.gradients(squares(operations, x, w), List.of(w)).get(0);
            assertThat(bytes(second)).isEqualTo(bytes(first));
        }
    }

    private static NDArray squares(Operations operations, NDArray x, NDArray w) {
        return operations.silu(operations.linear(x, w, null)).square().sum();
    }

    @ParameterizedTest
    @MethodSource("both")
    void a_parameter_left_out_is_frozen_and_one_without_influence_gets_zeros(Operations operations) {
        NDArray w = normal(manager, 1, 4, 4);
        NDArray frozen = normal(manager, 2, 3, 4);
        NDArray idle = normal(manager, 3, 2, 5);
        Stream.of(w, frozen, idle).forEach(p -> p.setRequiresGradient(true));
        byte[] before = bytes(frozen);
        try (GradientScope scope = GradientScope.recording()) {
            NDArray loss = squares(operations, frozen, w);
            List<NDArray> gradients = operations.gradients(loss, List.of(idle, w));
            assertThat(gradients).hasSize(2);
            assertClose("idle", gradients.get(0), manager.zeros(new Shape(2, 5)), 0);
            assertThat(gradients.get(1).abs().sum().getFloat()).isPositive();
        }
        assertThat(bytes(frozen)).isEqualTo(before);
        if (operations == SCRIPT) {
            assertThat(JniUtils.getGradient((PtNDArray) frozen))
                    .as("no hidden gradient")
                    .isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void the_gradients_of_two_parameters_that_are_added_can_be_changed_apart(Operations operations) {
        NDArray a = array(manager, new Shape(2), 1, 2);
        NDArray b = array(manager, new Shape(2), 3, 4);
        a.setRequiresGradient(true);
        b.setRequiresGradient(true);
        try (GradientScope scope = GradientScope.recording()) {
            List<NDArray> gradients = operations.gradients(a.add(b).sum(), List.of(a, b));
            try (GradientScope off = GradientScope.noGradient()) {
                gradients.get(0).muli(5);
            }
            assertThat(gradients.get(1).toFloatArray()).containsExactly(1, 1);
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void what_was_computed_without_recording_is_a_constant_later(Operations operations) {
        NDArray x = normal(manager, 1, 3, 4);
        NDArray encoder = normal(manager, 2, 4, 4);
        NDArray head = normal(manager, 3, 2, 4);
        encoder.setRequiresGradient(true);
        head.setRequiresGradient(true);
        NDArray features;
        try (GradientScope scope = GradientScope.noGradient()) {
            features = operations.silu(operations.mixedLinear(x, encoder, null));
        }
        try (GradientScope scope = GradientScope.recording()) {
            NDArray loss = squares(operations, features, head);
            List<NDArray> gradients = operations.gradients(loss, List.of(encoder, head));
            assertThat(gradients.get(0).abs().sum().getFloat()).isZero();
            assertThat(gradients.get(1).abs().sum().getFloat()).isPositive();
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void a_loss_that_has_no_graph_or_several_elements_is_refused(Operations operations) {
        NDArray w = array(manager, new Shape(2), 1, 2);
        w.setRequiresGradient(true);
        try (GradientScope scope = GradientScope.noGradient()) {
            NDArray loss = operations.silu(w).sum();
            assertThatThrownBy(() -> operations.gradients(loss, List.of(w)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("nothing was recorded");
        }
        try (GradientScope scope = GradientScope.recording()) {
            NDArray vector = operations.silu(w);
            assertThatThrownBy(() -> operations.gradients(vector, List.of(w)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("one element");
            NDArray constant = manager.ones(new Shape(2));
            NDArray loss = vector.sum();
            assertThatThrownBy(() -> operations.gradients(loss, List.of(w, constant)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("parameters[1]");
            assertThat(operations.gradients(loss, List.of())).isEmpty();
        }
    }

    @Test
    void scopes_nest_and_restore() {
        boolean before = JniUtils.isGradMode();
        try (GradientScope outer = GradientScope.recording()) {
            assertThat(JniUtils.isGradMode()).isTrue();
            try (GradientScope inner = GradientScope.noGradient()) {
                assertThat(JniUtils.isGradMode()).isFalse();
            }
            assertThat(JniUtils.isGradMode()).isTrue();
        }
        assertThat(JniUtils.isGradMode()).isEqualTo(before);
    }

    @Test
    void recording_is_each_threads_own_choice() {
        try (GradientScope scope = GradientScope.noGradient()) {
            assertThat(CompletableFuture.supplyAsync(JniUtils::isGradMode, task -> new Thread(task).start())
                            .join())
                    .as("a new thread records, as the Javadoc warns")
                    .isTrue();
            assertThat(JniUtils.isGradMode()).isFalse();
            CompletableFuture<Void> foreign =
                    CompletableFuture.runAsync(scope::close, task -> new Thread(task).start());
            assertThatThrownBy(foreign::join).hasCauseInstanceOf(IllegalStateException.class);
        }
    }
}
