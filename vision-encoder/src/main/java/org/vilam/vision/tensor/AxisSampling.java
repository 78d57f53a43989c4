package org.vilam.vision.tensor;

import java.util.Arrays;

/**
 * How one axis of an image or tensor is resampled: every output position is a weighted sum over a run of neighbouring
 * source positions. Two-dimensional resampling is one of these along each axis.
 *
 * <p>Positions are pixel areas: output i is centred at {@code step * (i + 0.5)} in source units. The formulas are those of
 * PyTorch ({@code aten/src/ATen/native/UpSample.h} and {@code cpu/UpSampleKernel.cpp}); {@link #smoothedLinear} and
 * {@link #smoothedCubic} are also Pillow's ({@code src/libImaging/Resample.c}), from which PyTorch took them. PyTorch
 * computes positions in the tensor's own precision, and rounding decides which pixel "nearest" takes, so precision is an
 * argument here.
 */
public abstract sealed class AxisSampling {
    /** The cubic coefficient of PyTorch's and OpenCV's plain bicubic interpolation. */
    public static final double SHARP_CUBIC = -0.75;
    /** The cubic coefficient of Pillow and of PyTorch's smoothed bicubic interpolation (Catmull-Rom, Keys 1981). */
    public static final double SOFT_CUBIC = -0.5;

    private final int source;
    private final int size;
    private final boolean single;
    private final double step;

    private AxisSampling(int source, int size, double step, boolean single) {
        if (source < 1 || size < 1) {
            throw new IllegalArgumentException("sides must be at least 1, got " + source + " to " + size);
        }
        if (!(step >= 0) || Double.isInfinite(step)) {
            throw new IllegalArgumentException("step must be finite and not negative, got " + step);
        }
        this.source = source;
        this.size = size;
        this.single = single;
        this.step = rounded(step);
    }

    /** Positions of the source. */
    public final int source() {
        return source;
    }

    /** Positions of the output. */
    public final int size() {
        return size;
    }

    /** The most source positions one output position may read. */
    public abstract int taps();

    /** The first source position that output {@code i} reads. */
    public abstract int first(int i);

    /** How many source positions output {@code i} reads, 1 .. {@link #taps()}; all lie inside the source. */
    public abstract int count(int i);

    /** Writes the {@link #count(int) count} weights of output {@code i} to the front of {@code into}; they sum to 1. */
    public abstract void weights(int i, double[] into);

    /**
     * The source position below or at {@code i * step}: PyTorch's "nearest".
     *
     * @param step source positions an output position
     * @param single whether positions are rounded to float32, as PyTorch does for every tensor but float64
     */
    public static AxisSampling nearest(int source, int size, double step, boolean single) {
        return new Nearest(source, size, step, single, false);
    }

    /** The source position whose area holds the centre of output {@code i}: PyTorch's "nearest-exact". */
    public static AxisSampling nearestExact(int source, int size, double step, boolean single) {
        return new Nearest(source, size, step, single, true);
    }

    /** The two neighbours weighted by distance; at the border the last position alone. No smoothing when shrinking. */
    public static AxisSampling linear(int source, int size, double step, boolean alignCorners, boolean single) {
        return new Linear(source, size, kept(source, size, step), alignCorners, single);
    }

    /** Four neighbours, cubic convolution with {@link #SHARP_CUBIC}, positions clamped to the border. No smoothing. */
    public static AxisSampling cubic(int source, int size, double step, boolean alignCorners, boolean single) {
        return new Cubic(source, size, step, alignCorners, single);
    }

    /** Triangle filter as wide as two steps, cut at the border and made to sum to 1: smooths when shrinking. */
    public static AxisSampling smoothedLinear(int source, int size, double step, boolean single) {
        return new Smoothed(source, size, kept(source, size, step), single, false);
    }

    /** As {@link #smoothedLinear} with the cubic filter of {@link #SOFT_CUBIC}, four steps wide. */
    public static AxisSampling smoothedCubic(int source, int size, double step, boolean single) {
        return new Smoothed(source, size, kept(source, size, step), single, true);
    }

    /** ATen copies an axis of unchanged length whatever the scale factor says, in these modes. */
    private static double kept(int source, int size, double step) {
        return source == size ? 1 : step;
    }

    /** The value at distance {@code x} of the cubic convolution kernel with coefficient {@code a} (Keys 1981, eq. 4). */
    private static double cubicKernel(double x, double a) {
        double d = Math.abs(x);
        if (d < 1) {
            return ((a + 2) * d - (a + 3)) * d * d + 1;
        }
        return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
    }

