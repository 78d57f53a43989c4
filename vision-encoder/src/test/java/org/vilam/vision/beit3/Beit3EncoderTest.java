package org.vilam.vision.beit3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.Parameter;
import org.vilam.vision.tensor.Parameters;
import org.vilam.vision.tensor.SeededRandom;

/** A small encoder with a convolutional stem, as it is trained from nothing. */
final class Beit3EncoderTest {
    private final NDManager manager = NDManager.newBaseManager();
    private final Parameters parameters = Parameters.initialise(manager, 3);
    private final GradientScope scope = GradientScope.noGradient();

    private static Beit3Config config(double dropPathRate) {
        return new Beit3Config(32, 8, 24, 4, 32, 3, 50, 12, 1e-5, dropPathRate, true, List.of(0, 1), true);
    }

    private final Beit3Encoder encoder = new Beit3Encoder(parameters.scope("beit3"), config(0));
    private final NDArray images = random("images", 3, 3, 32, 32);
    private final NDArray ids = manager.create(new long[] {7, 8, 9, 0, 4, 0, 0, 0, 5, 6, 0, 0}, new Shape(3, 4));
    private final NDArray padding = manager.create(new float[] {0, 0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 1}, new Shape(3, 4));

    @AfterEach
    void close() {
        scope.close();
        manager.close();
    }

    private NDArray random(String name, long... sides) {
        Shape shape = new Shape(sides);
        return Constants.of(manager, Initializer.uniform(-1, 1).values(shape, SeededRandom.named(7, name)), shape);
    }

    private static double difference(NDArray a, NDArray b) {
        return a.sub(b).abs().max().getFloat();
    }

    @Test
    void tokens_are_cls_patches_and_text_and_the_stem_gives_its_maps() {
        Beit3Encoder.Encoded both = encoder.forward(images, ids, padding, Mode.INFERENCE);
        assertThat(both.tokens().getShape()).isEqualTo(new Shape(3, 1 + 16 + 4, 24));
        assertThat(both.cls().getShape()).isEqualTo(new Shape(3, 24));
        assertThat(both.patches().getShape()).isEqualTo(new Shape(3, 16, 24));
        assertThat(both.text().getShape()).isEqualTo(new Shape(3, 4, 24));
        assertThat(both.maps().stream().map(NDArray::getShape))
                .containsExactly(new Shape(3, 6, 16, 16), new Shape(3, 12, 8, 8), new Shape(3, 24, 4, 4));
        assertThat(encoder.forwardImage(images, Mode.INFERENCE).text().getShape())
                .isEqualTo(new Shape(3, 0, 24));
        assertThat(encoder.forwardText(ids, padding, Mode.INFERENCE).maps()).isEmpty();
    }

    @Test
    void neither_padding_nor_the_neighbours_in_the_batch_change_a_sample() {
        Beit3Encoder.Encoded batch = encoder.forward(images, ids, padding, Mode.INFERENCE);
        Beit3Encoder.Encoded alone = encoder.forward(
                images.get(new NDIndex("2:3")),
                ids.get(new NDIndex("2:3, :2")),
                padding.get(new NDIndex("2:3, :2")),
                Mode.INFERENCE);
        assertThat(difference(batch.patches().get(2), alone.patches().get(0))).isLessThan(1e-5);
        assertThat(difference(batch.cls().get(2), alone.cls().get(0))).isLessThan(1e-5);
        assertThat(difference(
                        batch.text().get(new NDIndex("2, :2")), alone.text().get(0)))
                .isLessThan(1e-5);
    }

    @Test
    void a_new_encoder_tells_pictures_and_texts_apart() {
        NDArray otherImages = random("others", 3, 3, 32, 32);
        NDArray otherIds = manager.create(new long[] {17, 18, 19, 0, 14, 0, 0, 0, 15, 16, 0, 0}, new Shape(3, 4));
        Beit3Encoder.Encoded here = encoder.forward(images, ids, padding, Mode.INFERENCE);
        Beit3Encoder.Encoded picture = encoder.forward(otherImages, ids, padding, Mode.INFERENCE);
        Beit3Encoder.Encoded words = encoder.forward(images, otherIds, padding, Mode.INFERENCE);
        // Tokens are normed to unit size: what does not tell inputs apart differs by nothing near it.
        assertThat(here.patches().sub(picture.patches()).square().mean().getFloat())
                .isGreaterThan(0.1f);
        assertThat(here.text().sub(words.text()).get(0).square().mean().getFloat())
                .isGreaterThan(0.1f);
    }

    @Test
    void what_branches_add_begins_small_and_embeddings_begin_at_half_the_size_of_a_norm() {
        assertThat(deviation("beit3.encoder.layers.0.self_attn.out_proj.A.weight"))
                .isCloseTo(0.0176, within(0.002));
        assertThat(deviation("beit3.encoder.layers.2.ffn.B.fc2.weight")).isCloseTo(0.0176, within(0.002));
        assertThat(deviation("beit3.encoder.layers.1.self_attn.q_proj.A.weight"))
                .as("uniform in +-sqrt(6 / 48)")
                .isCloseTo(Math.sqrt(2.0 / 48), within(0.02));
        assertThat(deviation("beit3.text_embed.weight")).isCloseTo(0.5, within(0.04));
        assertThat(deviation("beit3.encoder.embed_positions.A.weight")).isCloseTo(0.5, within(0.06));
    }

    private double deviation(String name) {
        float[] values = parameters.array(name).toFloatArray();
        double sum = 0;
        for (float v : values) {
            sum += (double) v * v;
        }
        return Math.sqrt(sum / values.length);
    }

