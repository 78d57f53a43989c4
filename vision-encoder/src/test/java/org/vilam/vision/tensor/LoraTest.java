package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.checkpoint.DType;
import org.vilam.vision.checkpoint.SafetensorsWriter;
import org.vilam.vision.checkpoint.TensorInfo;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.parity.FilledWeights;
import org.vilam.vision.parity.ParityPack;

/** Low-rank adapters beside linear layers. */
@org.jspecify.annotations.NullUnmarked // JUnit sets fields; maps are read by names that are there
class LoraTest extends BlockTest {
    private static final LoraConfig ALL = new LoraConfig(3, 6, 0, layer -> true);

    private Parameters adapted(LoraConfig config) {
        return Parameters.initialise(manager, 11).adapt(config, 5);
    }

    /** Gives A and B of every layer values far from their first ones. */
    private static void scrambleAdapters(Parameters parameters) {
        for (Parameter weight : parameters.adapters().all()) {
            Shape shape = weight.array().getShape();
            weight.array().set(Initializer.uniform(-0.5, 0.5).values(shape, SeededRandom.named(3, weight.name())));
        }
    }

    /** W + alpha / rank * B A by the names of a weight and its layer. */
    private static NDArray effective(Parameters parameters, String weight, String layer) {
        LoraConfig config = parameters.adapters().config();
        NDArray a = adapter(parameters, layer + ".lora_A.weight");
        NDArray b = adapter(parameters, layer + ".lora_B.weight");
        return parameters.array(weight).add(b.matMul(a).mul(config.alpha() / config.rank()));
    }

    private static NDArray adapter(Parameters parameters, String name) {
        return parameters.adapters().all().stream()
                .filter(weight -> weight.name().equals(name))
                .findFirst()
                .orElseThrow()
                .array();
    }

    @Test
    void a_hand_case() {
        Parameters p = adapted(new LoraConfig(1, 3, 0, LoraConfig.layersNamed("fc")));
        Linear layer = new Linear(p.scope("fc"), 2, 2, true);
        p.array("fc.weight").set(new float[] {1, 2, 3, 4});
        p.array("fc.bias").set(new float[] {10, 20});
        adapter(p, "fc.lora_A.weight").set(new float[] {1, -1});
        adapter(p, "fc.lora_B.weight").set(new float[] {2, 0.5f});
        // W x = (7, 15), A x = -2, 3 B A x = (-12, -3)
        NDArray y = layer.forward(manager.create(new float[] {1, 3}));
        assertThat(y.toFloatArray()).containsExactly(7 + 10 - 12, 15 + 20 - 3);
    }

    @Test
    void the_numbers_are_those_of_peft() {
        ParityPack pack = ParityPack.open("hilora");
        Parameters p = adapted(new LoraConfig(32, 16, 0.1, layer -> true));
        Linear layer = new Linear(p.scope("lora_layer"), 24, 20, true);
        fill(p.array("lora_layer.weight"), "lora_layer.weight", "matrix");
        fill(p.array("lora_layer.bias"), "lora_layer.bias", "vector");
        NDArray x = array(pack.io("lora.x"));
        TensorTesting.assertClose(layer.forward(x), pack.io("lora.y_without").values(), 2e-6, 1e-6);
        fill(adapter(p, "lora_layer.lora_A.weight"), "lora_layer.lora_A.default.weight", "matrix");
        fill(adapter(p, "lora_layer.lora_B.weight"), "lora_layer.lora_B.default.weight", "matrix");
        TensorTesting.assertClose(layer.forward(x), pack.io("lora.y").values(), 2e-6, 1e-6);
        p.adapters().merge();
        TensorTesting.assertClose(layer.forward(x), pack.io("lora.y_merged").values(), 2e-6, 1e-6);
        TensorTesting.assertClose(
                p.arrays().get("lora_layer.weight"),
                pack.io("lora.merged_weight").values(),
                2e-6,
                1e-6);
    }

    private static void fill(NDArray array, String key, String kind) {
        array.set(FilledWeights.values(key, array.getShape(), kind));
    }

    private NDArray array(ParityPack.Tensor tensor) {
        return manager.create(tensor.floats(), new Shape(tensor.shape()));
    }

