package org.vilam.grounding.c3vg;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.grounding.loss.MaskBoxConsistency;
import org.vilam.grounding.mask.BatchNorm;
import org.vilam.grounding.parity.PackArrays;
import org.vilam.grounding.parity.PackGradients;
import org.vilam.grounding.parity.PackInputs;
import org.vilam.grounding.simvg.SimVgHead;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.parity.FullSizeRecord;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.Parameter;
import org.vilam.vision.tensor.Parameters;

/** The head against the official class: every listed intermediate, both stages' answers, the losses and all gradients. */
final class C3VgHeadParityTest {
    @ParameterizedTest
    @ValueSource(strings = {"eval.", "bn_train."})
    void both_stages_losses_and_gradients_equal_the_reference(String phase) throws Exception {
        assertThat(compare("c3vg-head-tiny", phase)).isPositive();
    }

    @Tag("full-size")
    @ParameterizedTest
    @ValueSource(strings = {"eval.", "bn_train."})
    void at_full_size_too(String phase) throws Exception {
        long start = System.nanoTime();
        double worst = compare("c3vg-head-base", phase);
        FullSizeRecord.add("c3vg-head-base " + phase, start, worst);
    }

    private static double compare(String name, String phase) throws Exception {
        try (NDManager manager = NDManager.newBaseManager()) {
            C3VgPack pack = new C3VgPack(ParityPack.open(name), manager);
            Parameters parameters = Parameters.load(manager, pack.weights());
            C3VgHead head = new C3VgHead(
                    parameters.scope("head"),
                    C3VgPack.config(pack.pack().caseJson().get("config")));
            parameters.loadReport().requireExact();
            parameters.requireGradients(true);
            NDArray image = PackInputs.input(pack.pack(), "img_feat", manager);
            NDArray text = PackInputs.input(pack.pack(), "text_feat", manager);
            NDArray cls = PackInputs.input(pack.pack(), "cls_feat", manager);
            List<NDArray> learned = new ArrayList<>(
                    parameters.all().stream().map(Parameter::array).toList());
            for (NDArray input : List.of(image, text, cls)) {
                input.setRequiresGradient(true);
                learned.add(input);
            }
            List<NDArray> gradients;
            try (GradientScope scope = GradientScope.recording()) {
                Shape shape = image.getShape();
                SimVgHead.Encoded encoded = new SimVgHead.Encoded(
                        image.reshape(shape.get(0), shape.get(1), -1).transpose(0, 2, 1),
                        (int) shape.get(2),
                        (int) shape.get(3),
                        text,
                        PackInputs.integers(pack.pack().io("text_mask"), manager),
                        cls);
                Set<String> seen = C3VgPack.seen();
                boolean trains = phase.equals("bn_train.");
                C3VgHead.Output out =
                        head.forward(encoded, trains ? Mode.training(1) : Mode.INFERENCE, (key, value) -> {
                            pack.tap(phase, seen).accept(key, value);
                            if (key.equals("decoder_out") && !trains) {
                                pack.assertStats(phase + "decoder_out.stats", value);
                            }
                        });
                assertThat(seen).hasSize(trains ? 0 : 14);
                pack.assertStage(phase, "first", out.first());
                pack.assertStage(phase, "second", out.second());
                C3VgLoss.Terms terms = C3VgLoss.OFFICIAL.loss(out, pack.boxes(), pack.masks());
                pack.assertLoss(phase, terms);
                gradients = Operations.get().gradients(terms.total(), learned);
            }
            PackGradients.assertEqual(
                    pack.pack(), phase, manager, parameters, gradients, List.of("img_feat", "text_feat", "cls_feat"));
            pack.pack().caseJson().get("tensors").fieldNames().forEachRemaining(key -> {
                if (key.startsWith(phase + "updated.")) { // the running statistics after this step
                    pack.assertClose(key, parameters.array(key.substring((phase + "updated.").length())));
                }
            });
            return pack.arrays().worst();
        }
    }

