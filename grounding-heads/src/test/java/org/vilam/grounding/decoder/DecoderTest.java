package org.vilam.grounding.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vilam.vision.tensor.AttentionMasks;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Parameter;
import org.vilam.vision.tensor.Parameters;
import org.vilam.vision.tensor.SeededRandom;

/** What SimVG's parity tests do not show: masks, missing positions, dropout, names. */
final class DecoderTest {
    private static final DecoderConfig CONFIG = new DecoderConfig(16, 4, 24, 2, 0.1);

    private final NDManager manager = NDManager.newBaseManager();
    private final Parameters parameters = Parameters.initialise(manager, 3);
    private final Decoder decoder = new Decoder(parameters.scope("decoder"), CONFIG);
    private final NDArray query = random("query", 2, 3, 16);
    private final NDArray queryPosition = random("query position", 3, 16);
    private final NDArray memory = random("memory", 2, 5, 16);
    private final NDArray memoryPosition = random("memory position", 5, 16);

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray random(String name, long... sides) {
        Shape shape = new Shape(sides);
        return Constants.of(manager, Initializer.normal(1).values(shape, SeededRandom.named(1, name)), shape);
    }

    private NDArray forward(NDArray memory, @org.jspecify.annotations.Nullable NDArray mask, Mode mode) {
        return decoder.forward(query, queryPosition, memory, memoryPosition, mask, mode);
    }

    @Test
    void the_last_of_all_layers_is_the_answer() {
        NDArray layers = decoder.forwardLayers(query, queryPosition, memory, memoryPosition, null, Mode.INFERENCE);
        assertThat(layers.getShape()).isEqualTo(new Shape(2, 2, 3, 16));
        assertThat(layers.get(1).toFloatArray())
                .containsExactly(forward(memory, null, Mode.INFERENCE).toFloatArray());
        assertThat(layers.get(0).toFloatArray()).isNotEqualTo(layers.get(1).toFloatArray());
    }

    @Test
    void masked_memory_does_not_count() {
        NDArray real = manager.create(new float[] {1, 1, 0, 1, 1, 1, 1, 1, 1, 0}, new Shape(2, 5));
        NDArray mask = AttentionMasks.padding(real);
        NDArray changed = memory.add(real.neg().add(1).mul(100).expandDims(2));
        assertThat(forward(changed, mask, Mode.INFERENCE).toFloatArray())
                .containsExactly(forward(memory, mask, Mode.INFERENCE).toFloatArray());
        assertThat(forward(changed, null, Mode.INFERENCE).toFloatArray())
                .isNotEqualTo(forward(memory, null, Mode.INFERENCE).toFloatArray());
    }

    @Test
    void no_position_is_position_zero() {
        NDArray none = decoder.forward(query, null, memory, null, null, Mode.INFERENCE);
        NDArray zero = decoder.forward(
                query, queryPosition.zerosLike(), memory, memoryPosition.zerosLike(), null, Mode.INFERENCE);
        assertThat(none.sub(zero).abs().max().getFloat()).isLessThan(1e-6f);
    }

    /** Keys all alike: attention averages the values, so that a position, which never enters them, cannot matter. */
    @Test
    void positions_do_not_enter_values() {
        NDArray one = random("one", 1, 1, 16).repeat(0, 2);
        NDArray here = decoder.forward(query.get(":, :1"), null, one, null, null, Mode.INFERENCE);
        NDArray there = decoder.forward(
                query.get(":, :1"), queryPosition.get(":1"), one, memoryPosition.get(":1"), null, Mode.INFERENCE);
        assertThat(here.sub(there).abs().max().getFloat()).isLessThan(1e-6f);
    }

    @Test
    void dropout_acts_in_training_and_follows_the_seed() {
        float[] once = forward(memory, null, Mode.training(4)).toFloatArray();
        assertThat(forward(memory, null, Mode.training(4)).toFloatArray()).containsExactly(once);
        assertThat(forward(memory, null, Mode.training(5)).toFloatArray()).isNotEqualTo(once);
        assertThat(forward(memory, null, Mode.INFERENCE).toFloatArray()).isNotEqualTo(once);
    }

    @Test
    void weights_have_the_names_of_detrex() {
        List<String> names = parameters.all().stream().map(Parameter::name).toList();
        assertThat(names).hasSize(2 * 18 + 2);
        assertThat(names)
                .contains(
                        "decoder.layers.1.attentions.0.attn.in_proj_weight",
                        "decoder.layers.0.attentions.1.attn.out_proj.bias",
                        "decoder.layers.0.ffns.0.layers.0.0.weight",
                        "decoder.layers.0.ffns.0.layers.1.bias",
                        "decoder.layers.1.norms.2.weight",
                        "decoder.post_norm_layer.bias");
    }

    @Test
    void sizes_that_do_not_fit_are_refused() {
        assertThatThrownBy(() -> new DecoderConfig(10, 4, 8, 1, 0)).hasMessageContaining("4 heads");
        assertThatThrownBy(() -> new DecoderConfig(8, 4, 8, 0, 0)).hasMessageContaining("layers");
    }

    @Test
    void a_perceptron_has_relu_between_its_layers_and_none_after_the_last() {
        MultiLayerPerceptron perceptron = new MultiLayerPerceptron(parameters.scope("mlp"), 1, 2, 1);
        for (Parameter parameter : parameters.all()) {
            switch (parameter.name()) {
                case "mlp.layers.0.weight" -> parameter.array().set(new float[] {2, -3});
                case "mlp.layers.0.bias" -> parameter.array().set(new float[] {1, 1});
                case "mlp.layers.1.weight" -> parameter.array().set(new float[] {1, -10});
                case "mlp.layers.1.bias" -> parameter.array().set(new float[] {-4});
                default -> assertThat(parameter.name()).startsWith("decoder.");
            }
        }
        float[] y = perceptron
                .forward(manager.create(new float[] {1, -1}, new Shape(2, 1)))
                .toFloatArray();
        assertThat((double) y[0]).isCloseTo(3 - 4, within(1e-6)); // the second unit, 1 - 3, is cut
        assertThat((double) y[1]).isCloseTo(-10 * 4 - 4, within(1e-5)); // the first, 1 - 2, is cut
    }
}
