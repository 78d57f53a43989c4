package org.vilam.grounding.oneref;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounder;
import org.vilam.grounding.parity.PackWeights;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.image.ImageProcessor;
import org.vilam.vision.image.ImageProcessorConfig;
import org.vilam.vision.image.RgbImage;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.Parameters;

/** From pictures and words to boxes and masks in the pictures. */
final class OneRefGrounderTest {
    private static final int SIDE = 96;

    @Test
    void pictures_and_words_give_the_references_boxes_in_pixels_of_the_pictures() {
        ParityPack pack = ParityPack.open("oneref-rec-tiny");
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.load(manager, named(pack))) {
            Grounder grounder = grounder(pack, parameters, manager);
            assertThat(grounder.abilities()).isEmpty();
            List<Grounded> answers = grounder.ground(queries(pack), Grounder.Detail.ALL);
            double[] expected = pack.io("box").values();
            for (int b = 0; b < answers.size(); b++) {
                Box wanted = Box.ofCxcywh(
                                expected[4 * b] * SIDE,
                                expected[4 * b + 1] * SIDE,
                                expected[4 * b + 2] * SIDE,
                                expected[4 * b + 3] * SIDE)
                        .clamp(SIDE, SIDE);
                Box box = answers.get(b).one().box();
                assertThat(box.iou(wanted)).isGreaterThan(0.999);
                assertThat(box.x1()).isCloseTo(wanted.x1(), within(0.01));
                assertThat(box.y2()).isCloseTo(wanted.y2(), within(0.01));
                assertThat(answers.get(b).present()).isTrue();
            }
        }
    }

    @Test
    void a_model_for_masks_gives_the_references_masks_and_their_boxes() {
        ParityPack pack = ParityPack.open("oneref-res-tiny");
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.load(manager, named(pack))) {
            Grounder grounder = grounder(pack, parameters, manager);
            assertThat(grounder.abilities()).containsExactly(Grounder.Ability.MASKS);
            List<Grounder.Query> queries = queries(pack);
            List<Grounded> answers = grounder.ground(queries, Grounder.Detail.ALL);
            byte[] foreground = pack.io("foreground").bytes();
            int pixels = SIDE * SIDE;
            for (int b = 0; b < answers.size(); b++) {
                Mask wanted = Mask.ofBytes(SIDE, SIDE, Arrays.copyOfRange(foreground, b * pixels, (b + 1) * pixels));
                Mask mask = answers.get(b).one().mask().orElseThrow();
                assertThat(mask.symmetricDifference(wanted).area()).isLessThanOrEqualTo(4);
                assertThat(answers.get(b).present()).isEqualTo(!mask.isEmpty());
                assertThat(answers.get(b).all()).hasSize(mask.isEmpty() ? 0 : 1);
                if (!mask.isEmpty()) {
                    assertThat(answers.get(b).one().box()).isEqualTo(mask.boundingBox());
                }
            }
            assertThat(grounder.ground(queries, Grounder.Detail.BOXES))
                    .allMatch(answer -> answer.one().mask().isEmpty());
        }
    }

    /** Patches that all point away from the text leave no pixel in the mask. */
    @Test
    void an_empty_mask_is_no_presence_and_has_the_nearest_place_as_its_box() {
        ParityPack pack = ParityPack.open("oneref-res-tiny");
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.load(manager, named(pack))) {
            Grounder grounder = grounder(pack, parameters, manager);
            // With scale 0 the last norm gives its bias everywhere, and every pixel the same cosine: of both signs one
            // is empty.
            parameters.array("bn3.weight").muli(0);
            List<Grounder.Query> query = queries(pack).subList(0, 1);
            Grounded one = grounder.ground(query, Grounder.Detail.ALL).get(0);
            parameters.array("bn3.bias").muli(-1);
            Grounded other = grounder.ground(query, Grounder.Detail.ALL).get(0);
            Grounded empty = one.present() ? other : one;
            Grounded full = one.present() ? one : other;
            assertThat(empty.present()).isFalse();
            assertThat(empty.all()).isEmpty();
            assertThat(empty.one().box().area()).isPositive();
            assertThat(full.one().mask().orElseThrow().area()).isEqualTo((long) SIDE * SIDE);
            assertThat(full.one().box()).isEqualTo(new Box(0, 0, SIDE, SIDE));
        }
    }

    @Test
    void texts_begin_and_end_as_in_xlm_r_are_cut_and_padded_and_never_empty() {
        int[] pieces = new int[40];
        Arrays.fill(pieces, 9);
        try (NDManager manager = NDManager.newBaseManager()) {
            OneRefTexts texts = OneRefTexts.of(manager, List.of(pieces, new int[] {5}), 6);
            assertThat(texts.ids().getShape()).isEqualTo(new Shape(2, 6));
            assertThat(texts.ids().toLongArray()).containsExactly(0, 9, 9, 9, 9, 2, 0, 5, 2, 1, 1, 1);
            assertThat(texts.padding().toLongArray()).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1);
            assertThatThrownBy(() -> OneRefTexts.of(manager, List.of(new int[0]), 6))
                    .isInstanceOf(VilamException.class)
                    .hasMessageContaining("empty");
        }
    }

    private static TensorSource named(ParityPack pack) {
        return new OneRefFamily().keyMap().apply(new PackWeights(pack));
    }

    /** Knows the pack's texts by their number. */
    private static Grounder grounder(ParityPack pack, Parameters parameters, NDManager manager) {
        ObjectNode config = new OneRefFamily()
                .config(named(pack), OneRefFamilyTest.unseen(pack.caseJson().get("config")));
        OneRefModel model = OneRefFamily.open(parameters, OneRefFamily.parse(config));
        parameters.loadReport().requireExact();
        int length = model.config().textLength();
        double[] ids = pack.io("token_ids").values();
        return new OneRefGrounder(
                model,
                expression -> {
                    int b = Integer.parseInt(expression.substring("text ".length()));
                    return Arrays.stream(ids, b * length + 1, (b + 1) * length)
                            .mapToInt(id -> (int) id)
                            .takeWhile(id -> id != 2)
                            .toArray();
                },
                new ImageProcessor(ImageProcessorConfig.ONEREF.withSize(SIDE)),
                manager);
    }

    private static List<Grounder.Query> queries(ParityPack pack) {
        byte[] planes = pack.io("image_u8").bytes();
        int pixels = SIDE * SIDE;
        List<Grounder.Query> queries = new ArrayList<>();
        for (int b = 0; b < planes.length / (3 * pixels); b++) {
            byte[] rgb = new byte[3 * pixels];
            for (int i = 0; i < rgb.length; i++) {
                rgb[i] = planes[(3 * b + i % 3) * pixels + i / 3];
            }
            queries.add(new Grounder.Query(new RgbImage(SIDE, SIDE, rgb), " Text " + b));
        }
        return queries;
    }
}
