package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vilam.vision.tensor.OperationsUnderTest.array;
import static org.vilam.vision.tensor.OperationsUnderTest.assertClose;
import static org.vilam.vision.tensor.OperationsUnderTest.bytes;
import static org.vilam.vision.tensor.OperationsUnderTest.newManager;
import static org.vilam.vision.tensor.OperationsUnderTest.normal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Forward values computed by hand, for each implementation. */
class OperationValuesTest {
    private static final double TOLERANCE = 1e-6;

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
    void silu_is_x_times_its_sigmoid(Operations operations) {
        NDArray x = vector(0, 1, -2, 20);
        // 1 / (1 + e^-1) and -2 / (1 + e^2)
        assertClose("SiLU", operations.silu(x), vector(0, 0.7310585786, -0.2384058440, 19.9999999588), TOLERANCE);
    }

    @ParameterizedTest
    @MethodSource("both")
    void gelu_is_x_times_the_normal_distribution(Operations operations) {
        NDArray x = vector(0, 1, -1, 2);
        // x * Phi(x), Phi(1) = 0.8413447461, Phi(2) = 0.9772498681
        NDArray exact = vector(0, 0.8413447461, -0.1586552539, 1.9544997361);
        // x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))
        NDArray tanh = vector(0, 0.8411919906, -0.1588080094, 1.9545976940);
        assertClose("exact", operations.gelu(x, false), exact, TOLERANCE);
        assertClose("tanh", operations.gelu(x, true), tanh, TOLERANCE);
    }

    static Stream<Operations> all() {
        return Stream.concat(both(), Stream.of(OperationsUnderTest.EMULATED));
    }

