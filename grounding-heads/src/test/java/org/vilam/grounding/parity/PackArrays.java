package org.vilam.grounding.parity;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.function.DoubleUnaryOperator;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.Constants;

/** The tensors of a parity pack as arrays, and comparisons with them. */
public final class PackArrays {
    private final ParityPack pack;
    private final NDManager manager;
    private double worst;

    /** For one pack; arrays belong to the manager. */
    public PackArrays(ParityPack pack, NDManager manager) {
        this.pack = pack;
        this.manager = manager;
    }

    /** A tensor of {@code io.safetensors} as float32. */
    public NDArray get(String key) {
        ParityPack.Tensor tensor = pack.io(key);
        return Constants.of(manager, tensor.floats(), new Shape(tensor.shape()));
    }

    /** Asserts that all elements differ by no more than {@code tolerance} of the expected element. */
    public void assertClose(String key, NDArray actual, DoubleUnaryOperator tolerance) {
        ParityPack.Tensor expected = pack.io(key);
        assertThat(actual.getShape().getShape()).as("shape of " + key).isEqualTo(expected.shape());
        assertClose(key, actual.toFloatArray(), expected.values(), tolerance);
    }

    /** Asserts that a single number is right. */
    public void assertClose(String key, double actual, DoubleUnaryOperator tolerance) {
        assertClose(key, new float[] {(float) actual}, pack.io(key).values(), tolerance);
    }

    /**
     * Asserts that all elements differ by no more than {@code tolerance} times the larger of 1 and the tensor's largest element:
     * the rule of the BEiT-3, SimVG and C3VG packs.
     */
    public void assertCloseToScale(String key, NDArray actual, double tolerance) {
        double[] expected = pack.io(key).values();
        double scale = Math.max(1, largest(expected));
        assertClose(key, actual, v -> tolerance * scale);
        float[] values = actual.toFloatArray();
        for (int i = 0; i < values.length; i++) {
            worst = Math.max(worst, Math.abs(values[i] - expected[i]) / scale);
        }
    }

    /** The largest difference that {@link #assertCloseToScale} has met, as a share of that scale. */
    public double worst() {
        return worst;
    }

    /** Asserts numbers against numbers. */
    public static void assertClose(String key, float[] actual, double[] expected, DoubleUnaryOperator tolerance) {
        assertThat(actual).as(key).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            double gap = Math.abs(actual[i] - expected[i]);
            if (!(gap <= tolerance.applyAsDouble(expected[i]))) {
                throw new AssertionError(
                        key + ": element " + i + " is " + actual[i] + ", the reference has " + expected[i] + ", " + gap
                                + " away where " + tolerance.applyAsDouble(expected[i]) + " is allowed");
            }
        }
    }

    /** The largest absolute value. */
    public static double largest(double[] values) {
        double largest = 0;
        for (double v : values) {
            largest = Math.max(largest, Math.abs(v));
        }
        return largest;
    }
}
