package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.vilam.vision.tensor.OperationsUnderTest.array;
import static org.vilam.vision.tensor.OperationsUnderTest.assertClose;
import static org.vilam.vision.tensor.OperationsUnderTest.bytes;
import static org.vilam.vision.tensor.OperationsUnderTest.newManager;
import static org.vilam.vision.tensor.OperationsUnderTest.normal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** AdamW, clipping and moving averages over lists of arrays. */
class OptimiserOperationsTest {
    private static final AdamW SETTINGS = new AdamW(0.1, 0.9, 0.99, 1e-8, 0.01);

    private final NDManager manager = newManager();

    static Stream<Operations> both() {
        return OperationsUnderTest.both();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @MethodSource("both")
    void the_first_step_of_adamw_by_hand(Operations operations) {
        List<NDArray> p = List.of(vector(1, -2), vector(3));
        List<NDArray> g = List.of(vector(0.5, -4), vector(0));
        List<NDArray> m = List.of(vector(0, 0), vector(0));
        List<NDArray> v = List.of(vector(0, 0), vector(0));

        operations.adamW(p, g, m, v, 1, SETTINGS);

        // Decay to p * (1 - 0.1 * 0.01), then one learning rate against the gradient's sign: m / sqrt(v) is 1 at first.
        assertClose("p0", p.get(0), vector(0.999 - 0.1, -1.998 + 0.1), 1e-7);
        assertClose("p1", p.get(1), vector(2.997), 1e-7);
        assertClose("m", m.get(0), vector(0.05, -0.4), 1e-7);
        assertClose("v", v.get(0), vector(0.0025, 0.16), 1e-7);
        assertThat(g.get(0).toFloatArray()).containsExactly(0.5f, -4f);
    }

    /** Loshchilov and Hutter 2019, algorithm 2, in double precision. */
    @ParameterizedTest
    @MethodSource("both")
    void twenty_steps_of_adamw_follow_the_double_precision_reference(Operations operations) {
        List<Shape> shapes = List.of(new Shape(7, 5), new Shape(33), new Shape());
        List<NDArray> p = new ArrayList<>();
        List<NDArray> m = new ArrayList<>();
        List<NDArray> v = new ArrayList<>();
        List<double[]> expected = new ArrayList<>();
        List<double[]> first = new ArrayList<>();
        List<double[]> second = new ArrayList<>();
        for (Shape shape : shapes) {
            NDArray parameter = normal(manager, p.size(), shape.getShape());
            expected.add(OperationsUnderTest.doubles(parameter));
            first.add(new double[(int) shape.size()]);
            second.add(new double[(int) shape.size()]);
            parameter.setRequiresGradient(true); // as a parameter does
            p.add(parameter);
            m.add(manager.zeros(shape));
            v.add(manager.zeros(shape));
        }
        try (GradientScope recording = GradientScope.recording()) { // a careless caller: nothing may be recorded
            for (int step = 1; step <= 20; step++) {
                AdamW settings = SETTINGS.withLearningRate(0.02 * (1 + step % 3));
                List<NDArray> g = new ArrayList<>();
                for (int i = 0; i < shapes.size(); i++) {
                    NDArray gradient =
                            normal(manager, 100 * step + i, shapes.get(i).getShape());
                    g.add(gradient);
                    double[] values = OperationsUnderTest.doubles(gradient);
                    adamW(expected.get(i), values, first.get(i), second.get(i), step, settings);
                }
                operations.adamW(p, g, m, v, step, settings);
            }
        }
        for (int i = 0; i < shapes.size(); i++) {
            assertClose("p" + i, p.get(i), array(manager, shapes.get(i), expected.get(i)), 2e-6);
            assertClose("m" + i, m.get(i), array(manager, shapes.get(i), first.get(i)), 1e-6);
            assertClose("v" + i, v.get(i), array(manager, shapes.get(i), second.get(i)), 1e-6);
            assertThat(JniUtils.requiresGrad((PtNDArray) p.get(i)))
                    .as("still a parameter")
                    .isTrue();
            assertThat(JniUtils.requiresGrad((PtNDArray) m.get(i)))
                    .as("still a constant")
                    .isFalse();
        }
    }

    private static void adamW(double[] p, double[] g, double[] m, double[] v, int step, AdamW s) {
        for (int i = 0; i < p.length; i++) {
            m[i] = s.beta1() * m[i] + (1 - s.beta1()) * g[i];
            v[i] = s.beta2() * v[i] + (1 - s.beta2()) * g[i] * g[i];
            double mean = m[i] / (1 - Math.pow(s.beta1(), step));
            double variance = v[i] / (1 - Math.pow(s.beta2(), step));
            p[i] -= s.learningRate() * (mean / (Math.sqrt(variance) + s.epsilon()) + s.weightDecay() * p[i]);
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void adamw_moves_transposed_views_element_by_element(Operations operations) {
        NDArray gradient = normal(manager, 1, 3, 4);
        NDArray straight = normal(manager, 2, 3, 4);
        float[] numbers = straight.toFloatArray();
        float[] byColumns = new float[12];
        for (int i = 0; i < 12; i++) {
            byColumns[i % 4 * 3 + i / 4] = numbers[i];
        }
        NDArray turned = manager.create(byColumns, new Shape(4, 3)).swapAxes(0, 1);
        assertThat(turned.toFloatArray()).containsExactly(numbers);
        for (NDArray p : List.of(straight, turned)) {
            List<NDArray> m = List.of(manager.zeros(new Shape(3, 4)));
            List<NDArray> v = List.of(manager.zeros(new Shape(3, 4)));
            operations.adamW(List.of(p), List.of(gradient), m, v, 1, SETTINGS);
        }
        assertClose("turned", turned, straight, 1e-7);
    }

    @ParameterizedTest
    @MethodSource("both")
    void gradients_feed_the_optimiser_even_where_autograd_expands_them(Operations operations) {
        NDArray p = vector(1, 2, 3);
        p.setRequiresGradient(true);
        try (GradientScope scope = GradientScope.recording()) {
            List<NDArray> g = operations.gradients(p.sum(), List.of(p)); // ones, expanded from a single 1
            assertThat(operations.clipGlobalNorm(g, 1)).isCloseTo(Math.sqrt(3), within(1e-6));
            assertClose("clipped", g.get(0), vector(0.57735, 0.57735, 0.57735), 1e-5);
            AdamW settings = new AdamW(0.1, 0.9, 0.99, 1e-8, 0);
            List<NDArray> m = List.of(vector(0, 0, 0));
            List<NDArray> v = List.of(vector(0, 0, 0));
            operations.adamW(List.of(p), g, m, v, 1, settings);
        }
        assertClose("moved", p, vector(0.9, 1.9, 2.9), 1e-6);
    }

    @ParameterizedTest
    @MethodSource("both")
    void clipping_scales_all_gradients_by_their_joint_norm(Operations operations) {
        List<NDArray> g = List.of(vector(3, 0), vector(4));
        assertThat(operations.clipGlobalNorm(g, 10)).isCloseTo(5, within(1e-6));
        assertThat(g.get(0).toFloatArray()).as("short enough").containsExactly(3, 0);
        assertThat(operations.clipGlobalNorm(g, 1)).isCloseTo(5, within(1e-6));
        assertClose("first", g.get(0), vector(0.6, 0), 1e-6);
        assertClose("second", g.get(1), vector(0.8), 1e-6);
        assertThat(operations.clipGlobalNorm(List.of(vector(0, 0)), 1)).isZero();
    }

    @ParameterizedTest
    @MethodSource("both")
    void a_norm_that_is_not_finite_is_told_and_changes_nothing(Operations operations) {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            List<NDArray> g = List.of(vector(3, bad), vector(4));
            byte[] before = bytes(g.get(0));
            assertThat(operations.clipGlobalNorm(g, 1)).isNotFinite();
            assertThat(bytes(g.get(0))).isEqualTo(before);
            assertThat(g.get(1).toFloatArray()).containsExactly(4);
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void a_moving_average_keeps_decay_of_itself(Operations operations) {
        List<NDArray> averages = List.of(vector(10, 0), vector(1));
        List<NDArray> parameters = List.of(vector(20, 4), vector(1));
        parameters.get(0).setRequiresGradient(true);
        operations.movingAverage(averages, parameters, 0.75);
        assertClose("average", averages.get(0), vector(12.5, 1), 1e-6);
        assertClose("at rest", averages.get(1), vector(1), 0);
        operations.movingAverage(averages, parameters, 1);
        assertClose("kept", averages.get(0), vector(12.5, 1), 1e-6);
        operations.movingAverage(averages, parameters, 0);
        assertClose("copied", averages.get(0), vector(20, 4), 0);
    }

    @ParameterizedTest
    @MethodSource("both")
    void empty_lists_are_fine(Operations operations) {
        operations.adamW(List.of(), List.of(), List.of(), List.of(), 1, SETTINGS);
        operations.movingAverage(List.of(), List.of(), 0.9);
        assertThat(operations.clipGlobalNorm(List.of(), 1)).isZero();
    }

    @ParameterizedTest
    @MethodSource("both")
    void lists_that_do_not_match_are_refused(Operations operations) {
        List<NDArray> one = List.of(vector(1, 2));
        List<NDArray> other = List.of(vector(1));
        assertThatThrownBy(() -> operations.adamW(one, List.of(), one, one, 1, SETTINGS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gradients");
        assertThatThrownBy(() -> operations.adamW(one, one, one, other, 1, SETTINGS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("secondMoments[0]");
        assertThatThrownBy(() -> operations.adamW(one, one, one, one, 0, SETTINGS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("first step is 1");
        assertThatThrownBy(() -> operations.movingAverage(one, other, 0.5))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> operations.movingAverage(one, one, 1.5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> operations.clipGlobalNorm(one, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void settings_out_of_range_are_refused() {
        assertThatThrownBy(() -> new AdamW(-1, 0.9, 0.99, 1e-8, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AdamW(Double.NaN, 0.9, 0.99, 1e-8, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AdamW(0.1, 1, 0.99, 1e-8, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AdamW(0.1, 0.9, -0.1, 1e-8, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AdamW(0.1, 0.9, 0.99, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private NDArray vector(double... values) {
        return array(manager, new Shape(values.length), values);
    }
}
