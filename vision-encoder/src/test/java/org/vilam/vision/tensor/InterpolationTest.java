package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Offset.offset;

import ai.djl.engine.Engine;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

class InterpolationTest {
    static Stream<Interpolation> everyKind() {
        return Stream.of(
                Interpolation.NEAREST,
                Interpolation.NEAREST_EXACT,
                Interpolation.BILINEAR,
                Interpolation.BILINEAR.withAlignCorners(),
                Interpolation.BILINEAR.withAntialias(),
                Interpolation.BILINEAR.withAntialias().withAlignCorners(),
                Interpolation.BICUBIC,
                Interpolation.BICUBIC.withAlignCorners(),
                Interpolation.BICUBIC.withAntialias(),
                Interpolation.BICUBIC.withAntialias().withAlignCorners());
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void gradients_equal_finite_differences(Interpolation how) {
        Random random = new Random(9);
        double[] values = random.doubles(2 * 5 * 7, -1, 1).toArray();
        double[] outer = random.doubles(2 * 8 * 4, -1, 1).toArray();
        Shape shape = new Shape(1, 2, 5, 7);
        double[] gradient;
        try (NDManager manager = NDManager.newBaseManager();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray x = manager.create(values, shape);
            x.setRequiresGradient(true);
            NDArray loss = how.resize(x, 8, 4)
                    .mul(manager.create(outer, new Shape(1, 2, 8, 4)))
                    .sum();
            collector.backward(loss);
            gradient = x.getGradient().toDoubleArray();
        }
        for (int i = 0; i < values.length; i++) {
            double difference =
                    (loss(how, values, outer, shape, i, 1e-3) - loss(how, values, outer, shape, i, -1e-3)) / 2e-3;
            assertThat(gradient[i]).isCloseTo(difference, offset(1e-9));
        }
    }

    private static double loss(Interpolation how, double[] values, double[] outer, Shape shape, int at, double by) {
        double[] moved = values.clone();
        moved[at] += by;
        try (NDManager manager = NDManager.newBaseManager()) {
            double[] result = how.resize(manager.create(moved, shape), 8, 4).toDoubleArray();
            double sum = 0;
            for (int i = 0; i < result.length; i++) {
                sum += result[i] * outer[i];
            }
            return sum;
        }
    }

    @Test
    void a_gradient_reaches_a_position_table_and_its_class_token() {
        try (NDManager manager = NDManager.newBaseManager();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray table = uniform(manager, new Random(3), new Shape(1, 1 + 9, 4));
            table.setRequiresGradient(true);
            NDArray loss =
                    Interpolation.BICUBIC.positionTable(table, 1, 3, 3, 5, 2).sum();
            collector.backward(loss);
            float[] gradient = table.getGradient().toFloatArray();
            // Weights of an output pixel sum to 1, so the gradients of a sum over 10 pixels sum to 10 a channel.
            assertThat(gradient[0]).isEqualTo(1f);
            float grid = 0;
            for (int i = 4; i < gradient.length; i += 4) {
                grid += gradient[i];
            }
            assertThat(grid).isCloseTo(10f, offset(1e-5f));
        }
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void the_same_grid_gives_the_same_numbers(Interpolation how) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray x = uniform(manager, new Random(4), new Shape(1, 3, 6, 9));
            NDArray same = how.resize(x, 6, 9);
            assertThat(same.toFloatArray()).containsExactly(x.toFloatArray());
            assertThat(same).isNotSameAs(x);
        }
    }

    @Test
    void five_hundred_calls_leave_nothing_but_their_results() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray x = uniform(manager, new Random(5), new Shape(1, 4, 14, 14));
            NDArray table = uniform(manager, new Random(6), new Shape(1, 3 + 196, 8));
            List<Interpolation> kinds = everyKind().toList();
            int before = ((BaseNDManager) manager).getManagedArrays().size();
            for (int i = 0; i < 500; i++) {
                kinds.get(i % kinds.size()).resize(x, 24, 17).close();
                Interpolation.BICUBIC.positionTable(table, 3, 14, 14, 24, 24).close();
            }
            assertThat(((BaseNDManager) manager).getManagedArrays()).hasSize(before);
            NDArray kept = Interpolation.BILINEAR.resize(x, 3, 3);
            assertThat(kept.getManager()).isSameAs(manager);
            assertThat(((BaseNDManager) manager).getManagedArrays()).hasSize(before + 1);
        }
    }

    @Test
    void nearest_copies_infinities_without_spreading_them() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray x = manager.create(new float[] {Float.NEGATIVE_INFINITY, 1, Float.NaN, 2}, new Shape(1, 1, 2, 2));
            assertThat(Interpolation.NEAREST.resize(x, 2, 4).toFloatArray())
                    .containsExactly(
                            Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, 1, 1, Float.NaN, Float.NaN, 2, 2);
        }
    }

    @Test
    void wrong_tensors_and_tables_are_refused_by_shape() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray flat = manager.zeros(new Shape(3, 4));
            NDArray whole = manager.zeros(new Shape(1, 1, 2, 2), DataType.INT32);
            NDArray table = manager.zeros(new Shape(1, 197, 8));
            assertThatThrownBy(() -> Interpolation.BILINEAR.resize(flat, 2, 2))
                    .isInstanceOfSatisfying(
                            VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TENSOR_MISMATCH))
                    .hasMessageContaining("(3, 4)");
            assertThatThrownBy(() -> Interpolation.NEAREST.resize(whole, 2, 2)).isInstanceOf(VilamException.class);
            assertThatThrownBy(() -> Interpolation.BICUBIC.positionTable(table, 3, 14, 14, 24, 24))
                    .isInstanceOfSatisfying(
                            VilamException.class, e -> assertThat(e.hint()).contains("patch size"))
                    .hasMessageContaining("14 x 14");
            assertThatThrownBy(() -> Interpolation.BICUBIC.resize(manager.zeros(new Shape(1, 1, 2, 2)), 0, 3))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(Interpolation.NEAREST::withAntialias).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static NDArray uniform(NDManager manager, Random random, Shape shape) {
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return manager.create(values, shape);
    }

    @Test
    void a_garbage_collection_between_the_passes_does_not_change_gradients() {
        try (NDManager manager = NDManager.newBaseManager();
                GradientScope scope = GradientScope.recording()) {
            for (Interpolation interpolation :
                    List.of(Interpolation.BILINEAR, Interpolation.BICUBIC, Interpolation.NEAREST)) {
                NDArray x = manager.ones(new Shape(1, 1, 192, 192));
                x.setRequiresGradient(true);
                NDArray loss = interpolation.resize(x, 384, 384).sum();
                // What the graph needs must not lie in Java's memory: here that memory is given back and written over.
                for (int i = 0; i < 4; i++) {
                    System.gc();
                    byte[][] garbage = new byte[64][1 << 18];
                    for (byte[] block : garbage) {
                        java.util.Arrays.fill(block, (byte) 0x7F);
                    }
                }
                NDArray gradient = Operations.get().gradients(loss, List.of(x)).get(0);
                // Every output pixel is a weighted mean of input pixels, so the gradients add up to the output's size.
                assertThat((double) gradient.sum().getFloat())
                        .as(interpolation.toString())
                        .isCloseTo(384 * 384, within(1.0));
            }
        }
    }
}
