package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MlpTest extends BlockTest {
    @ParameterizedTest
    @EnumSource
    void it_agrees_with_its_formula_for_each_activation(Activation activation) {
        Mlp mlp = new Mlp(parameters.scope("mlp"), MlpNames.FC, 4, 7, activation);
        scramble();
        NDArray x = random("x", 2, 3, 4);
        NDArray y = mlp.forward(x, Mode.INFERENCE);
        assertThat(y.getShape()).isEqualTo(new Shape(2, 3, 4));
        TensorTesting.assertClose(y, expected(x, activation, false), 2e-6, 2e-6);
    }

    @Test
    void the_inner_norm_stands_between_activation_and_second_layer() {
        Mlp mlp = new Mlp(
                parameters.scope("mlp"),
                MlpNames.FC,
                4,
                7,
                Activation.GELU,
                OptionalDouble.of(1e-5),
                0,
                Linear.DEFAULT_WEIGHT);
        scramble();
        NDArray x = random("x", 2, 3, 4);
        TensorTesting.assertClose(mlp.forward(x, Mode.INFERENCE), expected(x, Activation.GELU, true), 5e-6, 5e-6);
    }

    private double[] expected(NDArray x, Activation activation, boolean norm) {
        double[] h = Reference.activation(
                activation,
                Reference.linear(TensorTesting.doubles(x), 4, weight("mlp.fc1.weight"), weight("mlp.fc1.bias")));
        if (norm) {
            h = Reference.layerNorm(h, weight("mlp.ffn_layernorm.weight"), weight("mlp.ffn_layernorm.bias"), 1e-5);
        }
        return Reference.linear(h, 7, weight("mlp.fc2.weight"), weight("mlp.fc2.bias"));
    }

    @Test
    void names_are_those_of_the_family() {
        ParameterScope p = parameters.scope("layer");
        new Mlp(p, MlpNames.BERT, 4, 7, Activation.GELU);
        new Mlp(p, new MlpNames("intermediate_query.dense", "output_query.dense", "norm"), 4, 7, Activation.GELU);
        new Mlp(p, MlpNames.TORCH, 4, 7, Activation.RELU);
        new Mlp(p.scope("ffns.0"), MlpNames.MMCV, 4, 7, Activation.RELU);
        assertThat(parameters.arrays().keySet())
                .containsExactly(
                        "layer.intermediate.dense.weight", "layer.intermediate.dense.bias",
                        "layer.output.dense.weight", "layer.output.dense.bias",
                        "layer.intermediate_query.dense.weight", "layer.intermediate_query.dense.bias",
                        "layer.output_query.dense.weight", "layer.output_query.dense.bias",
                        "layer.linear1.weight", "layer.linear1.bias",
                        "layer.linear2.weight", "layer.linear2.bias",
                        "layer.ffns.0.layers.0.0.weight", "layer.ffns.0.layers.0.0.bias",
                        "layer.ffns.0.layers.1.weight", "layer.ffns.0.layers.1.bias");
    }

    @Test
    void dropout_acts_on_the_hidden_units_in_training_only() {
        Mlp mlp = new Mlp(
                parameters.scope("mlp"),
                MlpNames.FC,
                4,
                64,
                Activation.GELU,
                OptionalDouble.empty(),
                0.5,
                Linear.DEFAULT_WEIGHT);
        scramble();
        NDArray x = random("x", 2, 3, 4);
        NDArray still = mlp.forward(x, Mode.INFERENCE);
        NDArray dropped = mlp.forward(x, Mode.training(1));
        TensorTesting.assertClose(still, expectedWidth64(x), 1e-5, 1e-5);
        assertThat(TensorTesting.difference(still, dropped)).isGreaterThan(0.05);
        assertThat(TensorTesting.difference(dropped, mlp.forward(x, Mode.training(1))))
                .isZero();
    }

    private double[] expectedWidth64(NDArray x) {
        double[] h = Reference.activation(
                Activation.GELU,
                Reference.linear(TensorTesting.doubles(x), 4, weight("mlp.fc1.weight"), weight("mlp.fc1.bias")));
        return Reference.linear(h, 64, weight("mlp.fc2.weight"), weight("mlp.fc2.bias"));
    }

    @Test
    void swiglu_agrees_with_its_formula() {
        SwiGlu mlp = new SwiGlu(parameters.scope("mlp"), 4, 7);
        scramble();
        NDArray x = random("x", 2, 3, 4);
        double[] in = TensorTesting.doubles(x);
        double[] h =
                Reference.activation(Activation.SILU, Reference.linear(in, 4, weight("mlp.gate_proj.weight"), null));
        double[] up = Reference.linear(in, 4, weight("mlp.up_proj.weight"), null);
        for (int i = 0; i < h.length; i++) {
            h[i] *= up[i];
        }
        TensorTesting.assertClose(
                mlp.forward(x, Mode.INFERENCE),
                Reference.linear(h, 7, weight("mlp.down_proj.weight"), null),
                1e-6,
                1e-6);
        assertThat(parameters.arrays().keySet())
                .containsExactly("mlp.gate_proj.weight", "mlp.up_proj.weight", "mlp.down_proj.weight");
    }

    @Test
    void gradients_agree_with_finite_differences() {
        Mlp mlp = new Mlp(
                parameters.scope("mlp"),
                MlpNames.FC,
                4,
                7,
                Activation.GELU,
                OptionalDouble.of(1e-5),
                0,
                Linear.DEFAULT_WEIGHT);
        SwiGlu swiGlu = new SwiGlu(parameters.scope("swiglu"), 4, 7);
        scramble();
        TensorTesting.checkGradients(
                manager,
                List.of(random("x", 2, 4)),
                parameters.all().stream().map(Parameter::array).toList(),
                x -> mlp.forward(x.get(0), Mode.INFERENCE).add(swiGlu.forward(x.get(0), Mode.INFERENCE)));
    }

    @Test
    void an_input_of_the_wrong_width_is_refused_by_name() {
        Mlp mlp = new Mlp(parameters.scope("layers.3.mlp"), MlpNames.FC, 4, 7, Activation.GELU);
        SwiGlu swiGlu = new SwiGlu(parameters.scope("model.mlp"), 4, 7);
        assertMismatch(() -> mlp.forward(random("x", 2, 5), Mode.INFERENCE), "layers.3.mlp.fc1", "(2, 5)", "(..., 4)");
        assertMismatch(() -> swiGlu.forward(random("x", 2, 5), Mode.INFERENCE), "model.mlp.gate_proj", "(2, 5)");
    }

    @Test
    void mixed_precision_is_near_and_not_equal_to_float32() {
        Mlp mlp = new Mlp(parameters.scope("mlp"), MlpNames.FC, 4, 7, Activation.GELU);
        SwiGlu swiGlu = new SwiGlu(parameters.scope("swiglu"), 4, 7);
        scramble();
        NDArray x = random("x", 2, 4);
        Mode mixed = Mode.INFERENCE.mixed();
        assertThat(TensorTesting.difference(mlp.forward(x, Mode.INFERENCE), mlp.forward(x, mixed)))
                .isBetween(1e-6, 0.05);
        assertThat(TensorTesting.difference(swiGlu.forward(x, Mode.INFERENCE), swiGlu.forward(x, mixed)))
                .isBetween(1e-6, 0.05);
    }

    @Test
    void only_the_result_is_left_with_the_caller() {
        Mlp mlp = new Mlp(parameters.scope("mlp"), MlpNames.FC, 4, 7, Activation.QUICK_GELU);
        NDArray x = random("x", 2, 4);
        int before = manager.getManagedArrays().size();
        NDArray y = mlp.forward(x, Mode.INFERENCE);
        assertThat(manager.getManagedArrays()).hasSize(before + 1);
        assertThat(y.getManager()).isSameAs(manager);
    }
}
