package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PositionsTest extends BlockTest {
    @Test
    void a_learned_table_adds_the_rows_from_its_offset_on() {
        PositionTable table = new PositionTable(
                parameters.scope("embed_positions.A"), "weight", new Shape(7, 3), Initializer.normal(1));
        NDArray x = random("x", 2, 4, 3);
        double[] rows = weight("embed_positions.A.weight");
        double[] expected = TensorTesting.doubles(x);
        for (int i = 0; i < expected.length; i++) {
            expected[i] += rows[2 * 3 + i % 12];
        }
        NDArray y = table.addTo(x, 2);
        assertThat(y.getShape()).isEqualTo(new Shape(2, 4, 3));
        TensorTesting.assertClose(y, expected, 1e-6, 0);
    }

    @Test
    void a_table_may_be_stored_with_a_leading_axis() {
        PositionTable table =
                new PositionTable(parameters.root(), "pos_embed", new Shape(1, 5, 3), Initializer.normal(1));
        NDArray rows = table.rows(manager, 1, 4);
        assertThat(rows.getShape()).isEqualTo(new Shape(4, 3));
        double[] all = weight("pos_embed");
        TensorTesting.assertClose(rows, Arrays.copyOfRange(all, 3, 15), 0, 0);
        assertThat(rows.getManager()).isSameAs(manager);
    }

    @Test
    void gradients_reach_only_the_rows_used() {
        PositionTable table =
                new PositionTable(parameters.root(), "pos_embed", new Shape(1, 4, 2), Initializer.normal(1));
        parameters.requireGradients(true);
        try (GradientScope scope = GradientScope.recording()) {
            NDArray y = table.addTo(random("x", 3, 2, 2), 1);
            float[] gradient = Operations.get()
                    .gradients(y.sum(), List.of(parameters.array("pos_embed")))
                    .get(0)
                    .toFloatArray();
            assertThat(gradient).containsExactly(0, 0, 3, 3, 3, 3, 0, 0);
        }
    }

    @Test
    void places_outside_the_table_are_refused_by_name() {
        PositionTable table = new PositionTable(
                parameters.scope("position_embedding"), "weight", new Shape(4, 2), Initializer.zeros());
        assertMismatch(() -> table.addTo(random("x", 1, 4, 2), 1), "position_embedding.weight", "1 .. 4", "0 .. 3");
        assertMismatch(() -> table.rows(manager, -1, 2), "position_embedding.weight");
        assertMismatch(() -> table.addTo(random("x", 1, 4, 3), 0), "position_embedding.weight", "(1, 4, 3)");
        assertThatThrownBy(() -> new PositionTable(parameters.root(), "p", new Shape(2, 4, 2), Initializer.zeros()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sines_of_a_sequence_have_their_hand_computed_values() {
        NDArray y = SinePositions.of1d(manager, 3, 4); // frequencies 1 and 1 / 100
        double[] expected = {
            0,
            1,
            0,
            1, //
            Math.sin(1),
            Math.cos(1),
            Math.sin(0.01),
            Math.cos(0.01), //
            Math.sin(2),
            Math.cos(2),
            Math.sin(0.02),
            Math.cos(0.02)
        };
        assertThat(y.getShape()).isEqualTo(new Shape(3, 4));
        TensorTesting.assertClose(y, expected, 1e-7, 0);
    }

    @Test
    void sines_of_a_grid_have_their_hand_computed_values() {
        // 2 rows, 4 columns, 8 features: 4 of the row then 4 of the column, frequencies 1 and 1 / 100.
        NDArray y = SinePositions.of2d(manager, 2, 4, 8);
        assertThat(y.getShape()).isEqualTo(new Shape(8, 8));
        double row = 2 / (2 + 1e-6) * 2 * Math.PI; // second row
        double column = 3 / (4 + 1e-6) * 2 * Math.PI; // third column
        double[] expected = {
            Math.sin(row), Math.cos(row), Math.sin(row / 100), Math.cos(row / 100),
            Math.sin(column), Math.cos(column), Math.sin(column / 100), Math.cos(column / 100)
        };
        TensorTesting.assertClose(y.get(4 + 2), expected, 1e-6, 0);
        TensorTesting.assertClose(
                y.get(0).get("4:6"), new double[] {Math.sin(Math.PI / 2), Math.cos(Math.PI / 2)}, 1e-6, 0);
    }

    @Test
    void widths_that_do_not_divide_are_refused() {
        assertThatThrownBy(() -> SinePositions.of1d(manager, 3, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SinePositions.of2d(manager, 3, 3, 6)).isInstanceOf(IllegalArgumentException.class);
    }
}
