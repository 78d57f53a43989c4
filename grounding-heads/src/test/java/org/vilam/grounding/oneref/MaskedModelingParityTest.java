package org.vilam.grounding.oneref;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vilam.grounding.parity.ListedWeights;
import org.vilam.grounding.parity.PackArrays;
import org.vilam.grounding.parity.PackInputs;
import org.vilam.vision.beit3.Beit3Config;
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.LayerNorm;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.Parameter;
import org.vilam.vision.tensor.Parameters;
import org.vilam.vision.tensor.SeededRandom;

/** OneRef's pre-training against the official classes: both kinds of step, what is hidden, and the image tokenizer. */
final class MaskedModelingParityTest {
    private static final int WIDTH = 64;

    private final ParityPack pack = ParityPack.open("oneref-mrefm");

    /** What one forward pass gives. */
    private record Pass(Map<String, NDArray> tensors, Map<String, NDArray> losses) {
        NDArray total(JsonNode terms) {
            List<NDArray> all = new ArrayList<>();
            terms.forEach(term -> all.add(java.util.Objects.requireNonNull(losses.get(term.asText()))));
            NDArray sum = all.get(0);
            for (NDArray term : all.subList(1, all.size())) {
                sum = sum.add(term);
            }
            return sum;
        }
    }

    @Test
    void a_step_with_hidden_patches_equals_the_reference() {
        try (NDManager manager = NDManager.newBaseManager();
                Model model = new Model(manager)) {
            JsonNode released = pack.caseJson().get("mim_terms_as_released");
            try (GradientScope scope = GradientScope.recording()) {
                Pass pass = model.hiddenPatches();
                model.assertEqual("mim.", pass);
                NDArray total = pass.total(released);
                model.assertClose("mim.total_as_released", total.reshape(1));
                model.assertGradients("mim_released", total);
            }
            try (GradientScope scope = GradientScope.recording()) {
                model.assertGradients(
                        "mim_with_vts",
                        java.util.Objects.requireNonNull(
                                model.hiddenPatches().losses().get("loss_mim_vts")));
            }
        }
    }

    @Test
    void a_step_with_hidden_words_equals_the_reference() {
        try (NDManager manager = NDManager.newBaseManager();
                Model model = new Model(manager)) {
            JsonNode released = pack.caseJson().get("mlm_terms_as_released");
            try (GradientScope scope = GradientScope.recording()) {
                Pass pass = model.hiddenWords();
                model.assertEqual("mlm.", pass);
                NDArray total = pass.total(released);
                model.assertClose("mlm.total_as_released", total.reshape(1));
                model.assertGradients("mlm_released", total);
            }
            try (GradientScope scope = GradientScope.recording()) {
                model.assertGradients(
                        "mlm_with_sts",
                        java.util.Objects.requireNonNull(
                                model.hiddenWords().losses().get("loss_mlm_sts")));
            }
        }
    }

    @Test
    void as_many_patches_and_words_are_hidden_as_in_the_reference() {
        for (Map.Entry<String, JsonNode> counts :
                pack.caseJson().get("keep_counts").properties()) {
            double ratio = Double.parseDouble(counts.getKey());
            for (int i = 0; i < counts.getValue().size(); i++) {
                int cells = i + 1;
                assertThat(cells - ReferringMask.hidden(cells, ratio))
                        .as("%d cells at %s", cells, counts.getKey())
                        .isEqualTo(counts.getValue().get(i).asInt());
            }
        }
        for (Map.Entry<String, JsonNode> count :
                pack.caseJson().get("mlm_masked_count").properties()) {
            assertThat(ReferringMask.hiddenWords(Integer.parseInt(count.getKey())))
                    .as(count.getKey())
                    .isEqualTo(count.getValue().asInt());
        }
    }

    @Test
    void regions_and_what_is_hidden_in_and_around_them_are_those_of_the_reference() {
        for (JsonNode c : pack.caseJson().get("dynamic_mask").get("cases")) {
            JsonNode b = c.get("box_cxcywh");
            ReferringMask mask = ReferringMask.around(
                    Box.ofCxcywh(
                            b.get(0).asDouble(),
                            b.get(1).asDouble(),
                            b.get(2).asDouble(),
                            b.get(3).asDouble()),
                    24);
            JsonNode r = c.get("region_x0y0x1y1_exclusive");
            assertThat(mask)
                    .isEqualTo(new ReferringMask(
                            24,
                            r.get(0).asInt(),
                            r.get(1).asInt(),
                            r.get(2).asInt(),
                            r.get(3).asInt()));
            assertThat(mask.regionCells()).isEqualTo(c.get("region_cells").asInt());
            for (double[] ratios : new double[][] {{0.35, 0.75}, {0.2, 0.55}, {0.5, 0.9}}) {
                JsonNode wanted = c.get("outside_ratio=" + ratios[0] + ",inside_ratio=" + ratios[1]);
                assertDraws(mask, ratios[0], ratios[1], wanted);
            }
        }
    }

