package org.vilam.grounding.simvg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vilam.grounding.loss.BalancedDistillation;
import org.vilam.grounding.loss.SetTargets;
import org.vilam.grounding.metrics.ScoredBox;
import org.vilam.grounding.parity.PackArrays;
import org.vilam.grounding.parity.PackGradients;
import org.vilam.grounding.parity.PackInputs;
import org.vilam.grounding.parity.PackWeights;
import org.vilam.vision.beit3.Beit3Config;
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.CoordinateTransform;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.Parameter;
import org.vilam.vision.tensor.Parameters;

/** BEiT-3 and the head together against the official model: from picture and token ids to boxes in the image, and back. */
final class SimVgEndToEndParityTest {
    private static final float[] MEAN = {123.675f, 116.28f, 103.53f};
    private static final float[] STD = {58.395f, 57.12f, 57.375f};

    @Test
    void from_pixels_to_boxes_and_from_the_loss_to_every_weight() throws Exception {
        ParityPack pack = ParityPack.open("simvg-e2e-tiny");
        double tolerance = pack.caseJson().get("tolerance").get("tol").asDouble();
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.load(manager, new PackWeights(pack))) {
            JsonNode sizes = pack.caseJson().get("config");
            Beit3Encoder encoder =
                    new Beit3Encoder(parameters.scope("vis_enc.beit3"), encoderConfig(sizes.get("vis_enc")));
            SimVgHead head = new SimVgHead(
                    parameters.scope("head"),
                    new ObjectMapper()
                            .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
                            .treeToValue(sizes.get("head"), SimVgConfig.class));
            assertThat(parameters.loadReport().requireComplete().unexpected())
                    .containsExactly("vis_enc.beit3.vision_embed.mask_token");
            parameters.requireGradients(true);
            NDArray image = PackInputs.normalised(pack.io("image_u8"), MEAN, STD, manager);
            image.setRequiresGradient(true);
            List<NDArray> learned = new ArrayList<>(
                    parameters.all().stream().map(Parameter::array).toList());
            learned.add(image);
            NDArray padding = PackInputs.integers(pack.io("text_mask"), manager);
            PackArrays arrays = new PackArrays(pack, manager);
            List<NDArray> gradients;
            try (GradientScope scope = GradientScope.recording()) {
                Beit3Encoder.Encoded tokens = encoder.forward(
                        image, PackInputs.integers(pack.io("text_ids"), manager), padding, Mode.INFERENCE);
                int grid = encoder.config().grid();
                SimVgHead.Output out = head.forward(
                        new SimVgHead.Encoded(tokens.patches(), grid, grid, tokens.text(), padding, tokens.cls()),
                        Mode.INFERENCE);
                arrays.assertCloseToScale("decoder_logits", out.decoderAnswer().logits(), tolerance);
                arrays.assertCloseToScale("decoder_boxes", out.decoderAnswer().boxes(), tolerance);
                arrays.assertCloseToScale("token_logits", out.token().logits(), tolerance);
                arrays.assertCloseToScale("token_boxes", out.token().boxes(), tolerance);
                assertBoxes(pack, "decoder", out.decoderAnswer());
                assertBoxes(pack, "token", out.token());
                BalancedDistillation.Loss loss = BalancedDistillation.BASE.loss(
                        out.decoder().logits(),
                        out.decoder().boxes(),
                        out.token().logits(),
                        out.token().boxes(),
                        SetTargets.of(pack));
                NDArray total = loss.total();
                arrays.assertClose("loss_total", total.getFloat(), v -> tolerance * Math.max(1, v));
                gradients = Operations.get().gradients(total, learned);
            }
            PackGradients.assertEqual(pack, "", manager, parameters, gradients, List.of("image"));
        }
    }

    private static void assertBoxes(ParityPack pack, String branch, SimVgHead.Branch answer) {
        int height = pack.caseJson().get("img_shape").get(0).asInt();
        int width = pack.caseJson().get("img_shape").get(1).asInt();
        List<CoordinateTransform> identity = new ArrayList<>();
        List<CoordinateTransform> toInput = new ArrayList<>();
        for (JsonNode scale : pack.caseJson().get("scale_factor")) {
            identity.add(CoordinateTransform.IDENTITY);
            toInput.add(new CoordinateTransform(
                    scale.get(0).asDouble(), scale.get(1).asDouble(), 0, 0));
        }
        assertFirst(
                pack.io("predicted_box." + branch + ".network").values(),
                SimVgBoxes.read(answer, width, height, identity));
        assertFirst(
                pack.io("predicted_box." + branch + ".original").values(),
                SimVgBoxes.read(answer, width, height, toInput));
    }

    private static void assertFirst(double[] expected, List<List<ScoredBox>> read) {
        assertThat(expected).hasSize(4 * read.size());
        for (int i = 0; i < read.size(); i++) {
            Box box = read.get(i).get(0).box();
            double[] corners = {box.x1(), box.y1(), box.x2(), box.y2()};
            for (int j = 0; j < 4; j++) {
                assertThat(corners[j])
                        .as("sample %d, corner %d", i, j)
                        .isCloseTo(expected[4 * i + j], within(3e-5 * Math.max(1, PackArrays.largest(expected))));
            }
        }
    }

    private static Beit3Config encoderConfig(JsonNode sizes) {
        return new Beit3Config(
                sizes.get("img_size").asInt(),
                sizes.get("patch_size").asInt(),
                sizes.get("encoder_embed_dim").asInt(),
                sizes.get("encoder_attention_heads").asInt(),
                sizes.get("encoder_ffn_embed_dim").asInt(),
                sizes.get("encoder_layers").asInt(),
                sizes.get("vocab_size").asInt(),
                1024,
                1e-5,
                0);
    }
}
