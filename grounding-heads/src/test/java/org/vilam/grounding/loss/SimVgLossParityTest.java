package org.vilam.grounding.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
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

/** Matching, set loss and distillation on the reference's own outputs, against SimVG's code. */
final class SimVgLossParityTest {
    private static final double TOLERANCE = 3e-5;

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private BalancedDistillation.Loss loss(PackArrays arrays, List<List<Box>> targets) {
        return BalancedDistillation.BASE.loss(
                arrays.get("decoder_logits"),
                arrays.get("decoder_boxes"),
                arrays.get("token_logits"),
                arrays.get("token_boxes"),
                targets);
    }

    @ParameterizedTest
    @ValueSource(strings = {"simvg-head-tiny", "simvg-head-grec-tiny"})
    void assignments_are_those_of_the_reference(String name) {
        ParityPack pack = ParityPack.open(name);
        BalancedDistillation.Loss loss = loss(new PackArrays(pack, manager), SetTargets.of(pack));
        for (int layer = 0; layer < 3; layer++) {
            assertMatches(
                    pack,
                    "assignment.decoder_layer_" + layer,
                    loss.decoderLayers().get(layer));
        }
        assertMatches(pack, "assignment.token_vs_gt", loss.tokenAgainstTargets());
        assertMatches(pack, "assignment.token_vs_teacher", loss.tokenAgainstTeacher());
    }

    @ParameterizedTest
    @ValueSource(strings = {"simvg-head-tiny", "simvg-head-grec-tiny"})
    void every_part_of_the_loss_is_that_of_the_reference(String name) {
        ParityPack pack = ParityPack.open(name);
        PackArrays arrays = new PackArrays(pack, manager);
        BalancedDistillation.Loss loss = loss(arrays, SetTargets.of(pack));
        assertParts(arrays, "decoder", "_0", loss.decoderLayers().get(0));
        assertParts(arrays, "decoder", "_1", loss.decoderLayers().get(1));
        assertParts(arrays, "decoder", "", loss.decoderLayers().get(2));
        assertParts(arrays, "token_gt", "", loss.tokenAgainstTargets());
        assertParts(arrays, "token_teacher", "", loss.tokenAgainstTeacher());
        assertNumber(arrays, "loss_distill_w", loss.balance());
        assertNumber(arrays, "loss_dgt", loss.decoder().getFloat());
        assertNumber(arrays, "loss_tgt", loss.token().getFloat());
        assertNumber(arrays, "loss_kd", loss.distillation().getFloat());
        assertNumber(arrays, "loss_total", loss.total().getFloat());
        double[] weights = pack.io("pair_weights").values();
        double mean = 0;
        for (double w : weights) {
            mean += w / weights.length;
        }
        assertThat(loss.balance()).isCloseTo(mean, within(TOLERANCE));
        List<Float> teacher = new ArrayList<>();
        for (Box box : loss.teacher().stream().flatMap(List::stream).toList()) {
            for (double v : box.toCxcywh()) {
                teacher.add((float) v);
            }
        }
        assertThat(teacher).hasSize(12);
        for (int i = 0; i < teacher.size(); i++) {
            assertThat((double) teacher.get(i))
                    .isCloseTo(pack.io("teacher_boxes").values()[i], within(1e-6));
        }
    }

    @Test
    void a_batch_without_targets_has_the_finite_loss_of_its_classes() {
        ParityPack pack = ParityPack.open("simvg-head-grec-tiny");
        PackArrays arrays = new PackArrays(pack, manager);
        BalancedDistillation.Loss loss = loss(arrays, List.of(List.of(), List.of(), List.of()));
        assertNumber(arrays, "all_empty.loss_dgt", loss.decoder().getFloat());
        assertNumber(
                arrays,
                "all_empty.token_loss",
                loss.tokenAgainstTargets().total().getFloat());
        assertThat(loss.balance()).isZero();
        assertThat(loss.token().getFloat())
                .isEqualTo(2 * loss.tokenAgainstTargets().total().getFloat());
        assertThat(loss.distillation().getFloat()).isZero();
    }