    private static void assertDraws(ReferringMask mask, double around, double inside, JsonNode wanted) {
        int draws = 200;
        double sum = 0;
        for (int seed = 0; seed < draws; seed++) {
            boolean[] hidden = mask.draw(around, inside, new SeededRandom(seed));
            int in = 0;
            int out = 0;
            for (int i = 0; i < hidden.length; i++) {
                if (hidden[i] && mask.contains(i % 24, Math.floorDiv(i, 24))) {
                    in++;
                } else if (hidden[i]) {
                    out++;
                }
            }
            assertThat(in).isEqualTo(wanted.get("masked_inside_exact").asInt());
            assertThat(out)
                    .isBetween(
                            wanted.get("masked_outside_min_possible").asInt(),
                            wanted.get("masked_outside_max_possible").asInt());
            sum += out;
        }
        // the standard deviation of one draw is below 6, that of the mean of 200 below 0.5
        assertThat(sum / draws)
                .isCloseTo(wanted.get("masked_outside_mean_expected").asDouble(), within(2.5));
    }

    @Test
    void how_patches_lie_to_a_region_is_that_of_the_reference() {
        double[] boxes = pack.io("dyn_boxes").values();
        float[] full = pack.io("vts_label_full").floats();
        float[] some = pack.io("vts_label_at_positions").floats();
        JsonNode rows = pack.caseJson().get("vts_label_full_rows");
        JsonNode positions = pack.caseJson().get("vts_label_positions");
        for (int b = 0; b < boxes.length / 4; b++) {
            float[] relations = ReferringMask.relations(
                    Box.ofCxcywh(boxes[4 * b], boxes[4 * b + 1], boxes[4 * b + 2], boxes[4 * b + 3]), 24);
            for (int i = 0; i < positions.size(); i++) {
                for (int k = 0; k < 4; k++) {
                    assertThat(relations[4 * positions.get(i).asInt() + k])
                            .isCloseTo(some[(b * positions.size() + i) * 4 + k], within(1e-6f));
                }
            }
            for (int i = 0; i < rows.size(); i++) {
                for (int j = 0; rows.get(i).asInt() == b && j < relations.length; j++) {
                    assertThat(relations[j]).isCloseTo(full[i * relations.length + j], within(1e-6f));
                }
            }
        }
    }

    @Test
    void the_image_tokenizer_gives_the_references_codes() {
        JsonNode v = pack.caseJson().get("vqkd");
        VqKdTokenizer.Sizes sizes = new VqKdTokenizer.Sizes(
                v.get("img_size").asInt(),
                16,
                v.get("embed_dim").asInt(),
                v.get("depth").asInt(),
                v.get("num_heads").asInt(),
                v.get("n_code").asInt(),
                v.get("code_dim").asInt());
        try (NDManager manager = NDManager.newBaseManager();
                GradientScope scope = GradientScope.noGradient();
                Parameters parameters = Parameters.load(
                        manager,
                        VqKdTokenizer.CHECKPOINT.apply(
                                new ListedWeights(pack.caseJson().get("weights"), "vqkd/")))) {
            VqKdTokenizer tokenizer = new VqKdTokenizer(parameters.root(), sizes);
            parameters.loadReport().requireExact();
            PackArrays arrays = new PackArrays(pack, manager);
            NDArray images = VqKdTokenizer.scaled(arrays.get("vqkd.image01"));
            arrays.assertClose("vqkd.pos_embed_interpolated", tokenizer.positions(manager, 6), v1 -> 1e-5);
            NDArray features = tokenizer.features(images);
            arrays.assertClose("vqkd.encoder_features", features, x -> 2e-5 + 1e-4 * Math.abs(x));
            arrays.assertClose("vqkd.task_features", tokenizer.projected(features), x -> 2e-5 + 1e-4 * Math.abs(x));
            assertThat(java.util.Arrays.stream(pack.io("vqkd.margin").values())
                            .min()
                            .orElseThrow())
                    .isGreaterThan(1e-4); // so that every code is exact
            arrays.assertClose(
                    "vqkd.code_ids",
                    tokenizer.codes(images).toType(ai.djl.ndarray.types.DataType.FLOAT32, true),
                    x -> 0);
        }
    }

