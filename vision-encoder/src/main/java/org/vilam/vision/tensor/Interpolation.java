package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Objects;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * Resampling of feature maps, masks and position tables with the semantics of {@code torch.nn.functional.interpolate} on
 * (B, C, H, W), which DJL's own {@code interpolation} offers only in part (it ignores {@code align_corners}).
 *
 * <p>Linear and cubic modes are two matrix products, one an axis, nearest modes two selections, so every mode is
 * differentiable in its input. A matrix product spreads infinities and NaN along their row and column: linear and cubic
 * inputs are to be finite. Results belong to the manager of the input; nothing else is left on it.
 *
 * @param mode which neighbours are read
 * @param alignCorners whether the centres of the corner pixels coincide (linear and cubic modes); otherwise their outer
 *     edges do
 * @param antialias whether the filter widens when shrinking (linear and cubic modes); the cubic coefficient is then -0.5
 *     instead of -0.75
 */
public record Interpolation(Mode mode, boolean alignCorners, boolean antialias) {
    /** Which neighbours an output pixel reads, in PyTorch's names. */
    public enum Mode {
        /** The pixel below or at {@code i * in / out}. */
        NEAREST,
        /** The pixel that holds the output pixel's centre. */
        NEAREST_EXACT,
        /** Two a side. */
        BILINEAR,
        /** Four a side. */
        BICUBIC
    }

    /** {@code mode="nearest"}. */
    public static final Interpolation NEAREST = new Interpolation(Mode.NEAREST, false, false);
    /** {@code mode="nearest-exact"}. */
    public static final Interpolation NEAREST_EXACT = new Interpolation(Mode.NEAREST_EXACT, false, false);
    /** {@code mode="bilinear", align_corners=False}. */
    public static final Interpolation BILINEAR = new Interpolation(Mode.BILINEAR, false, false);
    /** {@code mode="bicubic", align_corners=False}. */
    public static final Interpolation BICUBIC = new Interpolation(Mode.BICUBIC, false, false);

    /** Checks that the flags mean something in this mode. */
    public Interpolation {
        Objects.requireNonNull(mode, "mode");
        if ((alignCorners || antialias) && (mode == Mode.NEAREST || mode == Mode.NEAREST_EXACT)) {
            throw new IllegalArgumentException("align_corners and antialias have no meaning for " + mode);
        }
    }

    /** The same with {@code align_corners=True}. */
    public Interpolation withAlignCorners() {
        return new Interpolation(mode, true, antialias);
    }

    /** The same with {@code antialias=True}. */
    public Interpolation withAntialias() {
        return new Interpolation(mode, alignCorners, true);
    }

    /**
     * {@code interpolate(x, size=(height, width))}.
     *
     * @param x (B, C, H, W), float32 or float64
     * @param height rows of the result, at least 1
     * @param width columns of the result, at least 1
     * @return (B, C, height, width)
     * @throws VilamException TENSOR_MISMATCH when {@code x} is not a floating image batch
     */
    public NDArray resize(NDArray x, int height, int width) {
        int[] sides = sides(x);
        return apply(x, height, width, (double) sides[0] / height, (double) sides[1] / width);
    }

    /**
     * {@code interpolate(x, scale_factor=(scaleHeight, scaleWidth), recompute_scale_factor=recompute)}; the result has
     * {@code floor(side * scale)} pixels a side.
     *
     * <p>libtorch's CPU kernel for nearest results of at most 128 rows and columns together ignores the factor on a side that
     * stays or doubles; this method, its other kernels and its documentation do not.
     *
     * @param recompute whether coordinates are mapped by the ratio of the sides rather than by the given factor; the two
     *     differ whenever the side was rounded down
     */
    public NDArray scale(NDArray x, double scaleHeight, double scaleWidth, boolean recompute) {
        int[] sides = sides(x);
        if (!(scaleHeight > 0) || !(scaleWidth > 0)) {
            throw new IllegalArgumentException("scale must be positive, got " + scaleHeight + ", " + scaleWidth);
        }
        int height = (int) Math.floor(sides[0] * scaleHeight);
        int width = (int) Math.floor(sides[1] * scaleWidth);
        return recompute ? resize(x, height, width) : apply(x, height, width, 1 / scaleHeight, 1 / scaleWidth);
    }