    @Test
    void norms_of_channels_and_batches_have_the_references_epsilon_and_momentum() {
        try (NDManager manager = NDManager.newBaseManager()) {
            C3VgPack pack = new C3VgPack(ParityPack.open("c3vg-head-tiny"), manager);
            PackArrays arrays = new PackArrays(pack.pack(), manager);
            Parameters parameters = Parameters.load(manager, pack.weights());
            NDArray probe = arrays.get("ln2d_probe_input");
            pack.assertClose(
                    "ln2d_probe",
                    new ChannelNorm(parameters.scope("head.neck.lateral_convs.0.norm_layer"), (int)
                                    probe.getShape().get(1))
                            .forward(probe));
            pack.assertClose(
                    "bn_probe",
                    new BatchNorm(parameters.scope("head.UIM.img_embedding.1"), 64)
                            .forward(arrays.get("bn_probe_input"), Mode.training(1)));
            pack.assertClose("bn_probe.running_var_after", parameters.array("head.UIM.img_embedding.1.running_var"));
        }
    }

    @Test
    void boxes_read_the_corner_of_the_map_as_in_the_reference() {
        try (NDManager manager = NDManager.newBaseManager()) {
            PackArrays arrays = new PackArrays(ParityPack.open("c3vg-head-tiny"), manager);
            NDArray boxes = arrays.get("roi.boxes");
            NDArray map =
                    arrays.get("roi.feature_map").repeat(0, boxes.getShape().get(0));
            arrays.assertCloseToScale("roi.pooled", RegionPooling.CORNER_CELLS.pool(map, boxes), 0);
        }
    }

    @Test
    void boxes_weigh_the_map_as_in_the_reference() {
        try (NDManager manager = NDManager.newBaseManager()) {
            PackArrays arrays = new PackArrays(ParityPack.open("c3vg-head-tiny"), manager);
            NDArray map = BoxWeights.of(manager, arrays.get("weightmap.boxes"), 20, 20);
            arrays.assertCloseToScale("weightmap.map", map.squeeze(1), 0);
        }
    }

    @Test
    void consistency_of_mask_and_box_equals_the_reference_with_its_gradient() {
        ParityPack pack = ParityPack.open("c3vg-head-tiny");
        try (NDManager manager = NDManager.newBaseManager();
                GradientScope scope = GradientScope.recording()) {
            PackArrays arrays = new PackArrays(pack, manager);
            NDArray masks = arrays.get("cons.mask_logits");
            NDArray boxes = arrays.get("cons.boxes");
            masks.setRequiresGradient(true);
            boxes.setRequiresGradient(true);
            arrays.assertCloseToScale("cons.seg2box", MaskBoxConsistency.outside(masks, boxes), 1e-6);
            double[] tight = pack.io("cons.tight_box").values();
            List<Box> boxesOfMasks = MaskBoxConsistency.tightBoxes(masks);
            for (int i = 0; i < boxesOfMasks.size(); i++) {
                assertThat(boxesOfMasks.get(i))
                        .isEqualTo(new Box(tight[4 * i], tight[4 * i + 1], tight[4 * i + 2], tight[4 * i + 3]));
            }
            NDArray distance = MaskBoxConsistency.boxDistance(masks, boxes);
            arrays.assertCloseToScale("cons.box2seg", distance, 5e-6);
            List<NDArray> gradients = Operations.get().gradients(distance.sum(), List.of(boxes, masks));
            arrays.assertCloseToScale("cons.grad_box", gradients.get(0), 5e-6);
            assertThat(gradients.get(1).abs().max().getFloat()).isZero();
        }
    }

    @Test
    void the_box_loss_has_no_epsilon() {
        try (NDManager manager = NDManager.newBaseManager()) {
            PackArrays arrays = new PackArrays(ParityPack.open("c3vg-head-tiny"), manager);
            NDArray loss = MaskBoxConsistency.boxLoss(arrays.get("iou_probe_a"), arrays.get("iou_probe_b"));
            arrays.assertCloseToScale("iou_probe.box_loss", loss, 5e-5);
        }
    }
}
