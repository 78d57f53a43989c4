package org.vilam.grounding.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vilam.grounding.head.RegionHead.Look;
import org.vilam.grounding.head.RegionHead.Region;
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.tensor.Mode;

class RegionHeadTest extends HeadTest {
    private static final int TOKEN_WIDTH = 6;
    private static final List<Region> REGIONS = List.of(
            new Region(1, new Box(0.1, 0.2, 0.5, 0.9)),
            new Region(0, new Box(0.6, 0.6, 0.8, 0.7)),
            new Region(1, new Box(0.25, 0.25, 0.75, 0.75)));

    private final RegionHead head =
            new RegionHead(parameters.scope("region_head"), CONFIG, WIDTH, 8, GRID, TOKEN_WIDTH);
    private final NDArray images = random("images", 2, 3, 32, 32);
    private final Beit3Encoder.Encoded encoded = encoded(2);

    private Look look(List<Region> regions) {
        return head.look(images, encoded, regions, Mode.INFERENCE);
    }

    @Test
    void all_answers_come_one_a_region() {
        Look look = look(REGIONS);
        assertThat(look.features().getShape()).isEqualTo(new Shape(3, 5, 8, 8));
        assertThat(look.pooled().getShape()).isEqualTo(new Shape(3, 5 * 4 * 4));
        assertThat(head.maps(look).getShape()).isEqualTo(new Shape(3, 1 + 4, 8, 8));
        assertThat(head.refine(look, Mode.INFERENCE).getShape()).isEqualTo(new Shape(3, 4));
        assertThat(head.visible(look, Mode.INFERENCE).getShape()).isEqualTo(new Shape(3, 4));
        assertThat(head.tokens(look, encoded, Mode.INFERENCE).getShape()).isEqualTo(new Shape(3, 2, TOKEN_WIDTH));
    }

    @Test
    void the_view_is_the_box_widened_about_its_middle() {
        Box view = new Region(0, new Box(0.2, 0.4, 0.6, 0.5)).view();
        assertThat(new double[] {view.x1(), view.y1(), view.x2(), view.y2()})
                .containsExactly(new double[] {0.14, 0.385, 0.66, 0.515}, within(1e-12));
        Box least = new Region(0, new Box(0.5, 0.5, 0.5, 0.5)).view();
        assertThat(least.width()).isCloseTo(0.026, within(1e-12));
        assertThat(least.centre().x()).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void a_step_of_zero_gives_the_region_itself() {
        zero("region_head.box.weight", "region_head.box.bias");
        float[] boxes = head.refine(look(REGIONS), Mode.INFERENCE).toFloatArray();
        for (int r = 0; r < REGIONS.size(); r++) {
            double[] own = REGIONS.get(r).box().toCxcywh();
            for (int k = 0; k < 4; k++) {
                assertThat((double) boxes[4 * r + k]).isCloseTo(own[k], within(1e-6));
            }
        }
    }

    @Test
    void a_new_head_steps_but_little() {
        float[] boxes = head.refine(look(REGIONS), Mode.INFERENCE).toFloatArray();
        for (int r = 0; r < REGIONS.size(); r++) {
            double[] own = REGIONS.get(r).box().toCxcywh();
            for (int k = 0; k < 4; k++) {
                assertThat((double) boxes[4 * r + k]).isCloseTo(own[k], within(0.01));
            }
        }
    }

    @Test
    void a_step_is_in_parts_of_the_regions_sides() {
        zero("region_head.box.weight");
        set("region_head.box.bias", 0.5f, -0.25f, (float) atanh(Math.log(2)), 100);
        // Region 2 is 0.5 by 0.5 about the middle; a side grows at most by e.
        float[] box = head.refine(look(REGIONS), Mode.INFERENCE).get(2).toFloatArray();
        assertThat(box).containsExactly(new float[] {0.75f, 0.375f, 1f, (float) (0.5 * Math.E)}, within(1e-5f));
    }

    private static double atanh(double x) {
        return 0.5 * Math.log((1 + x) / (1 - x));
    }

    @Test
    void a_region_is_answered_alike_alone_and_among_others() {
        Look together = look(REGIONS);
        for (int r = 0; r < REGIONS.size(); r++) {
            int image = REGIONS.get(r).image();
            Beit3Encoder.Encoded own = alone(encoded, image);
            Look one = head.look(
                    images.get(new NDIndex(image + ":" + (image + 1))),
                    own,
                    List.of(new Region(0, REGIONS.get(r).box())),
                    Mode.INFERENCE);
            assertThat(difference(head.maps(together).get(r), head.maps(one).get(0)))
                    .isLessThan(1e-5);
            assertThat(difference(
                            head.refine(together, Mode.INFERENCE).get(r),
                            head.refine(one, Mode.INFERENCE).get(0)))
                    .isLessThan(1e-5);
            assertThat(difference(
                            head.visible(together, Mode.INFERENCE).get(r),
                            head.visible(one, Mode.INFERENCE).get(0)))
                    .isLessThan(1e-5);
            assertThat(difference(
                            head.tokens(together, encoded, Mode.INFERENCE).get(r),
                            head.tokens(one, own, Mode.INFERENCE).get(0)))
                    .isLessThan(1e-5);
        }
    }

    @Test
    void the_look_sees_the_pixels_of_the_view_and_no_others() {
        // The view is 0.435 .. 0.565: pixels 13 .. 18 of 32; the filter reaches one pixel further.
        List<Region> middle = List.of(new Region(0, new Box(0.45, 0.45, 0.55, 0.55)));
        float[] before = look(middle).features().toFloatArray();
        images.set(new NDIndex("0, :, :, :12"), 9);
        images.set(new NDIndex("0, :, 20:, :"), 9);
        images.set(new NDIndex("1"), 9);
        assertThat(look(middle).features().toFloatArray()).isEqualTo(before);
        images.set(new NDIndex("0, 1, 15, 15"), 9);
        assertThat(look(middle).features().toFloatArray()).isNotEqualTo(before);
    }

    @Test
    void pooling_averages_four_by_four_blocks() {
        Look look = look(REGIONS);
        NDArray block = look.features().get(new NDIndex("1, 2, 4:6, 2:4")); // row 2, column 1 of the blocks
        assertThat(look.pooled().getFloat(1, 2 * 16 + 2 * 4 + 1))
                .isCloseTo(block.mean().getFloat(), within(1e-6f));
    }

    @Test
    void mixed_precision_is_near_to_float32() {
        Look exact = look(REGIONS);
        Look mixed = head.look(images, encoded, REGIONS, Mode.INFERENCE.mixed());
        assertThat(difference(exact.features(), mixed.features())).isBetween(1e-6, 0.05);
    }

    @Test
    void every_weight_learns() {
        assertThat(unmoved(() -> {
                    Look look = head.look(images, encoded, REGIONS, Mode.training(1));
                    return head.maps(look)
                            .mul(random("a", 3, 5, 8, 8))
                            .sum()
                            .add(head.refine(look, Mode.training(1))
                                    .mul(random("b", 3, 4))
                                    .sum())
                            .add(head.visible(look, Mode.training(1)).sum())
                            .add(head.tokens(look, encoded, Mode.training(1))
                                    .mul(random("c", 3, 2, 6))
                                    .sum());
                }))
                .isEmpty();
    }

    @Test
    void there_must_be_a_region() {
        assertThatThrownBy(() -> look(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("region");
    }
}
