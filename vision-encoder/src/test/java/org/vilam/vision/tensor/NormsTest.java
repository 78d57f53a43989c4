package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NormsTest extends BlockTest {
    @ParameterizedTest
    @ValueSource(doubles = {1e-12, 1e-6, 1e-5})
    void a_layer_norm_agrees_with_its_formula_for_its_epsilon(double eps) {
        LayerNorm norm = new LayerNorm(parameters.scope("norm"), 6, eps);
        scramble();
        for (float size : new float[] {1, 3e-3f}) { // a small input, so that the epsilon shows
            NDArray x = random("x", 2, 3, 6).mul(size);
            double[] expected =
                    Reference.layerNorm(TensorTesting.doubles(x), weight("norm.weight"), weight("norm.bias"), eps);
            NDArray y = norm.forward(x);
            assertThat(y.getShape()).isEqualTo(new Shape(2, 3, 6));
            TensorTesting.assertClose(y, expected, 2e-6, 2e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-6, 1e-5})
    void an_rms_norm_agrees_with_its_formula_for_its_epsilon(double eps) {
        RmsNorm norm = new RmsNorm(parameters.scope("norm"), 6, eps);
        scramble();
        for (float size : new float[] {1, 3e-3f}) {
            NDArray x = random("x", 2, 3, 6).mul(size);
            double[] expected = Reference.rmsNorm(TensorTesting.doubles(x), weight("norm.weight"), eps);
            TensorTesting.assertClose(norm.forward(x), expected, 2e-6, 2e-6);
        }
    }

    @Test
    void the_epsilons_tested_differ_visibly_on_the_small_input() {
        double[] x = TensorTesting.doubles(random("x", 2, 3, 6).mul(3e-3f));
        double[] ones = {1, 1, 1, 1, 1, 1};
        double[] a = Reference.layerNorm(x, ones, new double[6], 1e-6);
        double[] b = Reference.layerNorm(x, ones, new double[6], 1e-5);
        double gap = 0;
        for (int i = 0; i < a.length; i++) {
            gap = Math.max(gap, Math.abs(a[i] - b[i]));
        }
        assertThat(gap).isGreaterThan(0.1);
    }

    @Test
    void norms_begin_as_the_identity_on_normalised_input() {
        new LayerNorm(parameters.scope("a"), 3, 1e-5);
        new RmsNorm(parameters.scope("b"), 3, 1e-6);
        assertThat(weight("a.weight")).containsExactly(1, 1, 1);
        assertThat(weight("a.bias")).containsExactly(0, 0, 0);
        assertThat(weight("b.weight")).containsExactly(1, 1, 1);
        assertThat(parameters.all()).noneMatch(Parameter::decays);
    }

    @Test
    void gradients_agree_with_finite_differences() {
        LayerNorm layerNorm = new LayerNorm(parameters.scope("a"), 6, 1e-5);
        RmsNorm rmsNorm = new RmsNorm(parameters.scope("b"), 6, 1e-6);
        scramble();
        TensorTesting.checkGradients(
                manager,
                List.of(random("x", 3, 6)),
                parameters.all().stream().map(Parameter::array).toList(),
                x -> layerNorm.forward(x.get(0)).add(rmsNorm.forward(x.get(0))));
    }

    @Test
    void an_input_of_the_wrong_width_is_refused_by_name() {
        LayerNorm layerNorm = new LayerNorm(parameters.scope("layers.0.norm1"), 6, 1e-5);
        RmsNorm rmsNorm = new RmsNorm(parameters.scope("model.norm"), 6, 1e-5);
        assertMismatch(() -> layerNorm.forward(random("x", 2, 5)), "layers.0.norm1", "(2, 5)", "(..., 6)");
        assertMismatch(() -> rmsNorm.forward(random("x", 2, 5)), "model.norm", "(2, 5)", "(..., 6)");
    }

    @Test
    void an_epsilon_of_zero_is_refused() {
        assertThatThrownBy(() -> new LayerNorm(parameters.scope("a"), 6, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RmsNorm(parameters.scope("b"), 6, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
