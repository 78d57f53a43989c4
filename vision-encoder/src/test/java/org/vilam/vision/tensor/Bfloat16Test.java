package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vilam.vision.tensor.OperationsUnderTest.bytes;
import static org.vilam.vision.tensor.OperationsUnderTest.newManager;
import static org.vilam.vision.tensor.OperationsUnderTest.normal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Bfloat16Test {
    private static final int ALL = 1 << 16;

    private static ByteBuffer everyNumber() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(2 * ALL).order(ByteOrder.LITTLE_ENDIAN);
        for (int bits = 0; bits < ALL; bits++) {
            buffer.putShort((short) bits);
        }
        return buffer.flip();
    }

    @Test
    void every_number_goes_to_float_and_back() {
        for (int bits = 0; bits < ALL; bits++) {
            float value = Bfloat16.toFloat((short) bits);
            assertThat(Float.floatToRawIntBits(value)).isEqualTo(bits << 16);
            int expected = Float.isNaN(value) ? 0x7FC0 : bits;
            assertThat(Short.toUnsignedInt(Bfloat16.fromFloat(value))).isEqualTo(expected);
        }
    }

    @Test
    void floats_go_to_the_nearest_number_and_ties_to_even() {
        assertThat(Bfloat16.fromFloat(1f)).isEqualTo((short) 0x3F80);
        assertThat(Bfloat16.fromFloat(-2f)).isEqualTo((short) 0xC000);
        assertThat(Bfloat16.fromFloat((float) Math.PI)).isEqualTo((short) 0x4049); // 3.140625
        // Half way between 1 and the next number, 1 + 2^-7, and between that and 1 + 2^-6: both go to an even last bit.
        assertThat(Bfloat16.fromFloat(1 + 0x1p-8f)).isEqualTo((short) 0x3F80);
        assertThat(Bfloat16.fromFloat(1 + 3 * 0x1p-8f)).isEqualTo((short) 0x3F82);
        assertThat(Bfloat16.fromFloat(Math.nextUp(1 + 0x1p-8f))).isEqualTo((short) 0x3F81);
        assertThat(Bfloat16.fromFloat(Float.MAX_VALUE)).isEqualTo((short) 0x7F80); // infinity
        assertThat(Bfloat16.fromFloat(-0f)).isEqualTo((short) 0x8000);
        assertThat(Bfloat16.fromFloat(Float.MIN_VALUE)).isEqualTo((short) 0);
    }

    @Property
    void no_other_number_is_nearer(@ForAll float value) {
        short bits = Bfloat16.fromFloat(value);
        double error = Math.abs((double) Bfloat16.toFloat(bits) - value);
        for (int step : new int[] {-1, 1}) {
            float neighbour = Bfloat16.toFloat((short) (bits + step));
            if (Float.isFinite(neighbour) && Float.isFinite(Bfloat16.toFloat(bits))) {
                assertThat(error).isLessThanOrEqualTo(Math.abs((double) neighbour - value));
            }
        }
    }

    @Test
    void a_buffer_is_read_from_its_position_and_left_as_it_was() {
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {9, (byte) 0x80, 0x3F, 0x00, (byte) 0xC0, 9});
        buffer.position(1).limit(5);
        assertThat(Bfloat16.toFloats(buffer)).containsExactly(1f, -2f);
        assertThat(buffer.position()).isEqualTo(1);
        ByteBuffer back = Bfloat16.fromFloats(new float[] {1, -2});
        assertThat(back.remaining()).isEqualTo(4);
        assertThat(Bfloat16.toFloats(back)).containsExactly(1f, -2f);
    }

    @ParameterizedTest
    @MethodSource("org.vilam.vision.tensor.OperationsUnderTest#both")
    void every_number_in_memory_is_read_exactly(Operations operations) {
        try (NDManager manager = newManager()) {
            Bfloat16Weight all = Bfloat16Weight.of(manager, everyNumber(), new Shape(256, 256));
            assertThat(all.shape()).isEqualTo(new Shape(256, 256));
            assertThat(all.sizeInBytes()).isEqualTo(2 * ALL);

            float[] values = operations.toFloat32(all).toFloatArray();
            for (int bits = 0; bits < ALL; bits++) {
                float expected = Bfloat16.toFloat((short) bits);
                if (Float.isNaN(expected)) {
                    assertThat(values[bits]).isNaN();
                } else {
                    assertThat(Float.floatToRawIntBits(values[bits])).isEqualTo(bits << 16);
                }
            }
            try (NDArray rows = all.bytes().get(new NDIndex("3:5"));
                    NDArray columns = all.bytes().get(new NDIndex(":, 4:8"))) {
                float[] expected = new float[512];
                System.arraycopy(values, 3 * 256, expected, 0, 512);
                assertThat(operations.toFloat32(new Bfloat16Weight(rows)).toFloatArray())
                        .containsExactly(expected);
                NDArray part = operations.toFloat32(new Bfloat16Weight(columns));
                assertThat(part.getShape()).isEqualTo(new Shape(256, 2));
                assertThat(part.getFloat(7, 1)).isEqualTo(values[7 * 256 + 3]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.vilam.vision.tensor.OperationsUnderTest#both")
    void rounding_an_array_is_rounding_its_elements(Operations operations) {
        try (NDManager manager = newManager()) {
            NDArray values = normal(manager, 5, 40, 30);
            float[] special = {1 + 0x1p-8f, 1 + 3 * 0x1p-8f, Float.MAX_VALUE, -0f, Float.NEGATIVE_INFINITY};
            NDArray odd = manager.create(special);
            for (NDArray array : new NDArray[] {values, odd, values.swapAxes(0, 1)}) {
                try (Bfloat16Weight weight = operations.toBfloat16(array)) {
                    ByteBuffer expected = Bfloat16.fromFloats(array.toFloatArray());
                    byte[] bytes = new byte[expected.remaining()];
                    expected.get(bytes);
                    assertThat(bytes(weight.bytes())).isEqualTo(bytes);
                    assertThat(weight.shape()).isEqualTo(array.getShape());
                }
            }
            // Which NaN is up to the implementation.
            Bfloat16Weight nan = operations.toBfloat16(manager.create(new float[] {Float.NaN, 1}));
            assertThat(operations.toFloat32(nan).toFloatArray()).containsExactly(Float.NaN, 1f);
        }
    }

    @Test
    void storage_of_another_size_or_type_is_refused() {
        try (NDManager manager = newManager()) {
            ByteBuffer six = ByteBuffer.allocateDirect(6);
            assertThatThrownBy(() -> Bfloat16Weight.of(manager, six, new Shape(2)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("got 6 bytes");
            assertThatThrownBy(() -> new Bfloat16Weight(manager.zeros(new Shape(2, 4))))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new Bfloat16Weight(manager.create(new byte[3])))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
