package org.vilam.grounding.oneref;

import java.util.Arrays;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.tensor.SeededRandom;

/**
 * Which patches and how many words MRefM hides (section 3.3): more of the region that is referred to than of what is around it.
 * Counts are rounded as the official code rounds them, in IEEE doubles.
 *
 * @param grid patches a side of the square
 * @param left the region's first column, margin included
 * @param top its first row
 * @param right one past its last column
 * @param bottom one past its last row
 */
public record ReferringMask(int grid, int left, int top, int right, int bottom) {
    /** Part of the whole grid that is hidden. */
    public static final double AROUND = 0.35;
    /** Part of the region that is hidden. */
    public static final double INSIDE = 0.75;

    private static final int MARGIN = 1;
    private static final double WORDS = 0.4;

    /**
     * The region of a box, a patch wider on each side.
     *
     * @param box as parts of the square
     */
    public static ReferringMask around(Box box, int grid) {
        float side = grid;
        return new ReferringMask(
                grid,
                Math.max((int) ((float) box.x1() * side) - MARGIN, 0),
                Math.max((int) ((float) box.y1() * side) - MARGIN, 0),
                Math.min((int) ((float) box.x2() * side) + MARGIN, grid),
                Math.min((int) ((float) box.y2() * side) + MARGIN, grid));
    }

    /** How many of {@code cells} are hidden at a ratio. */
    public static int hidden(int cells, double ratio) {
        return cells - (int) (cells * (1 - ratio));
    }

    /** How many words of a text are hidden, its start and end token counted in. */
    public static int hiddenWords(int tokens) {
        return Math.min(Math.max((int) ((tokens - 1) * WORDS + 0.5), 1), tokens - 1);
    }

    /** Cells of the region. */
    public int regionCells() {
        return (right - left) * (bottom - top);
    }

    /** Whether a patch lies in the region. */
    public boolean contains(int column, int row) {
        return column >= left && column < right && row >= top && row < bottom;
    }

    /**
     * Draws patches: first of the whole grid, then those of the region anew.
     *
     * @param around ratio of the whole grid
     * @param inside ratio of the region
     * @return grid * grid, row by row, true where a patch is hidden
     */
    public boolean[] draw(double around, double inside, SeededRandom random) {
        boolean[] whole = drawn(grid * grid, hidden(grid * grid, around), random);
        boolean[] region = drawn(regionCells(), hidden(regionCells(), inside), random);
        int at = 0;
        for (int row = top; row < bottom; row++) {
            for (int column = left; column < right; column++) {
                whole[row * grid + column] = region[at++];
            }
        }
        return whole;
    }

    private static boolean[] drawn(int cells, int count, SeededRandom random) {
        int[] order = new int[cells];
        Arrays.setAll(order, i -> i);
        boolean[] hidden = new boolean[cells];
        for (int i = 0; i < count; i++) {
            int j = i + (int) Long.remainderUnsigned(random.nextLong(), cells - (long) i);
            int picked = order[j];
            order[j] = order[i];
            hidden[picked] = true;
        }
        return hidden;
    }

    /**
     * How every patch lies to a box: how far right and below its centre the patch's index is, in parts of the grid, and one
     * over the box's width and height in patches, 1 where it is smaller than a patch.
     *
     * @param box as parts of the square
     * @return (grid * grid, 4), row by row
     */
    public static float[] relations(Box box, int grid) {
        double x = (box.x1() + box.x2()) / 2 * grid;
        double y = (box.y1() + box.y2()) / 2 * grid;
        double across = 1 / Math.max(box.width() * grid, 1);
        double down = 1 / Math.max(box.height() * grid, 1);
        float[] out = new float[4 * grid * grid];
        for (int i = 0; i < grid * grid; i++) {
            out[4 * i] = (float) ((i % grid - x) / grid);
            out[4 * i + 1] = (float) ((Math.floorDiv(i, grid) - y) / grid);
            out[4 * i + 2] = (float) across;
            out[4 * i + 3] = (float) down;
        }
        return out;
    }
}
