package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ActivationTest extends BlockTest {
    @ParameterizedTest
    @EnumSource
    void it_agrees_with_its_formula_from_far_below_zero_to_far_above(Activation activation) {
        NDArray x = manager.linspace(-9f, 9f, 145).reshape(5, 29);
        NDArray y = activation.apply(x);
        assertThat(y.getShape()).isEqualTo(new Shape(5, 29));
        TensorTesting.assertClose(y, Reference.activation(activation, TensorTesting.doubles(x)), 1e-6, 1e-6);
    }

    @ParameterizedTest
    @EnumSource
    void gradients_agree_with_finite_differences(Activation activation) {
        // 0.1 away from zero at least, where ReLU has its kink
        NDArray x = manager.create(new float[] {-2.5f, -1, -0.3f, -0.1f, 0.1f, 0.4f, 1.2f, 3});
        TensorTesting.checkGradients(manager, List.of(x), List.of(), in -> activation.apply(in.get(0)));
    }

    @Test
    void the_three_gelus_differ_from_each_other() {
        NDArray x = manager.create(new float[] {-1, 1.5f});
        assertThat(TensorTesting.difference(Activation.GELU.apply(x), Activation.GELU_TANH.apply(x)))
                .isGreaterThan(1e-4);
        assertThat(TensorTesting.difference(Activation.GELU.apply(x), Activation.QUICK_GELU.apply(x)))
                .isGreaterThan(1e-3);
    }

    @Test
    void known_values_of_gelu() {
        NDArray y = Activation.GELU.apply(manager.create(new float[] {0, 1, -1, 2}));
        TensorTesting.assertClose(
                y, new double[] {0, 0.8413447460685429, -0.15865525393145707, 1.9544997361036416}, 1e-6, 0);
    }
}
