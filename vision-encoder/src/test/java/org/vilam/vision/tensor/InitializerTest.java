package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** Checksums are those of a Python transcription of the documented algorithm. */
class InitializerTest {
    private static final Shape MATRIX = new Shape(768, 192);

    private static float[] values(Initializer initializer, Shape shape, String name) {
        return initializer.values(shape, SeededRandom.named(42, name));
    }

    private static long crc(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        CRC32 crc = new CRC32();
        crc.update(bytes.array());
        return crc.getValue();
    }

    private static double std(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares / values.length);
    }

    @Test
    void a_truncated_normal_has_the_expected_bytes() {
        float[] values = values(Initializer.truncatedNormal(0.02), MATRIX, "fc1.weight");
        assertThat(values[0]).isEqualTo(0.013843642f);
        assertThat(crc(values)).isEqualTo(557845686L);
    }

    @Test
    void xavier_kaiming_and_normal_have_the_expected_bytes() {
        assertThat(crc(values(Initializer.xavierUniform(), MATRIX, "fc1.weight")))
                .isEqualTo(2110832182L);
        assertThat(crc(values(Initializer.kaimingUniform(Math.sqrt(5)), new Shape(8, 3, 3, 3), "conv.weight")))
                .isEqualTo(3438382019L);
        assertThat(crc(values(Initializer.normal(0.5), new Shape(1000), "emb"))).isEqualTo(2588959385L);
    }

    @Test
    void a_truncated_normal_stays_within_two_deviations_and_has_the_known_spread() {
        float[] values = values(Initializer.truncatedNormal(0.02), MATRIX, "w");
        for (float value : values) {
            assertThat(Math.abs(value)).isLessThanOrEqualTo(0.04f);
        }
        assertThat(std(values)).isCloseTo(0.02 * 0.8796, within(1e-4));
    }

    @Test
    void uniform_bounds_are_those_of_glorot_and_he() {
        float[] xavier = values(Initializer.xavierUniform(), new Shape(30, 20), "w");
        float[] he = values(Initializer.kaimingUniform(0), new Shape(40, 5, 3, 3), "w");
        assertBound(xavier, Math.sqrt(6.0 / 50));
        assertBound(he, Math.sqrt(6.0 / 45));
        assertBound(values(Initializer.uniform(-0.25, 0.25), new Shape(500), "w"), 0.25);
    }

    private static void assertBound(float[] values, double bound) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).isBetween(0.97 * bound, bound);
    }

    @Test
    void xavier_counts_the_area_of_a_kernel_on_both_sides() {
        assertBound(values(Initializer.xavierUniform(), new Shape(40, 5, 3, 3), "w"), Math.sqrt(6.0 / (45 + 360)));
    }

    @Test
    void constants_are_constant() {
        assertThat(values(Initializer.zeros(), new Shape(3), "w")).containsExactly(0, 0, 0);
        assertThat(values(Initializer.ones(), new Shape(2), "w")).containsExactly(1, 1);
        assertThat(values(Initializer.constant(2.5), new Shape(2, 1), "w")).containsExactly(2.5f, 2.5f);
    }

    @Test
    void a_scalar_has_one_value() {
        assertThat(values(Initializer.constant(2.6592), new Shape(), "logit_scale"))
                .containsExactly(2.6592f);
    }

    @Test
    void fans_of_a_vector_are_refused() {
        assertThatThrownBy(() -> values(Initializer.xavierUniform(), new Shape(7), "w"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two sides");
        assertThatThrownBy(() -> values(Initializer.kaimingUniform(0), new Shape(7), "w"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
