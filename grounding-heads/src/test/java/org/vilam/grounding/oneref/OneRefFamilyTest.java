package org.vilam.grounding.oneref;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.grounding.parity.PackWeights;
import org.vilam.vision.beit3.Beit3Config;
import org.vilam.vision.checkpoint.ModelFamilies;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.ImageProcessorConfig;
import org.vilam.vision.parity.ParityPack;

/** Official checkpoints of OneRef, made of the packs' weights: names, sizes, task. */
final class OneRefFamilyTest {
    private final OneRefFamily family = new OneRefFamily();

    /** The packs list every tensor of an official checkpoint; the one for pre-training has heads that are left out. */
    @ParameterizedTest
    @ValueSource(strings = {"oneref-rec-tiny", "oneref-res-tiny", "oneref-rec-base", "oneref-res-base"})
    void every_official_name_is_a_weight_of_the_network_of_the_sizes_seen(String name) {
        ParityPack pack = ParityPack.open(name);
        try (NDManager manager = NDManager.newBaseManager();
                TensorSource published = new PackWeights(pack)) {
            assertThat(family.recognises(published)).isTrue();
            TensorSource named = family.keyMap().apply(published);
            ObjectNode config = family.config(named, unseen(pack.caseJson().get("config")));
            Map<String, Shape> found = new LinkedHashMap<>();
            named.names().forEach(tensor -> found.put(tensor, named.shape(tensor)));
            assertThat(found).containsExactlyInAnyOrderEntriesOf(family.parameters(config, manager));
            OneRefConfig sizes = OneRefFamily.parse(config);
            assertThat(sizes.task()).isEqualTo(name.contains("res") ? OneRefConfig.Task.RES : OneRefConfig.Task.REC);
            if (name.endsWith("base")) {
                assertThat(sizes.encoder()).isEqualTo(Beit3Config.base(384, 16));
                assertThat(ImageProcessorConfig.fromJson(family.preprocessor(config)))
                        .isEqualTo(ImageProcessorConfig.ONEREF);
            }
        }
    }

    /** The counts of the official classes, which hold buffers of the mask head's norms and the mask token not counted here. */
    @ParameterizedTest
    @CsvSource({"rec, 224824325", "res, 231906821"})
    void the_base_models_have_the_published_sizes(String task, long published) {
        try (NDManager manager = NDManager.newBaseManager();
                TensorSource named =
                        family.keyMap().apply(new PackWeights(ParityPack.open("oneref-" + task + "-base")))) {
            Map<String, Shape> parameters = family.parameters(family.config(named, null), manager);
            long weights = parameters.entrySet().stream()
                    .filter(e -> !e.getKey().contains("running_"))
                    .mapToLong(e -> e.getValue().size())
                    .sum();
            assertThat(weights + 768).isEqualTo(published); // and the mask token
        }
    }

    @Test
    void heads_of_pre_training_are_left_out() {
        ParityPack pack = ParityPack.open("oneref-mrefm");
        TensorSource named = family.keyMap().apply(new PackWeights(pack));
        assertThat(named.names()).noneMatch(name -> name.startsWith("mim_") || name.startsWith("mlm_"));
        assertThat(named.names()).doesNotContain("layer_norm.weight", "beit3.vision_embed.mask_token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oneref-rec-tiny", "oneref-res-tiny"})
    void a_probe_is_the_same_each_time(String name) {
        ParityPack pack = ParityPack.open(name);
        try (NDManager manager = NDManager.newBaseManager()) {
            TensorSource named = family.keyMap().apply(new PackWeights(pack));
            ObjectNode config = family.config(named, unseen(pack.caseJson().get("config")));
            Map<String, float[]> first = family.probe(config, named, manager);
            Map<String, float[]> second = family.probe(config, named, manager);
            assertThat(first.keySet())
                    .containsExactlyInAnyOrder(
                            name.contains("res")
                                    ? new String[] {"boxes", "similarity", "mask_rows"}
                                    : new String[] {"boxes", "similarity"});
            first.forEach((key, values) -> {
                assertThat(second.get(key)).as(key).containsExactly(values);
                for (float value : values) {
                    assertThat(value).as(key).isFinite();
                }
            });
        }
    }

    @Test
    void the_family_is_found_by_its_tensors_and_a_configuration_without_an_encoder_is_refused() {
        assertThat(ModelFamilies.of(new PackWeights(ParityPack.open("oneref-rec-tiny"))))
                .isInstanceOf(OneRefFamily.class);
        assertThat(ModelFamilies.named("oneref").description()).contains("OneRef");
        ObjectNode config =
                new ObjectMapper().createObjectNode().put("family", "oneref").put("task", "rec");
        assertThatThrownBy(() -> OneRefFamily.parse(config))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_INVALID))
                .hasMessageContaining("encoder");
    }

    /** What tensors do not show; the heads of small models are not 64 wide. */
    static JsonNode unseen(JsonNode packConfig) {
        ObjectNode unseen = new ObjectMapper().createObjectNode();
        unseen.putObject("encoder").set("encoder_attention_heads", packConfig.get("encoder_attention_heads"));
        unseen.set("max_query_len", packConfig.get("max_query_len"));
        return unseen;
    }
}
