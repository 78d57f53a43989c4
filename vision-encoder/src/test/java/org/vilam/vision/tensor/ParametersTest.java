package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.vision.checkpoint.DType;
import org.vilam.vision.checkpoint.LoadReport;
import org.vilam.vision.checkpoint.SafetensorsWriter;
import org.vilam.vision.checkpoint.TensorInfo;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

class ParametersTest {
    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private static Map<String, float[]> bytes(Parameters parameters) {
        Map<String, float[]> out = new HashMap<>();
        parameters.arrays().forEach((name, array) -> out.put(name, array.toFloatArray()));
        return out;
    }

    private static void build(ParameterScope p) {
        new Linear(p.scope("fc1"), 6, 4, true);
        new LayerNorm(p.scope("norm"), 4, 1e-5);
    }

    @Test
    void the_same_seed_gives_the_same_bytes() {
        Parameters a = Parameters.initialise(manager, 1);
        Parameters b = Parameters.initialise(manager, 1);
        Parameters c = Parameters.initialise(manager, 2);
        List.of(a, b, c).forEach(p -> build(p.root()));
        assertThat(bytes(a)).containsExactlyInAnyOrderEntriesOf(bytes(b));
        assertThat(bytes(a).get("fc1.weight")).isNotEqualTo(bytes(c).get("fc1.weight"));
    }

    @Test
    void an_outline_has_names_and_shapes_and_takes_no_memory() {
        try (Parameters outline = Parameters.outline(manager)) {
            new Linear(outline.scope("fc"), 1 << 22, 1 << 22, true); // 64 TiB as float32
            outline.root().get("scale", new Shape(), Initializer.ones());
            assertThat(outline.shapes())
                    .isEqualTo(Map.of(
                            "fc.weight",
                            new Shape(1 << 22, 1 << 22),
                            "fc.bias",
                            new Shape(1 << 22),
                            "scale",
                            new Shape()));
        }
    }

    @Test
    void the_order_of_construction_does_not_change_the_values() {
        Parameters a = Parameters.initialise(manager, 1);
        build(a.scope("x"));
        build(a.scope("y"));
        Parameters b = Parameters.initialise(manager, 1);
        build(b.scope("y"));
        build(b.scope("x"));
        assertThat(bytes(a)).containsExactlyInAnyOrderEntriesOf(bytes(b));
        assertThat(bytes(a).get("x.fc1.weight")).isNotEqualTo(bytes(a).get("y.fc1.weight"));
    }

    @Test
    void names_are_joined_with_dots_and_listed_in_the_order_asked_for() {
        Parameters p = Parameters.initialise(manager, 1);
        new Linear(p.scope("layers").scope(2).scope("mlp.fc2"), 3, 2, true);
        p.root().get("cls_token", new Shape(1, 1, 5), Initializer.zeros());
        p.root().buffer("bn.running_mean", new Shape(5), Initializer.zeros());
        assertThat(p.all().stream().map(Parameter::name))
                .containsExactly("layers.2.mlp.fc2.weight", "layers.2.mlp.fc2.bias", "cls_token");
        assertThat(p.arrays().keySet())
                .containsExactly("layers.2.mlp.fc2.weight", "layers.2.mlp.fc2.bias", "cls_token", "bn.running_mean");
        assertThat(p.count()).isEqualTo(6 + 2 + 5);
        assertThat(p.array("cls_token").getName()).isEqualTo("cls_token");
    }

    @Test
    void weight_decay_spares_vectors_unless_the_caller_says_otherwise() {
        Parameters p = Parameters.initialise(manager, 1);
        new Linear(p.scope("fc"), 3, 2, true);
        p.root().get("logit_scale", new Shape(), Initializer.constant(1));
        p.root().get("pos_embed", new Shape(1, 4, 3), Initializer.zeros(), false);
        p.root().get("gain", new Shape(3), Initializer.ones(), true);
        assertThat(p.all().stream().filter(Parameter::decays).map(Parameter::name))
                .containsExactly("fc.weight", "gain");
    }