    /** Encoder, heads and inputs of the pack. */
    private final class Model implements AutoCloseable {
        private final NDManager manager;
        private final PackArrays arrays;
        private final Parameters parameters;
        private final Beit3Encoder encoder;
        private final OneRefHead head;
        private final MaskedModelingHeads heads;
        private final NDArray maskToken;
        private final LayerNorm middleNorm;

        Model(NDManager manager) {
            this.manager = manager;
            this.arrays = new PackArrays(pack, manager);
            Map<String, JsonNode> listed = new LinkedHashMap<>();
            pack.caseJson().get("weights").properties().forEach(e -> {
                if (!e.getKey().startsWith("vqkd/")) {
                    listed.put(e.getKey(), e.getValue());
                }
            });
            this.parameters = Parameters.load(
                    manager, new ListedWeights(new com.fasterxml.jackson.databind.ObjectMapper().valueToTree(listed)));
            this.encoder = new Beit3Encoder(
                    parameters.scope("beit3"), new Beit3Config(96, 16, WIDTH, 4, 256, 3, 512, 1024, 1e-5, 0));
            this.head = new OneRefHead(parameters.root(), WIDTH);
            this.heads = new MaskedModelingHeads(parameters.root(), head, WIDTH, 96, 512);
            this.maskToken = parameters
                    .scope("beit3.vision_embed")
                    .get("mask_token", new Shape(1, 1, WIDTH), Initializer.zeros());
            this.middleNorm = new LayerNorm(parameters.scope("layer_norm"), WIDTH, 1e-5);
            parameters.loadReport().requireExact();
            parameters.requireGradients(true);
        }

        Pass hiddenPatches() {
            boolean[] hidden = flags("mim_masked_pos");
            int[] codes = integers("mim_labels");
            List<NDArray> middle = new ArrayList<>();
            Beit3Encoder.Encoded encoded = encoder.forwardMasked(
                    arrays.get("image"),
                    new Beit3Encoder.MaskedPatches(arrays.get("mim_masked_pos"), maskToken),
                    PackInputs.integers(pack.io("token_ids"), manager),
                    PackInputs.integers(pack.io("padding_mask"), manager),
                    Mode.INFERENCE,
                    (name, tensor) -> {
                        if (name.equals("layer_0")) {
                            try (ai.djl.ndarray.NDScope kept = new ai.djl.ndarray.NDScope()) {
                                NDArray logits = heads.patchCodesOfTokens(MaskedModelingLoss.hidden(
                                        middleNorm.forward(tensor.get(new NDIndex(":, 1:37"))), hidden));
                                ai.djl.ndarray.NDScope.unregister(logits);
                                middle.add(logits);
                            }
                        }
                    });
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            Map<String, NDArray> losses = common(encoded, tensors);
            NDArray referred = heads.referredPatches(encoded.patches(), encoded.text());
            NDArray content = heads.patchCodes(MaskedModelingLoss.hidden(referred, hidden));
            NDArray relations = heads.patchRelations(referred);
            NDArray vanilla = heads.patchCodesOfTokens(MaskedModelingLoss.hidden(encoded.patches(), hidden));
            tensors.put("content_logits", content);
            tensors.put("vts_pred", relations);
            tensors.put("vanilla_logits", vanilla);
            tensors.put("mid_layer_logits", middle.get(0));
            losses.put("loss_mim", MaskedModelingLoss.patchCodes(content, codes));
            losses.put("loss_mim_vts", MaskedModelingLoss.patchRelations(relations, arrays.get("mim_vts_labels")));
            NDArray own = MaskedModelingLoss.patchCodes(vanilla, codes);
            tensors.put("vanilla_loss", own.reshape(1));
            tensors.put(
                    "mid_layer_loss",
                    own.add(MaskedModelingLoss.patchCodes(middle.get(0), codes)).reshape(1));
            return new Pass(tensors, losses);
        }

