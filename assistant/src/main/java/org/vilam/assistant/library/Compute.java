package org.vilam.assistant.library;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What there is to compute with, and whether it computes right. */
public final class Compute {
    private static final int BATCH = 8;
    private static final int IN = 64;
    private static final int HIDDEN = 128;
    private static final int OUT = 32;

    private Compute() {}

    /**
     * The tensor library.
     *
     * @param name such as {@code PyTorch}
     * @param version of the native library
     * @param gpus devices that it can use
     */
    public record Library(String name, String version, int gpus) {}

    /**
     * A device beside the CPU.
     *
     * @param device such as {@code cuda:0}
     * @param forward largest difference of an output, as a part of the largest output
     * @param backward largest difference of a gradient, as a part of the largest gradient
     */
    public record Comparison(String device, double forward, double backward) {
        /** Whether the differences are those of 32-bit arithmetic, TF32 products included. */
        public boolean agrees() {
            return forward < 5e-3 && backward < 5e-3;
        }
    }

    /**
     * Loads the native library and adds two numbers with it.
     *
     * @throws RuntimeException or LinkageError where it does not load
     */
    public static Library library() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            float sum = manager.create(new float[] {1, 2}).sum().getFloat();
            if (sum != 3) {
                throw new IllegalStateException("1 + 2 comes out as " + sum);
            }
            Engine engine = manager.getEngine();
            return new Library(engine.getEngineName(), engine.getVersion(), engine.getGpuCount());
        }
    }

    /** Two layers forward and backward on every GPU, beside the same on the CPU. */
    public static List<Comparison> compareGpus() {
        List<Comparison> all = new ArrayList<>();
        for (int i = 0; i < library().gpus(); i++) {
            all.add(compare(Device.gpu(i)));
        }
        return all;
    }

    static Comparison compare(Device device) {
        Results cpu = run(Device.cpu());
        Results other = run(device);
        return new Comparison(
                ModelLibrary.deviceName(device),
                difference(cpu.output(), other.output()),
                Math.max(difference(cpu.first(), other.first()), difference(cpu.second(), other.second())));
    }

    @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
    private record Results(float[] output, float[] first, float[] second) {}

    private static Results run(Device device) {
        Random random = new Random(7);
        try (NDManager manager = NDManager.newBaseManager(device)) {
            NDArray x = normal(manager, random, BATCH, IN);
            NDArray first = normal(manager, random, IN, HIDDEN);
            NDArray second = normal(manager, random, HIDDEN, OUT);
            first.setRequiresGradient(true);
            second.setRequiresGradient(true);
            float[] output;
            try (GradientCollector gradients = manager.getEngine().newGradientCollector()) {
                NDArray y = x.matMul(first).tanh().matMul(second).softmax(-1); // (BATCH, OUT)
                gradients.backward(y.square().sum());
                output = y.toFloatArray();
            }
            NDList learned = new NDList(first.getGradient(), second.getGradient());
            return new Results(
                    output, learned.get(0).toFloatArray(), learned.get(1).toFloatArray());
        }
    }

    private static NDArray normal(NDManager manager, Random random, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() / Math.sqrt(rows));
        }
        return manager.create(values, new Shape(rows, columns));
    }

    static double difference(float[] expected, float[] found) {
        double largest = 0;
        double apart = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            double here = Math.abs(expected[i] - (double) found[i]);
            apart = Math.max(apart, Double.isNaN(here) ? Double.POSITIVE_INFINITY : here);
        }
        return apart / largest;
    }
}
