package org.vilam.grounding.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vilam.grounding.parity.PackArrays;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Operations;

/** Mask losses against OneRef's code, whose batch mean is taken here; cross-entropy by hand. */
final class MaskLossTest {
    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private static double tolerance(double expected) {
        return 2e-6 + 2e-5 * Math.abs(expected);
    }

    @Test
    void focal_loss_and_its_gradient_equal_the_reference() {
        compare("mask.focal", (x, y) -> MaskLoss.focal(x, y, 0.25, 2));
        compare("mask.focal_alpha_off", (x, y) -> MaskLoss.focal(x, y, -1, 2));
        compare("mask.focal_gamma0", (x, y) -> MaskLoss.focal(x, y, 0.25, 0));
    }

    @Test
    void dice_loss_and_its_gradient_equal_the_reference() {
        compare("mask.dice", MaskLoss::dice);
    }

    @Test
    void samples_do_not_mix() {
        PackArrays pack = new PackArrays(ParityPack.open("box-losses"), manager);
        NDArray logits = pack.get("mask.logits");
        NDArray target = pack.get("mask.target");
        pack.assertClose("mask.focal_per_sample", MaskLoss.focal(logits, target, 0.25, 2), MaskLossTest::tolerance);
        pack.assertClose("mask.dice_per_sample", MaskLoss.dice(logits, target), MaskLossTest::tolerance);
    }

    @Test
    void cross_entropy_and_its_gradient_are_right_at_zero_and_far_out() {
        float[] x = {0, 0, 1, -1, 100, -100, 100, -100};
        float[] y = {0, 1, 1, 1, 1, 0, 0, 1};
        NDArray logits = Constants.of(manager, x, new Shape(1, 8));
        NDArray target = Constants.of(manager, y, new Shape(1, 8));
        double expected = 0;
        for (int i = 0; i < x.length; i++) {
            expected += Math.max(x[i], 0) - x[i] * y[i] + Math.log1p(Math.exp(-Math.abs(x[i])));
        }
        assertThat((double) MaskLoss.binaryCrossEntropy(logits, target).getFloat(0))
                .isCloseTo(expected / 8, within(1e-5));
        float[] gradient =
                gradient(MaskLoss::binaryCrossEntropy, logits, target).toFloatArray();
        for (int i = 0; i < x.length; i++) {
            assertThat((double) gradient[i])
                    .as("at %s, target %s", x[i], y[i])
                    .isCloseTo((1 / (1 + Math.exp(-x[i])) - y[i]) / 8, within(1e-7));
        }
    }

    @Test
    void focal_loss_without_weights_and_focus_is_cross_entropy() {
        PackArrays pack = new PackArrays(ParityPack.open("box-losses"), manager);
        NDArray logits = pack.get("mask.logits");
        NDArray target = pack.get("mask.target");
        assertThat(MaskLoss.focal(logits, target, -1, 0).toFloatArray())
                .containsExactly(MaskLoss.binaryCrossEntropy(logits, target).toFloatArray());
    }

    @Test
    void wrong_shapes_and_settings_are_refused() {
        NDArray logits = manager.zeros(new Shape(2, 3));
        assertThatThrownBy(() -> MaskLoss.dice(logits, manager.zeros(new Shape(2, 4))))
                .isInstanceOf(VilamException.class)
                .hasMessageContaining("targets");
        assertThatThrownBy(() -> MaskLoss.focal(logits, logits, 0.25, 0.5)).hasMessageContaining("gamma");
    }

    private void compare(String key, BinaryOperator<NDArray> loss) {
        PackArrays pack = new PackArrays(ParityPack.open("box-losses"), manager);
        NDArray logits = pack.get("mask.logits");
        NDArray target = pack.get("mask.target");
        pack.assertClose(key, loss.apply(logits, target).mean().getFloat(), MaskLossTest::tolerance);
        pack.assertClose(
                key + ".grad", gradient((x, y) -> loss.apply(x, y).mean(), logits, target), MaskLossTest::tolerance);
    }

    private static NDArray gradient(BinaryOperator<NDArray> loss, NDArray logits, NDArray target) {
        logits.setRequiresGradient(true);
        try (GradientScope scope = GradientScope.recording()) {
            return Operations.get()
                    .gradients(loss.apply(logits, target).sum(), List.of(logits))
                    .get(0);
        }
    }
}
