package org.vilam.grounding.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class LinearAssignmentTest {
    @Test
    void the_cheapest_pairing_is_found_where_taking_the_least_first_fails() {
        double[][] cost = {{1, 2}, {2, 100}};
        assertThat(LinearAssignment.solve(cost)).containsExactly(1, 0);
    }

    @Test
    void rows_beyond_the_columns_are_left_over() {
        assertThat(LinearAssignment.solve(new double[][] {{5}, {-1}, {3}})).containsExactly(-1, 0, -1);
        assertThat(LinearAssignment.solve(new double[][] {{}, {}})).containsExactly(-1, -1);
        assertThat(LinearAssignment.solve(new double[0][])).isEmpty();
    }

    @Test
    void costs_that_are_no_numbers_or_rows_of_unequal_length_are_refused() {
        assertThatThrownBy(() -> LinearAssignment.solve(new double[][] {{Double.NaN}}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LinearAssignment.solve(new double[][] {{1, 2}, {1}}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 300)
    void no_other_pairing_is_cheaper(
            @ForAll @IntRange(min = 1, max = 6) int rows,
            @ForAll @IntRange(min = 1, max = 6) int columns,
            @ForAll long seed) {
        double[][] cost = random(rows, columns, seed);
        double least = rows <= columns ? cheapest(cost, 0, 0) : cheapest(transposed(cost), 0, 0);
        assertThat(total(cost, LinearAssignment.solve(cost))).isCloseTo(least, within(1e-9));
    }

    /** Every swap of two partners, or of a partner for a free one, costs at least as much, also where all pairings are too many. */
    @Property(tries = 30)
    void every_row_has_a_partner_of_its_own_and_no_swap_helps(
            @ForAll @IntRange(min = 1, max = 60) int rows,
            @ForAll @IntRange(min = 1, max = 60) int columns,
            @ForAll long seed) {
        double[][] cost = random(rows, columns, seed);
        int[] partner = LinearAssignment.solve(cost);
        boolean[] taken = new boolean[columns];
        int paired = 0;
        for (int p : partner) {
            if (p >= 0) {
                assertThat(taken[p]).isFalse();
                taken[p] = true;
                paired++;
            }
        }
        assertThat(paired).isEqualTo(Math.min(rows, columns));
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < rows; j++) {
                assertThat(at(cost, i, partner[j]) + at(cost, j, partner[i]))
                        .isGreaterThanOrEqualTo(at(cost, i, partner[i]) + at(cost, j, partner[j]) - 1e-9);
            }
            for (int c = 0; c < columns; c++) {
                if (!taken[c] && partner[i] >= 0) {
                    assertThat(cost[i][c]).isGreaterThanOrEqualTo(cost[i][partner[i]]);
                }
            }
        }
    }

    private static double at(double[][] cost, int row, int column) {
        return column < 0 ? 0 : cost[row][column];
    }

    /** Few different values, so that ties are common. */
    private static double[][] random(int rows, int columns, long seed) {
        Random random = new Random(seed);
        double[][] cost = new double[rows][columns];
        for (double[] row : cost) {
            for (int j = 0; j < columns; j++) {
                row[j] = random.nextBoolean() ? random.nextInt(5) - 2 : random.nextGaussian();
            }
        }
        return cost;
    }

    private static double cheapest(double[][] cost, int row, int used) {
        if (row == cost.length) {
            return 0;
        }
        double least = Double.POSITIVE_INFINITY;
        for (int c = 0; c < cost[row].length; c++) {
            if ((used & 1 << c) == 0) {
                least = Math.min(least, cost[row][c] + cheapest(cost, row + 1, used | 1 << c));
            }
        }
        return least;
    }

    private static double[][] transposed(double[][] cost) {
        double[][] out = new double[cost[0].length][cost.length];
        for (int i = 0; i < cost.length; i++) {
            for (int j = 0; j < cost[0].length; j++) {
                out[j][i] = cost[i][j];
            }
        }
        return out;
    }

    private static double total(double[][] cost, int[] partner) {
        double sum = 0;
        for (int i = 0; i < partner.length; i++) {
            sum += at(cost, i, partner[i]);
        }
        return sum;
    }
}