    @ParameterizedTest
    @MethodSource("all")
    void a_mixed_convolution_of_numbers_that_bfloat16_holds_is_exact_forward_and_backward(Operations operations) {
        List<NDArray> inputs = List.of(
                array(manager, new Shape(1, 1, 2, 2), 1, 2, 3, 4),
                array(manager, new Shape(1, 1, 2, 2), 1, -1, 2, 4),
                array(manager, new Shape(1), 100));
        inputs.forEach(input -> input.setRequiresGradient(true));
        try (GradientScope scope = GradientScope.recording()) {
            NDArray y = operations.mixedConv2d(inputs.get(0), inputs.get(1), inputs.get(2), 1, 0, 1);
            // 1 * 1 - 1 * 2 + 2 * 3 + 4 * 4 + 100
            assertThat(y.toFloatArray()).containsExactly(121);
            List<NDArray> gradients = operations.gradients(y.sum(), inputs);
            assertThat(gradients.get(0).toFloatArray()).containsExactly(1, -1, 2, 4);
            assertThat(gradients.get(1).toFloatArray()).containsExactly(1, 2, 3, 4);
            assertThat(gradients.get(2).toFloatArray()).containsExactly(1);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void a_mixed_convolution_rounds_inputs_weights_bias_and_result(Operations operations) {
        double fine = 1 + 1.0 / 512; // bfloat16 has steps of 1 / 128 here
        Shape one = new Shape(1, 1, 1, 1);
        NDArray bias = array(manager, new Shape(1), 0);
        for (NDArray[] in : new NDArray[][] {
            {array(manager, one, fine), array(manager, one, 1), bias},
            {array(manager, one, 1), array(manager, one, fine), bias},
            {array(manager, one, 0), array(manager, one, 0), array(manager, new Shape(1), fine)}
        }) {
            assertThat(operations.mixedConv2d(in[0], in[1], in[2], 1, 0, 1).toFloatArray())
                    .containsExactly(1);
        }
        // 1 + 1/128 is held, its square 1 + 1/64 + 1/16384 is not
        NDArray held = array(manager, one, 1 + 1.0 / 128);
        assertThat(operations.mixedConv2d(held, held, null, 1, 0, 1).toFloatArray())
                .containsExactly(1 + 1f / 64);
    }

    @ParameterizedTest
    @MethodSource("both")
    void rms_norm_divides_by_the_root_mean_square(Operations operations) {
        NDArray x = array(manager, new Shape(2, 2), 3, 4, 0, 0);
        // sqrt((9 + 16) / 2) = 3.5355339; the zero row is kept from dividing by zero by eps
        NDArray expected = array(manager, new Shape(2, 2), 0.8485281374, 2.2627416998, 0, 0);
        assertClose("RMS norm", operations.rmsNorm(x, vector(1, 2), 1e-12), expected, TOLERANCE);
        // eps counts: 2 / sqrt(4 + 12) = 0.5
        assertClose("with eps", operations.rmsNorm(vector(2), vector(1), 12), vector(0.5), TOLERANCE);
    }

    @ParameterizedTest
    @MethodSource("both")
    void layer_norm_centres_and_scales(Operations operations) {
        NDArray x = array(manager, new Shape(1, 2), 1, 3);
        // mean 2, variance 1: (-1, 1) / sqrt(1 + 3) * (2, 4) + (10, 20)
        NDArray expected = array(manager, new Shape(1, 2), 9, 22);
        assertClose("layer norm", operations.layerNorm(x, vector(2, 4), vector(10, 20), 3), expected, TOLERANCE);
    }

    @ParameterizedTest
    @MethodSource("both")
    void linear_multiplies_by_the_transposed_weight(Operations operations) {
        NDArray x = array(manager, new Shape(1, 2), 1, 2);
        NDArray weight = array(manager, new Shape(3, 2), 1, 0, 0, 1, 1, 1);
        NDArray expected = array(manager, new Shape(1, 3), 11, 22, 33);
        assertClose("linear", operations.linear(x, weight, vector(10, 20, 30)), expected, 0);
        assertClose("mixed", operations.mixedLinear(x, weight, vector(10, 20, 30)), expected, 0);
    }

    @ParameterizedTest
    @MethodSource("both")
    void attention_weighs_values_by_the_softmax_of_scores(Operations operations) {
        NDArray q = array(manager, new Shape(1, 1, 1, 2), 1, 0);
        NDArray k = array(manager, new Shape(1, 1, 2, 2), 1, 0, 0, 1);
        NDArray v = array(manager, new Shape(1, 1, 2, 2), 4, 0, 0, 8);
        // Scores ln 3 and 0, so weights 3/4 and 1/4.
        NDArray expected = array(manager, new Shape(1, 1, 1, 2), 3, 2);
        double scale = Math.log(3);
        assertClose("attention", operations.attention(q, k, v, null, false, scale), expected, TOLERANCE);
        // The mask brings the scores level.
        NDArray mask = vector(0, scale);
        NDArray level = array(manager, new Shape(1, 1, 1, 2), 2, 4);
        assertClose("masked", operations.attention(q, k, v, mask, false, scale), level, TOLERANCE);
    }

    @ParameterizedTest
    @MethodSource("both")
    void the_last_query_of_causal_attention_sees_every_key(Operations operations) {
        NDArray q = manager.zeros(new Shape(1, 1, 2, 1));
        NDArray k = manager.zeros(new Shape(1, 1, 3, 1));
        NDArray v = array(manager, new Shape(1, 1, 3, 1), 1, 2, 9);
        NDArray expected = array(manager, new Shape(1, 1, 2, 1), 1.5, 4);
        assertClose("causal", operations.attention(q, k, v, null, true, 1), expected, TOLERANCE);
    }

    @ParameterizedTest
    @MethodSource("both")
    void neighbouring_query_heads_share_a_key_value_head(Operations operations) {
        for (int tokens : new int[] {1, 3}) {
            NDArray q = normal(manager, 1, 1, 4, tokens, 1);
            NDArray k = manager.zeros(new Shape(1, 2, 2, 1));
            NDArray v = array(manager, new Shape(1, 2, 2, 1), 1, 1, 2, 2);
            NDArray y = operations.attention(q, k, v, null, false, 1);
            NDArray expected = array(manager, new Shape(1, 4, 1, 1), 1, 1, 2, 2).broadcast(1, 4, tokens, 1);
            assertClose("heads", y, expected, TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void transposed_convolution_paints_the_kernel_at_every_pixel(Operations operations) {
        NDArray x = array(manager, new Shape(1, 1, 2, 2), 1, 2, 3, 4);
        NDArray kernel = array(manager, new Shape(1, 1, 2, 2), 1, 10, 100, 1000);
        NDArray apart = array(
                manager, new Shape(1, 1, 4, 4), 1, 10, 2, 20, 100, 1000, 200, 2000, 3, 30, 4, 40, 300, 3000, 400, 4000);
        assertClose("stride 2", operations.convTranspose2d(x, kernel, null, 2, 0), apart, 0);
        // Where all four overlap, plus the bias: 1 * 1000 + 2 * 100 + 3 * 10 + 4 * 1 + 5
        NDArray middle = array(manager, new Shape(1, 1, 1, 1), 1239);
        assertClose("padding 1", operations.convTranspose2d(x, kernel, vector(5), 1, 1), middle, 0);
    }

    @ParameterizedTest
    @MethodSource("both")
    void convolution_slides_without_flipping(Operations operations) {
        NDArray x = array(manager, new Shape(1, 1, 2, 2), 1, 2, 3, 4);
        NDArray kernel = array(manager, new Shape(1, 1, 2, 2), 1, 10, 100, 1000);
        NDArray expected = array(manager, new Shape(1, 1, 1, 1), 1 + 20 + 300 + 4000 + 7);
        assertClose("convolution", operations.conv2d(x, kernel, vector(7), 1, 0, 1), expected, 0);
    }

    @ParameterizedTest
    @MethodSource("both")
    void the_same_input_gives_the_same_bytes(Operations operations) {
        NDArray q = normal(manager, 1, 2, 3, 40, 16);
        NDArray x = normal(manager, 2, 2, 40, 48);
        NDArray weight = normal(manager, 3, 64, 48);
        for (Supplier<NDArray> computation : Stream.<Supplier<NDArray>>of(
                        () -> operations.attention(q, q, q, null, true, 0.25),
                        () -> operations.mixedAttention(q, q, q, null, true, 0.25),
                        () -> operations.mixedLinear(x, weight, null),
                        () -> operations.rmsNorm(x, vector(new double[48]), 1e-6))
                .toList()) {
            assertThat(bytes(computation.get())).isEqualTo(bytes(computation.get()));
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void shapes_that_do_not_fit_are_refused_by_name(Operations operations) {
        NDArray q = manager.zeros(new Shape(1, 3, 2, 4));
        NDArray k = manager.zeros(new Shape(1, 2, 5, 4));
        NDArray mask = manager.zeros(new Shape(3, 5));
        assertThatThrownBy(() -> operations.attention(q, k, k, null, false, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("q's H be a multiple of its G");
        NDArray k3 = manager.zeros(new Shape(1, 3, 5, 4));
        assertThatThrownBy(() -> operations.attention(q, k3, k3, mask, false, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not broadcast");
        assertThatThrownBy(() -> operations.attention(q, k3, k, null, false, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> operations.linear(vector(1, 2), manager.zeros(new Shape(3, 3)), null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> operations.mixedLinear(vector(1, 2), manager.zeros(new Shape(3, 2)), vector(1, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bias is (3)");
        assertThatThrownBy(() -> operations.rmsNorm(vector(1, 2), vector(1), 1e-6))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> operations.convTranspose2d(q, manager.zeros(new Shape(2, 1, 2, 2)), null, 2, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("x is (B, 2, height, width)");
    }

    private NDArray vector(double... values) {
        return array(manager, new Shape(values.length), values);
    }
}
