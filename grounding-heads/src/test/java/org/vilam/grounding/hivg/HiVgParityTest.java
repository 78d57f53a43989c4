package org.vilam.grounding.hivg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.grounding.loss.ContrastiveLoss;
import org.vilam.grounding.oneref.OneRefAnswers;
import org.vilam.grounding.parity.PackArrays;
import org.vilam.grounding.parity.PackInputs;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.CoordinateTransform;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.Parameter;

/** The whole network against the official classes: intermediates, answers, losses and gradients, with both bridges. */
final class HiVgParityTest {
    @ParameterizedTest
    @ValueSource(strings = {"hivg-tiny", "hivg-tiny-large", "hivg-tiny-mixup", "hivg-tiny-gref"})
    void the_network_equals_the_reference(String name) {
        equalsTheReference(name);
    }

    @Tag("full-size")
    @Test
    void the_network_equals_the_reference_at_full_size() {
        long began = System.nanoTime();
        double worst = equalsTheReference("hivg-base");
        System.out.printf(
                Locale.ROOT,
                "hivg-base: largest difference of an answer %.2g, %.0f s%n",
                worst,
                (System.nanoTime() - began) / 1e9);
    }

    @Test
    void a_batch_with_the_corrected_bridge_gives_what_each_of_its_texts_gives_alone() {
        ParityPack pack = ParityPack.open("hivg-tiny");
        try (NDManager manager = NDManager.newBaseManager();
                PackModel model = model(pack, manager)) {
            NDArray together =
                    model.forward(BridgePolicy.CORRECTED, (key, value) -> {}).boxes();
            NDArray mixed =
                    model.forward(BridgePolicy.FAITHFUL, (key, value) -> {}).boxes();
            assertThat(mixed.sub(together).abs().max().getFloat()).isGreaterThan(0.1f);
            NDArray ids = PackInputs.integers(pack.io("token_ids"), manager);
            for (int b = 0; b < 3; b++) {
                NDIndex one = new NDIndex(b + ":" + (b + 1));
                for (BridgePolicy policy : BridgePolicy.values()) {
                    NDArray alone = model.network(policy)
                            .forward(
                                    model.arrays.get("image").get(one),
                                    model.paddingGrid().get(one),
                                    ids.get(one),
                                    Mode.INFERENCE)
                            .boxes();
                    assertThat(alone.sub(together.get(one)).abs().max().getFloat())
                            .as("%s, sample %d", policy, b)
                            .isLessThan(1e-5f);
                }
            }
        }
    }

    @Test
    void merged_adapters_give_what_they_give_beside_their_layers() {
        ParityPack pack = ParityPack.open("hivg-tiny");
        try (NDManager manager = NDManager.newBaseManager();
                PackModel model = model(pack, manager)) {
            HiVgModel.Output beside = model.forward(BridgePolicy.FAITHFUL, (key, value) -> {});
            model.parameters.adapters().merge();
            HiVgModel.Output merged = model.forward(BridgePolicy.FAITHFUL, (key, value) -> {});
            assertThat(merged.boxes().sub(beside.boxes()).abs().max().getFloat())
                    .isLessThan(1e-5f);
        }
    }

    @Test
    void the_contrastive_loss_is_that_of_clip() {
        ParityPack pack = ParityPack.open("clip-text-image-tiny");
        try (NDManager manager = NDManager.newBaseManager()) {
            PackArrays arrays = new PackArrays(pack, manager);
            arrays.assertClose(
                    "contrastive_loss",
                    ContrastiveLoss.clip(arrays.get("logits_per_text")).getFloat(),
                    v -> 1e-6);
        }
    }

    private static PackModel model(ParityPack pack, NDManager manager) {
        return new PackModel(pack, pack.caseJson().get("config"), manager);
    }

    /** The largest difference of a box, similarity or mask. */
    private static double equalsTheReference(String name) {
        ParityPack pack = ParityPack.open(name);
        double worst = 0;
        for (BridgePolicy policy : BridgePolicy.values()) {
            String prefix = policy.name().toLowerCase(Locale.ROOT) + ".";
            try (NDManager manager = NDManager.newBaseManager();
                    PackModel model = model(pack, manager)) {
                model.parameters.requireGradients(HiLoraStage.WARM_UP.trainable());
                NDArray total;
                try (GradientScope scope = GradientScope.recording()) {
                    HiVgModel.Output out = forward(model, policy, prefix);
                    Map<String, NDArray> answers = new LinkedHashMap<>();
                    answers.put("box", out.boxes());
                    answers.put("similarity", out.similarity());
                    answers.put("seg_mask_lowres", out.masks());
                    answers.put("logits_per_text", out.logitsPerText());
                    for (Map.Entry<String, NDArray> answer : answers.entrySet()) {
                        model.assertClose(prefix + answer.getKey(), answer.getValue());
                        worst = Math.max(
                                worst,
                                answer.getValue()
                                        .sub(model.arrays.get(prefix + answer.getKey()))
                                        .abs()
                                        .max()
                                        .getFloat());
                    }
                    assertOverlaps(model, prefix, out);
                    Map<String, NDArray> terms = model.losses(out);
                    terms.forEach((term, value) ->
                            model.arrays.assertClose(prefix + term, value.getFloat(), model.tolerance(prefix + term)));
                    total = PackModel.total(terms);
                    model.arrays.assertClose(prefix + "total", total.getFloat(), model.tolerance(prefix + "total"));
                }
                assertGradients(model, prefix, total);
            }
        }
        return worst;
    }

