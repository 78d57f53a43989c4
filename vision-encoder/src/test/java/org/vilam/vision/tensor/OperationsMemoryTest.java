package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.vilam.vision.tensor.OperationsUnderTest.PLAIN;
import static org.vilam.vision.tensor.OperationsUnderTest.SCRIPT;
import static org.vilam.vision.tensor.OperationsUnderTest.newManager;
import static org.vilam.vision.tensor.OperationsUnderTest.normal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Thousands of calls leave neither arrays nor native memory behind. They run in a JVM of their own, whose heap is resident
 * from the start: what its resident memory grows by is native.
 */
class OperationsMemoryTest {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int CALLS = 2_000;

    /**
     * What the whole run may add: compiled code, and what malloc does not give back. Every array holds at least 4 KiB, so
     * one array kept a call would add 8 MB an operation.
     */
    private static final long ALLOWED_GROWTH = 7 << 20;

    @ParameterizedTest
    @ValueSource(strings = {"script", "plain"})
    @Timeout(120)
    void memory_stays_flat(String name) throws Exception {
        assumeThat(STATUS).as("resident memory is read from Linux").exists();
        ProcessBuilder java = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms128m",
                "-Xmx128m",
                "-XX:+AlwaysPreTouch",
                "-XX:TieredStopAtLevel=1", // the optimising compiler's own memory would drown what is looked for
                "-cp",
                System.getProperty("java.class.path"),
                OperationsMemoryTest.class.getName(),
                name);
        java.environment().put("OMP_NUM_THREADS", "1"); // small arrays gain nothing from more
        java.redirectErrorStream(true);
        Process process = java.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output).contains("calls done");
    }

    /** Makes the calls with the named operations and fails if anything stays. */
    public static void main(String[] arguments) throws IOException {
        Operations operations = arguments[0].equals("script") ? SCRIPT : PLAIN;
        try (NDManager manager = newManager()) {
            new Calls(operations, manager).run();
        }
    }

    /** The arrays and operations called. */
    private static final class Calls {
        private interface Call {
            NDArray on(NDArray x);
        }

        private final Operations operations;
        private final NDManager manager;
        private final NDArray x;
        private final NDArray weight;
        private final PackedWeight narrow;
        private final PackedWeight int8;
        private final Map<String, Call> differentiable = new TreeMap<>();

        Calls(Operations o, NDManager manager) {
            this.operations = o;
            this.manager = manager;
            x = normal(manager, 1, 1, 2, 16, 32);
            weight = normal(manager, 4, 32, 32);
            narrow = o.toBfloat16(weight);
            int8 = o.toInt8(weight);
            NDArray keys = normal(manager, 2, 1, 1, 16, 32);
            NDArray mask = normal(manager, 3, 16, 16);
            NDArray gain = normal(manager, 5, 32);
            NDArray kernel = normal(manager, 6, 2, 2, 2, 2);
            differentiable.put("attention", in -> o.attention(in, keys, keys, mask, true, 0.2));
            differentiable.put("mixed attention", in -> o.mixedAttention(in, keys, keys, mask, true, 0.2));
            differentiable.put("linear", in -> o.linear(in, weight, gain));
            differentiable.put("mixed linear", in -> o.mixedLinear(in, weight, gain));
            differentiable.put("bfloat16 linear", in -> o.linear(in, narrow, gain));
            differentiable.put("int8 linear", in -> o.linear(in, int8, gain));
            differentiable.put("layer norm", in -> o.layerNorm(in, gain, gain, 1e-5));
            differentiable.put("RMS norm", in -> o.rmsNorm(in, gain, 1e-6));
            differentiable.put("SiLU", o::silu);
            differentiable.put("GELU", in -> o.gelu(in, false));
            differentiable.put("GELU by tanh", in -> o.gelu(in, true));
            differentiable.put("convolution", in -> o.conv2d(in, kernel, null, 1, 1, 1));
            differentiable.put("mixed convolution", in -> o.mixedConv2d(in, kernel, null, 1, 1, 1));
            differentiable.put("transposed convolution", in -> o.convTranspose2d(in, kernel, null, 2, 0));
            x.setRequiresGradient(true);
            weight.setRequiresGradient(true);
        }

        void run() throws IOException {
            callAll(CALLS, false); // until the Java heap has been round once, freed buffers and caches come and go
            int arrays = manager.getManagedArrays().size();
            long before = residentBytes();
            callAll(CALLS, true);
            long growth = residentBytes() - before;
            System.out.printf("calls done, %d bytes more%n", growth);
            if (growth > ALLOWED_GROWTH || manager.getManagedArrays().size() != arrays) {
                throw new IllegalStateException(
                        "arrays " + arrays + " -> " + manager.getManagedArrays().size() + ", bytes more " + growth);
            }
        }

        private void callAll(int times, boolean report) throws IOException {
            for (Map.Entry<String, Call> call : differentiable.entrySet()) {
                long before = residentBytes();
                forward(call.getValue(), times);
                long between = residentBytes();
                backward(call.getValue(), times);
                if (report) {
                    long after = residentBytes();
                    System.out.printf("%s: %d, backward %d bytes%n", call.getKey(), between - before, after - between);
                }
            }
            optimise(times);
        }

        private void forward(Call call, int times) {
            try (GradientScope off = GradientScope.noGradient()) {
                for (int i = 0; i < times; i++) {
                    call.on(x).close();
                }
            }
        }

        private void backward(Call call, int times) {
            for (int i = 0; i < times; i++) {
                try (GradientScope recording = GradientScope.recording();
                        NDArray y = call.on(x);
                        NDArray loss = y.sum()) {
                    operations.gradients(loss, List.of(x, weight)).forEach(NDArray::close);
                }
            }
        }

        private void optimise(int times) {
            AdamW settings = new AdamW(1e-3, 0.9, 0.99, 1e-8, 0);
            try (NDArray moments = weight.zerosLike()) {
                List<NDArray> m = List.of(moments);
                for (int i = 0; i < times; i++) {
                    operations.toBfloat16(weight).close();
                    operations.toInt8(weight).close();
                    operations.toFloat32(narrow).close();
                    operations.toFloat32(int8).close();
                    operations.adamW(List.of(weight), m, m, m, i + 1, settings);
                    operations.clipGlobalNorm(m, 1);
                    operations.movingAverage(m, List.of(weight), 0.9);
                }
            }
        }

        private static long residentBytes() throws IOException {
            for (int round = 0; round < 2; round++) {
                System.gc();
                LockSupport.parkNanos(20_000_000); // Java's buffers are freed by a thread of their own
            }
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
            throw new IOException(STATUS + " has no VmRSS");
        }
    }
}
