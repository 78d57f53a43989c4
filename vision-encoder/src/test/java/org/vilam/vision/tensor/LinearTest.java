package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinearTest extends BlockTest {
    @Test
    void it_multiplies_by_the_transposed_weight_and_adds_the_bias() {
        Linear linear = new Linear(parameters.scope("fc"), 5, 3, true);
        scramble();
        NDArray x = random("x", 2, 4, 5);
        NDArray y = linear.forward(x); // (2, 4, 3)
        assertThat(y.getShape()).isEqualTo(new Shape(2, 4, 3));
        double[] expected = Reference.linear(TensorTesting.doubles(x), 5, weight("fc.weight"), weight("fc.bias"));
        TensorTesting.assertClose(y, expected, 1e-6, 1e-6);
    }

    @Test
    void the_bias_is_optional() {
        Linear linear = new Linear(parameters.scope("fc"), 5, 3, false);
        NDArray x = random("x", 5);
        TensorTesting.assertClose(
                linear.forward(x),
                Reference.linear(TensorTesting.doubles(x), 5, weight("fc.weight"), null),
                1e-7,
                1e-5);
        assertThat(parameters.arrays().keySet()).containsExactly("fc.weight");
    }

    @Test
    void an_output_layer_may_share_the_embedding() {
        Embedding embedding = new Embedding(parameters.scope("embed_tokens"), 7, 5);
        Linear head = new Linear("lm_head", embedding.weight(), null);
        NDArray x = random("x", 2, 5);
        assertThat(head.out()).isEqualTo(7);
        TensorTesting.assertClose(
                head.forward(x),
                Reference.linear(TensorTesting.doubles(x), 5, weight("embed_tokens.weight"), null),
                1e-7,
                1e-5);
        assertThat(parameters.all()).hasSize(1);
    }

    @Test
    void gradients_agree_with_finite_differences() {
        Linear linear = new Linear(parameters.scope("fc"), 5, 3, true);
        scramble();
        TensorTesting.checkGradients(
                manager,
                List.of(random("x", 2, 5)),
                parameters.all().stream().map(Parameter::array).toList(),
                x -> linear.forward(x.get(0)));
    }

    @Test
    void an_input_of_the_wrong_width_or_type_is_refused_by_name() {
        Linear linear = new Linear(parameters.scope("layers.0.fc1"), 5, 3, true);
        assertMismatch(() -> linear.forward(random("x", 2, 4)), "layers.0.fc1", "input", "(2, 4)", "(..., 5)");
        assertMismatch(
                () -> linear.forward(random("x", 2, 5).toType(DataType.INT64, false)),
                "layers.0.fc1",
                "int64",
                "float32");
        assertMismatch(() -> linear.forward(manager.create(1f)), "layers.0.fc1", "input");
    }

    @Test
    void arrays_that_do_not_make_a_layer_are_refused() {
        assertMismatch(() -> new Linear("head", random("w", 3), null), "head", "weight", "(E, D)");
        assertMismatch(() -> new Linear("head", random("w", 3, 2), random("b", 2)), "head", "bias", "(3)");
    }

    @Test
    void mixed_precision_is_near_and_not_equal_to_float32() {
        Linear linear = new Linear(parameters.scope("fc"), 64, 8, true);
        scramble();
        NDArray x = random("x", 3, 64);
        double gap = TensorTesting.difference(linear.forward(x), linear.forward(x, Mode.INFERENCE.mixed()));
        assertThat(gap).isBetween(1e-5, 0.1);
    }

    @Test
    void mixed_precision_gives_float32_gradients_near_the_exact_ones() {
        Linear linear = new Linear(parameters.scope("fc"), 64, 8, true);
        scramble();
        parameters.requireGradients(true);
        List<NDArray> learned = parameters.all().stream().map(Parameter::array).toList();
        try (GradientScope scope = GradientScope.recording()) {
            NDArray x = random("x", 3, 64);
            NDArray mix = random("mix", 3, 8);
            List<NDArray> exact = Operations.get()
                    .gradients(linear.forward(x, Mode.training(1)).mul(mix).sum(), learned);
            List<NDArray> mixed = Operations.get()
                    .gradients(
                            linear.forward(x, Mode.training(1).mixed()).mul(mix).sum(), learned);
            assertThat(mixed.get(0).getDataType()).isEqualTo(DataType.FLOAT32);
            assertThat(TensorTesting.difference(exact.get(0), mixed.get(0))).isBetween(1e-6, 0.05);
        }
    }
}