    final double rounded(double value) {
        return single ? (float) value : value;
    }

    final double step() {
        return step;
    }

    /** The place of output {@code i} between the centres of source positions, rounded after every operation. */
    final double position(int i, boolean alignCorners) {
        return alignCorners ? rounded(step * i) : rounded(rounded(step * (i + 0.5)) - 0.5);
    }

    private static final class Nearest extends AxisSampling {
        private final boolean exact;

        Nearest(int source, int size, double step, boolean single, boolean exact) {
            super(source, size, step, single);
            this.exact = exact;
        }

        @Override
        public int taps() {
            return 1;
        }

        @Override
        public int first(int i) {
            double at = exact ? rounded(Math.max(position(i, false), 0) + 0.5) : position(i, true);
            return (int) Math.min(Math.floor(at), source() - 1);
        }

        @Override
        public int count(int i) {
            return 1;
        }

        @Override
        public void weights(int i, double[] into) {
            into[0] = 1;
        }
    }

    private static final class Linear extends AxisSampling {
        private final boolean alignCorners;

        Linear(int source, int size, double step, boolean alignCorners, boolean single) {
            super(source, size, step, single);
            this.alignCorners = alignCorners;
        }

        @Override
        public int taps() {
            return 2;
        }

        @Override
        public int first(int i) {
            return (int) Math.min(Math.max(position(i, alignCorners), 0), source() - 1);
        }

        @Override
        public int count(int i) {
            return first(i) < source() - 1 ? 2 : 1;
        }

        @Override
        public void weights(int i, double[] into) {
            if (count(i) == 1) {
                into[0] = 1;
                return;
            }
            into[1] = rounded(Math.max(position(i, alignCorners), 0) - first(i));
            into[0] = 1 - into[1];
        }
    }

    private static final class Cubic extends AxisSampling {
        private final boolean alignCorners;

        Cubic(int source, int size, double step, boolean alignCorners, boolean single) {
            super(source, size, step, single);
            this.alignCorners = alignCorners;
        }

        @Override
        public int taps() {
            return 4;
        }

        /** The source position left of output {@code i}; -1 for the half pixel before the first centre. */
        private int left(int i) {
            return (int) Math.min(Math.floor(position(i, alignCorners)), source() - 1);
        }

        private int clamp(int at) {
            return Math.min(Math.max(at, 0), source() - 1);
        }

        @Override
        public int first(int i) {
            return clamp(left(i) - 1);
        }

        @Override
        public int count(int i) {
            return clamp(left(i) + 2) - first(i) + 1;
        }

        @Override
        public void weights(int i, double[] into) {
            int left = left(i);
            double t = Math.min(rounded(position(i, alignCorners) - left), 1);
            Arrays.fill(into, 0, count(i), 0);
            for (int k = -1; k <= 2; k++) {
                into[clamp(left + k) - first(i)] += cubicKernel(t - k, SHARP_CUBIC);
            }
        }
    }

    private static final class Smoothed extends AxisSampling {
        private final boolean cubic;
        private final double stretch;
        private final double support;

        Smoothed(int source, int size, double step, boolean single, boolean cubic) {
            super(source, size, step, single);
            this.cubic = cubic;
            this.stretch = Math.max(step(), 1);
            this.support = (cubic ? 2 : 1) * stretch;
        }

        @Override
        public int taps() {
            return (int) Math.min(Math.ceil(support) * 2 + 1, source());
        }

        private double centre(int i) {
            return rounded(step() * (i + 0.5));
        }

        @Override
        public int first(int i) {
            return (int) Math.min(Math.max(centre(i) - support + 0.5, 0), source() - 1);
        }

        @Override
        public int count(int i) {
            return Math.max((int) Math.min(centre(i) + support + 0.5, source()) - first(i), 1);
        }

        @Override
        public void weights(int i, double[] into) {
            double centre = centre(i);
            double narrowing = 1 / stretch;
            int first = first(i);
            int count = count(i);
            double sum = 0;
            for (int k = 0; k < count; k++) {
                double x = (k + first - centre + 0.5) * narrowing;
                into[k] = cubic ? cubicKernel(x, SOFT_CUBIC) : Math.max(1 - Math.abs(x), 0);
                sum += into[k];
            }
            for (int k = 0; k < count && sum != 0; k++) {
                into[k] /= sum;
            }
        }
    }
}