        Pass hiddenWords() {
            boolean[] hidden = flags("mlm_masked_pos");
            int[] all = integers("token_ids");
            int[] words = java.util.stream.IntStream.range(0, all.length)
                    .filter(i -> hidden[i])
                    .map(i -> all[i])
                    .toArray();
            Beit3Encoder.Encoded encoded = encoder.forward(
                    arrays.get("image"),
                    PackInputs.integers(pack.io("masked_token_ids"), manager),
                    PackInputs.integers(pack.io("padding_mask"), manager),
                    Mode.INFERENCE);
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            Map<String, NDArray> losses = common(encoded, tensors);
            NDArray referred = heads.referredWords(encoded.cls(), encoded.text());
            NDArray content = heads.words(MaskedModelingLoss.hidden(encoded.text(), hidden));
            NDArray product = heads.words(MaskedModelingLoss.hidden(referred, hidden));
            NDArray relations = heads.wordRelations(referred);
            tensors.put("content_logits", content);
            tensors.put("product_logits", product);
            tensors.put("sts_pred", relations);
            tensors.put(
                    "product_loss",
                    MaskedModelingLoss.words(product, words, false).reshape(1));
            losses.put("loss_mlm", MaskedModelingLoss.words(content, words, false));
            losses.put("loss_mlm_sts", MaskedModelingLoss.wordRelations(relations, arrays.get("mlm_sts_labels")));
            assertClose(
                    "mlm_after_12000.loss_mlm",
                    MaskedModelingLoss.words(content, words, true).reshape(1));
            return new Pass(tensors, losses);
        }

        private Map<String, NDArray> common(Beit3Encoder.Encoded encoded, Map<String, NDArray> tensors) {
            OneRefHead.Output out = head.forward(encoded.cls(), encoded.patches(), encoded.text());
            tensors.put("encoder_out", encoded.tokens());
            tensors.put("similarity", out.similarity());
            tensors.put("box", out.boxes());
            NDArray target = arrays.get("gt_box");
            NDArray patches = OneRefLoss.patchTargets(arrays.get("gt_mask"), 6);
            Map<String, NDArray> losses = new LinkedHashMap<>();
            losses.put("loss_bbox", OneRefLoss.l1(out.boxes(), target));
            losses.put("loss_giou", OneRefLoss.giou(out.boxes(), target));
            losses.put(
                    "loss_contrastive",
                    OneRefLoss.contrastive(out.visionAnchor(), out.languageAnchor(), head.logitScale()));
            losses.put("loss_mrm_focal", OneRefLoss.focal(out.similarity(), patches));
            losses.put("loss_mrm_dice", OneRefLoss.dice(out.similarity(), patches));
            return losses;
        }

        void assertEqual(String prefix, Pass pass) {
            pass.tensors().forEach((key, value) -> assertClose(prefix + key, value));
            pass.losses().forEach((key, value) -> assertClose(prefix + key, value.reshape(1)));
        }

        void assertClose(String key, NDArray actual) {
            double atol = pack.caseJson()
                    .get("tensors")
                    .get(key)
                    .path("atol")
                    .asDouble(pack.caseJson().get("tolerance").get("atol").asDouble());
            double rtol = pack.caseJson().get("tolerance").get("rtol").asDouble();
            arrays.assertClose(key, actual, v -> atol + rtol * Math.abs(v));
        }

        void assertGradients(String step, NDArray total) {
            List<Parameter> all = parameters.all();
            List<NDArray> gradients = Operations.get()
                    .gradients(total, all.stream().map(Parameter::array).toList());
            double rtol = pack.caseJson().get("tolerance").get("grad_norm_rtol").asDouble();
            int compared = 0;
            List<String> none = new ArrayList<>();
            pack.caseJson().get("no_gradient_parameters").get(step).forEach(name -> none.add(name.asText()));
            for (int i = 0; i < all.size(); i++) {
                String key = step + ".grad_norm." + all.get(i).name();
                if (pack.caseJson().get("tensors").has(key)) {
                    arrays.assertClose(key, gradients.get(i).norm().getFloat(), v -> rtol * v);
                    compared++;
                }
                if (none.contains(all.get(i).name())) {
                    assertThat(gradients.get(i).abs().max().getFloat())
                            .as(all.get(i).name())
                            .isZero();
                }
            }
            assertThat(compared).isGreaterThanOrEqualTo(2);
        }

        private boolean[] flags(String key) {
            double[] values = pack.io(key).values();
            boolean[] out = new boolean[values.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = values[i] != 0;
            }
            return out;
        }

        private int[] integers(String key) {
            double[] values = pack.io(key).values();
            int[] out = new int[values.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = (int) values[i];
            }
            return out;
        }

        @Override
        public void close() {
            parameters.close();
        }
    }
}
