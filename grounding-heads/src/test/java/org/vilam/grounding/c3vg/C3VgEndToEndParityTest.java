package org.vilam.grounding.c3vg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounder;
import org.vilam.grounding.parity.PackGradients;
import org.vilam.grounding.parity.PackInputs;
import org.vilam.grounding.parity.PackQuestions;
import org.vilam.grounding.simvg.FamilyConfig;
import org.vilam.grounding.simvg.SimVgHead;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.CoordinateTransform;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.image.ImageProcessor;
import org.vilam.vision.image.ImageProcessorConfig;
import org.vilam.vision.image.ResampleFilter;
import org.vilam.vision.image.Resampler;
import org.vilam.vision.image.RgbImage;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.Parameter;
import org.vilam.vision.tensor.Parameters;

/** BEiT-3 and the head together against the official model: from picture and token ids to box and mask in the image, and back. */
final class C3VgEndToEndParityTest {
    private static final float[] MEAN = {123.675f, 116.28f, 103.53f};
    private static final float[] STD = {58.395f, 57.12f, 57.375f};

    @ParameterizedTest
    @ValueSource(strings = {"eval.", "bn_train."})
    void from_pixels_to_boxes_and_masks_and_from_the_loss_to_every_weight(String phase) throws Exception {
        try (NDManager manager = NDManager.newBaseManager()) {
            C3VgPack pack = new C3VgPack(ParityPack.open("c3vg-e2e-tiny"), manager);
            Parameters parameters = Parameters.load(manager, pack.weights());
            C3VgModel model = model(pack, parameters);
            parameters.requireGradients(true);
            NDArray image = PackInputs.normalised(pack.pack().io("image_u8"), MEAN, STD, manager);
            image.setRequiresGradient(true);
            List<NDArray> learned = new ArrayList<>(
                    parameters.all().stream().map(Parameter::array).toList());
            learned.add(image);
            NDArray padding = PackInputs.integers(pack.pack().io("text_mask"), manager);
            boolean trains = phase.equals("bn_train.");
            Mode mode = trains ? Mode.training(1) : Mode.INFERENCE;
            List<NDArray> gradients;
            try (GradientScope scope = GradientScope.recording()) {
                SimVgHead.Encoded encoded = SimVgHead.Encoded.of(
                        model.encoder()
                                .forward(
                                        image, PackInputs.integers(pack.pack().io("text_ids"), manager), padding, mode),
                        model.encoder().config().grid(),
                        padding);
                if (!trains) {
                    pack.assertClose("eval.img_feat", encoded.patches());
                    pack.assertClose("eval.text_feat", encoded.text());
                    pack.assertClose("eval.cls_feat", encoded.cls());
                }
                Set<String> seen = C3VgPack.seen();
                C3VgHead.Output out = model.head().forward(encoded, mode, pack.tap(phase, seen));
                assertThat(seen).hasSize(trains ? 0 : 12);
                pack.assertStage(phase, "first", out.first());
                pack.assertStage(phase, "second", out.second());
                if (!trains) {
                    assertAnswers(pack.pack(), "", out.second());
                    assertAnswers(pack.pack(), "_first", out.first());
                }
                C3VgLoss.Terms terms = C3VgLoss.OFFICIAL.loss(out, pack.boxes(), pack.masks());
                pack.assertLoss(phase, terms);
                gradients = Operations.get().gradients(terms.total(), learned);
            }
            PackGradients.assertEqual(pack.pack(), phase, manager, parameters, gradients, List.of("image"));
        }
    }

