package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vilam.vision.checkpoint.DType;
import org.vilam.vision.checkpoint.SafetensorsWriter;
import org.vilam.vision.checkpoint.TensorInfo;
import org.vilam.vision.checkpoint.TensorSource;

/** Weights of linear layers kept in fewer bits. */
class PackedParametersTest extends BlockTest {
    private static final String WEIGHT = "fc.weight";

    private final float[] weight = random("w", 6, 64).toFloatArray();
    private final float[] bias = random("b", 6).toFloatArray();

    private TensorSource file(Path folder, DType type) {
        Path path = folder.resolve("model.safetensors");
        List<TensorInfo> infos = List.of(
                new TensorInfo(WEIGHT, type, new Shape(6, 64)), new TensorInfo("fc.bias", DType.F32, new Shape(6)));
        try (SafetensorsWriter writer = SafetensorsWriter.create(path, infos, Map.of())) {
            writer.write(WEIGHT, manager.create(weight, new Shape(6, 64)));
            writer.write("fc.bias", manager.create(bias, new Shape(6)));
            writer.finish();
        }
        return TensorSource.open(path);
    }

    @ParameterizedTest
    @CsvSource({"BF16, BFLOAT16, 0.05", "F32, BFLOAT16, 0.05", "F16, INT8, 0.05", "BF16, INT8, 0.05"})
    void a_packed_layer_is_near_the_whole_one(DType stored, Packing packing, double tolerance, @TempDir Path folder) {
        NDArray x = random("x", 3, 64);
        try (TensorSource source = file(folder, stored);
                Parameters whole = Parameters.load(manager, source);
                Parameters packed = Parameters.load(manager, source).pack(packing, WEIGHT::equals)) {
            NDArray expected = new Linear(whole.scope("fc"), 64, 6, true).forward(x);
            NDArray actual = new Linear(packed.scope("fc"), 64, 6, true).forward(x);
            assertThat(TensorTesting.difference(actual, expected)).isBetween(1e-6, tolerance);
            assertThat(packed.loadReport().requireExact().loaded()).hasSize(2);
            assertThat(packed.count()).isEqualTo(whole.count());
            assertThat(packed.all().stream().map(Parameter::name)).containsExactly("fc.bias");
        }
    }

    @Test
    void gradients_pass_through_a_packed_layer_to_its_input(@TempDir Path folder) {
        try (TensorSource source = file(folder, DType.BF16);
                Parameters packed = Parameters.load(manager, source).pack(Packing.BFLOAT16, WEIGHT::equals);
                GradientScope scope = GradientScope.recording()) {
            Linear linear = new Linear(packed.scope("fc"), 64, 6, true);
            NDArray x = random("x", 1, 64);
            x.setRequiresGradient(true);
            NDArray gradient = Operations.get()
                    .gradients(linear.forward(x, Mode.training(1)).sum(), List.of(x))
                    .get(0);
            NDArray expected = manager.create(weight, new Shape(6, 64)).sum(new int[] {0}, true);
            assertThat(TensorTesting.difference(gradient, expected)).isLessThan(0.05);
        }
    }

    @Test
    void only_the_named_layers_are_packed_and_what_the_file_lacks_is_reported(@TempDir Path folder) {
        try (TensorSource source = file(folder, DType.F32);
                Parameters packed =
                        Parameters.load(manager, source).pack(Packing.INT8, name -> !name.startsWith("fc"))) {
            new Linear(packed.scope("fc"), 64, 6, true);
            new Linear(packed.scope("head"), 64, 6, false);
            assertThat(packed.arrays().keySet()).containsExactly(WEIGHT, "fc.bias", "head.weight");
            assertThat(packed.loadReport().missing()).containsExactly("head.weight");
        }
    }

    @Test
    void packed_weights_are_one_when_asked_for_twice_and_are_not_saved(@TempDir Path folder) {
        try (TensorSource source = file(folder, DType.BF16);
                Parameters packed = Parameters.load(manager, source).pack(Packing.BFLOAT16, WEIGHT::equals)) {
            PackedWeight first = packed.scope("fc").packed("weight", new Shape(6, 64));
            assertThat(packed.scope("fc").packed("weight", new Shape(6, 64))).isSameAs(first);
            assertThatThrownBy(() -> packed.scope("fc").packed("weight", new Shape(64, 6)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("fc.weight");
            assertThatThrownBy(packed::arrays).isInstanceOf(IllegalStateException.class);
        }
    }
}
