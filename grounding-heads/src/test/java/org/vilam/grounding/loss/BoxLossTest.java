package org.vilam.grounding.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.grounding.parity.PackArrays;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Operations;

/** Box losses against OneRef's and HiVG's code, and detrex's epsilon against SimVG's. */
final class BoxLossTest {
    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private static double tolerance(double expected) {
        return 2e-6 + 2e-5 * Math.abs(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"random", "degenerate"})
    void values_and_gradients_equal_the_reference(String group) {
        PackArrays pack = new PackArrays(ParityPack.open("box-losses"), manager);
        NDArray predicted = pack.get(group + ".pred_cxcywh");
        NDArray target = pack.get(group + ".target_cxcywh");
        pack.assertClose(group + ".l1_per_pair", BoxLoss.l1(predicted, target), BoxLossTest::tolerance);
        pack.assertClose(group + ".iou", BoxLoss.iou(predicted, target, 0), BoxLossTest::tolerance);
        pack.assertClose(group + ".giou", BoxLoss.giou(predicted, target, 0), BoxLossTest::tolerance);
        pack.assertClose(group + ".grad_l1", gradient(BoxLoss::l1, predicted, target), BoxLossTest::tolerance);
        pack.assertClose(
                group + ".grad_giou_loss",
                gradient((p, t) -> BoxLoss.giou(p, t, 0).neg().add(1), predicted, target),
                BoxLossTest::tolerance);
    }

    /** Evaluated as one batch of pairs, where the official code, which takes the diagonal of all pairs, has two rows of NaN. */
    @Test
    void no_row_of_a_batch_spoils_another() {
        PackArrays pack = new PackArrays(ParityPack.open("box-losses"), manager);
        NDArray gradient = gradient(
                (p, t) -> BoxLoss.giou(p, t, 0),
                pack.get("degenerate.pred_cxcywh"),
                pack.get("degenerate.target_cxcywh"));
        for (float v : gradient.toFloatArray()) {
            assertThat(v).isFinite();
        }
    }

    @Test
    void two_boxes_without_area_are_far_apart_where_the_reference_has_nan() {
        JsonNode cases = ParityPack.open("box-losses").caseJson().get("not_finite_in_the_official_code");
        assertThat(cases).hasSize(3);
        for (JsonNode node : cases) {
            NDArray predicted = boxes(node.get("pair").get(0));
            NDArray target = boxes(node.get("pair").get(1));
            assertThat(BoxLoss.iou(predicted, target, 0).getFloat(0)).isZero();
            float giou = BoxLoss.giou(predicted, target, 0).getFloat(0);
            assertThat(giou).isBetween(-1f, 0f);
            for (float v :
                    gradient((p, t) -> BoxLoss.giou(p, t, 0), predicted, target).toFloatArray()) {
                assertThat(v).isFinite();
            }
        }
    }

    @Test
    void sums_and_means_over_the_batch_give_the_losses_of_oneref_and_hivg() {
        PackArrays pack = new PackArrays(ParityPack.open("box-losses"), manager);
        NDArray predicted = pack.get("random.pred_cxcywh");
        NDArray target = pack.get("random.target_cxcywh");
        double l1 = BoxLoss.l1(predicted, target).mean().getFloat();
        double giou = 1 - BoxLoss.giou(predicted, target, 0).mean().getFloat();
        pack.assertClose("batch.oneref_loss_bbox", l1, BoxLossTest::tolerance);
        pack.assertClose("batch.oneref_loss_giou", giou, BoxLossTest::tolerance);
        pack.assertClose("batch.hivg_loss_bbox", 2 * l1, BoxLossTest::tolerance);
        pack.assertClose("batch.hivg_loss_giou", 2 * giou, BoxLossTest::tolerance);
    }

