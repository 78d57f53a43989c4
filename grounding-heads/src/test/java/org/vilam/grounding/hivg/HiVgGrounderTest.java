package org.vilam.grounding.hivg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounder;
import org.vilam.grounding.parity.PackWeights;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.image.ImageProcessor;
import org.vilam.vision.image.ImageProcessorConfig;
import org.vilam.vision.image.RgbImage;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.Parameters;

/** From pictures and words to boxes in the pictures: the pack's inputs as pictures, some of them with padding in their frame. */
final class HiVgGrounderTest {
    private static final int SIDE = 96;
    private static final double[] MEAN = {0.485, 0.456, 0.406};
    private static final double[] STD = {0.229, 0.224, 0.225};

    private final ParityPack pack = ParityPack.open("hivg-tiny");

    @Test
    void pictures_and_words_give_the_references_boxes_in_pixels_of_the_pictures() {
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters =
                        HiVgWeights.load(manager, HiVgWeights.CHECKPOINT.apply(new PackWeights(pack)), config())) {
            HiVgModel model = HiVgWeights.open(parameters, config());
            Grounder grounder = grounder(model, manager);
            List<Grounder.Query> queries = queries();
            List<Grounded> answers = grounder.ground(queries, Grounder.Detail.ALL);
            double[] expected = pack.io("corrected.box").values();
            for (int b = 0; b < answers.size(); b++) {
                RgbImage image = queries.get(b).image();
                JsonNode rect = pack.caseJson().get("image_rects_top_left_h_w").get(b);
                double left = rect.get(1).asInt();
                double top = rect.get(0).asInt();
                Box inFrame = Box.ofCxcywh(
                        expected[4 * b] * SIDE,
                        expected[4 * b + 1] * SIDE,
                        expected[4 * b + 2] * SIDE,
                        expected[4 * b + 3] * SIDE);
                Box wanted = new Box(inFrame.x1() - left, inFrame.y1() - top, inFrame.x2() - left, inFrame.y2() - top)
                        .clamp(image.width(), image.height());
                Grounded answer = answers.get(b);
                assertThat(answer.present()).isTrue();
                assertThat(answer.all()).containsExactly(answer.one());
                assertThat(answer.one().mask()).isEmpty();
                assertThat(answer.one().box().x1()).isCloseTo(wanted.x1(), within(0.01));
                assertThat(answer.one().box().y1()).isCloseTo(wanted.y1(), within(0.01));
                assertThat(answer.one().box().x2()).isCloseTo(wanted.x2(), within(0.01));
                assertThat(answer.one().box().y2()).isCloseTo(wanted.y2(), within(0.01));
                Grounded alone = grounder.ground(image, queries.get(b).expression(), Grounder.Detail.BOXES);
                assertThat(alone.one().box()).isEqualTo(answer.one().box());
            }
        }
    }

    @Test
    void a_model_that_learned_shapes_gives_masks_of_the_pictures_size() {
        HiVgConfig shapes = new HiVgConfig(
                config().clip(),
                config().visionTaps(),
                config().bridgeBlocks(),
                config().textTaps(),
                config().mixup(),
                config().fusionHeads(),
                config().fusionHidden(),
                config().fusionLayers(),
                config().loraRank(),
                config().loraAlpha(),
                BridgePolicy.CORRECTED,
                true);
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters =
                        HiVgWeights.load(manager, HiVgWeights.CHECKPOINT.apply(new PackWeights(pack)), shapes)) {
            Grounder grounder = grounder(HiVgWeights.open(parameters, shapes), manager);
            assertThat(grounder.abilities()).containsExactly(Grounder.Ability.MASKS);
            List<Grounder.Query> queries = queries();
            List<Grounded> answers = grounder.ground(queries, Grounder.Detail.ALL);
            double[] logits = pack.io("corrected.seg_mask_lowres").values();
            int cells = 48;
            for (int b = 0; b < answers.size(); b++) {
                JsonNode rect = pack.caseJson().get("image_rects_top_left_h_w").get(b);
                var mask = answers.get(b).one().mask().orElseThrow();
                assertThat(mask.width()).isEqualTo(rect.get(3).asInt());
                assertThat(mask.height()).isEqualTo(rect.get(2).asInt());
                int agree = 0;
                for (int y = 0; y < mask.height(); y++) {
                    for (int x = 0; x < mask.width(); x++) {
                        int cellX = (x + rect.get(1).asInt()) / 2;
                        int cellY = (y + rect.get(0).asInt()) / 2;
                        boolean above = logits[(b * cells + cellY) * cells + cellX] > 0;
                        // what is above 0 itself is in the mask; enlarging adds its neighbours
                        agree += !above || mask.get(x, y) ? 1 : 0;
                    }
                }
                assertThat(agree).isEqualTo(mask.width() * mask.height());
            }
        }
    }

    @Test
    void long_texts_keep_their_end_token_and_short_ones_are_padded_with_zeros() {
        int[] words = new int[100];
        Arrays.fill(words, 7);
        try (NDManager manager = NDManager.newBaseManager();
                var ids = HiVgTexts.ids(
                        manager,
                        List.of(words, new int[] {5, 6}),
                        config().clip().text())) {
            assertThat(ids.getShape().getShape()).containsExactly(2, 77);
            long[] cut = ids.get(new NDIndex("0")).toLongArray();
            assertThat(cut[0]).isEqualTo(298);
            assertThat(cut[75]).isEqualTo(7);
            assertThat(cut[76]).isEqualTo(299);
            assertThat(ids.get(new NDIndex("1, :6")).toLongArray()).containsExactly(298, 5, 6, 299, 0, 0);
        }
    }

    private HiVgConfig config() {
        return HiVgFamily.parse(new HiVgFamily()
                .config(
                        HiVgWeights.CHECKPOINT.apply(new PackWeights(pack)),
                        PackModel.unseen(pack.caseJson().get("config"))));
    }

    /** Knows the pack's texts by their number. */
    private Grounder grounder(HiVgModel model, NDManager manager) {
        double[] ids = pack.io("token_ids").values();
        Map<String, int[]> words = new LinkedHashMap<>();
        JsonNode lengths = pack.caseJson().get("text_lengths");
        for (int b = 0; b < lengths.size(); b++) {
            int[] text = new int[lengths.get(b).asInt() - 2];
            for (int i = 0; i < text.length; i++) {
                text[i] = (int) ids[77 * b + 1 + i];
            }
            words.put("text " + b, text);
        }
        return new HiVgGrounder(
                model,
                expression -> java.util.Objects.requireNonNull(words.get(expression), expression),
                new ImageProcessor(ImageProcessorConfig.HIVG.withSize(SIDE)),
                manager);
    }

    private List<Grounder.Query> queries() {
        double[] values = pack.io("image").values();
        List<Grounder.Query> queries = new ArrayList<>();
        JsonNode rects = pack.caseJson().get("image_rects_top_left_h_w");
        for (int b = 0; b < rects.size(); b++) {
            int top = rects.get(b).get(0).asInt();
            int left = rects.get(b).get(1).asInt();
            int height = rects.get(b).get(2).asInt();
            int width = rects.get(b).get(3).asInt();
            byte[] rgb = new byte[3 * width * height];
            for (int i = 0; i < width * height; i++) {
                int at = (top + i / width) * SIDE + left + i % width;
                for (int c = 0; c < 3; c++) {
                    double level = (values[(b * 3 + c) * SIDE * SIDE + at] * STD[c] + MEAN[c]) * 255;
                    rgb[3 * i + c] = (byte) Math.round(level);
                }
            }
            queries.add(new Grounder.Query(new RgbImage(width, height, rgb), " Text " + b));
        }
        return queries;
    }
}
