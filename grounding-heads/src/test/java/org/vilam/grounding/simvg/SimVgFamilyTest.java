package org.vilam.grounding.simvg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.grounding.parity.PackWeights;
import org.vilam.vision.beit3.Beit3Config;
import org.vilam.vision.checkpoint.KeyMap;
import org.vilam.vision.checkpoint.LoadReport;
import org.vilam.vision.checkpoint.ModelFamilies;
import org.vilam.vision.checkpoint.SafetensorsWriter;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.parity.ParityPack;

/** The checkpoint's names and shapes: those of the official files, from the lists of the packs. */
final class SimVgFamilyTest {
    private final SimVgFamily family = new SimVgFamily();

    @Test
    void a_distributed_training_checkpoint_is_recognised_and_loads_whole(@TempDir Path folder) {
        ParityPack pack = ParityPack.open("simvg-e2e-tiny");
        Path file = folder.resolve("det_best.safetensors");
        try (TensorSource official =
                KeyMap.builder().rename("{rest:.+}", "module.{rest}").build().apply(new PackWeights(pack))) {
            SafetensorsWriter.copy(official, file, Map.of());
        }
        try (NDManager manager = NDManager.newBaseManager();
                TensorSource published = TensorSource.open(file)) {
            assertThat(ModelFamilies.of(published)).isInstanceOf(SimVgFamily.class);
            TensorSource named = family.keyMap().apply(published);
            ObjectNode config = family.config(named, pack.caseJson().get("config"));
            LoadReport report = LoadReport.compare(named, family.parameters(config, manager));
            assertThat(report.text())
                    .startsWith(named.names().size() + " loaded, 0 missing, 0 of wrong shape, 0 unexpected");
            JsonNode sizes = pack.caseJson().get("config").get("head");
            for (String field : new String[] {
                "num_queries", "in_channels", "embed_dim", "num_decoder_layers", "num_tgqg_layers", "tgqs_mid_dim"
            }) {
                assertThat(config.get("head").get(field)).as(field).isEqualTo(sizes.get(field));
            }
            Map<String, float[]> probe = family.probe(config, named, manager);
            assertThat(probe).containsOnlyKeys("decoder.logits", "decoder.boxes", "token.logits", "token.boxes");
            assertThat(family.probe(config, named, manager).get("token.boxes")).isEqualTo(probe.get("token.boxes"));
        }
    }

    @Test
    void the_published_sizes_have_the_official_number_of_tensors() {
        try (NDManager manager = NDManager.newBaseManager()) {
            SimVgModelConfig base = new SimVgModelConfig(
                    "simvg", SimVgModelConfig.Answering.DECODER, Beit3Config.base(640, 32), SimVgConfig.base(1));
            Map<String, Shape> shapes = family.parameters(FamilyConfig.json(base), manager);
            assertThat(shapes.keySet().stream().filter(n -> n.startsWith("head.")))
                    .hasSize(121);
            assertThat(shapes).hasSize(121 + 490); // the mask token is left out
            assertThat(elements(shapes) - 4 + 768).isEqualTo(222_913_536L + 7_241_740);
            SimVgModelConfig large = new SimVgModelConfig(
                    "simvg", SimVgModelConfig.Answering.TOKEN, Beit3Config.large(640, 32), SimVgConfig.large(1));
            Map<String, Shape> largeShapes = family.parameters(FamilyConfig.json(large), manager);
            assertThat(largeShapes).hasSize(121 + 970);
            assertThat(elements(largeShapes) - 4 + 1024).isEqualTo(675_270_656L + 7_438_348);
        }
    }

    private static long elements(Map<String, Shape> shapes) {
        return shapes.values().stream().mapToLong(Shape::size).sum();
    }

    @Test
    void weights_without_a_head_are_refused_by_the_name_of_what_is_missing() {
        ParityPack pack = ParityPack.open("simvg-e2e-tiny");
        try (TensorSource encoder =
                KeyMap.builder().drop("head.{rest:.+}").build().apply(new PackWeights(pack))) {
            assertThat(family.recognises(encoder)).isFalse();
            assertThatThrownBy(() -> family.config(encoder, null))
                    .isInstanceOfSatisfying(
                            VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_MISMATCH))
                    .hasMessageContaining("head.input_proj.weight");
        }
    }

    @Test
    void weights_of_another_image_size_are_resampled() {
        ParityPack pack = ParityPack.open("simvg-e2e-tiny");
        try (NDManager manager = NDManager.newBaseManager();
                TensorSource named = family.keyMap().apply(new PackWeights(pack))) {
            ObjectNode config = family.config(named, pack.caseJson().get("config"));
            ObjectNode encoder = (ObjectNode) config.get("vis_enc");
            encoder.put("img_size", 2 * encoder.get("img_size").asInt());
            SimVgModelConfig wanted = FamilyConfig.read(config, SimVgModelConfig.class);
            Map<String, Shape> shapes = family.parameters(config, manager);
            assertThat(LoadReport.compare(named, shapes).wrongShapes()).hasSize(1);
            assertThat(LoadReport.compare(SimVgFamily.resized(named, wanted), shapes)
                            .requireExact()
                            .missing())
                    .isEmpty();
        }
    }

    @Test
    void the_preprocessor_is_the_familys_for_the_models_size() {
        SimVgModelConfig config = new SimVgModelConfig(
                "simvg", SimVgModelConfig.Answering.DECODER, Beit3Config.base(512, 32), SimVgConfig.base(10));
        ObjectNode json = family.preprocessor(FamilyConfig.json(config));
        assertThat(org.vilam.vision.image.ImageProcessorConfig.fromJson(json))
                .isEqualTo(org.vilam.vision.image.ImageProcessorConfig.SIMVG.withSize(512));
    }

    @Test
    void a_configuration_of_another_family_is_refused_by_the_field() {
        ObjectNode json = FamilyConfig.json(new SimVgModelConfig(
                "simvg", SimVgModelConfig.Answering.DECODER, Beit3Config.base(640, 32), SimVgConfig.base(1)));
        json.put("family", "c3vg");
        assertThatThrownBy(() -> FamilyConfig.read(json, SimVgModelConfig.class))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_INVALID))
                .hasMessageContaining("family must be simvg");
    }
}
