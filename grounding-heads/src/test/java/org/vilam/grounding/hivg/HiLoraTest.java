package org.vilam.grounding.hivg;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vilam.grounding.parity.ListedWeights;
import org.vilam.grounding.parity.PackArrays;
import org.vilam.vision.checkpoint.KeyMap;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.AdamW;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Linear;
import org.vilam.vision.tensor.LoraConfig;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.Parameter;
import org.vilam.vision.tensor.Parameters;

/** The stages of Hi LoRA: what learns in each, with what gradients, and what a first step changes. */
final class HiLoraTest {
    private final ParityPack pack = ParityPack.open("hilora");

    @ParameterizedTest
    @EnumSource(HiLoraStage.class)
    void the_trainable_weights_of_both_sizes_are_those_of_the_official_code(HiLoraStage stage) {
        Map<String, HiVgConfig> sizes = Map.of(
                "base", HiVgConfig.base(List.of(6, 12), false),
                "large", HiVgConfig.large(List.of(6, 12), false));
        sizes.forEach((size, config) -> {
            try (NDManager manager = NDManager.newBaseManager()) {
                List<String> official = lines("trainable-" + size + "-stage" + stage.number() + ".txt");
                String prefix = "clip." + "base_model.model.".repeat(stage.number() + 1);
                assertThat(official).anyMatch(name -> name.startsWith(prefix));
                Set<String> expected = new TreeSet<>();
                official.forEach(name -> expected.add(PackModel.here(name)));
                Set<String> here = new TreeSet<>();
                for (Parameter parameter : outline(config, manager)) {
                    if (stage.trainable().test(parameter.name())) {
                        here.add(parameter.name());
                    }
                }
                assertThat(here).isEqualTo(expected);
                JsonNode counted = pack.caseJson().get("stages").get(size + ".stage" + stage.number());
                assertThat(here).hasSize(counted.get("trainable_tensors").asInt());
            }
        });
    }

    @ParameterizedTest
    @EnumSource(HiLoraStage.class)
    void gradients_and_the_first_step_of_a_stage_are_those_of_the_official_code(HiLoraStage stage) {
        try (NDManager manager = NDManager.newBaseManager();
                PackModel model = new PackModel(pack, pack.caseJson().get("config_of_the_tiny_run"), manager)) {
            model.parameters.requireGradients(stage.trainable());
            NDArray total;
            try (GradientScope scope = GradientScope.recording()) {
                HiVgModel.Output out = model.forward(BridgePolicy.FAITHFUL, (key, value) -> {});
                model.assertClose("out.box", out.boxes());
                model.assertClose("out.similarity", out.similarity());
                model.assertClose("out.seg_mask_lowres", out.masks());
                model.assertClose("out.logits_per_text", out.logitsPerText());
                Map<String, NDArray> terms = model.losses(out);
                terms.forEach((term, value) ->
                        model.arrays.assertClose("out." + term, value.getFloat(), model.tolerance("out." + term)));
                total = PackModel.total(terms);
            }
            List<Parameter> learned = model.parameters.trainable().stream()
                    .filter(p -> !HiLoraStage.unused(model.config).test(p.name()))
                    .toList();
            List<NDArray> arrays = learned.stream().map(Parameter::array).toList();
            List<NDArray> gradients = Operations.get().gradients(total, arrays);
            assertNorms(stage, learned, gradients);
            assertFirstStep(model, stage, learned, gradients);
        }
    }

    private void assertNorms(HiLoraStage stage, List<Parameter> learned, List<NDArray> gradients) {
        List<String> order = lines("grad-order-stage" + stage.number() + ".txt");
        double[] norms = pack.io("stage" + stage.number() + ".grad_norms").values();
        List<String> names = learned.stream().map(Parameter::name).toList();
        List<String> compared = new ArrayList<>();
        for (int i = 0; i < norms.length; i++) {
            int at = names.indexOf(PackModel.here(order.get(i)));
            assertThat(at).as(order.get(i)).isNotNegative();
            double expected = norms[i];
            PackArrays.assertClose(
                    order.get(i),
                    new float[] {gradients.get(at).norm().getFloat()},
                    new double[] {expected},
                    v -> v < 1e-5 ? 1e-5 : 3e-3 * v);
            compared.add(names.get(at));
        }
        assertThat(compared).containsExactlyInAnyOrderElementsOf(names);
    }

    private void assertFirstStep(PackModel model, HiLoraStage stage, List<Parameter> learned, List<NDArray> gradients) {
        List<NDArray> arrays = learned.stream().map(Parameter::array).toList();
        try (GradientScope scope = GradientScope.noGradient()) {
            Operations.get()
                    .adamW(
                            arrays,
                            gradients,
                            arrays.stream().map(NDArray::zerosLike).toList(),
                            arrays.stream().map(NDArray::zerosLike).toList(),
                            1,
                            new AdamW(1e-4, 0.9, 0.999, 1e-8, 1e-4));
        }
        String prefix = "stage" + stage.number() + ".after_adamw.";
        int compared = 0;
        List<String> keys = new ArrayList<>();
        pack.caseJson().get("tensors").fieldNames().forEachRemaining(keys::add);
        for (String key : keys) {
            if (key.startsWith(prefix)) {
                String here = PackModel.here(key.substring(prefix.length()));
                NDArray moved = model.parameters.all().stream()
                        .filter(p -> p.name().equals(here))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(here))
                        .array();
                float[] values = moved.toFloatArray();
                double[] expected = pack.io(key).values();
                float[] head = java.util.Arrays.copyOf(values, expected.length);
                PackArrays.assertClose(key, head, expected, v -> 2e-6);
                compared++;
            }
        }
        assertThat(compared).isPositive();
    }

    @Test
    void an_adapter_adds_and_merges_as_in_peft() {
        KeyMap adapters = KeyMap.builder()
                .rename("{layer}.lora_{m:[AB]}.default.weight", "base_model.model.{layer}.lora_{m}.weight")
                .drop("{:.+}")
                .build();
        try (NDManager manager = NDManager.newBaseManager();
                TensorSource weights =
                        new ListedWeights(pack.caseJson().get("lora_layer").get("weights"));
                Parameters parameters = Parameters.load(manager, weights)
                        .adapt(new LoraConfig(32, 16, 0, name -> true), adapters.apply(weights))) {
            PackArrays arrays = new PackArrays(pack, manager);
            Linear linear = new Linear(parameters.scope("lora_layer"), 24, 20, true);
            parameters.adapters().loadReport().requireExact();
            NDArray x = arrays.get("lora.x");
            arrays.assertClose("lora.y", linear.forward(x, Mode.INFERENCE), v -> 1e-5);
            parameters.adapters().merge();
            arrays.assertClose("lora.y_merged", linear.forward(x, Mode.INFERENCE), v -> 1e-5);
            arrays.assertClose(
                    "lora.merged_weight",
                    java.util.Objects.requireNonNull(parameters.arrays().get("lora_layer.weight")),
                    v -> 1e-6);
        }
    }

    private static List<Parameter> outline(HiVgConfig config, NDManager manager) {
        Parameters outline = Parameters.outline(manager).adapt(HiVgWeights.adapters(config), 0);
        new HiVgModel(outline.root(), config);
        return outline.all();
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(pack.file(file)).stream()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