    @Test
    void an_adapted_network_begins_as_the_network_itself() {
        Parameters p = adapted(ALL);
        Linear plain = new Linear(parameters.scope("fc"), 9, 4, true);
        Linear with = new Linear(p.scope("fc"), 9, 4, true);
        NDArray x = random("x", 2, 5, 9);
        assertThat(with.forward(x)).isEqualTo(plain.forward(x));
        assertThat(adapter(p, "fc.lora_A.weight").getShape()).isEqualTo(new Shape(3, 9));
        assertThat(adapter(p, "fc.lora_A.weight").abs().max().getFloat()).isBetween(0.2f, 1 / 3f);
        assertThat(adapter(p, "fc.lora_B.weight").getShape()).isEqualTo(new Shape(4, 3));
        assertThat(adapter(p, "fc.lora_B.weight").abs().max().getFloat()).isZero();
    }

    @Test
    void the_first_values_depend_on_seed_and_name_alone() {
        Parameters a = adapted(ALL);
        Parameters b = adapted(ALL);
        new Linear(a.scope("x"), 4, 4, true);
        new Linear(a.scope("y"), 4, 4, true);
        new Linear(b.scope("y"), 4, 4, true);
        new Linear(b.scope("x"), 4, 4, true);
        assertThat(adapter(a, "x.lora_A.weight")).isEqualTo(adapter(b, "x.lora_A.weight"));
        assertThat(adapter(a, "x.lora_A.weight")).isNotEqualTo(adapter(a, "y.lora_A.weight"));
    }

    @Test
    void a_layer_asked_for_twice_has_one_adapter_and_others_have_none() {
        Parameters p = adapted(new LoraConfig(2, 2, 0, LoraConfig.layersNamed("q_proj", "v_proj")));
        new Linear(p.scope("a.q_proj"), 4, 4, true);
        new Linear(p.scope("a.q_proj"), 4, 4, true);
        new Linear(p.scope("a.k_proj"), 4, 4, true);
        new Linear(p.scope("a.not_v_proj"), 4, 4, true);
        new LayerNorm(p.scope("v_proj"), 4, 1e-5);
        assertThat(p.adapters().layers()).containsExactly("a.q_proj");
        assertThat(p.count()).isEqualTo(3 * (16 + 4) + 8 + 2 * (2 * 4));
    }