    @Test
    void a_question_is_answered_in_pixels_of_its_picture() throws Exception {
        try (NDManager manager = NDManager.newBaseManager()) {
            C3VgPack pack = new C3VgPack(ParityPack.open("c3vg-e2e-tiny"), manager);
            Parameters parameters = Parameters.load(manager, pack.weights());
            C3VgModel model = model(pack, parameters);
            int side = model.config().encoder().imgSize();
            List<Grounder.Query> questions = PackQuestions.of(pack.pack());
            try (C3VgGrounder grounder = new C3VgGrounder(
                    model,
                    PackQuestions.pieces(pack.pack()),
                    new ImageProcessor(ImageProcessorConfig.C3VG.withSize(side)),
                    manager)) {
                assertThat(grounder.abilities()).containsExactly(Grounder.Ability.MASKS);
                List<Grounded> answers = grounder.ground(questions, Grounder.Detail.ALL);
                double[] boxes = pack.pack().io("eval.predicted_box.network").values();
                for (int b = 0; b < questions.size(); b++) {
                    Grounded.Found found = answers.get(b).one();
                    assertThat(answers.get(b).all()).containsExactly(found);
                    assertClose(found.box(), boxes, b, 2e-3, side, side);
                    assertThat(found.score()).isBetween(0.5, 1.0);
                    assertSame(
                            pack.pack(),
                            "eval.predicted_mask.network." + b,
                            found.mask().orElseThrow());
                }
                // The same picture, enlarged by whole numbers without interpolating, is squashed back to nearly itself.
                RgbImage small = questions.get(0).image();
                RgbImage large = Resampler.resize(small, 2 * side, side, ResampleFilter.OPENCV_NEAREST);
                Grounded wide = grounder.ground(large, questions.get(0).expression(), Grounder.Detail.ALL);
                assertThat(wide.one().mask().orElseThrow().width()).isEqualTo(2 * side);
                assertThat(wide.one().box().width())
                        .isCloseTo(2 * answers.get(0).one().box().width(), within(1.0));
                assertThat(grounder.ground(large, "expression 0", Grounder.Detail.BOXES)
                                .one()
                                .mask())
                        .isEmpty();
            }
        }
    }

    private static C3VgModel model(C3VgPack pack, Parameters parameters) throws Exception {
        JsonNode config = pack.pack().caseJson().get("config");
        ObjectNode encoder = config.get("vis_enc").deepCopy();
        encoder.put("max_source_positions", 1024).put("layernorm_eps", 1e-5).put("drop_path_rate", 0);
        ObjectNode whole = new ObjectMapper().createObjectNode();
        whole.put("family", "c3vg").put("max_token", 20).set("vis_enc", encoder);
        whole.set("head", FamilyConfig.json(C3VgPack.config(config.get("head"))));
        C3VgModel model = new C3VgModel(parameters.root(), FamilyConfig.read(whole, C3VgModelConfig.class));
        parameters.loadReport().requireExact();
        return model;
    }

    private static void assertAnswers(ParityPack pack, String stage, C3VgHead.Stage answer) {
        int side = pack.caseJson().get("img_shape").get(0).asInt();
        List<CoordinateTransform> identity = new ArrayList<>();
        List<CoordinateTransform> toInput = new ArrayList<>();
        for (JsonNode scale : pack.caseJson().get("scale_factor")) {
            identity.add(CoordinateTransform.IDENTITY);
            toInput.add(new CoordinateTransform(
                    scale.get(0).asDouble(), scale.get(1).asDouble(), 0, 0));
        }
        double[] network = pack.io("eval.predicted_box" + stage + ".network").values();
        double[] original = pack.io("eval.predicted_box" + stage + ".original").values();
        List<Box> inNetwork = C3VgAnswers.boxes(answer, side, side, identity);
        List<Box> inImage = C3VgAnswers.boxes(answer, side, side, toInput);
        List<C3VgAnswers.Drawn> drawn = C3VgAnswers.masks(answer, side, side);
        for (int b = 0; b < drawn.size(); b++) {
            assertClose(inNetwork.get(b), network, b, 5e-3, Integer.MAX_VALUE, Integer.MAX_VALUE);
            assertClose(inImage.get(b), original, b, 5e-3, Integer.MAX_VALUE, Integer.MAX_VALUE);
            Mask mask = drawn.get(b).mask();
            assertSame(pack, "eval.predicted_mask" + stage + ".network." + b, mask);
            JsonNode size = pack.caseJson().get("ori_shape").get(b);
            assertSame(
                    pack,
                    "eval.predicted_mask" + stage + ".original." + b,
                    mask.resized(size.get(1).asInt(), size.get(0).asInt()));
        }
    }

    /** The margins of this pack are wide enough for no pixel to flip. */
    private static void assertSame(ParityPack pack, String key, Mask mask) {
        long[] shape = pack.io(key).shape();
        Mask expected =
                Mask.ofBytes((int) shape[1], (int) shape[0], pack.io(key).bytes());
        assertThat(expected.isEmpty()).as(key).isFalse();
        assertThat(mask.symmetricDifference(expected).area()).as(key).isZero();
    }

    private static void assertClose(Box box, double[] expected, int sample, double tolerance, int width, int height) {
        double[] corners = {box.x1(), box.y1(), box.x2(), box.y2()};
        for (int j = 0; j < 4; j++) {
            double clipped = width == Integer.MAX_VALUE
                    ? expected[4 * sample + j]
                    : Math.max(0, Math.min(expected[4 * sample + j], j % 2 == 0 ? width : height));
            assertThat(corners[j]).as("sample %d, corner %d", sample, j).isCloseTo(clipped, within(tolerance));
        }
    }
}