    /**
     * A learned table of absolute positions for another grid of patches: the first rows (class token, BEiT-3's two offset
     * rows) are kept, the rest is resampled as an image of D channels. ViT, BEiT-3, EVA and CLIP loaders do this with
     * {@link #BICUBIC}.
     *
     * @param table (1, extraTokens + fromRows * fromColumns, D) or the same without the leading 1, grid row by row
     * @param extraTokens rows before the grid, 0 or more
     * @return the table for the new grid, with as many axes as given; a new array even where the grid stays
     * @throws VilamException TENSOR_MISMATCH when the table does not have that many rows
     */
    public NDArray positionTable(
            NDArray table, int extraTokens, int fromRows, int fromColumns, int toRows, int toColumns) {
        Shape shape = table.getShape();
        int axes = shape.dimension();
        long tokens = extraTokens + (long) fromRows * fromColumns;
        if (axes < 2 || axes > 3 || (axes == 3 && shape.get(0) != 1) || shape.get(axes - 2) != tokens) {
            throw new VilamException(
                    ErrorCode.TENSOR_MISMATCH,
                    "a position table of shape " + shape + " is not " + extraTokens + " rows and a grid of " + fromRows
                            + " x " + fromColumns,
                    "Name the grid the table was trained with: image size divided by patch size, "
                            + "and the tokens before it.");
        }
        long width = shape.get(axes - 1);
        try (NDManager scope = table.getManager().newSubManager()) {
            NDArray rows = table.reshape(tokens, width);
            rows.attach(scope);
            NDArray grid = rows.get(new NDIndex("{}:", extraTokens))
                    .reshape(1, fromRows, fromColumns, width)
                    .transpose(0, 3, 1, 2); // (1, D, fromRows, fromColumns)
            NDArray resized =
                    resize(grid, toRows, toColumns).transpose(0, 2, 3, 1).reshape((long) toRows * toColumns, width);
            NDArray joined =
                    NDArrays.concat(new NDList(rows.get(new NDIndex(":{}", extraTokens)), resized)); // (tokens', D)
            NDArray result = axes == 3 ? joined.expandDims(0) : joined;
            result.attach(table.getManager());
            return result;
        }
    }

    private NDArray apply(NDArray x, int height, int width, double stepDown, double stepAcross) {
        int[] sides = sides(x);
        AxisSampling down = sampling(sides[0], height, stepDown, x.getDataType() == DataType.FLOAT32);
        AxisSampling across = sampling(sides[1], width, stepAcross, x.getDataType() == DataType.FLOAT32);
        try (NDManager scope = x.getManager().newSubManager(x.getDevice())) {
            NDArray result;
            if (mode == Mode.NEAREST || mode == Mode.NEAREST_EXACT) {
                NDArray picked = x.get(new NDIndex(":, :, {}", indices(scope, down)));
                picked.attach(scope);
                result = picked.get(new NDIndex(":, :, :, {}", indices(scope, across)));
            } else {
                NDArray wide = x.matMul(matrix(scope, across, x.getDataType())); // (B, C, H, width)
                wide.attach(scope);
                NDArray turned = wide.swapAxes(2, 3).matMul(matrix(scope, down, x.getDataType()));
                result = turned.swapAxes(2, 3); // (B, C, height, width)
            }
            result.attach(x.getManager());
            return result;
        }
    }

    private AxisSampling sampling(int source, int size, double pixelStep, boolean single) {
        double step = alignCorners ? size > 1 ? (source - 1.0) / (size - 1) : 0 : pixelStep;
        return switch (mode) {
            case NEAREST -> AxisSampling.nearest(source, size, step, single);
            case NEAREST_EXACT -> AxisSampling.nearestExact(source, size, step, single);
            case BILINEAR ->
                antialias
                        ? AxisSampling.smoothedLinear(source, size, step, single)
                        : AxisSampling.linear(source, size, step, alignCorners, single);
            case BICUBIC ->
                antialias
                        ? AxisSampling.smoothedCubic(source, size, step, single)
                        : AxisSampling.cubic(source, size, step, alignCorners, single);
        };
    }

    private static NDArray indices(NDManager scope, AxisSampling sampling) {
        long[] indices = new long[sampling.size()];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = sampling.first(i);
        }
        try (NDArray borrowed = scope.create(indices)) {
            return borrowed.duplicate(); // a recorded graph may outlive Java's memory, see Constants
        }
    }

    /** The weights as (source, size), so that a row vector of the source times it is a row of the result. */
    private static NDArray matrix(NDManager scope, AxisSampling sampling, DataType type) {
        int size = sampling.size();
        double[] matrix = new double[Math.multiplyExact(sampling.source(), size)];
        double[] weights = new double[sampling.taps()];
        for (int i = 0; i < size; i++) {
            sampling.weights(i, weights);
            int first = sampling.first(i);
            for (int k = 0; k < sampling.count(i); k++) {
                matrix[(first + k) * size + i] = weights[k];
            }
        }
        Shape shape = new Shape(sampling.source(), size);
        if (type == DataType.FLOAT64) {
            try (NDArray borrowed = scope.create(matrix, shape)) {
                return borrowed.duplicate();
            }
        }
        float[] single = new float[matrix.length];
        for (int i = 0; i < single.length; i++) {
            single[i] = (float) matrix[i];
        }
        return Constants.of(scope, single, shape);
    }

    /** H and W of (B, C, H, W). */
    private static int[] sides(NDArray x) {
        Shape shape = x.getShape();
        DataType type = x.getDataType();
        if (shape.dimension() != 4 || (type != DataType.FLOAT32 && type != DataType.FLOAT64) || shape.size() == 0) {
            throw new VilamException(
                    ErrorCode.TENSOR_MISMATCH,
                    "interpolation takes float32 or float64 (B, C, H, W), not " + type + " " + shape,
                    "Convert to float32 and add the missing axes first.");
        }
        return new int[] {Math.toIntExact(shape.get(2)), Math.toIntExact(shape.get(3))};
    }
}
