package org.vilam.grounding.c3vg;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounder;
import org.vilam.grounding.parity.PackQuestions;
import org.vilam.grounding.parity.PackWeights;
import org.vilam.grounding.simvg.FamilyConfig;
import org.vilam.vision.beit3.Beit3Config;
import org.vilam.vision.checkpoint.KeyMap;
import org.vilam.vision.checkpoint.LoadReport;
import org.vilam.vision.checkpoint.ModelFamilies;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.checkpoint.Provenance;
import org.vilam.vision.checkpoint.SafetensorsWriter;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.image.ImageProcessorConfig;
import org.vilam.vision.parity.ParityPack;

/** The checkpoint's names and shapes, and the way from a file to a folder to answers. */
final class C3VgFamilyTest {
    private final C3VgFamily family = new C3VgFamily();

    @Test
    void an_official_checkpoint_becomes_a_folder_that_answers_as_the_reference_does(@TempDir Path folder) {
        ParityPack pack = ParityPack.open("c3vg-e2e-tiny");
        Path file = folder.resolve("segm_best.safetensors");
        try (TensorSource official =
                KeyMap.builder().rename("{rest:.+}", "module.{rest}").build().apply(new PackWeights(pack))) {
            assertThat(official.names()).contains("module.head.fpn_decoder.bn1_4.num_batches_tracked");
            SafetensorsWriter.copy(official, file, Map.of());
        }
        try (NDManager manager = NDManager.newBaseManager();
                TensorSource published = TensorSource.open(file)) {
            assertThat(ModelFamilies.of(published)).isInstanceOf(C3VgFamily.class);
            TensorSource named = family.keyMap().apply(published);
            ObjectNode config = family.config(named, pack.caseJson().get("config"));
            assertThat(config.get("head").get("hidden_channels").asInt()).isEqualTo(64);
            assertThat(config.get("vis_enc").get("img_size").asInt()).isEqualTo(96);
            LoadReport report = LoadReport.compare(named, family.parameters(config, manager));
            assertThat(report.text())
                    .startsWith(named.names().size() + " loaded, 0 missing, 0 of wrong shape, 0 unexpected");
            assertThat(named.names()).hasSize(published.names().size() - 8); // seven counters and the mask token
            assertThat(family.probe(config, named, manager).values())
                    .allSatisfy(v -> assertThat(v.length).isBetween(4, 1000));
            ModelFolder model = ModelFolder.write(
                    folder.resolve("c3vg"),
                    new Provenance(List.of("numbers by rule"), "test", null, "", Map.of(), "none"),
                    target -> {
                        ObjectMapper json = new ObjectMapper();
                        json.writeValue(target.resolve("config.json").toFile(), config);
                        json.writeValue(target.resolve("preprocessor.json").toFile(), family.preprocessor(config));
                        Files.writeString(target.resolve("tokenizer.json"), "{}");
                        SafetensorsWriter.copy(named, target.resolve("model.safetensors"), Map.of());
                    });
            try (C3VgGrounder grounder = C3VgGrounder.open(model, PackQuestions.pieces(pack), manager)) {
                List<Grounded> answers = grounder.ground(PackQuestions.of(pack), Grounder.Detail.ALL);
                for (int b = 0; b < answers.size(); b++) {
                    Mask expected = Mask.ofBytes(
                            96, 96, pack.io("eval.predicted_mask.network." + b).bytes());
                    assertThat(answers.get(b).one().mask()).contains(expected);
                }
            }
        }
    }

    @Test
    void the_published_model_has_the_official_number_of_tensors_and_elements() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, Shape> shapes = family.parameters(
                    FamilyConfig.json(new C3VgModelConfig("c3vg", 20, Beit3Config.base(320, 16), C3VgConfig.base())),
                    manager);
            assertThat(shapes.keySet().stream().filter(n -> n.startsWith("head.")))
                    .hasSize(399 - 7); // without the counters
            assertThat(shapes).hasSize(399 - 7 + 490);
            long statistics = shapes.entrySet().stream()
                    .filter(e -> e.getKey().contains(".running_"))
                    .mapToLong(e -> e.getValue().size())
                    .sum();
            long head = shapes.entrySet().stream()
                    .filter(e -> e.getKey().startsWith("head."))
                    .mapToLong(e -> e.getValue().size())
                    .sum();
            assertThat(head - statistics).isEqualTo(26_658_636L);
        }
    }

    @Test
    void the_preprocessor_is_the_familys() {
        ObjectNode config =
                FamilyConfig.json(new C3VgModelConfig("c3vg", 20, Beit3Config.base(320, 16), C3VgConfig.base()));
        assertThat(ImageProcessorConfig.fromJson(family.preprocessor(config))).isEqualTo(ImageProcessorConfig.C3VG);
    }
}