    /** The teacher is a constant: of the distillation terms alone nothing reaches the decoder branch. */
    @Test
    void distillation_moves_the_token_branch_only() {
        ParityPack pack = ParityPack.open("simvg-head-grec-tiny");
        PackArrays arrays = new PackArrays(pack, manager);
        NDArray decoderBoxes = arrays.get("decoder_boxes");
        NDArray decoderLogits = arrays.get("decoder_logits");
        NDArray tokenBoxes = arrays.get("token_boxes");
        NDArray tokenLogits = arrays.get("token_logits");
        List<NDArray> all = List.of(decoderBoxes, decoderLogits, tokenBoxes, tokenLogits);
        all.forEach(a -> a.setRequiresGradient(true));
        List<NDArray> gradients;
        try (GradientScope scope = GradientScope.recording()) {
            BalancedDistillation.Loss loss = BalancedDistillation.BASE.loss(
                    decoderLogits, decoderBoxes, tokenLogits, tokenBoxes, SetTargets.of(pack));
            gradients = Operations.get().gradients(loss.token().add(loss.distillation()), all);
        }
        assertThat(gradients.get(0).abs().max().getFloat()).isZero();
        assertThat(gradients.get(1).abs().max().getFloat()).isZero();
        assertThat(gradients.get(2).abs().max().getFloat()).isPositive();
        assertThat(gradients.get(3).abs().max().getFloat()).isPositive();
    }

    @Test
    void more_targets_than_queries_leave_the_dearest_out() {
        NDArray logits = Constants.of(manager, new float[] {1, 0}, new Shape(1, 1, 2));
        NDArray boxes = Constants.of(manager, new float[] {.5f, .5f, .2f, .2f}, new Shape(1, 1, 4));
        List<List<Box>> targets = List.of(List.of(Box.ofCxcywh(.1, .1, .2, .2), Box.ofCxcywh(.5, .5, .2, .25)));
        SetLoss loss = SetCriterion.DETREX.loss(logits, boxes, targets);
        assertThat(loss.matches()).containsExactly(List.of(new Match(0, 1)));
        // Divided by the two targets, not by the one match.
        assertThat((double) loss.l1().getFloat()).isCloseTo(5 * 0.05 / 2, within(1e-6));
        double giou = 0.04 / (0.05 + 1e-6);
        assertThat((double) loss.giou().getFloat()).isCloseTo(2 * (1 - giou) / 2, within(1e-6));
        assertThat((double) loss.classification().getFloat()).isCloseTo(Math.log(1 + Math.exp(-1)), within(1e-6));
    }

    @Test
    void predictions_that_are_not_finite_are_refused() {
        NDArray logits = Constants.of(manager, new float[] {Float.NaN, 0}, new Shape(1, 1, 2));
        NDArray boxes = Constants.of(manager, new float[] {.5f, .5f, .2f, .2f}, new Shape(1, 1, 4));
        assertThatThrownBy(() -> HungarianMatcher.DETREX.match(logits, boxes, List.of(List.of())))
                .isInstanceOf(VilamException.class)
                .hasMessageContaining("logits");
    }

    private static void assertMatches(ParityPack pack, String key, SetLoss loss) {
        List<List<Long>> rows = new ArrayList<>();
        for (int b = 0; b < loss.matches().size(); b++) {
            for (Match match : loss.matches().get(b)) {
                rows.add(List.of((long) b, (long) match.query(), (long) match.target()));
            }
        }
        double[] expected = pack.io(key).values();
        List<List<Long>> wanted = new ArrayList<>();
        for (int i = 0; i < expected.length; i += 3) {
            wanted.add(List.of((long) expected[i], (long) expected[i + 1], (long) expected[i + 2]));
        }
        assertThat(rows).as(key).isEqualTo(wanted);
    }

    private static void assertParts(PackArrays arrays, String branch, String suffix, SetLoss loss) {
        assertNumber(
                arrays,
                "component." + branch + ".loss_class" + suffix,
                loss.classification().getFloat());
        assertNumber(
                arrays, "component." + branch + ".loss_bbox" + suffix, loss.l1().getFloat());
        assertNumber(
                arrays,
                "component." + branch + ".loss_giou" + suffix,
                loss.giou().getFloat());
    }

    private static void assertNumber(PackArrays arrays, String key, double actual) {
        arrays.assertClose(key, actual, v -> TOLERANCE * Math.max(1, Math.abs(v)));
    }
}
