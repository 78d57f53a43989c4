package org.vilam.vision.beit3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vilam.vision.checkpoint.DType;
import org.vilam.vision.checkpoint.KeyMap;
import org.vilam.vision.checkpoint.SafetensorsWriter;
import org.vilam.vision.checkpoint.TensorInfo;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.parity.FilledWeights;
import org.vilam.vision.parity.ParityPack;

/** Position tables and patch kernels of one size as those of another. */
@SuppressWarnings("FloatingPointLiteralPrecision") // eighths and their squares, exact in binary
final class Beit3InterpolationTest {
    private static final String TABLE = "beit3.encoder.embed_positions.A.weight";
    private static final String KERNEL = "beit3.vision_embed.proj.weight";
    private static final String OTHER = "beit3.vision_embed.cls_token";

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    /** An encoder of width 2. */
    private static Beit3Config config(int imgSize, int patchSize) {
        return new Beit3Config(imgSize, patchSize, 2, 1, 4, 1, 5, 8, 1e-5, 0);
    }

    /** A file with a position table of so many rows, a patch kernel and a CLS token. */
    private TensorSource file(Path folder, DType type, NDArray table, NDArray kernel) {
        Path path = folder.resolve("model.safetensors");
        NDArray cls = manager.create(new float[] {7, 8}, new Shape(1, 1, 2));
        List<TensorInfo> infos = List.of(
                new TensorInfo(TABLE, type, table.getShape()),
                new TensorInfo(KERNEL, type, kernel.getShape()),
                new TensorInfo(OTHER, DType.F32, cls.getShape()));
        try (SafetensorsWriter writer = SafetensorsWriter.create(path, infos, Map.of())) {
            writer.write(TABLE, table);
            writer.write(KERNEL, kernel);
            writer.write(OTHER, cls);
            writer.finish();
        }
        return TensorSource.open(path);
    }

    /** The numbers 0, 1, 2, ... */
    private NDArray count(long... sides) {
        Shape shape = new Shape(sides);
        return manager.arange(0f, (float) shape.size(), 1f).reshape(shape);
    }

    @ParameterizedTest
    @CsvSource({"F32", "BF16"})
    void weights_of_the_wanted_size_are_the_same_bytes(DType type, @TempDir Path folder) {
        try (TensorSource source = file(folder, type, count(3 + 9, 2), count(2, 3, 4, 4))) {
            TensorSource same = Beit3Interpolation.resized(source, config(12, 4));
            assertThat(same.names()).containsExactlyElementsOf(source.names());
            for (String name : source.names()) {
                assertThat(same.shape(name)).isEqualTo(source.shape(name));
                assertThat(same.dtype(name)).isEqualTo(source.dtype(name));
                assertThat(same.data(name)).isEqualTo(source.data(name));
                assertThat(same.load(name, manager)).isEqualTo(source.load(name, manager));
                assertThat(same.loadMapped(name, manager)).isEqualTo(source.loadMapped(name, manager));
            }
        }
    }

    /**
     * Two rows of patches become four. Centres lie at -0.25, 0.25, 0.75 and 1.25; with the cubic coefficient -0.75 and
     * neighbours clamped to the border, what the second row weighs there is W(1.25), W(0.75) + W(1.75) and one less each.
     */
    @Test
    void a_grid_of_two_by_two_becomes_one_of_four_by_four(@TempDir Path folder) {
        float[] rows = {50, 51, 60, 61, 70, 71, 0, 3, 0, 3, 1, 3, 1, 3};
        NDArray table = manager.create(rows, new Shape(3 + 4, 2));
        try (TensorSource source = file(folder, DType.F32, table, count(2, 3, 4, 4))) {
            TensorSource resized = Beit3Interpolation.resized(source, config(16, 4));
            assertThat(resized.shape(TABLE)).isEqualTo(new Shape(3 + 16, 2));
            NDArray actual = resized.load(TABLE, manager);
            assertThat(actual.get(":3").toFloatArray()).containsExactly(50, 51, 60, 61, 70, 71);
            float[] expected = {-0.10546875f, 0.2265625f, 0.7734375f, 1.10546875f};
            for (int row = 0; row < 4; row++) {
                for (int column = 0; column < 4; column++) {
                    float[] place = actual.get(3 + 4 * row + column).toFloatArray();
                    assertThat(place[0]).isCloseTo(expected[row], within(1e-6f));
                    assertThat(place[1]).isCloseTo(3, within(1e-6f));
                }
            }
        }
    }

