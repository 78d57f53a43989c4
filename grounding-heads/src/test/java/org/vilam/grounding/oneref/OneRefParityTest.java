package org.vilam.grounding.oneref;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.vilam.grounding.parity.PackArrays;
import org.vilam.grounding.parity.PackInputs;
import org.vilam.grounding.parity.PackWeights;
import org.vilam.vision.beit3.Beit3Config;
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.CoordinateTransform;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.Parameter;
import org.vilam.vision.tensor.Parameters;

/** BEiT-3 with OneRef's heads against the official model: intermediates, answers, losses, gradients, batch statistics. */
final class OneRefParityTest {
    @Test
    void rec_equals_the_reference() {
        rec("oneref-rec-tiny", List.of("warmup", "full", "with_contrastive"));
    }

    @Test
    void res_equals_the_reference_with_running_and_with_batch_statistics() {
        res("oneref-res-tiny");
    }

    @Tag("full-size")
    @Test
    void rec_equals_the_reference_at_full_size() {
        rec("oneref-rec-base", List.of("warmup", "full"));
    }

    @Tag("full-size")
    @Test
    void res_equals_the_reference_at_full_size() {
        res("oneref-res-base");
    }

    @Test
    void patch_targets_are_those_of_the_reference() {
        ParityPack pack = ParityPack.open("box-losses");
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray masks = new PackArrays(pack, manager).get("nearest.mask");
            for (int grid : new int[] {5, 6, 7}) {
                assertThat(OneRefLoss.patchTargets(masks, grid).toFloatArray())
                        .containsExactly(pack.io("nearest.to_" + grid).floats());
            }
        }
    }

    private static void rec(String name, List<String> phases) {
        ParityPack pack = ParityPack.open(name);
        for (String phase : phases) {
            try (NDManager manager = NDManager.newBaseManager();
                    Model model = new Model(pack, manager);
                    GradientScope scope = GradientScope.recording()) {
                Beit3Encoder.Encoded encoded = model.encode();
                OneRefHead.Output out = model.read(encoded);
                model.assertClose("box", out.boxes());
                model.assertClose("similarity", out.similarity());
                model.assertClose("anchor_c", out.visionAnchor());
                model.assertClose("anchor_e", out.languageAnchor());
                NDArray target = model.arrays.get("gt_box");
                assertOverlaps(model, out.boxes());
                Map<String, NDArray> terms = new LinkedHashMap<>();
                terms.put("loss_bbox", OneRefLoss.l1(out.boxes(), target));
                terms.put("loss_giou", OneRefLoss.giou(out.boxes(), target));
                if (!phase.equals("warmup")) {
                    NDArray patches = OneRefLoss.patchTargets(model.arrays.get("gt_mask"), model.grid());
                    terms.put("loss_mrm_focal", OneRefLoss.focal(out.similarity(), patches));
                    terms.put("loss_mrm_dice", OneRefLoss.dice(out.similarity(), patches));
                }
                if (phase.equals("with_contrastive")) {
                    terms.put(
                            "loss_contrastive",
                            OneRefLoss.contrastive(out.visionAnchor(), out.languageAnchor(), model.head.logitScale()));
                }
                model.assertLosses(phase, terms);
            }
        }
    }

    private static void res(String name) {
        ParityPack pack = ParityPack.open(name);
        try (NDManager manager = NDManager.newBaseManager();
                Model model = new Model(pack, manager)) {
            NDArray logits = resPhase(model, "eval_bn", Mode.INFERENCE);
            model.assertClose("seg_mask_lowres", logits);
            NDArray enlarged = OneRefLoss.enlarged(logits, model.side());
            long[] listed = pack.io("seg_mask_upsampled").shape();
            model.assertClose(
                    "seg_mask_upsampled",
                    enlarged.get(new NDIndex(":{}", listed[0])).reshape(listed));
            assertMasks(model, OneRefAnswers.masks(logits, model.side()));
        }
        try (NDManager manager = NDManager.newBaseManager();
                Model model = new Model(pack, manager)) {
            NDArray logits = resPhase(model, "train_bn", Mode.training(1));
            long listed = pack.io("train_bn.seg_mask_lowres").shape()[0];
            model.assertClose("train_bn.seg_mask_lowres", logits.get(new NDIndex(":{}", listed)));
            for (String key : List.of("bn1.running_mean", "bn1.running_var", "bn3.running_mean", "bn3.running_var")) {
                model.assertClose(
                        "train_bn.after." + key,
                        Objects.requireNonNull(model.parameters.arrays().get(key)));
            }
        }
    }

    private static NDArray resPhase(Model model, String phase, Mode mode) {
        try (GradientScope scope = GradientScope.recording()) {
            Beit3Encoder.Encoded encoded = model.encode();
            OneRefHead.Output out = model.read(encoded);
            model.assertClose("box", out.boxes());
            model.assertClose("similarity", out.similarity());
            NDArray anchor = model.head.languageAnchor(encoded.text());
            model.assertClose("anchor_e", anchor);
            NDArray logits = model.maskHead().forward(encoded.patches(), anchor, mode);
            NDArray enlarged = OneRefLoss.enlarged(logits, model.side());
            NDArray target = model.arrays.get("gt_mask").reshape(enlarged.getShape());
            Map<String, NDArray> terms = new LinkedHashMap<>();
            terms.put("loss_seg_focal", OneRefLoss.focal(enlarged, target));
            terms.put("loss_seg_dice", OneRefLoss.dice(enlarged, target));
            model.assertLosses(phase, terms);
            return logits;
        }
    }

    private static void assertOverlaps(Model model, NDArray boxes) {
        int side = model.side();
        double[] expected = model.pack.io("box_iou").values();
        float[] target = model.pack.io("gt_box").floats();
        List<CoordinateTransform> identity =
                java.util.Collections.nCopies(expected.length, CoordinateTransform.IDENTITY);
        List<Box> read = OneRefAnswers.boxes(boxes, side, identity);
        int hits = 0;
        for (int b = 0; b < expected.length; b++) {
            Box truth = Box.ofCxcywh(
                    target[4 * b] * side, target[4 * b + 1] * side, target[4 * b + 2] * side, target[4 * b + 3] * side);
            double iou = read.get(b).iou(truth);
            assertThat(iou).isCloseTo(expected[b], within(1e-4));
            hits += iou >= 0.5 ? 1 : 0;
        }
        assertThat(hits).isEqualTo((int) model.pack.io("acc_at_0.5_count").values()[0]);
    }

    private static void assertMasks(Model model, List<Mask> masks) {
        int pixels = model.side() * model.side();
        byte[] expected = model.pack.io("foreground").bytes();
        byte[] target = model.pack.io("gt_mask").bytes();
        int allowed = pixels > 100_000 ? 60 : 4; // as the packs state
        for (int b = 0; b < masks.size(); b++) {
            Mask reference = mask(expected, b, model.side());
            assertThat(masks.get(b).symmetricDifference(reference).area()).isLessThanOrEqualTo(allowed);
            Mask truth = mask(target, b, model.side());
            assertThat((double) masks.get(b).intersectionArea(truth))
                    .isCloseTo(model.pack.io("mask_intersection").values()[b], within((double) allowed));
            assertThat((double) masks.get(b).unionArea(truth))
                    .isCloseTo(model.pack.io("mask_union").values()[b], within((double) allowed));
        }
    }

    private static Mask mask(byte[] values, int sample, int side) {
        int pixels = side * side;
        return Mask.ofBytes(side, side, java.util.Arrays.copyOfRange(values, sample * pixels, (sample + 1) * pixels));
    }

    /** Encoder and heads with the weights of a pack, and the pack's tolerances. */
    private static final class Model implements AutoCloseable {
        private final ParityPack pack;
        private final JsonNode config;
        private final NDManager manager;
        private final PackArrays arrays;
        private final Parameters parameters;
        private final Beit3Encoder encoder;
        private final OneRefHead head;
        private final @org.jspecify.annotations.Nullable OneRefMaskHead maskHead;

        Model(ParityPack pack, NDManager manager) {
            this.pack = pack;
            this.config = pack.caseJson().get("config");
            this.manager = manager;
            this.arrays = new PackArrays(pack, manager);
            this.parameters = Parameters.load(manager, OneRefHead.CHECKPOINT.apply(new PackWeights(pack)));
            this.encoder = new Beit3Encoder(
                    parameters.scope("beit3"),
                    new Beit3Config(
                            side(),
                            number("patch_size"),
                            number("encoder_embed_dim"),
                            number("encoder_attention_heads"),
                            number("encoder_ffn_embed_dim"),
                            number("encoder_layers"),
                            number("vocab_size"),
                            1024,
                            1e-5,
                            0));
            this.head = new OneRefHead(parameters.root(), number("encoder_embed_dim"));
            this.maskHead = config.get("head").asText().equals("res")
                    ? new OneRefMaskHead(parameters.root(), number("encoder_embed_dim"))
                    : null;
            parameters.loadReport().requireExact();
            parameters.requireGradients(true);
        }

        int number(String field) {
            return config.get(field).asInt();
        }

        int side() {
            return number("img_size");
        }

        int grid() {
            return side() / number("patch_size");
        }

        OneRefMaskHead maskHead() {
            return Objects.requireNonNull(maskHead);
        }

        Beit3Encoder.Encoded encode() {
            return encoder.forward(
                    PackInputs.normalised(pack.io("image_u8"), manager),
                    PackInputs.integers(pack.io("token_ids"), manager),
                    PackInputs.integers(pack.io("padding_mask"), manager),
                    Mode.INFERENCE);
        }

        OneRefHead.Output read(Beit3Encoder.Encoded encoded) {
            return head.forward(encoded.cls(), encoded.patches(), encoded.text(), (key, value) -> {
                if (!pack.caseJson().get("tensors").has(key)) {
                    return; // full-size packs leave the large ones out
                }
                if (key.endsWith("_out")) { // listed with the CLS row, which is read apart
                    NDArray listed = arrays.get(key).get(":, 1:");
                    PackArrays.assertClose(key, value.toFloatArray(), doubles(listed), tolerance(key));
                } else {
                    assertClose(key, value);
                }
            });
        }

        private static double[] doubles(NDArray array) {
            float[] floats = array.toFloatArray();
            double[] out = new double[floats.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = floats[i];
            }
            return out;
        }

        DoubleUnaryOperator tolerance(String key) {
            JsonNode stated = pack.caseJson().get("tolerance");
            double rtol = stated.get("rtol").asDouble();
            double atol = pack.caseJson()
                    .get("tensors")
                    .get(key)
                    .path("atol")
                    .asDouble(stated.get("atol").asDouble());
            return v -> atol + rtol * Math.abs(v);
        }

        void assertClose(String key, NDArray actual) {
            arrays.assertClose(key, actual, tolerance(key));
        }

        void assertLosses(String phase, Map<String, NDArray> terms) {
            List<NDArray> sums = new ArrayList<>(terms.values());
            terms.forEach((name, term) ->
                    arrays.assertClose(phase + "." + name, term.getFloat(), tolerance(phase + "." + name)));
            NDArray total = sums.get(0);
            for (NDArray term : sums.subList(1, sums.size())) {
                total = total.add(term);
            }
            arrays.assertClose(phase + ".total", total.getFloat(), tolerance(phase + ".total"));
            List<NDArray> learned =
                    parameters.all().stream().map(Parameter::array).toList();
            List<NDArray> gradients = Operations.get().gradients(total, learned);
            double rtol = pack.caseJson().get("tolerance").get("grad_norm_rtol").asDouble();
            int compared = 0;
            for (int i = 0; i < learned.size(); i++) {
                String key = phase + ".grad_norm." + parameters.all().get(i).name();
                if (pack.caseJson().get("tensors").has(key)) {
                    arrays.assertClose(key, gradients.get(i).norm().getFloat(), v -> rtol * v);
                    compared++;
                }
            }
            assertThat(compared).isEqualTo(8);
            for (JsonNode name : pack.caseJson().get("no_gradient_parameters").get(phase)) {
                for (int i = 0; i < learned.size(); i++) {
                    if (parameters.all().get(i).name().equals(name.asText())) {
                        assertThat(gradients.get(i).abs().max().getFloat())
                                .as(name.asText())
                                .isZero();
                    }
                }
            }
        }

        @Override
        public void close() {
            parameters.close();
        }
    }
}
