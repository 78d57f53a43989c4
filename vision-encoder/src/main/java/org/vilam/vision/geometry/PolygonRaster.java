package org.vilam.vision.geometry;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Fills polygons by pycocotools' rule ({@code rleFrPoly} of {@code maskApi.c}), exactly.
 *
 * <p>The rule: corners are rounded to fifths of a pixel and each edge is drawn as a line on that five times finer grid.
 * Wherever the line passes the middle of a pixel column (from fine column 5c + 2 to 5c + 3), the fill toggles from the
 * first row whose centre is not above the line. pycocotools stores all points of all lines; here the crossings of each
 * edge are computed directly, so the cost is one step for each edge and column and huge coordinates cost nothing.
 */
final class PolygonRaster {
    private static final int FINE = 5;

    private final int width;
    private final int height;

    private PolygonRaster(int width, int height) {
        this.width = width;
        this.height = height;
    }

    /**
     * The pixels inside an odd number of the rings.
     *
     * @param rings each {@code x, y, x, y, ...}; of any number of points, closed or not; in range
     */
    static Rle fill(int width, int height, List<double[]> rings) {
        PolygonRaster raster = new PolygonRaster(width, height);
        long crossings = 0;
        for (double[] ring : rings) {
            crossings += raster.countCrossings(ring);
        }
        long words = Mask.wordCount(width, height);
        return crossings < words ? raster.sparse(rings, (int) crossings) : raster.dense(rings, (int) words);
    }

    /** Few crossings: sort them. */
    private Rle sparse(List<double[]> rings, int crossings) {
        int[] at = new int[crossings];
        IntConsumer add = new IntConsumer() {
            private int n;

            @Override
            public void accept(int position) {
                at[n++] = position;
            }
        };
        rings.forEach(ring -> toggle(ring, add));
        Arrays.sort(at);
        int[] counts = new int[crossings + 1];
        int m = 0;
        int from = 0;
        int pixels = width * height;
        for (int i = 0; i < crossings; i++) {
            if (i + 1 < crossings && at[i] == at[i + 1]) {
                i++; // two toggles at one place are none
            } else if (at[i] < pixels) {
                counts[m++] = at[i] - from;
                from = at[i];
            }
        }
        counts[m++] = pixels - from;
        return new Rle(width, height, Arrays.copyOf(counts, m));
    }

    /** Many crossings: one bit for each place, so memory stays that of the mask whatever the polygon. */
    private Rle dense(List<double[]> rings, int words) {
        long[] changes = new long[words];
        int pixels = width * height;
        IntConsumer flip = position -> {
            if (position < pixels) {
                changes[position >>> 6] ^= 1L << position;
            }
        };
        rings.forEach(ring -> toggle(ring, flip));
        return new Rle(width, height, BitRuns.counts(changes, pixels));
    }

    private long countCrossings(double[] ring) {
        long crossings = 0;
        long x = fine(ring[ring.length - 2]);
        for (int i = 0; i < ring.length; i += 2) {
            long next = fine(ring[i]);
            crossings += Math.max(0, lastColumn(Math.max(x, next)) - firstColumn(Math.min(x, next)) + 1);
            x = next;
        }
        return crossings;
    }

    private void toggle(double[] ring, IntConsumer out) {
        long x = fine(ring[ring.length - 2]);
        long y = fine(ring[ring.length - 1]);
        for (int i = 0; i < ring.length; i += 2) {
            long nextX = fine(ring[i]);
            long nextY = fine(ring[i + 1]);
            toggle(x, y, nextX, nextY, out);
            x = nextX;
            y = nextY;
        }
    }

    private void toggle(long x0, long y0, long x1, long y1, IntConsumer out) {
        long dx = Math.abs(x1 - x0);
        long dy = Math.abs(y1 - y0);
        boolean flat = dx >= dy;
        boolean flip = flat ? x0 > x1 : y0 > y1;
        long xs = flip ? x1 : x0;
        long ys = flip ? y1 : y0;
        long xe = flip ? x0 : x1;
        long ye = flip ? y0 : y1;
        int last = lastColumn(Math.max(xs, xe));
        for (int column = firstColumn(Math.min(xs, xe)); column <= last; column++) {
            long before = FINE * (long) column + 2; // the line steps between this fine column and the next
            long row;
            if (flat) {
                double slope = (double) (ye - ys) / dx;
                long t = before - xs;
                row = Math.min((long) (ys + slope * t + .5), (long) (ys + slope * (t + 1) + .5));
            } else {
                row = ys + stepAcross(before, xs, (double) (xe - xs) / dy, dy);
            }
            out.accept(column * height + pixelRow(row));
        }
    }

    /**
     * On a steep line, the last of its steps that lies on the near side of the boundary behind fine column {@code
     * before}.
     */
    private static long stepAcross(long before, long xs, double slope, long steps) {
        boolean rightwards = slope > 0;
        long near = 0;
        long far = steps;
        while (far - near > 1) {
            long middle = (near + far) >>> 1;
            boolean right = (long) (xs + slope * middle + .5) > before;
            if (right == rightwards) {
                far = middle;
            } else {
                near = middle;
            }
        }
        return near;
    }

    private int pixelRow(long fineRow) {
        double row = (fineRow + .5) / FINE - .5;
        return (int) Math.ceil(Math.max(0, Math.min(height, row)));
    }

    private int firstColumn(long fineX) {
        return (int) Math.max(0, Math.min(width, Math.floorDiv(fineX - 2 + FINE - 1, FINE)));
    }

    private int lastColumn(long fineX) {
        return (int) Math.max(-1, Math.min(width - 1, Math.floorDiv(fineX - 3, FINE)));
    }

    private static long fine(double coordinate) {
        return (long) (FINE * coordinate + .5);
    }
}
