package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest extends BlockTest {
    @Test
    void inference_and_a_rate_of_zero_change_nothing() {
        NDArray x = random("x", 3, 4);
        assertThat(new Dropout(0.5).forward(x, Mode.INFERENCE)).isSameAs(x);
        assertThat(new Dropout(0).forward(x, Mode.training(1))).isSameAs(x);
        assertThat(new DropPath(0.5).forward(x, Mode.INFERENCE)).isSameAs(x);
        assertThat(new DropPath(0).forward(x, Mode.training(1))).isSameAs(x);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 0.9})
    void training_drops_the_given_share_and_keeps_the_mean(double rate) {
        NDArray y = new Dropout(rate).forward(manager.ones(new Shape(200, 1000)), Mode.training(1));
        int dropped = 0;
        double sum = 0;
        for (float value : y.toFloatArray()) {
            dropped += value == 0 ? 1 : 0;
            sum += value;
            assertThat(value == 0 || Math.abs(value - 1 / (1 - rate)) < 1e-3 / (1 - rate))
                    .isTrue();
        }
        assertThat(dropped / 200_000.0).isCloseTo(rate, within(0.005));
        assertThat(sum / 200_000).isCloseTo(1, within(0.03));
    }

    @Test
    void the_seed_decides_what_is_dropped() {
        NDArray x = manager.ones(new Shape(50, 7));
        Dropout dropout = new Dropout(0.3);
        float[] a = dropout.forward(x, Mode.training(1)).toFloatArray();
        assertThat(dropout.forward(x, Mode.training(1)).toFloatArray()).isEqualTo(a);
        assertThat(dropout.forward(x, Mode.training(2)).toFloatArray()).isNotEqualTo(a);
        Mode mode = Mode.training(1);
        assertThat(dropout.forward(x, mode).toFloatArray()).isEqualTo(a);
        assertThat(dropout.forward(x, mode).toFloatArray())
                .as("the next layer draws anew")
                .isNotEqualTo(a);
    }

    @Test
    void drop_path_drops_whole_samples() {
        NDArray x = manager.ones(new Shape(4000, 2, 3));
        float[] y = new DropPath(0.25).forward(x, Mode.training(3)).toFloatArray();
        int dropped = 0;
        for (int sample = 0; sample < 4000; sample++) {
            for (int i = 1; i < 6; i++) {
                assertThat(y[6 * sample + i]).isEqualTo(y[6 * sample]);
            }
            dropped += y[6 * sample] == 0 ? 1 : 0;
            assertThat(y[6 * sample] == 0 || Math.abs(y[6 * sample] - 4 / 3.0) < 1e-3)
                    .isTrue();
        }
        assertThat(dropped / 4000.0).isCloseTo(0.25, within(0.03));
    }

    @Test
    void the_factors_of_a_branch_in_parts_are_those_of_the_whole_branch() {
        DropPath path = new DropPath(0.25);
        NDArray x = random("x", 400, 5, 3);
        NDArray whole = path.forward(x, Mode.training(3));
        NDArray factors = java.util.Objects.requireNonNull(path.factors(x.get(":, 2:"), Mode.training(3)));
        assertThat(factors.getShape()).isEqualTo(new Shape(400, 1, 1));
        assertThat(TensorTesting.difference(x.mul(factors), whole)).isZero();
        for (float factor : factors.toFloatArray()) {
            assertThat(factor == 0 || Math.abs(factor - 4 / 3.0) < 1e-4).isTrue();
        }
        assertThat(factors.eq(0).sum().getLong()).isBetween(70L, 130L);
    }

    @Test
    void there_are_no_factors_where_nothing_is_dropped() {
        NDArray x = random("x", 4, 2);
        assertThat(new DropPath(0.5).factors(x, Mode.INFERENCE)).isNull();
        assertThat(new DropPath(0).factors(x, Mode.training(1))).isNull();
    }

    @Test
    void rates_grow_linearly_over_the_depth() {
        assertThat(DropPath.linearRate(0.1, 0, 12)).isZero();
        assertThat(DropPath.linearRate(0.1, 11, 12)).isCloseTo(0.1, within(1e-15));
        assertThat(DropPath.linearRate(0.1, 3, 12)).isCloseTo(0.1 * 3 / 11, within(1e-15));
        assertThat(DropPath.linearRate(0.1, 0, 1)).isZero();
    }

    @Test
    void gradients_pass_only_where_nothing_was_dropped() {
        for (boolean path : new boolean[] {false, true}) {
            NDArray x = random("x", 6, 5);
            x.setRequiresGradient(true);
            try (GradientScope scope = GradientScope.recording()) {
                NDArray y = path
                        ? new DropPath(0.5).forward(x, Mode.training(4))
                        : new Dropout(0.5).forward(x, Mode.training(4));
                NDArray factors = y.div(x).stopGradient();
                NDArray gradient =
                        Operations.get().gradients(y.sum(), List.of(x)).get(0);
                assertThat(TensorTesting.difference(gradient, factors)).isLessThan(1e-6);
            }
        }
    }

    @Test
    void a_rate_outside_the_unit_interval_is_refused() {
        for (double rate : new double[] {-0.1, 1, Double.NaN}) {
            assertThatThrownBy(() -> new Dropout(rate)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new DropPath(rate)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void inference_has_no_random_numbers() {
        assertThatThrownBy(Mode.INFERENCE::random).isInstanceOf(IllegalStateException.class);
    }
}