    @Test
    void training_without_drop_path_is_inference() {
        assertThat(encoder.forward(images, ids, padding, Mode.training(1))
                        .tokens()
                        .toFloatArray())
                .isEqualTo(encoder.forward(images, ids, padding, Mode.INFERENCE)
                        .tokens()
                        .toFloatArray());
    }

    @Test
    void drop_path_follows_its_seed_and_rests_in_inference() {
        Beit3Encoder dropping = new Beit3Encoder(parameters.scope("beit3"), config(0.5));
        float[] first = dropping.forward(images, ids, padding, Mode.training(1))
                .tokens()
                .toFloatArray();
        assertThat(dropping.forward(images, ids, padding, Mode.training(1))
                        .tokens()
                        .toFloatArray())
                .isEqualTo(first);
        assertThat(dropping.forward(images, ids, padding, Mode.training(2))
                        .tokens()
                        .toFloatArray())
                .isNotEqualTo(first);
        assertThat(dropping.forward(images, ids, padding, Mode.INFERENCE)
                        .tokens()
                        .toFloatArray())
                .isEqualTo(encoder.forward(images, ids, padding, Mode.INFERENCE)
                        .tokens()
                        .toFloatArray());
    }

    @Test
    void several_texts_an_image_are_what_each_is_alone() {
        Beit3Encoder.Encoded together = encoder.forward(images, List.of(2, 0, 2), ids, padding, Mode.INFERENCE);
        NDArray repeated = images.get(manager.create(new int[] {2, 0, 2}));
        Beit3Encoder.Encoded apart = encoder.forward(repeated, ids, padding, Mode.INFERENCE);
        assertThat(difference(together.tokens(), apart.tokens())).isLessThan(1e-5);
    }

    @Test
    void patches_get_the_words_they_match_each_weighed_by_its_probability() {
        StemWords words = encoder.stemWords();
        NDArray patches = random("patches", 2, 3, 24);
        NDArray embeddings = encoder.textEmbedding();
        NDArray text = random("text", 1, 2, 24);
        NDArray real = manager.create(new float[] {1, 0}, new Shape(1, 2, 1));
        NDArray said = embeddings.get(manager.create(new int[] {7, 9})).expandDims(0);
        NDArray matched = words.matched(patches, manager.create(new long[] {1}), said, text, real, Mode.INFERENCE);
        // By hand: token 7 alone is real, its log probability on each patch of image 1 meets the bias 3.5 in a sigmoid.
        float[] logits = words.logits(patches, Mode.INFERENCE).get(1).toFloatArray();
        float[] value = parameters.array("beit3.stem_words.value.weight").toFloatArray();
        float[] token = text.get(0).get(0).toFloatArray();
        float[] actual = matched.toFloatArray();
        for (int n = 0; n < 3; n++) {
            double whole = 0;
            for (int v = 0; v < 50; v++) {
                whole += Math.exp(logits[n * 50 + v]);
            }
            double weight = 1 / (1 + Math.exp(-(logits[n * 50 + 7] - Math.log(whole) + 3.5)));
            for (int d = 0; d < 24; d++) {
                double projected = 0;
                for (int e = 0; e < 24; e++) {
                    projected += value[d * 24 + e] * token[e];
                }
                assertThat((double) actual[n * 24 + d]).isCloseTo(weight * projected, within(1e-4));
            }
        }
    }

    @Test
    void mixed_precision_is_near_to_float32_and_not_the_same() {
        NDArray exact = encoder.forward(images, ids, padding, Mode.INFERENCE).tokens();
        NDArray mixed =
                encoder.forward(images, ids, padding, Mode.INFERENCE.mixed()).tokens();
        assertThat(difference(exact, mixed)).isBetween(1e-5, 0.1);
    }

    @Test
    void every_weight_that_is_used_gets_a_gradient_from_image_and_text() {
        parameters.requireGradients(true);
        List<Parameter> all = parameters.all();
        List<NDArray> gradients;
        try (GradientScope recording = GradientScope.recording()) {
            NDArray tokens =
                    encoder.forward(images, ids, padding, Mode.training(1)).tokens();
            NDArray loss = tokens.mul(random("mix", 3, 21, 24)).sum();
            gradients = Operations.get()
                    .gradients(loss, all.stream().map(Parameter::array).toList());
        }
        for (int i = 0; i < all.size(); i++) {
            // The key's bias moves all scores of a query alike, which a softmax does not feel.
            if (!all.get(i).name().matches(".*k_proj\\.[AB]\\.bias")) {
                assertThat(gradients.get(i).abs().max().getFloat())
                        .as(all.get(i).name())
                        .isGreaterThan(1e-6f);
            }
        }
    }

    @Test
    void an_encoder_wants_something_to_encode() {
        assertThatThrownBy(() -> encoder.forward(null, null, null, Mode.INFERENCE, (name, tensor) -> {}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> encoder.forward(images, ids, null, Mode.INFERENCE, (name, tensor) -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void words_of_the_stem_are_there_where_the_configuration_says_so() {
        Beit3Config plain = new Beit3Config(32, 8, 24, 4, 32, 3, 50, 12, 1e-5, 0);
        Beit3Encoder linear = new Beit3Encoder(parameters.scope("linear"), plain);
        assertThatThrownBy(linear::stemWords).hasMessageContaining("stem_words");
        assertThatThrownBy(() -> linear.forwardStem(images, Mode.INFERENCE)).hasMessageContaining("linear");
        assertThatThrownBy(() -> new Beit3Config(32, 8, 24, 4, 32, 3, 50, 12, 1e-5, 0, false, null, true))
                .hasMessageContaining("stem_words must be false");
    }
}