    @Test
    void gradients_are_those_of_finite_differences() {
        Parameters p = adapted(ALL);
        Linear layer = new Linear(p.scope("fc"), 5, 4, true);
        scrambleAdapters(p);
        TensorTesting.checkGradients(
                manager,
                List.of(random("x", 2, 3, 5)),
                p.adapters().all().stream().map(Parameter::array).toList(),
                in -> layer.forward(in.get(0)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_joint_weight_of_queries_keys_and_values_is_adapted_as_one(boolean toThemselves) {
        Parameters p = adapted(ALL);
        MultiHeadAttention with = attention(p);
        scrambleAdapters(p);
        assertThat(p.adapters().layers()).containsExactly("attn.qkv", "attn.proj");
        assertThat(adapter(p, "attn.qkv.lora_B.weight").getShape()).isEqualTo(new Shape(24, 3));
        MultiHeadAttention whole = attention(parameters);
        parameters
                .array("attn.qkv.weight")
                .set(effective(p, "attn.qkv.weight", "attn.qkv").toFloatArray());
        parameters
                .array("attn.proj.weight")
                .set(effective(p, "attn.proj.weight", "attn.proj").toFloatArray());
        NDArray x = random("x", 2, 3, 8);
        NDArray other = toThemselves ? x : random("y", 2, 5, 8);
        NDArray expected = whole.forward(x, other, other, null, Mode.INFERENCE);
        NDArray actual = with.forward(x, other, other, null, Mode.INFERENCE);
        assertThat(TensorTesting.difference(actual, expected)).isLessThan(1e-6);
        p.adapters().merge();
        NDArray merged = with.forward(x, other, other, null, Mode.INFERENCE);
        assertThat(TensorTesting.difference(merged, actual)).isLessThan(1e-6);
        p.adapters().unmerge();
        TensorTesting.checkGradients(
                manager,
                List.of(x),
                p.adapters().all().stream().map(Parameter::array).toList(),
                in -> with.forward(in.get(0), toThemselves ? in.get(0) : other, other, null, Mode.INFERENCE));
    }

    private static MultiHeadAttention attention(Parameters p) {
        return MultiHeadAttention.of(8, 2).names(AttentionNames.TIMM).build(p.scope("attn"));
    }

    @Test
    void the_joint_weight_of_torch_is_the_layer_in_proj() {
        Parameters p = adapted(ALL);
        MultiHeadAttention.of(8, 2).names(AttentionNames.TORCH).build(p.scope("attn"));
        assertThat(p.adapters().layers()).containsExactly("attn.in_proj", "attn.out_proj");
    }

    @ParameterizedTest
    @EnumSource(Packing.class)
    void a_packed_weight_can_have_an_adapter(Packing packing) {
        PackSource file = new PackSource()
                .put("fc.weight", new Shape(6, 32), random("w", 6, 32).toFloatArray(), DType.F32);
        Parameters plain = Parameters.load(manager, file).pack(packing, layer -> true);
        Parameters p =
                Parameters.load(manager, file).pack(packing, layer -> true).adapt(ALL, 5);
        Linear without = new Linear(plain.scope("fc"), 32, 6, false);
        Linear with = new Linear(p.scope("fc"), 32, 6, false);
        scrambleAdapters(p);
        NDArray x = random("x", 4, 32);
        NDArray added = x.matMul(adapter(p, "fc.lora_A.weight").transpose())
                .matMul(adapter(p, "fc.lora_B.weight").transpose())
                .mul(2);
        assertThat(TensorTesting.difference(with.forward(x), without.forward(x).add(added)))
                .isLessThan(1e-5);
        p.requireGradients(LoraConfig.adaptersOf(layer -> true));
        assertThat(p.trainable()).hasSize(2);
        try (GradientScope scope = GradientScope.recording()) {
            List<NDArray> gradients = gradients(with.forward(x).sum(), p.trainable());
            // d sum(y) / d B = 2 sum over rows of A x
            float[] expected = x.matMul(adapter(p, "fc.lora_A.weight").transpose())
                    .mul(2)
                    .sum(new int[] {0})
                    .tile(6)
                    .toFloatArray();
            TensorTesting.assertClose(gradients.get(1), TensorTesting.doubles(manager.create(expected)), 1e-4, 1e-5);
            assertThat(gradients.get(0).abs().max().getFloat()).isPositive();
        }
        assertThatThrownBy(() -> p.adapters().merge())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("fc.lora_A.weight");
    }

    private static List<NDArray> gradients(NDArray loss, List<Parameter> weights) {
        return Operations.get()
                .gradients(loss, weights.stream().map(Parameter::array).toList());
    }

    @Test
    void dropout_is_for_the_adapters_input_alone() {
        Parameters p = adapted(new LoraConfig(3, 6, 0.5, layer -> true));
        Linear layer = new Linear(p.scope("fc"), 8, 4, true);
        scrambleAdapters(p);
        NDArray x = random("x", 5, 8);
        NDArray dropped = new Dropout(0.5).forward(x, Mode.training(9));
        assertThat(TensorTesting.difference(dropped, x)).isGreaterThan(0.1);
        NDArray delta = effective(p, "fc.weight", "fc").sub(p.array("fc.weight"));
        NDArray expected = x.matMul(p.array("fc.weight").transpose()).add(dropped.matMul(delta.transpose()));
        assertThat(TensorTesting.difference(layer.forward(x, Mode.training(9)), expected))
                .isLessThan(1e-5);
        assertThat(TensorTesting.difference(
                        layer.forward(x),
                        x.matMul(effective(p, "fc.weight", "fc").transpose())))
                .isLessThan(1e-5);
    }

    @Test
    void mixed_precision_is_near_float32() {
        Parameters p = adapted(ALL);
        Linear layer = new Linear(p.scope("fc"), 32, 8, true);
        scrambleAdapters(p);
        NDArray x = random("x", 5, 32);
        NDArray mixed = layer.forward(x, Mode.training(1).mixed());
        assertThat(TensorTesting.difference(mixed, layer.forward(x))).isBetween(1e-6, 0.1);
    }

    @Test
    void merging_changes_no_answer_and_unmerging_restores_every_bit() {
        Parameters p = adapted(ALL);
        Linear layer = new Linear(p.scope("fc"), 16, 12, true);
        scrambleAdapters(p);
        NDArray x = random("x", 7, 16);
        NDArray before = layer.forward(x);
        float[] weight = p.array("fc.weight").toFloatArray();
        NDArray effective = effective(p, "fc.weight", "fc");
        assertThat(p.arrays().get("fc.weight").toFloatArray()).isEqualTo(weight);

        p.adapters().merge();
        p.adapters().merge(); // once more changes nothing
        assertThat(TensorTesting.difference(layer.forward(x), before)).isLessThan(1e-5);
        assertThat(p.arrays().keySet()).containsExactly("fc.weight", "fc.bias");
        assertThat(TensorTesting.difference(p.arrays().get("fc.weight"), effective))
                .isLessThan(1e-6);
        assertThat(p.array("fc.weight").toFloatArray()).isEqualTo(weight);
        assertThatThrownBy(() -> layer.forward(x, Mode.training(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("unmerge");

        p.adapters().unmerge();
        assertThat(p.arrays().get("fc.weight").toFloatArray()).isEqualTo(weight);
        assertThat(layer.forward(x)).isEqualTo(before);
    }

    @Test
    void only_adapters_of_the_layers_asked_for_learn() {
        Parameters p = adapted(ALL);
        TinyTransformer network = new TinyTransformer(p, 20, 10, 0, 0);
        scrambleAdapters(p);
        p.requireGradients(LoraConfig.adaptersOf(layer -> true));
        assertThat(p.trainable())
                .hasSameSizeAs(p.adapters().all())
                .allMatch(w -> w.name().contains(".lora_"));
        assertThat(p.arrays().values()).noneMatch(NDArray::hasGradient);
        try (GradientScope scope = GradientScope.recording()) {
            NDArray logits = network.forward(
                    random("images", 2, 3, 16, 16),
                    manager.create(new long[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3)),
                    manager.ones(new Shape(2, 3)),
                    Mode.INFERENCE);
            List<NDArray> gradients = gradients(logits.square().sum(), p.trainable());
            for (int i = 0; i < gradients.size(); i++) {
                assertThat(gradients.get(i).abs().max().getFloat())
                        .as(p.trainable().get(i).name())
                        .isPositive();
            }
        }
        p.requireGradients(
                LoraConfig.adaptersOf(LoraConfig.blocks("layers", 1, 2)).or("head.bias"::equals));
        assertThat(p.trainable().stream().map(Parameter::name))
                .contains("layers.1.attn.qkv.lora_A.weight", "head.bias")
                .allMatch(name -> name.startsWith("layers.1.") || name.equals("head.bias"));
    }

    /** Such weights are read-only memory: to write the merged ones there would end the process. */
    @Test
    void adapters_beside_weights_in_a_file_learn_and_merge(@TempDir Path folder) {
        Path file = folder.resolve("model.safetensors");
        TensorInfo info = new TensorInfo("fc.weight", DType.F32, new Shape(3, 2));
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, List.of(info), Map.of())) {
            writer.write("fc.weight", random("w", 3, 2));
            writer.finish();
        }
        try (TensorSource source = TensorSource.open(file);
                Parameters p = Parameters.map(manager, source).adapt(ALL, 5)) {
            Linear layer = new Linear(p.scope("fc"), 2, 3, false);
            p.requireGradients(LoraConfig.adaptersOf(name -> true));
            assertThat(p.trainable()).hasSize(2);
            assertThat(p.loadReport().requireExact().loaded()).containsExactly("fc.weight");
            p.requireGradients(false);
            scrambleAdapters(p);
            NDArray x = random("x", 4, 2);
            NDArray before = layer.forward(x);
            p.adapters().merge();
            assertThat(TensorTesting.difference(layer.forward(x), before)).isLessThan(1e-5);
            p.adapters().unmerge();
            assertThat(p.array("fc.weight")).isEqualTo(random("w", 3, 2));
        }
    }

    /** A frozen network of random weights learns a batch by heart through its adapters. */
    @Test
    void a_batch_is_learned_by_heart() {
        Parameters p = Parameters.initialise(manager, 7).adapt(new LoraConfig(8, 16, 0, layer -> true), 5);
        TinyTransformer network = new TinyTransformer(p, 20, 10, 0, 0);
        p.requireGradients(LoraConfig.adaptersOf(layer -> true));
        Map<String, float[]> before = new HashMap<>();
        p.arrays().forEach((name, array) -> before.put(name, array.toFloatArray()));
        List<NDArray> learned = p.trainable().stream().map(Parameter::array).toList();
        List<NDArray> first = new ArrayList<>();
        List<NDArray> second = new ArrayList<>();
        learned.forEach(weight -> {
            first.add(manager.zeros(weight.getShape()));
            second.add(manager.zeros(weight.getShape()));
        });
        NDArray images = random("images", 4, 3, 16, 16);
        long[] ids = new long[24];
        float[] targets = new float[240];
        SeededRandom random = new SeededRandom(1);
        for (int i = 0; i < 24; i++) {
            ids[i] = (long) random.nextUniform(0, 20);
            targets[i * 10 + (int) random.nextUniform(0, 10)] = 1;
        }
        NDArray words = manager.create(ids, new Shape(4, 6));
        NDArray answers = manager.create(targets, new Shape(4, 6, 10));
        double begun = 0;
        double loss = Double.POSITIVE_INFINITY;
        for (int step = 1; step <= 300 && loss > begun / 60; step++) {
            try (var scratch = manager.newSubManager();
                    GradientScope scope = GradientScope.recording()) {
                NDArray x = images.duplicate();
                x.attach(scratch);
                NDArray logits = network.forward(x, words, manager.ones(new Shape(4, 6)), Mode.training(step));
                logits.attach(scratch);
                NDArray total = TinyTransformer.loss(logits, answers);
                List<NDArray> gradients = Operations.get().gradients(total, learned);
                Operations.get().adamW(learned, gradients, first, second, step, new AdamW(1e-2, 0.9, 0.98, 1e-8, 0));
                loss = total.getFloat();
            }
            begun = step == 1 ? loss : begun;
        }
        assertThat(begun).isBetween(2.0, 3.0); // about ln 10
        assertThat(loss).as("loss, %s at first", begun).isLessThan(begun / 20);
        p.arrays()
                .forEach((name, array) ->
                        assertThat(array.toFloatArray()).as(name).isEqualTo(before.get(name)));
    }

    /** Arrays that outlive their pass, of a layer that is adapted, trained, merged and unmerged again and again. */
    @Test
    void nothing_is_left_behind() {
        Parameters p = adapted(new LoraConfig(3, 6, 0.1, layer -> true));
        MultiHeadAttention attention = attention(p);
        p.requireGradients(LoraConfig.adaptersOf(layer -> true));
        NDArray x = random("x", 2, 3, 8);
        int arrays = 0;
        int stored = 0;
        for (int pass = 0; pass < 30; pass++) {
            try (var scratch = manager.newSubManager();
                    GradientScope scope = GradientScope.recording()) {
                NDArray in = x.duplicate();
                in.attach(scratch);
                gradients(attention.forward(in, null, Mode.training(pass)).sum(), p.trainable());
            }
            p.adapters().merge();
            try (var scratch = manager.newSubManager()) {
                NDArray in = x.duplicate();
                in.attach(scratch);
                attention.forward(in, null, Mode.INFERENCE);
            }
            p.adapters().unmerge();
            int own = adapter(p, "attn.qkv.lora_A.weight")
                    .getManager()
                    .getManagedArrays()
                    .size();
            arrays = pass == 0 ? manager.getManagedArrays().size() : arrays;
            stored = pass == 0 ? own : stored;
            assertThat(manager.getManagedArrays()).hasSize(arrays);
            assertThat(own).isEqualTo(stored).isEqualTo(4 + 4); // two layers' weights and biases, two pairs
        }
    }

    @Test
    void adapters_are_given_once_and_asked_for_where_there_are_some() {
        assertThatThrownBy(() -> adapted(ALL).adapt(ALL, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(parameters::adapters).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> adapted(ALL).adapters().loadReport()).isInstanceOf(IllegalStateException.class);
    }
}
