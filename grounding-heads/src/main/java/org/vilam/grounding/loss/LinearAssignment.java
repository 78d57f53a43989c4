package org.vilam.grounding.loss;

import java.util.Arrays;

/**
 * The linear sum assignment problem: pair rows with columns one to one at the least total cost.
 *
 * <p>The Hungarian method (Kuhn 1955) in the form of shortest augmenting paths with potentials (Jonker and Volgenant 1987, without
 * their start heuristics; Crouse 2016, which {@code scipy.optimize.linear_sum_assignment} follows): O(n^2 m) for n rows and
 * m columns, n the smaller. Where several assignments cost the same, any of them may come out, always the same one for the
 * same numbers.
 */
final class LinearAssignment {
    private LinearAssignment() {}

    /**
     * Solves.
     *
     * @param cost as many columns in every row, finite numbers
     * @return for each row its column, or -1 for the rows left over when there are more rows than columns
     */
    static int[] solve(double[][] cost) {
        int rows = cost.length;
        int columns = rows == 0 ? 0 : cost[0].length;
        for (double[] row : cost) {
            if (row.length != columns) {
                throw new IllegalArgumentException("rows of " + columns + " and of " + row.length + " costs");
            }
            for (double c : row) {
                if (!Double.isFinite(c)) {
                    throw new IllegalArgumentException("a cost is " + c);
                }
            }
        }
        if (rows <= columns) {
            return solveWide(cost, columns);
        }
        int[] rowOf = solveWide(transpose(cost, columns), rows);
        int[] columnOf = new int[rows];
        Arrays.fill(columnOf, -1);
        for (int j = 0; j < columns; j++) {
            columnOf[rowOf[j]] = j;
        }
        return columnOf;
    }

    /** For at most as many rows as columns. Index 0 of rows and columns is "none" below. */
    private static int[] solveWide(double[][] cost, int columns) {
        int rows = cost.length;
        double[] rowPotential = new double[rows + 1];
        double[] columnPotential = new double[columns + 1];
        int[] rowOf = new int[columns + 1]; // the row each column is paired with
        int[] previous = new int[columns + 1]; // the column before this one on the shortest path
        for (int row = 1; row <= rows; row++) {
            double[] distance = new double[columns + 1];
            Arrays.fill(distance, Double.POSITIVE_INFINITY);
            boolean[] reached = new boolean[columns + 1];
            rowOf[0] = row;
            int column = 0;
            do {
                reached[column] = true;
                int current = rowOf[column];
                double least = Double.POSITIVE_INFINITY;
                int next = 0;
                for (int j = 1; j <= columns; j++) {
                    if (reached[j]) {
                        continue;
                    }
                    double reduced = cost[current - 1][j - 1] - rowPotential[current] - columnPotential[j];
                    if (reduced < distance[j]) {
                        distance[j] = reduced;
                        previous[j] = column;
                    }
                    if (distance[j] < least) {
                        least = distance[j];
                        next = j;
                    }
                }
                for (int j = 0; j <= columns; j++) {
                    if (reached[j]) {
                        rowPotential[rowOf[j]] += least;
                        columnPotential[j] -= least;
                    } else {
                        distance[j] -= least;
                    }
                }
                column = next;
            } while (rowOf[column] != 0);
            while (column != 0) { // turn the path round
                rowOf[column] = rowOf[previous[column]];
                column = previous[column];
            }
        }
        int[] columnOf = new int[rows];
        for (int j = 1; j <= columns; j++) {
            if (rowOf[j] > 0) {
                columnOf[rowOf[j] - 1] = j - 1;
            }
        }
        return columnOf;
    }

    private static double[][] transpose(double[][] cost, int columns) {
        double[][] out = new double[columns][cost.length];
        for (int i = 0; i < cost.length; i++) {
            for (int j = 0; j < columns; j++) {
                out[j][i] = cost[i][j];
            }
        }
        return out;
    }
}
