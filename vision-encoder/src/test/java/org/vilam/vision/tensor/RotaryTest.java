package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RotaryTest extends BlockTest {
    @ParameterizedTest
    @EnumSource
    void pairs_of_features_are_turned_as_complex_numbers(Rotary.Pairing pairing) {
        Rotary rotary = new Rotary(6, 100, 10000, pairing);
        int[][] positions = {{0, 1, 2, 7}, {3, 3, 50, 99}};
        NDArray x = random("x", 2, 4, 3 * 6); // (B, T, H * K)
        NDArray heads = x.reshape(2, 4, 3, 6).transpose(0, 2, 1, 3); // (B, H, T, K)
        NDArray y = rotary.at(manager, positions).rotate(heads);
        assertThat(y.getShape()).isEqualTo(new Shape(2, 3, 4, 6));
        double[] expected =
                Reference.rotary(TensorTesting.doubles(x), positions, 3, 6, pairing == Rotary.Pairing.NEIGHBOURS);
        TensorTesting.assertClose(y.transpose(0, 2, 1, 3).reshape(2, 4, 18), expected, 1e-5, 0);
    }

    @Test
    void a_quarter_turn_by_hand() {
        // One pair of frequency 1: position p turns (1, 0) to (cos p, sin p).
        NDArray x = manager.create(new float[] {1, 0, 1, 0}, new Shape(1, 1, 2, 2));
        for (Rotary.Pairing pairing : Rotary.Pairing.values()) {
            NDArray y = new Rotary(2, 10, 10000, pairing).range(manager, 3, 2).rotate(x);
            TensorTesting.assertClose(y, new double[] {Math.cos(3), Math.sin(3), Math.cos(4), Math.sin(4)}, 1e-6, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void scores_depend_on_the_distance_of_positions_only(Rotary.Pairing pairing) {
        Rotary rotary = new Rotary(8, 200, 10000, pairing);
        NDArray q = random("q", 1, 1, 1, 8);
        NDArray k = random("k", 1, 1, 1, 8);
        float near = score(rotary, q, k, 5, 2);
        assertThat(score(rotary, q, k, 105, 102)).isCloseTo(near, Offset.offset(1e-4f));
        assertThat(Math.abs(score(rotary, q, k, 6, 2) - near)).isGreaterThan(1e-2f);
    }

    private float score(Rotary rotary, NDArray q, NDArray k, int at, int to) {
        NDArray a = rotary.range(manager, at, 1).rotate(q);
        NDArray b = rotary.range(manager, to, 1).rotate(k);
        return a.mul(b).sum().getFloat();
    }

    @ParameterizedTest
    @EnumSource
    void gradients_agree_with_finite_differences(Rotary.Pairing pairing) {
        Rotary.Angles angles = new Rotary(4, 20, 10000, pairing).at(manager, new int[][] {{1, 5}, {0, 19}});
        TensorTesting.checkGradients(
                manager, List.of(random("x", 2, 2, 2, 4)), List.of(), x -> angles.rotate(x.get(0)));
    }

    @Test
    void one_row_of_positions_serves_all_samples() {
        Rotary rotary = new Rotary(4, 20, 10000, Rotary.Pairing.HALVES);
        NDArray x = random("x", 3, 2, 5, 4);
        int[] row = {2, 3, 4, 5, 6};
        NDArray shared = rotary.range(manager, 2, 5).rotate(x);
        NDArray each = rotary.at(manager, new int[][] {row, row, row}).rotate(x);
        assertThat(TensorTesting.difference(shared, each)).isZero();
    }

    @Test
    void angles_are_products_of_float32_numbers_as_in_the_training_of_released_weights() {
        Rotary.Angles angles = new Rotary(128, 2048, 10000, Rotary.Pairing.HALVES).range(manager, 2047, 1);
        float frequency = 1 / (float) Math.pow(10000, 2 / 128.0);
        assertThat(angles.cos().toFloatArray()[1]).isEqualTo((float) Math.cos(2047 * frequency));
    }

    @Test
    void positions_and_shapes_that_do_not_fit_are_refused() {
        Rotary rotary = new Rotary(4, 20, 10000, Rotary.Pairing.HALVES);
        assertMismatch(() -> rotary.range(manager, 18, 3), "rotary", "position", "20", "0 .. 19");
        assertMismatch(() -> rotary.at(manager, new int[][] {{-1}}), "rotary", "-1");
        assertMismatch(() -> rotary.range(manager, 0, 3).rotate(random("x", 1, 2, 4, 4)), "rotary", "heads");
        assertMismatch(() -> rotary.range(manager, 0, 3).rotate(random("x", 1, 2, 3, 6)), "rotary", "heads");
        assertThatThrownBy(() -> rotary.at(manager, new int[][] {{1, 2}, {1}}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Rotary(5, 20, 10000, Rotary.Pairing.HALVES))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
