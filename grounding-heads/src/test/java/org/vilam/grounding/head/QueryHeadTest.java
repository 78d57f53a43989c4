package org.vilam.grounding.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.tensor.Mode;

class QueryHeadTest extends HeadTest {
    private final QueryHead head = new QueryHead(parameters.scope("query_head"), CONFIG, WIDTH, GRID);

    @Test
    void every_layer_answers_for_every_query() {
        QueryHead.Output out = head.forward(encoded(2), Mode.INFERENCE);
        assertThat(CONFIG.queries()).isEqualTo(9);
        assertThat(out.logits().getShape()).isEqualTo(new Shape(2, 2, 9, 2));
        assertThat(out.boxes().getShape()).isEqualTo(new Shape(2, 2, 9, 4));
        assertThat(out.boxes().min().getFloat()).isPositive();
        assertThat(out.boxes().max().getFloat()).isLessThan(1);
    }

    @Test
    void queries_begin_on_a_grid_row_by_row() {
        zero("query_head.box.weight");
        float[] boxes = head.forward(encoded(1), Mode.INFERENCE).boxes().get(1).toFloatArray();
        for (int q = 0; q < 9; q++) {
            assertThat(boxes[4 * q]).isCloseTo((q % 3 + 0.5f) / 3, within(1e-6f));
            assertThat(boxes[4 * q + 1]).isCloseTo((Math.floorDiv(q, 3) + 0.5f) / 3, within(1e-6f));
            assertThat(boxes[4 * q + 2]).isEqualTo(0.5f);
            assertThat(boxes[4 * q + 3]).isEqualTo(0.5f);
        }
    }

    @Test
    void a_new_head_answers_near_its_anchors() {
        float[] boxes = head.forward(encoded(1), Mode.INFERENCE).boxes().get(1).toFloatArray();
        for (int q = 0; q < 9; q++) {
            assertThat(boxes[4 * q]).isCloseTo((q % 3 + 0.5f) / 3, within(0.02f));
            assertThat(boxes[4 * q + 1]).isCloseTo((Math.floorDiv(q, 3) + 0.5f) / 3, within(0.02f));
        }
    }

    @Test
    void a_sample_is_answered_alike_alone_and_among_others() {
        Beit3Encoder.Encoded batch = encoded(3);
        QueryHead.Output together = head.forward(batch, Mode.INFERENCE);
        for (int b = 0; b < 3; b++) {
            QueryHead.Output one = head.forward(alone(batch, b), Mode.INFERENCE);
            NDIndex own = new NDIndex(":, " + b + ":" + (b + 1));
            assertThat(difference(together.logits().get(own), one.logits())).isLessThan(1e-5);
            assertThat(difference(together.boxes().get(own), one.boxes())).isLessThan(1e-5);
        }
    }

    @Test
    void what_the_text_asks_comes_in_through_cls() {
        Beit3Encoder.Encoded batch = encoded(1);
        NDArray disturbed = batch.tokens().duplicate();
        disturbed.set(new NDIndex("0, 0"), 3);
        Beit3Encoder.Encoded other = new Beit3Encoder.Encoded(disturbed, batch.vision(), batch.maps());
        assertThat(difference(
                        head.forward(batch, Mode.INFERENCE).logits(),
                        head.forward(other, Mode.INFERENCE).logits()))
                .isGreaterThan(1e-4);
    }

    @Test
    void every_weight_learns() {
        Beit3Encoder.Encoded batch = encoded(2);
        assertThat(unmoved(() -> {
                    QueryHead.Output out = head.forward(batch, Mode.training(1));
                    return out.boxes()
                            .mul(random("mix", 2, 2, 9, 4))
                            .sum()
                            .add(out.logits().mul(random("other", 2, 2, 9, 2)).sum());
                }))
                .isEmpty();
    }
}
