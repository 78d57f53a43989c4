package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.vilam.vision.tensor.OperationsUnderTest.EMULATED;
import static org.vilam.vision.tensor.OperationsUnderTest.PLAIN;
import static org.vilam.vision.tensor.OperationsUnderTest.SCRIPT;
import static org.vilam.vision.tensor.OperationsUnderTest.array;
import static org.vilam.vision.tensor.OperationsUnderTest.assertClose;
import static org.vilam.vision.tensor.OperationsUnderTest.bytes;
import static org.vilam.vision.tensor.OperationsUnderTest.newManager;
import static org.vilam.vision.tensor.OperationsUnderTest.normal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Linear layers whose weight is kept in bfloat16 or 8-bit integers. */
class PackedLinearTest {
    private final NDManager manager = newManager();

    static Stream<Operations> all() {
        return Stream.of(SCRIPT, EMULATED, PLAIN);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** Rows on both sides of the int8 kernel's limit, widths that it takes and that it does not. */
    @ParameterizedTest
    @CsvSource({"1, 64, 48", "1, 16, 1", "5, 64, 7", "32, 48, 20", "33, 48, 20", "100, 32, 12", "3, 7, 5", "1, 1, 1"})
    void script_equals_plain(int rows, int width, int outputs) {
        NDArray x = normal(manager, 1, rows, width);
        NDArray weight = normal(manager, 2, outputs, width);
        NDArray bias = normal(manager, 3, outputs);
        for (NDArray b : new NDArray[] {bias, null}) {
            for (Operations script : List.of(SCRIPT, EMULATED)) {
                // One rounding of the product to 8 bits, which may fall to the other side.
                NDArray narrow = PLAIN.linear(x, PLAIN.toBfloat16(weight), b);
                assertClose("bfloat16", script.linear(x, script.toBfloat16(weight), b), narrow, 0x1p-7);
                // x and product are rounded to 8 bits in one and not in the other; the roundings of x add at random.
                NDArray int8 = PLAIN.linear(x, PLAIN.toInt8(weight), b);
                assertClose("int8", script.linear(x, script.toInt8(weight), b), int8, 0x1p-6);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void leading_axes_are_kept(Operations operations) {
        NDArray x = normal(manager, 1, 2, 3, 16);
        NDArray weight = normal(manager, 2, 5, 16);
        for (PackedWeight packed : List.of(operations.toBfloat16(weight), operations.toInt8(weight))) {
            NDArray y = operations.linear(x, packed, null);
            assertThat(y.getShape()).isEqualTo(new Shape(2, 3, 5));
            assertThat(y.getDataType()).isEqualTo(DataType.FLOAT32);
            NDArray rows = operations.linear(x.reshape(6, 16), packed, null);
            assertClose("rows", y.reshape(6, 5), rows, 1e-6);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void the_mixed_layer_is_the_bfloat16_layer(Operations operations) {
        NDArray x = normal(manager, 1, 9, 40);
        NDArray weight = normal(manager, 2, 30, 40);
        NDArray bias = normal(manager, 3, 30);
        NDArray mixed = operations.mixedLinear(x, weight, bias);
        // Plain rounding of ties may differ from the exact rounding of the packed weight.
        double tolerance = operations == PLAIN ? 0x1p-7 : 0;
        assertClose("mixed", mixed, operations.linear(x, operations.toBfloat16(weight), bias), tolerance);
    }

    @ParameterizedTest
    @MethodSource("all")
    void mixed_gradients_are_float32_gradients_to_8_bits(Operations operations) {
        List<NDArray> inputs = List.of(normal(manager, 1, 9, 40), normal(manager, 2, 30, 40), normal(manager, 3, 30));
        List<NDArray> exact = OperationsUnderTest.differentiate(
                        operations, in -> operations.linear(in.get(0), in.get(1), in.get(2)), inputs)
                .gradients();
        List<NDArray> mixed = OperationsUnderTest.differentiate(
                        operations, in -> operations.mixedLinear(in.get(0), in.get(1), in.get(2)), inputs)
                .gradients();
        for (int i = 0; i < inputs.size(); i++) {
            assertThat(mixed.get(i).getDataType()).isEqualTo(DataType.FLOAT32);
            assertClose("gradient " + i, mixed.get(i), exact.get(i), 0x1p-6);
        }
        assertThat(bytes(mixed.get(2))).as("the bias is added in float32").isEqualTo(bytes(exact.get(2)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void gradients_pass_through_a_frozen_packed_weight(Operations operations) {
        NDArray weight = normal(manager, 2, 24, 48);
        for (PackedWeight packed : List.of(operations.toBfloat16(weight), operations.toInt8(weight))) {
            NDArray unpacked = operations.toFloat32(packed);
            List<NDArray> inputs = List.of(normal(manager, 1, 3, 48), normal(manager, 3, 24));
            List<NDArray> exact = OperationsUnderTest.differentiate(
                            operations, in -> operations.linear(in.get(0), unpacked, in.get(1)), inputs)
                    .gradients();
            List<NDArray> actual = OperationsUnderTest.differentiate(
                            operations, in -> operations.linear(in.get(0), packed, in.get(1)), inputs)
                    .gradients();
            for (int i = 0; i < inputs.size(); i++) {
                assertClose("gradient " + i, actual.get(i), exact.get(i), 0x1p-6);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void int8_rounds_to_half_a_step_of_the_row(Operations operations) {
        NDArray weight = normal(manager, 4, 50, 64);
        weight.set(new ai.djl.ndarray.index.NDIndex("7"), 0); // a row of zeros
        Int8Weight packed = operations.toInt8(weight);
        float[] numbers = weight.toFloatArray();
        float[] unpacked = operations.toFloat32(packed).toFloatArray();
        float[] scales = packed.scales().toFloatArray();
        byte[] values = bytes(packed.values());
        for (int row = 0; row < 50; row++) {
            int largest = 0;
            for (int i = row * 64; i < (row + 1) * 64; i++) {
                assertThat((double) unpacked[i]).isCloseTo(numbers[i], within(scales[row] * 0.5 * (1 + 1e-5)));
                largest = Math.max(largest, Math.abs(values[i]));
            }
            assertThat(largest).isEqualTo(row == 7 ? 0 : 127);
        }
        assertThat(packed.sizeInBytes()).isEqualTo(50 * 64 + 50 * 4);
    }

    @ParameterizedTest
    @MethodSource("all")
    void int8_of_a_hand_case(Operations operations) {
        NDArray weight = array(manager, new Shape(2, 3), 127, -63.5, 1.2, 0.254, 0, -0.1);
        Int8Weight packed = operations.toInt8(weight);
        assertClose("scales", packed.scales(), array(manager, new Shape(2), 1, 0.002), 1e-7);
        // -63.5 is a tie and goes to even
        assertThat(bytes(packed.values())).containsExactly(127, -64, 1, 127, 0, -50);
    }

    @ParameterizedTest
    @MethodSource("all")
    void a_packed_weight_can_be_handed_on_and_closed(Operations operations) {
        NDManager own = newManager();
        for (PackedWeight packed : List.of(
                operations.toBfloat16(normal(manager, 1, 4, 16)), operations.toInt8(normal(manager, 1, 4, 16)))) {
            int before = manager.getManagedArrays().size();
            packed.attach(own);
            assertThat(manager.getManagedArrays().size()).isLessThan(before);
            packed.close();
            assertThat(own.getManagedArrays()).isEmpty();
        }
        own.close();
    }

    @ParameterizedTest
    @MethodSource("all")
    void int8_values_from_elsewhere_are_copied(Operations operations) {
        Int8Weight made = operations.toInt8(normal(manager, 1, 4, 16));
        NDArray x = normal(manager, 2, 1, 16);
        byte[] expected = bytes(operations.linear(x, made, null));
        // A buffer at an odd address, as a tensor in a mapped file may lie.
        java.nio.ByteBuffer file = java.nio.ByteBuffer.allocateDirect(65);
        file.position(1);
        file.put(bytes(made.values())).position(1);
        NDArray values = manager.create(file.slice(), new Shape(4, 16), DataType.INT8);
        Int8Weight copy = Int8Weight.copyOf(values, made.scales());
        values.close();
        assertThat(bytes(operations.linear(x, copy, null))).isEqualTo(expected);
        NDArray wrongScales = manager.zeros(new Shape(3));
        assertThatThrownBy(() -> Int8Weight.copyOf(made.values(), wrongScales))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
