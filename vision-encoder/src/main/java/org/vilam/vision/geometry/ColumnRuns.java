package org.vilam.vision.geometry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A mask as runs down its columns, and the connected components of those runs (union-find over neighbouring columns; He
 * et al. 2017, "The connected-component labeling problem", section on run-based algorithms). Work and memory grow with
 * the number of runs, not of pixels.
 */
final class ColumnRuns {
    private final int width;
    private final int height;
    /** Position of each run's first pixel, ascending. */
    private final int[] starts;
    /** Position behind each run's last pixel, in the same column or the first of the next. */
    private final int[] ends;
    /** Number of the component of each run, numbered by falling area, then by the first pixel. */
    private final int[] component;
    /** Pixels of each component. */
    private final long[] areas;

    ColumnRuns(Rle code, Connectivity connectivity) {
        width = code.width();
        height = code.height();
        int[] counts = code.counts();
        int n = 0;
        int at = 0;
        for (int i = 0; i + 1 < counts.length; i += 2) {
            at += counts[i];
            n += (at + counts[i + 1] - 1) / height - at / height + 1;
            at += counts[i + 1];
        }
        starts = new int[n];
        ends = new int[n];
        n = 0;
        at = 0;
        for (int i = 0; i + 1 < counts.length; i += 2) {
            at += counts[i];
            int end = at + counts[i + 1];
            while (at < end) {
                starts[n] = at;
                at = (int) Math.min(end, (at / height + 1L) * height);
                ends[n++] = at;
            }
        }
        int[] parent = join(connectivity == Connectivity.EIGHT ? 1 : 0);
        component = new int[n];
        areas = number(parent);
    }

    /** The union-find forest; each root is the first run of its component. */
    private int[] join(int reach) {
        int[] parent = new int[starts.length];
        int left = 0; // first run of the column before that may still touch
        for (int i = 0; i < starts.length; i++) {
            parent[i] = i;
            int column = starts[i] / height;
            int top = starts[i] % height;
            int bottom = top + ends[i] - starts[i];
            while (left < i
                    && (starts[left] / height < column - 1
                            || (starts[left] / height == column - 1 && rowEnd(left) + reach <= top))) {
                left++;
            }
            for (int j = left; j < i && starts[j] / height == column - 1 && starts[j] % height < bottom + reach; j++) {
                int a = root(parent, i);
                int b = root(parent, j);
                parent[Math.max(a, b)] = Math.min(a, b);
            }
        }
        return parent;
    }

    private int rowEnd(int run) {
        return starts[run] % height + ends[run] - starts[run];
    }

    private static int root(int[] parent, int run) {
        int r = run;
        while (parent[r] != r) {
            parent[r] = parent[parent[r]];
            r = parent[r];
        }
        return r;
    }

    private long[] number(int[] parent) {
        long[] size = new long[parent.length];
        List<Integer> roots = new ArrayList<>();
        for (int i = 0; i < parent.length; i++) {
            int root = root(parent, i);
            size[root] += ends[i] - starts[i];
            if (root == i) {
                roots.add(i);
            }
        }
        roots.sort(Comparator.comparingLong((Integer r) -> -size[r]).thenComparing(r -> r));
        int[] numberOfRoot = new int[parent.length];
        long[] sorted = new long[roots.size()];
        for (int c = 0; c < sorted.length; c++) {
            numberOfRoot[roots.get(c)] = c;
            sorted[c] = size[roots.get(c)];
        }
        for (int i = 0; i < parent.length; i++) {
            component[i] = numberOfRoot[root(parent, i)];
        }
        return sorted;
    }

    /** Number of runs. */
    int size() {
        return starts.length;
    }

    /** Position of a run's first pixel, {@code x * height + y}. */
    int start(int run) {
        return starts[run];
    }

    /** The component of a run, 0 for the largest. */
    int component(int run) {
        return component[run];
    }

    /** Number of components. */
    int components() {
        return areas.length;
    }

    /** Each component as a code, the largest first. */
    List<Rle> codes() {
        int[][] counts = new int[areas.length][];
        int[] used = new int[areas.length];
        int[] position = new int[areas.length]; // behind the last run written
        for (int i = 0; i < starts.length; i++) {
            int c = component[i];
            if (counts[c] == null) {
                counts[c] = new int[3];
            }
            if (used[c] > 0 && position[c] == starts[i]) {
                counts[c][used[c] - 1] += ends[i] - starts[i];
            } else {
                if (used[c] + 3 > counts[c].length) {
                    counts[c] = Arrays.copyOf(counts[c], 2 * counts[c].length + 2);
                }
                counts[c][used[c]++] = starts[i] - position[c];
                counts[c][used[c]++] = ends[i] - starts[i];
            }
            position[c] = ends[i];
        }
        List<Rle> codes = new ArrayList<>(areas.length);
        for (int c = 0; c < areas.length; c++) {
            int rest = width * height - position[c];
            if (rest > 0) {
                counts[c][used[c]++] = rest;
            }
            codes.add(new Rle(width, height, Arrays.copyOf(counts[c], used[c])));
        }
        return codes;
    }
}