    @Test
    void a_patch_kernel_is_enlarged_and_not_rescaled(@TempDir Path folder) {
        NDArray kernel = manager.zeros(new Shape(2, 3, 2, 2));
        kernel.set(new NDIndex("1, 2, :, 1"), 1);
        kernel.set(new NDIndex("0, 0"), 5);
        try (TensorSource source = file(folder, DType.F32, count(3 + 4, 2), kernel)) {
            TensorSource resized = Beit3Interpolation.resized(source, config(8, 4));
            assertThat(resized.shape(TABLE)).isEqualTo(source.shape(TABLE));
            NDArray actual = resized.load(KERNEL, manager); // (2, 3, 4, 4)
            assertThat(actual.getShape()).isEqualTo(new Shape(2, 3, 4, 4));
            float[] row = actual.get("1, 2, 3").toFloatArray();
            float[] expected = {-0.10546875f, 0.2265625f, 0.7734375f, 1.10546875f};
            for (int i = 0; i < 4; i++) {
                assertThat(row[i]).isCloseTo(expected[i], within(1e-6f));
            }
            assertThat(actual.get("0, 0").sum().getFloat()).isCloseTo(16 * 5, within(1e-4f));
            assertThat(actual.get("0, 1").abs().max().getFloat()).isZero();
        }
    }

    @Test
    void a_resampled_tensor_is_float32_memory_of_its_own(@TempDir Path folder) {
        TensorSource source = file(folder, DType.BF16, count(3 + 4, 2), count(2, 3, 4, 4));
        TensorSource resized = Beit3Interpolation.resized(source, config(12, 4));
        assertThat(resized.dtype(TABLE)).isEqualTo(DType.F32);
        ByteBuffer data = resized.data(TABLE);
        assertThat(data.isReadOnly()).isTrue();
        assertThat(data.remaining()).isEqualTo((3 + 9) * 2 * 4);
        NDArray table = resized.load(TABLE, manager);
        resized.close();
        table.addi(1);
        assertThat(table.get(0).toFloatArray()).containsExactly(1, 2);
    }

    /** The tables and kernels the loaders of SimVG and C3VG made; of the large packs the first columns and every third pixel. */
    @ParameterizedTest
    @CsvSource({
        "beit3-tiny-c3vg, 64, 1",
        "beit3-tiny-interpolated, 64, 1",
        "beit3-base-simvg640, 8, 3",
        "beit3-base-c3vg320, 8, 3"
    })
    void tables_and_kernels_are_those_of_the_references_loaders(String name, int columns, int pixels) {
        ParityPack pack = ParityPack.open(name);
        int width = pack.caseJson().get("config").get("encoder_embed_dim").asInt();
        Beit3Config config = new Beit3Config(
                pack.caseJson().get("config").get("img_size").asInt(),
                pack.caseJson().get("config").get("patch_size").asInt(),
                width,
                1,
                4,
                1,
                5,
                8,
                1e-5,
                0);
        try (TensorSource resized = Beit3Interpolation.resized(FilledWeights.of(pack, "weights"), config)) {
            NDArray table = resized.load(TABLE, manager).get(":, :" + columns);
            assertClose(pack.io("position_table.A"), table);
            NDArray kernel = resized.load(KERNEL, manager);
            long channels = pack.io("patch_kernel").shape()[0];
            assertClose(pack.io("patch_kernel"), kernel.get(":" + channels + ", :, ::" + pixels + ", ::" + pixels));
        }
    }

    private static void assertClose(ParityPack.Tensor expected, NDArray actual) {
        assertThat(actual.getShape()).isEqualTo(new Shape(expected.shape()));
        float[] values = actual.toFloatArray();
        for (int i = 0; i < values.length; i++) {
            assertThat((double) values[i]).isCloseTo(expected.values()[i], within(2e-6));
        }
    }

    @Test
    void a_table_that_is_no_square_grid_is_refused_by_name(@TempDir Path folder) {
        try (TensorSource source = file(folder, DType.F32, count(3 + 8, 2), count(2, 3, 4, 4))) {
            assertThatThrownBy(() -> Beit3Interpolation.resized(source, config(16, 4)))
                    .isInstanceOfSatisfying(
                            VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_MISMATCH))
                    .hasMessageContaining(TABLE)
                    .hasMessageContaining("(11, 2)");
        }
    }

    @Test
    void tensors_of_another_width_are_left_for_the_report(@TempDir Path folder) {
        try (TensorSource source = file(folder, DType.F32, count(3 + 4, 6), count(6, 3, 4, 4))) {
            TensorSource view = Beit3Interpolation.resized(source, config(16, 8));
            assertThat(view.shape(TABLE)).isEqualTo(new Shape(7, 6));
            assertThat(view.shape(KERNEL)).isEqualTo(new Shape(6, 3, 4, 4));
        }
    }

    @Test
    void an_encoder_below_another_scope_is_resized_there(@TempDir Path folder) {
        KeyMap full =
                KeyMap.builder().rename("{name:beit3.+}", "vis_enc.{name}").build();
        try (TensorSource source = full.apply(file(folder, DType.F32, count(3 + 4, 2), count(2, 3, 4, 4)))) {
            TensorSource resized = Beit3Interpolation.resized(source, "vis_enc.beit3", config(16, 4));
            assertThat(resized.shape("vis_enc." + TABLE)).isEqualTo(new Shape(3 + 16, 2));
            assertThat(resized.load("vis_enc." + TABLE, manager).getShape()).isEqualTo(new Shape(3 + 16, 2));
            assertThat(Beit3Interpolation.resized(source, config(16, 4)).shape("vis_enc." + TABLE))
                    .isEqualTo(new Shape(3 + 4, 2));
        }
    }
}