    /** The accuracy metric clamps predictions to the image and adds 1e-16 to the union, which shows on boxes of 1e-6. */
    @ParameterizedTest
    @ValueSource(strings = {"random.metric_", "degenerate.metric_", "accuracy."})
    void the_accuracy_metrics_overlap_is_the_geometry_packages(String key) {
        ParityPack pack = ParityPack.open("box-losses");
        String group = key.substring(0, key.indexOf('.') + 1);
        float[] predicted = pack.io(group + "pred_cxcywh").floats();
        float[] target = pack.io(group + "target_cxcywh").floats();
        double[] expected = pack.io(key + "iou").values();
        for (int i = 0; i < expected.length; i++) {
            Box p = SetTargets.row(predicted, i).clamp(1, 1);
            Box t = SetTargets.row(target, i);
            double both = p.intersectionArea(t);
            double iou = both / (p.area() + t.area() - both + 1e-16);
            assertThat(iou).as("pair %d", i).isCloseTo(expected[i], within(tolerance(expected[i])));
            if (both > 0 && p.area() > 1e-9) {
                assertThat(p.iou(t)).as("pair %d", i).isCloseTo(expected[i], within(tolerance(expected[i])));
            }
        }
    }

    @Test
    void the_epsilon_of_detrex_shows_on_small_boxes() {
        PackArrays pack = new PackArrays(ParityPack.open("simvg-head-tiny"), manager);
        NDArray a = pack.get("iou_probe_a");
        NDArray b = pack.get("iou_probe_b");
        pack.assertCloseToScale("iou_probe.iou", BoxLoss.iou(a, b, 1e-6), 3e-5);
        pack.assertCloseToScale("iou_probe.giou", BoxLoss.giou(a, b, 1e-6), 3e-5);
        assertThat(BoxLoss.iou(a, b, 0)
                        .sub(pack.get("iou_probe.iou"))
                        .abs()
                        .max()
                        .getFloat())
                .isGreaterThan(0.01f);
    }

    @Test
    void values_are_those_of_the_geometry_package() {
        float[] rows = {.3f, .4f, .2f, .6f, .35f, .5f, .3f, .2f, .9f, .9f, .1f, .1f, .5f, .5f, 0, .5f};
        NDArray predicted = Constants.of(manager, rows, new Shape(4, 4));
        NDArray target = predicted.get("1:4").concat(predicted.get(":1"), 0);
        float[] giou = BoxLoss.giou(predicted, target, 0).toFloatArray();
        for (int i = 0; i < 4; i++) {
            assertThat((double) giou[i])
                    .isCloseTo(SetTargets.row(rows, i).giou(SetTargets.row(rows, (i + 1) % 4)), within(1e-6));
        }
    }

    @Test
    void a_negative_side_is_refused_by_name() {
        NDArray good = Constants.of(manager, new float[] {.5f, .5f, .2f, .2f}, new Shape(1, 4));
        NDArray bad = Constants.of(manager, new float[] {.5f, .5f, -.1f, .2f}, new Shape(1, 4));
        assertThatThrownBy(() -> BoxLoss.giou(bad, good, 0))
                .isInstanceOf(VilamException.class)
                .hasMessageContaining("predicted")
                .hasMessageContaining("-0.1");
        assertThatThrownBy(() -> BoxLoss.l1(good, bad)).hasMessageContaining("target");
    }

    @Test
    void nan_is_passed_on_for_the_trainer_to_see() {
        NDArray good = Constants.of(manager, new float[] {.5f, .5f, .2f, .2f}, new Shape(1, 4));
        NDArray bad = Constants.of(manager, new float[] {.5f, .5f, Float.NaN, .2f}, new Shape(1, 4));
        assertThat(BoxLoss.giou(bad, good, 0).getFloat(0)).isNaN();
    }

    private static NDArray gradient(BinaryOperator<NDArray> loss, NDArray predicted, NDArray target) {
        predicted.setRequiresGradient(true);
        try (GradientScope scope = GradientScope.recording()) {
            return Operations.get()
                    .gradients(loss.apply(predicted, target).sum(), List.of(predicted))
                    .get(0);
        }
    }

    private NDArray boxes(JsonNode row) {
        float[] values = new float[4];
        for (int i = 0; i < 4; i++) {
            values[i] = (float) row.get(i).asDouble();
        }
        return Constants.of(manager, values, new Shape(1, 4));
    }
}
