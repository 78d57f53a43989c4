package org.vilam.grounding.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.tensor.Mode;

class TokenHeadTest extends HeadTest {
    private final TokenHead head = new TokenHead(parameters.scope("token_head"), WIDTH, GRID);
    private final NDArray padding = manager.create(new float[] {0, 0, 1, 0, 0, 0, 0, 1, 1}, new Shape(3, TEXT));

    @Test
    void the_head_answers_in_one_row_a_sample() {
        TokenHead.Output out = head.forward(encoded(3), padding, Mode.INFERENCE);
        assertThat(out.attention().getShape()).isEqualTo(new Shape(3, 16));
        assertThat(out.referent().getShape()).isEqualTo(new Shape(3, 16));
        assertThat(out.box().getShape()).isEqualTo(new Shape(3, 4));
        assertThat(out.presence().getShape()).isEqualTo(new Shape(3));
    }

    @Test
    void a_sample_is_answered_alike_alone_and_among_others() {
        Beit3Encoder.Encoded batch = encoded(3);
        TokenHead.Output together = head.forward(batch, padding, Mode.INFERENCE);
        for (int b = 0; b < 3; b++) {
            NDArray own = padding.get(new NDIndex(b + ":" + (b + 1)));
            TokenHead.Output one = head.forward(alone(batch, b), own, Mode.INFERENCE);
            assertThat(difference(together.attention().get(b), one.attention().get(0)))
                    .isLessThan(1e-5);
            assertThat(difference(together.referent().get(b), one.referent().get(0)))
                    .isLessThan(1e-5);
            assertThat(difference(together.box().get(b), one.box().get(0))).isLessThan(1e-5);
            assertThat(together.presence().getFloat(b)).isCloseTo(one.presence().getFloat(0), within(1e-5f));
        }
    }

    @Test
    void padded_text_is_not_read() {
        Beit3Encoder.Encoded batch = encoded(3);
        NDArray disturbed = batch.tokens().duplicate();
        disturbed.set(new NDIndex("0, -1"), 100); // padding of the first sample
        Beit3Encoder.Encoded other = new Beit3Encoder.Encoded(disturbed, batch.vision(), batch.maps());
        TokenHead.Output expected = head.forward(batch, padding, Mode.INFERENCE);
        TokenHead.Output found = head.forward(other, padding, Mode.INFERENCE);
        assertThat(found.box().toFloatArray()).isEqualTo(expected.box().toFloatArray());
        disturbed.set(new NDIndex("0, -2"), 100); // its last word
        assertThat(head.forward(other, padding, Mode.INFERENCE)
                        .attention()
                        .get(0)
                        .toFloatArray())
                .isNotEqualTo(expected.attention().get(0).toFloatArray());
    }

    @Test
    void a_text_of_padding_alone_has_a_finite_answer() {
        TokenHead.Output out = head.forward(encoded(1), manager.ones(new Shape(1, TEXT)), Mode.INFERENCE);
        for (NDArray part : List.of(out.attention(), out.referent(), out.box(), out.presence())) {
            assertThat(part.isNaN().any().getBoolean()).isFalse();
        }
    }

    /** The query asks for feature 0, the key shows it, and nothing is added to what the attention says. */
    private void lookAtFeatureZero() {
        zero("token_head.query.weight", "token_head.key.weight", "token_head.box.weight", "token_head.box.bias");
        float[] asked = new float[WIDTH];
        asked[0] = 4; // sqrt(16), which scores are divided by
        set("token_head.query.bias", asked);
        float[] shown = new float[WIDTH * WIDTH];
        shown[0] = 1;
        set("token_head.key.weight", shown);
    }

    private Beit3Encoder.Encoded withFeatureZero(int... patches) {
        float[] tokens = new float[(1 + GRID * GRID + TEXT) * WIDTH];
        for (int patch : patches) {
            tokens[(1 + patch) * WIDTH] = 60;
        }
        return new Beit3Encoder.Encoded(
                manager.create(tokens, new Shape(1, 1 + GRID * GRID + TEXT, WIDTH)), 1 + GRID * GRID, List.of());
    }

    @Test
    void the_middle_of_the_box_lies_where_the_head_looks() {
        lookAtFeatureZero();
        NDArray none = manager.zeros(new Shape(1, TEXT));
        // Patch 6 is the second row's third: its centre is (2.5, 1.5) of 4.
        TokenHead.Output one = head.forward(withFeatureZero(6), none, Mode.INFERENCE);
        assertThat(one.attention().getFloat(0, 6)).isCloseTo(60f, within(1e-4f));
        assertThat(one.box().toFloatArray()).containsExactly(new float[] {0.625f, 0.375f, 0.5f, 0.5f}, within(1e-5f));
        // Patches 0 and 15 alike: the middle of the picture.
        TokenHead.Output two = head.forward(withFeatureZero(0, 15), none, Mode.INFERENCE);
        assertThat(two.box().toFloatArray()).containsExactly(new float[] {0.5f, 0.5f, 0.5f, 0.5f}, within(1e-5f));
    }

    @Test
    void box_bias_moves_the_middle_and_sets_the_sides() {
        lookAtFeatureZero();
        set("token_head.box.bias", 0.125f, -0.25f, (float) Math.log(3), -(float) Math.log(3));
        TokenHead.Output out = head.forward(withFeatureZero(6), manager.zeros(new Shape(1, TEXT)), Mode.INFERENCE);
        assertThat(out.box().toFloatArray()).containsExactly(new float[] {0.75f, 0.125f, 0.75f, 0.25f}, within(1e-5f));
    }

    @Test
    void every_weight_learns() {
        Beit3Encoder.Encoded batch = encoded(3);
        assertThat(unmoved(() -> {
                    TokenHead.Output out = head.forward(batch, padding, Mode.training(1));
                    return out.box()
                            .mul(random("mix", 3, 4))
                            .sum()
                            .add(out.presence().sum())
                            .add(out.referent().sum())
                            .add(out.attention().softmax(1).square().sum());
                }))
                // The key's bias moves all scores alike, which a softmax does not feel.
                .isSubsetOf("token_head.key.bias");
    }
}
