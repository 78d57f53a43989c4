package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;

/** The implementations, seeded arrays and the comparisons that the tests of this package share. */
final class OperationsUnderTest {
    private static final NDManager MODULES = NDManager.newBaseManager(Device.cpu());

    static final Operations SCRIPT = ScriptOperations.load(MODULES);
    /** As on a CPU without bfloat16 products. */
    static final Operations EMULATED = ScriptOperations.load(MODULES, false);

    static final Operations PLAIN = new PlainOperations();

    private OperationsUnderTest() {}

    static Stream<Operations> both() {
        return Stream.of(SCRIPT, PLAIN);
    }

    static NDManager newManager() {
        return NDManager.newBaseManager(Device.cpu());
    }

    /** Standard normal numbers, the same for the same seed. */
    static NDArray normal(NDManager manager, long seed, long... shape) {
        Random random = new Random(seed);
        float[] values = new float[(int) new Shape(shape).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return manager.create(values, new Shape(shape));
    }

    static NDArray array(NDManager manager, Shape shape, double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return manager.create(floats, shape);
    }

    /** What a computation gives and the gradients of a fixed weighted sum of it in each input. */
    record Outcome(NDArray output, List<NDArray> gradients) {}

    static Outcome differentiate(
            Operations operations, Function<List<NDArray>, NDArray> computation, List<NDArray> inputs) {
        inputs.forEach(input -> input.setRequiresGradient(true));
        try (GradientScope scope = GradientScope.recording()) {
            NDArray output = computation.apply(inputs);
            NDArray weights = normal(output.getManager(), 99, output.getShape().getShape());
            NDArray loss = output.mul(weights).sum();
            return new Outcome(output, operations.gradients(loss, inputs));
        }
    }

    static List<NDArray> copies(NDManager manager, List<NDArray> arrays) {
        List<NDArray> copies = new ArrayList<>();
        for (NDArray array : arrays) {
            NDArray copy = array.duplicate();
            copy.attach(manager);
            copies.add(copy);
        }
        return copies;
    }

    /** Every element within {@code tolerance} times the larger of 1 and the largest expected magnitude. */
    static void assertClose(String what, NDArray actual, NDArray expected, double tolerance) {
        assertThat(actual.getShape()).as(what).isEqualTo(expected.getShape());
        double[] a = doubles(actual);
        double[] e = doubles(expected);
        double largest = 1;
        for (double value : e) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < e.length; i++) {
            assertThat(a[i]).as("%s, element %d", what, i).isCloseTo(e[i], within(tolerance * largest));
        }
    }

    static double[] doubles(NDArray array) {
        if (array.getDataType() == DataType.FLOAT64) {
            return array.toDoubleArray();
        }
        float[] floats = array.toFloatArray();
        double[] doubles = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            doubles[i] = floats[i];
        }
        return doubles;
    }

    static byte[] bytes(NDArray array) {
        java.nio.ByteBuffer buffer = array.toByteBuffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static org.assertj.core.data.Offset<Double> within(double tolerance) {
        return org.assertj.core.data.Offset.offset(tolerance);
    }
}
