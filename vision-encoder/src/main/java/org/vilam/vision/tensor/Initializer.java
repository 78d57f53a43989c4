package org.vilam.vision.tensor;

import ai.djl.ndarray.types.Shape;
import java.util.function.DoubleSupplier;

/**
 * How a weight begins when there is no file to read it from.
 *
 * <p>Weights have the layout of PyTorch: (out, in) for linear layers, (out, in, kernel height, kernel width) for
 * convolutions. So fan-in is the product of all sides but the first, and fan-out the first side times the kernel's area.
 * Numbers are drawn in row-major order, computed in double and stored as float32.
 */
@FunctionalInterface
public interface Initializer {
    /**
     * The first values of a tensor.
     *
     * @param shape its sides
     * @param random the generator of this tensor alone
     * @return row-major, as many as the shape has elements
     */
    float[] values(Shape shape, SeededRandom random);

    /** All 0. */
    static Initializer zeros() {
        return constant(0);
    }

    /** All 1. */
    static Initializer ones() {
        return constant(1);
    }

    /** All the same number. */
    static Initializer constant(double value) {
        return (shape, random) -> fill(shape, () -> value);
    }

    /** Uniform in [low, high). */
    static Initializer uniform(double low, double high) {
        return (shape, random) -> fill(shape, () -> random.nextUniform(low, high));
    }

    /** Normal with mean 0. */
    static Initializer normal(double std) {
        return (shape, random) -> fill(shape, () -> std * random.nextNormal());
    }

    /**
     * Normal with mean 0, redrawn until it lies within two standard deviations, as BERT does (tf.truncated_normal) and timm's
     * {@code trunc_normal_tf_}. The values' own standard deviation is 0.88 times {@code std}. PyTorch's
     * {@code trunc_normal_} with its default bounds is another thing: it cuts at the values -2 and 2.
     */
    static Initializer truncatedNormal(double std) {
        return (shape, random) -> fill(shape, () -> {
            double z;
            do {
                z = random.nextNormal();
            } while (Math.abs(z) > 2);
            return std * z;
        });
    }

    /**
     * Uniform in +-sqrt(6 / (fan-in + fan-out)); Glorot and Bengio 2010, {@code torch.nn.init.xavier_uniform_}.
     */
    static Initializer xavierUniform() {
        return (shape, random) -> symmetric(shape, random, Math.sqrt(6.0 / (fanIn(shape) + fanOut(shape))));
    }

    /**
     * Uniform in +-sqrt(6 / ((1 + a^2) fan-in)); He et al. 2015, {@code torch.nn.init.kaiming_uniform_}.
     *
     * @param a the slope of the activation below 0: 0 for ReLU; sqrt(5) gives +-1 / sqrt(fan-in), the start PyTorch gives its
     *     linear and convolution layers
     */
    static Initializer kaimingUniform(double a) {
        return (shape, random) -> symmetric(shape, random, Math.sqrt(6.0 / ((1 + a * a) * fanIn(shape))));
    }

    private static float[] symmetric(Shape shape, SeededRandom random, double bound) {
        return fill(shape, () -> random.nextUniform(-bound, bound));
    }

    private static float[] fill(Shape shape, DoubleSupplier next) {
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) next.getAsDouble();
        }
        return values;
    }

    private static long fanIn(Shape shape) {
        return shape.size() / fans(shape).get(0);
    }

    private static long fanOut(Shape shape) {
        return shape.size() / fans(shape).get(1);
    }

    private static Shape fans(Shape shape) {
        if (shape.dimension() < 2 || shape.size() == 0) {
            throw new IllegalArgumentException("fan-in and fan-out need two sides or more, got " + shape);
        }
        return shape;
    }
}
