package org.vilam.grounding.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Parameters;

final class BatchNormTest {
    @Test
    void training_normalises_by_the_batch_and_inference_by_what_was_seen() {
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.initialise(manager, 1);
                GradientScope scope = GradientScope.noGradient()) {
            BatchNorm norm = new BatchNorm(parameters.scope("bn"), 1);
            NDArray x = manager.create(
                    new float[] {1, 3, 5, 7}, new Shape(2, 1, 1, 2)); // mean 4, variance 5, unbiased 20/3
            assertThat(norm.forward(x, Mode.INFERENCE).getFloat(1, 0, 0, 1)).isCloseTo(7f, within(1e-4f));
            float[] y = norm.forward(x, Mode.training(0)).toFloatArray();
            for (int i = 0; i < 4; i++) {
                assertThat((double) y[i]).isCloseTo((2 * i - 3) / Math.sqrt(5 + 1e-5), within(1e-6));
            }
            double mean = 0.1 * 4;
            double variance = 0.9 + 0.1 * 20 / 3;
            assertThat((double) buffer(parameters, "bn.running_mean").getFloat(0))
                    .isCloseTo(mean, within(1e-6));
            assertThat((double) buffer(parameters, "bn.running_var").getFloat(0))
                    .isCloseTo(variance, within(1e-6));
            assertThat((double) norm.forward(x, Mode.INFERENCE).getFloat(0, 0, 0, 0))
                    .isCloseTo((1 - mean) / Math.sqrt(variance + 1e-5), within(1e-6));
            assertThat(parameters.all()).hasSize(2);
        }
    }

    private static NDArray buffer(Parameters parameters, String name) {
        return Objects.requireNonNull(parameters.arrays().get(name));
    }
}
