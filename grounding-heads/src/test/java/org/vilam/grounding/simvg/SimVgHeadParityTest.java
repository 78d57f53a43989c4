package org.vilam.grounding.simvg;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.grounding.loss.BalancedDistillation;
import org.vilam.grounding.loss.SetTargets;
import org.vilam.grounding.parity.PackArrays;
import org.vilam.grounding.parity.PackGradients;
import org.vilam.grounding.parity.PackInputs;
import org.vilam.grounding.parity.PackWeights;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.LayerNorm;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.Parameter;
import org.vilam.vision.tensor.Parameters;

/** The head against the official class: every listed intermediate, both answers, the loss and all gradients. */
final class SimVgHeadParityTest {
    @ParameterizedTest
    @ValueSource(strings = {"simvg-head-tiny", "simvg-head-grec-tiny"})
    void both_branches_losses_and_gradients_equal_the_reference(String name) throws Exception {
        compare(ParityPack.open(name));
    }

    @Tag("full-size")
    @ParameterizedTest
    @ValueSource(strings = {"simvg-head-base", "simvg-head-grec-base"})
    void at_full_size_too(String name) throws Exception {
        compare(ParityPack.open(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"simvg-head-tiny", "simvg-head-grec-tiny"})
    void the_token_branch_alone_answers_alike_without_the_decoder(String name) throws Exception {
        ParityPack pack = ParityPack.open(name);
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.load(manager, new PackWeights(pack));
                GradientScope scope = GradientScope.noGradient()) {
            SimVgHead head = new SimVgHead(parameters.scope("head"), config(pack));
            for (Parameter parameter : parameters.all()) {
                if (parameter.name().matches("head\\.(transformer|input_proj|.*_embed_decoder)\\..*")) {
                    parameter.array().muli(Float.NaN);
                }
            }
            PackArrays arrays = new PackArrays(pack, manager);
            SimVgHead.Branch token = head.forwardToken(new Inputs(pack, manager).encoded(), Mode.INFERENCE);
            arrays.assertCloseToScale("token_logits", token.logits(), 3e-5);
            arrays.assertCloseToScale("token_boxes", token.boxes(), 3e-5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"simvg-head-tiny", "simvg-head-grec-tiny"})
    void the_true_masked_maximum_is_there_for_models_trained_anew(String name) {
        ParityPack pack = ParityPack.open(name);
        try (NDManager manager = NDManager.newBaseManager()) {
            PackArrays arrays = new PackArrays(pack, manager);
            NDArray text = arrays.get("text_proj");
            NDArray padding = arrays.get("text_mask");
            arrays.assertCloseToScale("pooled_text", TextPooling.LAST_TWO.pool(text, padding), 0);
            arrays.assertCloseToScale("pooled_text_true_masked_max", TextPooling.MASKED_MAX.pool(text, padding), 0);
        }
    }

    private static void compare(ParityPack pack) throws Exception {
        double tolerance = pack.caseJson().get("tolerance").get("tol").asDouble();
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.load(manager, new PackWeights(pack))) {
            SimVgHead head = new SimVgHead(parameters.scope("head"), config(pack));
            parameters.loadReport().requireExact();
            assertThat(parameters.all()).hasSize(119);
            parameters.requireGradients(true);
            PackArrays arrays = new PackArrays(pack, manager);
            arrays.assertCloseToScale(
                    "layer_norm_probe",
                    new LayerNorm(
                                    parameters.scope("head.transformer.decoder.post_norm_layer"),
                                    head.config().embedDim(),
                                    1e-5)
                            .forward(arrays.get("layer_norm_probe_input")),
                    tolerance);
            Inputs inputs = new Inputs(pack, manager);
            inputs.all().forEach(input -> input.setRequiresGradient(true));
            List<NDArray> learned = new ArrayList<>(
                    parameters.all().stream().map(Parameter::array).toList());
            learned.addAll(inputs.all());
            List<NDArray> gradients;
            try (GradientScope scope = GradientScope.recording()) {
                Set<String> seen = new HashSet<>();
                SimVgHead.Output out = head.forward(inputs.encoded(), Mode.INFERENCE, (key, value) -> {
                    seen.add(key);
                    arrays.assertCloseToScale(key, asListed(pack, key, value), tolerance);
                });
                assertThat(seen)
                        .containsExactlyInAnyOrder(
                                "image_proj",
                                "text_proj",
                                "position_1d",
                                "position_2d",
                                "pooled_text",
                                "tqg_out",
                                "decoder_query_pos",
                                "decoder_hidden",
                                "token_hidden");
                arrays.assertCloseToScale("decoder_logits", out.decoder().logits(), tolerance);
                arrays.assertCloseToScale("decoder_boxes", out.decoder().boxes(), tolerance);
                arrays.assertCloseToScale("token_logits", out.token().logits(), tolerance);
                arrays.assertCloseToScale("token_boxes", out.token().boxes(), tolerance);
                BalancedDistillation.Loss loss = BalancedDistillation.BASE.loss(
                        out.decoder().logits(),
                        out.decoder().boxes(),
                        out.token().logits(),
                        out.token().boxes(),
                        SetTargets.of(pack));
                arrays.assertClose("loss_distill_w", loss.balance(), v -> tolerance * Math.max(1, v));
                NDArray total = loss.total();
                arrays.assertClose("loss_total", total.getFloat(), v -> tolerance * Math.max(1, v));
                gradients = Operations.get().gradients(total, learned);
            }
            PackGradients.assertEqual(
                    pack, "", manager, parameters, gradients, List.of("img_feat", "text_feat", "cls_feat"));
        }
    }

    /** Cut and turned as the pack has it: full-size packs list some channels only. */
    private static NDArray asListed(ParityPack pack, String key, NDArray value) {
        boolean full = pack.caseJson().get("full").asBoolean();
        return switch (key) {
            case "image_proj" -> full ? value : value.get(":, :, :8");
            case "text_proj" -> full ? value : value.get(":, :, :32");
            case "position_2d" -> {
                long[] shape = pack.io(key).shape();
                NDArray map = value.transpose().reshape(-1, shape[1], shape[2]); // (E, rows, columns)
                yield full ? map : map.get("::4");
            }
            default -> value;
        };
    }

    private static SimVgConfig config(ParityPack pack) throws Exception {
        return new ObjectMapper()
                .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
                .treeToValue(pack.caseJson().get("config"), SimVgConfig.class);
    }

    /** The encoder's outputs that a pack gives to the head, from its file or by its rule. */
    private static final class Inputs {
        private final NDArray image; // (B, D, rows, columns)
        private final NDArray text;
        private final NDArray cls;
        private final NDArray padding;

        Inputs(ParityPack pack, NDManager manager) {
            image = PackInputs.input(pack, "img_feat", manager);
            text = PackInputs.input(pack, "text_feat", manager);
            cls = PackInputs.input(pack, "cls_feat", manager);
            padding = new PackArrays(pack, manager).get("text_mask");
        }

        List<NDArray> all() {
            return List.of(image, text, cls);
        }

        SimVgHead.Encoded encoded() {
            Shape shape = image.getShape();
            NDArray patches = image.reshape(shape.get(0), shape.get(1), -1).transpose(0, 2, 1);
            return new SimVgHead.Encoded(patches, (int) shape.get(2), (int) shape.get(3), text, padding, cls);
        }
    }
}