    private static HiVgModel.Output forward(PackModel model, BridgePolicy policy, String prefix) {
        int grid = model.config.clip().vision().grid();
        assertThat(model.paddingGrid().reshape(-1, (long) grid * grid).toByteArray())
                .isEqualTo(model.pack.io("visu_mask_grid").bytes());
        Map<String, NDList> seen = new LinkedHashMap<>();
        HiVgModel.Output out = model.forward(
                policy,
                (key, value) -> seen.computeIfAbsent(key, k -> new NDList()).add(value));
        Map<String, NDArray> values = new LinkedHashMap<>();
        seen.forEach((key, arrays) -> values.put(
                key.endsWith("_tap") ? key + "s" : key,
                key.endsWith("_tap") ? NDArrays.stack(arrays, 1) : arrays.get(0)));
        assertThat(values)
                .containsOnlyKeys(
                        "text_last_hidden_state",
                        "text_pooled",
                        "text_taps",
                        "vision_taps",
                        "vision_pooled",
                        "ml_visual_projection_out",
                        "vl_out");
        values.forEach((key, value) -> {
            String name = key.startsWith("text_") ? key : prefix + key;
            if (model.lists(name)) {
                model.assertClose(name, value);
            } else {
                assertRows(model, name, key, value);
            }
        });
        return out;
    }

    /** Full-size packs have some rows of each large tensor. */
    private static void assertRows(PackModel model, String name, String key, NDArray value) {
        NDList rows = new NDList();
        int axis = value.getShape().dimension() - 2;
        for (JsonNode row : model.pack.caseJson().get("slice_rows").get(key)) {
            rows.add(value.get(new NDIndex("..., " + row.asInt() + ", :")));
        }
        model.assertClose(name + ".slice", NDArrays.stack(rows, axis));
    }

    private static void assertGradients(PackModel model, String prefix, NDArray total) {
        List<Parameter> learned = model.parameters.trainable();
        List<NDArray> gradients = Operations.get()
                .gradients(total, learned.stream().map(Parameter::array).toList());
        double rtol =
                model.pack.caseJson().get("tolerance").get("grad_norm_rtol").asDouble();
        Map<String, NDArray> byName = new LinkedHashMap<>();
        for (int i = 0; i < learned.size(); i++) {
            byName.put(learned.get(i).name(), gradients.get(i));
        }
        String listed = prefix + "grad_norm.";
        int compared = 0;
        List<String> keys = new ArrayList<>();
        model.pack.caseJson().get("tensors").fieldNames().forEachRemaining(keys::add);
        for (String key : keys) {
            if (key.startsWith(listed)) {
                NDArray gradient = byName.get(PackModel.here(key.substring(listed.length())));
                assertThat(gradient).as(key).isNotNull();
                model.arrays.assertClose(key, gradient.norm().getFloat(), v -> rtol * v);
                compared++;
            }
        }
        assertThat(compared).isGreaterThanOrEqualTo(10);
        for (JsonNode name : model.pack.caseJson().get("no_gradient_parameters_among_trainable")) {
            String here = PackModel.here(name.asText());
            assertThat(Objects.requireNonNull(byName.get(here)).abs().max().getFloat())
                    .as(here)
                    .isZero();
            assertThat(HiLoraStage.unused(model.config).test(here)).as(here).isTrue();
        }
        byName.forEach((name, gradient) -> {
            if (HiLoraStage.unused(model.config).test(name)) {
                assertThat(model.pack.caseJson().get("no_gradient_parameters_among_trainable"))
                        .anyMatch(listedName ->
                                PackModel.here(listedName.asText()).equals(name));
            }
        });
    }

    private static void assertOverlaps(PackModel model, String prefix, HiVgModel.Output out) {
        int side = model.config.clip().vision().imageSize();
        double[] ious = model.pack.io(prefix + "box_iou").values();
        double[] maskIous = model.pack.io(prefix + "mask_iou").values();
        float[] truth = model.pack.io("gt_box").floats();
        byte[] pixels = model.pack.io("gt_mask").bytes();
        double allowed = model.pack.caseJson().get("tolerance").get("mask_iou").asDouble();
        List<Box> boxes =
                OneRefAnswers.boxes(out.boxes(), side, Collections.nCopies(ious.length, CoordinateTransform.IDENTITY));
        List<Mask> masks = OneRefAnswers.masks(out.masks(), side);
        for (int b = 0; b < ious.length; b++) {
            Box box = Box.ofCxcywh(
                    (double) truth[4 * b] * side,
                    (double) truth[4 * b + 1] * side,
                    (double) truth[4 * b + 2] * side,
                    (double) truth[4 * b + 3] * side);
            assertThat(boxes.get(b).iou(box)).isCloseTo(ious[b], within(1e-4));
            Mask mask = Mask.ofBytes(
                    side, side, java.util.Arrays.copyOfRange(pixels, b * side * side, (b + 1) * side * side));
            assertThat(masks.get(b).iou(mask)).isCloseTo(maskIous[b], within(allowed));
        }
    }
}
