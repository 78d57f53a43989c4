package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Thousands of passes forward and backward leave neither arrays nor memory behind. */
class FlatMemoryTest {
    private static final int WARM_UP = 2000;
    private static final int PASSES = 2000;

    @Test
    void no_pass_leaves_an_array_behind() {
        int[] counts = new int[2];
        run(200, (pass, manager) -> {
            if (pass < 2) {
                counts[0] = manager.getManagedArrays().size();
            }
            counts[1] = manager.getManagedArrays().size();
        });
        assertThat(counts[0]).isPositive();
        assertThat(counts[1]).isEqualTo(counts[0]);
    }

    /**
     * In a process of its own with a heap that is resident from the start, so that all that grows is memory outside it.
     */
    @Test
    @EnabledOnOs(OS.LINUX)
    void two_thousand_passes_leave_the_memory_of_the_process_as_it_was() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms128m",
                        "-Xmx128m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:TieredStopAtLevel=1", // the optimising compiler takes memory long after the start
                        "-cp",
                        System.getProperty("java.class.path"),
                        FlatMemoryTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        List<Long> kilobytes = output.lines()
                .filter(line -> line.startsWith("VmRSS "))
                .map(line -> Long.parseLong(line.substring(6)))
                .toList();
        assertThat(kilobytes).as(output).hasSize(2);
        assertThat(kilobytes.get(1) - kilobytes.get(0))
                .as("more kB after 2,000 passes")
                .isLessThan(1_000);
    }

    /** The process of its own. */
    public static void main(String[] args) {
        run(WARM_UP + PASSES, (pass, manager) -> {
            if (pass == WARM_UP || pass == WARM_UP + PASSES) {
                System.out.println("VmRSS " + residentKilobytes());
            }
        });
    }

    private interface Watch {
        void at(int pass, NDManager manager);
    }

    /** Causal attention with everything on it, a gated layer, and the gradients of all weights, again and again. */
    private static void run(int passes, Watch watch) {
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.initialise(manager, 1);
                GradientScope recording = GradientScope.recording()) {
            MultiHeadAttention attention = MultiHeadAttention.of(16, 2)
                    .names(AttentionNames.EVA)
                    .norm(1e-5)
                    .dropout(0.1)
                    .build(parameters.scope("attn"));
            SwiGlu mlp = new SwiGlu(parameters.scope("mlp"), 16, 24);
            Rotary rotary = new Rotary(8, 8, 10000, Rotary.Pairing.HALVES);
            parameters.requireGradients(true);
            List<NDArray> learned =
                    parameters.trainable().stream().map(Parameter::array).toList();
            NDArray x = TensorTesting.random(manager, "x", 2, 5, 16);
            for (int pass = 0; pass <= passes; pass++) {
                watch.at(pass, manager);
                try (NDManager scope = manager.newSubManager()) {
                    NDArray in = x.duplicate();
                    in.attach(scope);
                    Mode mode = Mode.training(pass);
                    NDArray y = attention.forwardCausal(in, null, rotary.range(scope, 1, 5), null, mode);
                    NDArray loss = mlp.forward(in.add(y), mode).sum();
                    Operations.get().gradients(loss, learned);
                }
            }
        }
    }

    private static long residentKilobytes() {
        System.gc();
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
