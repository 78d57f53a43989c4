package org.vilam.vision.image;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.tensor.AxisSampling;

/**
 * Pillow's {@code Image.resize} with a convolution filter ({@code src/libImaging/Resample.c}): a horizontal pass, then a
 * vertical one, weights in 22-bit fixed point, each pass rounded and clamped to 8 bits and left out where its side stays.
 *
 * <p>Only the rows under the current vertical window are held, in a ring. Windows grow with the shrinking factor, so very
 * long pictures are done in strips of columns to bound ring and weights.
 */
final class PilResize {
    private static final int PRECISION_BITS = 32 - 8 - 2;
    private static final int HALF = 1 << (PRECISION_BITS - 1);
    private static final long STRIP_BYTES = 32L << 20;

    /** The filter along one axis; {@link AxisSampling#smoothedLinear} or {@link AxisSampling#smoothedCubic}. */
    @FunctionalInterface
    interface Filter {
        AxisSampling along(int source, int size, double step, boolean single);
    }

    private final byte[] source;
    private final int stride;
    private final byte[] result;
    private final int toWidth;
    private final int toHeight;
    private final @Nullable AxisSampling across;
    private final @Nullable AxisSampling down;

    PilResize(RgbImage image, int toWidth, int toHeight, Filter filter) {
        source = image.rgb();
        stride = 3 * image.width();
        this.toWidth = toWidth;
        this.toHeight = toHeight;
        result = new byte[3 * toWidth * toHeight];
        across = along(filter, image.width(), toWidth);
        down = along(filter, image.height(), toHeight);
    }

    private static @Nullable AxisSampling along(Filter filter, int source, int size) {
        return source == size ? null : filter.along(source, size, (double) source / size, false);
    }

    /** The pixels of the new size. */
    byte[] resize() {
        if (across == null) {
            if (down == null) {
                return source.clone();
            }
            vertical(down, null, 0, toWidth);
            return result;
        }
        long columnBytes = 4L * across.taps() + (down == null ? 0 : 3L * down.taps());
        int strip = (int) Math.min(Math.max(STRIP_BYTES / columnBytes, 1), toWidth);
        for (int left = 0; left < toWidth; left += strip) {
            int right = Math.min(left + strip, toWidth);
            Columns columns = new Columns(across, left, right);
            if (down == null) {
                for (int y = 0; y < toHeight; y++) {
                    columns.resizeRow(source, y * stride, result, 3 * (y * toWidth + left));
                }
            } else {
                vertical(down, columns, left, right);
            }
        }
        return result;
    }

    /** Fills the columns left .. right - 1 of the result from source rows, resized by {@code columns} first unless null. */
    private void vertical(AxisSampling rows, @Nullable Columns columns, int left, int right) {
        int rowBytes = 3 * (right - left);
        int slots = columns == null ? rows.source() : rows.taps();
        byte[] ring = columns == null ? source : new byte[slots * rowBytes];
        double[] exact = new double[rows.taps()];
        int[] weights = new int[rows.taps()];
        int[] sums = new int[rowBytes];
        int made = 0;
        for (int y = 0; y < toHeight; y++) {
            int first = rows.first(y);
            int count = fixedPoint(rows, y, exact, weights, 0);
            if (columns != null) {
                for (made = Math.max(made, first); made < first + count; made++) {
                    columns.resizeRow(source, made * stride, ring, made % slots * rowBytes);
                }
            }
            Arrays.fill(sums, HALF);
            for (int k = 0; k < count; k++) {
                addRow(ring, (first + k) % slots * rowBytes, weights[k], sums);
            }
            int at = 3 * (y * toWidth + left);
            for (int i = 0; i < rowBytes; i++) {
                result[at + i] = clip(sums[i]);
            }
        }
    }

    private static void addRow(byte[] rows, int at, int weight, int[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += (rows[at + i] & 0xFF) * weight;
        }
    }

    /** Writes the weights of output {@code i} from {@code at} on, rounded half away from zero; returns their number. */
    private static int fixedPoint(AxisSampling sampling, int i, double[] exact, int[] weights, int at) {
        sampling.weights(i, exact);
        int count = sampling.count(i);
        for (int k = 0; k < count; k++) {
            double scaled = exact[k] * (1 << PRECISION_BITS);
            weights[at + k] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
        }
        return count;
    }

    private static byte clip(int sum) {
        int value = sum >> PRECISION_BITS;
        return (byte) ((value & ~0xFF) == 0 ? value : value < 0 ? 0 : 255);
    }

    /** Weights of a run of output columns. */
    private static final class Columns {
        private final int[] first;
        private final int[] count;
        private final int[] weights;
        private final int taps;

        Columns(AxisSampling across, int left, int right) {
            taps = across.taps();
            first = new int[right - left];
            count = new int[right - left];
            weights = new int[(right - left) * taps];
            double[] exact = new double[taps];
            for (int x = 0; x < first.length; x++) {
                first[x] = across.first(left + x);
                count[x] = fixedPoint(across, left + x, exact, weights, x * taps);
            }
        }

        /** One source row that starts at {@code from} becomes one row of these columns at {@code to}. */
        void resizeRow(byte[] source, int from, byte[] target, int to) {
            int at = to;
            for (int x = 0; x < first.length; x++) {
                int pixel = from + 3 * first[x];
                int end = x * taps + count[x];
                int red = HALF;
                int green = HALF;
                int blue = HALF;
                for (int k = x * taps; k < end; k++) {
                    int weight = weights[k];
                    red += (source[pixel] & 0xFF) * weight;
                    green += (source[pixel + 1] & 0xFF) * weight;
                    blue += (source[pixel + 2] & 0xFF) * weight;
                    pixel += 3;
                }
                target[at] = clip(red);
                target[at + 1] = clip(green);
                target[at + 2] = clip(blue);
                at += 3;
            }
        }
    }
}
