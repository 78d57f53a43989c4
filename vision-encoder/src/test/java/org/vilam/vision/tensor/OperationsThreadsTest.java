package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vilam.vision.tensor.OperationsUnderTest.bytes;
import static org.vilam.vision.tensor.OperationsUnderTest.newManager;
import static org.vilam.vision.tensor.OperationsUnderTest.normal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OperationsThreadsTest {
    private static final int ROUNDS = 100;

    @ParameterizedTest
    @MethodSource("org.vilam.vision.tensor.OperationsUnderTest#both")
    @Timeout(60)
    void threads_that_share_weights_get_the_numbers_of_one_thread_alone(Operations operations) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (NDManager manager = newManager()) {
            NDArray weight = normal(manager, 1, 48, 48);
            NDArray gain = normal(manager, 2, 48);
            PackedWeight int8 = operations.toInt8(weight);
            weight.setRequiresGradient(true);
            gain.setRequiresGradient(true);
            List<byte[]> alone = train(operations, weight, gain);
            byte[] served = serve(operations, weight, gain, int8);

            CountDownLatch start = new CountDownLatch(3);
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 3; thread++) {
                boolean inference = thread == 2;
                running.add(threads.submit(() -> {
                    start.countDown();
                    start.await();
                    for (int round = 0; round < ROUNDS; round++) {
                        if (inference) {
                            assertThat(serve(operations, weight, gain, int8)).isEqualTo(served);
                        } else {
                            assertThat(train(operations, weight, gain)).containsExactlyElementsOf(alone);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> thread : running) {
                thread.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Loss and gradients of a small network, for inputs that are always the same. */
    private static List<byte[]> train(Operations operations, NDArray weight, NDArray gain) {
        try (NDManager scope = weight.getManager().newSubManager();
                GradientScope recording = GradientScope.recording()) {
            NDArray loss = network(operations, scope, weight, gain).square().sum();
            List<byte[]> results = new ArrayList<>(List.of(bytes(loss)));
            operations.gradients(loss, List.of(weight, gain)).forEach(gradient -> results.add(bytes(gradient)));
            return results;
        }
    }

    private static byte[] serve(Operations operations, NDArray weight, NDArray gain, PackedWeight packed) {
        try (NDManager scope = weight.getManager().newSubManager();
                GradientScope off = GradientScope.noGradient()) {
            return bytes(operations.linear(network(operations, scope, weight, gain), packed, null));
        }
    }

    private static NDArray network(Operations operations, NDManager scope, NDArray weight, NDArray gain) {
        NDArray x = operations.rmsNorm(normal(scope, 3, 2, 10, 48), gain, 1e-6);
        NDArray heads =
                operations.mixedLinear(x, weight, null).reshape(2, 10, 4, 12).swapAxes(1, 2);
        NDArray y = operations.attention(heads, heads, heads, null, true, 0.3);
        return operations.silu(y.swapAxes(1, 2).reshape(2, 10, 48));
    }
}