    @Test
    void a_name_asked_for_twice_is_one_array() {
        Parameters p = Parameters.initialise(manager, 1);
        NDArray first = p.scope("embed").get("weight", new Shape(4, 3), Initializer.normal(1));
        NDArray second = p.scope("embed").get("weight", new Shape(4, 3), Initializer.zeros());
        assertThat(second).isSameAs(first);
        assertThat(p.count()).isEqualTo(12);
    }

    @Test
    void a_name_asked_for_twice_with_different_shapes_is_refused() {
        Parameters p = Parameters.initialise(manager, 1);
        p.scope("embed").get("weight", new Shape(4, 3), Initializer.zeros());
        assertThatThrownBy(() -> p.scope("embed").get("weight", new Shape(3, 4), Initializer.zeros()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("embed.weight")
                .hasMessageContaining("(4, 3)")
                .hasMessageContaining("(3, 4)");
        assertThatThrownBy(() -> p.scope("embed").buffer("weight", new Shape(4, 3), Initializer.zeros()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("buffer");
    }

    @Test
    void an_empty_name_is_refused() {
        Parameters p = Parameters.initialise(manager, 1);
        assertThatThrownBy(() -> p.scope("a").get("", new Shape(1), Initializer.zeros()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> p.scope("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void only_the_weights_a_predicate_names_learn() {
        Parameters p = Parameters.initialise(manager, 1);
        new Linear(p.scope("encoder.fc"), 3, 2, true);
        new Linear(p.scope("head.fc"), 3, 2, true);
        p.scope("head").buffer("mean", new Shape(2), Initializer.zeros());
        assertThat(p.trainable()).isEmpty();
        p.requireGradients(true);
        assertThat(p.trainable()).hasSize(4);
        p.requireGradients(name -> name.startsWith("head."));
        assertThat(p.trainable().stream().map(Parameter::name)).containsExactly("head.fc.weight", "head.fc.bias");
        assertThat(p.array("head.mean").hasGradient()).isFalse();
        p.requireGradients(false);
        assertThat(p.trainable()).isEmpty();
    }

    @Test
    void a_head_on_a_frozen_encoder_gets_its_gradients() {
        Parameters p = Parameters.initialise(manager, 1);
        Linear encoder = new Linear(p.scope("encoder"), 3, 3, true);
        Linear head = new Linear(p.scope("head"), 3, 1, true);
        p.requireGradients(name -> name.startsWith("head."));
        try (GradientScope scope = GradientScope.recording()) {
            NDArray x = TensorTesting.random(manager, "x", 2, 3);
            NDArray encoded = encoder.forward(x);
            NDArray loss = head.forward(encoded).sum();
            List<NDArray> gradients = Operations.get()
                    .gradients(
                            loss, p.trainable().stream().map(Parameter::array).toList());
            assertThat(gradients.get(0).toFloatArray())
                    .isEqualTo(encoded.sum(new int[] {0}).toFloatArray());
            assertThat(gradients.get(1).toFloatArray()).containsExactly(2);
        }
    }

    @Test
    void loading_takes_the_values_of_the_file() {
        PackSource source = new PackSource()
                .put("fc.weight", new Shape(1, 2), new float[] {3, 4}, DType.F32)
                .put("fc.bias", new Shape(1), new float[] {5}, DType.BF16);
        Parameters p = Parameters.load(manager, source);
        new Linear(p.scope("fc"), 2, 1, true);
        assertThat(p.array("fc.weight").toFloatArray()).containsExactly(3, 4);
        assertThat(p.array("fc.bias").toFloatArray()).containsExactly(5);
        assertThat(p.loadReport().requireExact().loaded()).containsExactly("fc.weight", "fc.bias");
    }

    @Test
    void what_does_not_fit_is_reported_by_name() {
        PackSource source = new PackSource()
                .put("fc.weight", new Shape(2, 1), new float[] {3, 4}, DType.F32)
                .put("position_ids", new Shape(1), new float[] {0}, DType.I64);
        Parameters p = Parameters.load(manager, source);
        new Linear(p.scope("fc"), 2, 1, true);
        LoadReport report = p.loadReport();
        assertThat(report.missing()).containsExactly("fc.bias");
        assertThat(report.wrongShapes())
                .containsExactly(new LoadReport.WrongShape("fc.weight", new Shape(1, 2), new Shape(2, 1)));
        assertThat(report.unexpected()).containsExactly("position_ids");
        assertThat(p.array("fc.weight").toFloatArray()).containsExactly(Float.NaN, Float.NaN);
    }

    @Test
    void a_weight_stored_as_integers_is_refused_by_name() {
        PackSource source = new PackSource().put("norm.weight", new Shape(1), new float[] {1}, DType.I64);
        Parameters p = Parameters.load(manager, source);
        assertThatThrownBy(() -> new RmsNorm(p.scope("norm"), 1, 1e-6))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_MISMATCH))
                .hasMessageContaining("norm.weight")
                .hasMessageContaining("I64");
    }

    @Test
    void initialised_weights_have_no_load_report() {
        assertThatThrownBy(() -> Parameters.initialise(manager, 1).loadReport())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void saved_weights_load_into_the_same_network(@TempDir Path folder) {
        Parameters saved = Parameters.initialise(manager, 3);
        build(saved.root());
        saved.root().buffer("mean", new Shape(2), Initializer.constant(4));
        Path file = folder.resolve("model.safetensors");
        List<TensorInfo> infos = new ArrayList<>();
        saved.arrays().forEach((name, array) -> infos.add(new TensorInfo(name, DType.F32, array.getShape())));
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, infos, Map.of())) {
            saved.arrays().forEach(writer::write);
            writer.finish();
        }
        try (TensorSource source = TensorSource.open(file);
                Parameters loaded = Parameters.load(manager, source);
                Parameters mapped = Parameters.map(manager, source)) {
            for (Parameters p : List.of(loaded, mapped)) {
                build(p.root());
                p.root().buffer("mean", new Shape(2), Initializer.zeros());
                p.loadReport().requireExact();
                assertThat(bytes(p)).containsExactlyInAnyOrderEntriesOf(bytes(saved));
            }
            loaded.requireGradients(true);
            mapped.requireGradients(false);
            assertThatThrownBy(() -> mapped.requireGradients(name -> name.equals("fc1.bias")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("fc1.bias");
        }
    }

    @Test
    void a_hole_in_a_file_is_nan_without_a_seed_and_initialised_with_one() {
        PackSource source = new PackSource().put("fc.weight", new Shape(1, 2), new float[] {3, 4}, DType.F32);
        Parameters holes = Parameters.load(manager, source);
        new Linear(holes.scope("fc"), 2, 1, true);
        assertThat(holes.array("fc.bias").toFloatArray()).containsExactly(Float.NaN);

        Parameters seeded = Parameters.load(manager, source, 9);
        new Linear(seeded.scope("fc"), 2, 1, true);
        new Linear(seeded.scope("head"), 2, 1, true);
        Parameters fresh = Parameters.initialise(manager, 9);
        new Linear(fresh.scope("head"), 2, 1, true);
        assertThat(seeded.array("fc.weight").toFloatArray()).containsExactly(3, 4);
        assertThat(seeded.array("fc.bias").toFloatArray()).containsExactly(0);
        assertThat(bytes(seeded).get("head.weight")).isEqualTo(bytes(fresh).get("head.weight"));
        assertThat(seeded.loadReport().missing()).containsExactly("fc.bias", "head.weight", "head.bias");
    }

    @Test
    void closing_frees_the_arrays_and_leaves_those_of_the_caller() {
        NDArray mine = manager.ones(new Shape(2));
        Parameters p = Parameters.initialise(manager, 1);
        build(p.root());
        assertThat(manager.getManagedArrays()).hasSize(1 + 4);
        p.close();
        assertThat(manager.getManagedArrays()).hasSize(1);
        assertThat(mine.toFloatArray()).containsExactly(1, 1);
    }

    @Test
    void the_list_of_arrays_cannot_be_changed_from_outside() {
        Parameters p = Parameters.initialise(manager, 1);
        assertThatThrownBy(() -> p.arrays().clear()).isInstanceOf(UnsupportedOperationException.class);
    }
}
