package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** What the tests of single blocks begin with: a manager, a store of weights, and no recording of gradients. */
abstract class BlockTest {
    final NDManager manager = NDManager.newBaseManager();
    final Parameters parameters = Parameters.initialise(manager, 11);
    private GradientScope scope;

    @BeforeEach
    void stopRecording() {
        scope = GradientScope.noGradient();
    }

    @AfterEach
    void freeAll() {
        scope.close();
        manager.close();
    }

    final NDArray random(String name, long... sides) {
        return TensorTesting.random(manager, name, sides);
    }

    /** A weight by its full name, in double. */
    final double[] weight(String name) {
        return TensorTesting.doubles(parameters.array(name));
    }

    /** Gives every weight values that show when they are used wrongly, norms and biases too. */
    final void scramble() {
        TensorTesting.scramble(parameters);
    }

    static void assertMismatch(ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VilamException.class,
                        e -> Assertions.assertThat(e.code()).isEqualTo(ErrorCode.TENSOR_MISMATCH))
                .hasMessageContainingAll(words);
    }
}
