package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatchEmbedTest extends BlockTest {
    /** (batch, width, places) as (batch, places, width). */
    private static double[] tokens(double[] map, int batch, int width) {
        int places = map.length / (batch * width);
        double[] out = new double[map.length];
        for (int b = 0; b < batch; b++) {
            for (int d = 0; d < width; d++) {
                for (int p = 0; p < places; p++) {
                    out[(b * places + p) * width + d] = map[(b * width + d) * places + p];
                }
            }
        }
        return out;
    }

    @Test
    void patches_are_projected_row_by_row() {
        PatchEmbed embed = new PatchEmbed(parameters.scope("patch_embed.proj"), 3, 4, 5, true);
        scramble();
        NDArray images = random("images", 2, 3, 8, 8);
        NDArray y = embed.forward(images);
        assertThat(y.getShape()).isEqualTo(new Shape(2, 4, 5));
        double[] map = Reference.convolution(
                TensorTesting.doubles(images),
                2,
                3,
                8,
                weight("patch_embed.proj.weight"),
                weight("patch_embed.proj.bias"),
                4,
                4,
                0);
        TensorTesting.assertClose(y, tokens(map, 2, 5), 5e-6, 5e-6);
    }

    @Test
    void the_order_of_patches_is_left_to_right_then_down() {
        PatchEmbed embed = new PatchEmbed(parameters.scope("proj"), 1, 1, 1, false, Initializer.ones());
        NDArray image = manager.arange(6f).reshape(1, 1, 2, 3);
        assertThat(embed.forward(image).toFloatArray()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(parameters.arrays().keySet()).containsExactly("proj.weight");
    }

    @Test
    void a_stem_of_convolutions_agrees_with_its_formula() {
        ConvStem stem = new ConvStem(parameters.scope("stem"), 3, 4, 6);
        scramble();
        NDArray images = random("images", 2, 3, 8, 8);
        NDArray y = stem.forward(images);
        assertThat(y.getShape()).isEqualTo(new Shape(2, 4, 6));
        double[] x = Reference.convolution(
                TensorTesting.doubles(images), 2, 3, 8, weight("stem.0.weight"), weight("stem.0.bias"), 3, 2, 1);
        x = Reference.activation(Activation.GELU, x);
        x = Reference.convolution(x, 2, 3, 4, weight("stem.1.weight"), weight("stem.1.bias"), 3, 2, 1);
        x = Reference.activation(Activation.GELU, x);
        x = Reference.convolution(x, 2, 6, 2, weight("stem.2.weight"), weight("stem.2.bias"), 1, 1, 0);
        TensorTesting.assertClose(y, tokens(x, 2, 6), 1e-5, 1e-5);
        assertThat(parameters.arrays().values().stream().map(NDArray::getShape))
                .containsExactly(
                        new Shape(3, 3, 3, 3),
                        new Shape(3),
                        new Shape(6, 3, 3, 3),
                        new Shape(6),
                        new Shape(6, 6, 1, 1),
                        new Shape(6));
    }

    @Test
    void the_maps_of_a_stem_are_what_its_convolutions_make_on_the_way() {
        ConvStem stem = new ConvStem(parameters.scope("stem"), 3, 4, 6);
        scramble();
        NDArray images = random("images", 2, 3, 8, 12);
        ConvStem.Output output = stem.forwardMaps(images, Mode.INFERENCE);
        assertThat(output.tokens().toFloatArray())
                .isEqualTo(stem.forward(images).toFloatArray());
        assertThat(output.maps().stream().map(NDArray::getShape))
                .containsExactly(new Shape(2, 3, 4, 6), new Shape(2, 6, 2, 3));
        assertThat(ConvStem.channels(4, 6, 0)).isEqualTo(3);
        assertThat(ConvStem.channels(4, 6, 1)).isEqualTo(6);
        NDArray finest = Activation.GELU.apply(Operations.get()
                .conv2d(images, parameters.array("stem.0.weight"), parameters.array("stem.0.bias"), 2, 1, 1));
        assertThat(output.maps().get(0).toFloatArray()).isEqualTo(finest.toFloatArray());
    }

    @Test
    void a_stem_in_mixed_precision_is_near_to_float32_and_not_the_same() {
        ConvStem stem = new ConvStem(parameters.scope("stem"), 3, 4, 6);
        scramble();
        NDArray images = random("images", 2, 3, 8, 8);
        NDArray exact = stem.forward(images);
        NDArray mixed = stem.forwardMaps(images, Mode.training(1).mixed()).tokens();
        assertThat(TensorTesting.difference(mixed, exact)).isBetween(1e-6, 0.03);
    }

    @Test
    void the_channels_of_a_stem_double_up_to_the_width() {
        new ConvStem(parameters.scope("stem"), 3, 16, 128);
        assertThat(List.of(0, 1, 2, 3, 4).stream()
                        .map(i -> parameters
                                .array("stem." + i + ".weight")
                                .getShape()
                                .get(0)))
                .containsExactly(16L, 32L, 64L, 128L, 128L);
    }

    @Test
    void gradients_agree_with_finite_differences() {
        PatchEmbed embed = new PatchEmbed(parameters.scope("embed"), 2, 4, 4, true);
        ConvStem stem = new ConvStem(parameters.scope("stem"), 2, 4, 4);
        scramble();
        TensorTesting.checkGradients(
                manager,
                List.of(random("images", 1, 2, 8, 8)),
                parameters.all().stream().map(Parameter::array).toList(),
                x -> embed.forward(x.get(0)).add(stem.forward(x.get(0))));
    }

    @Test
    void images_that_do_not_fit_are_refused_by_name() {
        PatchEmbed embed = new PatchEmbed(parameters.scope("vision_embed.proj"), 3, 16, 8, true);
        ConvStem stem = new ConvStem(parameters.scope("stem"), 3, 4, 8);
        assertMismatch(() -> embed.forward(random("x", 1, 1, 32, 32)), "vision_embed.proj", "(1, 1, 32, 32)", "(B, 3,");
        assertMismatch(() -> embed.forward(random("x", 1, 3, 32, 40)), "vision_embed.proj", "multiples of 16");
        assertMismatch(() -> embed.forward(random("x", 3, 32, 32)), "vision_embed.proj", "(3, 32, 32)");
        assertMismatch(() -> stem.forward(random("x", 1, 3, 6, 8)), "stem", "multiples of 4");
    }

    @Test
    void a_stem_that_cannot_halve_is_refused() {
        for (int patch : new int[] {0, 1, 12}) {
            assertThatThrownBy(() -> new ConvStem(parameters.scope("stem"), 3, patch, 24))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new ConvStem(parameters.scope("stem"), 3, 8, 6))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
