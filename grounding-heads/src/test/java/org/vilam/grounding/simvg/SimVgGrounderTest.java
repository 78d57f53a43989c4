package org.vilam.grounding.simvg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounder;
import org.vilam.grounding.metrics.ScoredBox;
import org.vilam.grounding.parity.PackQuestions;
import org.vilam.grounding.parity.PackWeights;
import org.vilam.vision.checkpoint.ModelFamilies;
import org.vilam.vision.checkpoint.ModelFamily;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.checkpoint.Provenance;
import org.vilam.vision.checkpoint.SafetensorsWriter;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.parity.ParityPack;

/** From an official checkpoint to a folder, and from the folder to answers. */
final class SimVgGrounderTest {
    @ParameterizedTest
    @ValueSource(strings = {"decoder", "token"})
    void an_imported_checkpoint_answers_as_the_reference_does(String branch, @TempDir Path folder) {
        ParityPack pack = ParityPack.open("simvg-e2e-tiny");
        ModelFamily family = ModelFamilies.named("simvg");
        ObjectNode config;
        try (NDManager manager = NDManager.newBaseManager();
                TensorSource named = family.keyMap().apply(new PackWeights(pack))) {
            ObjectNode sizes = (ObjectNode) pack.caseJson().get("config");
            config = family.config(named, sizes);
            config.put("branch", branch);
            assertThat(config.get("vis_enc").get("encoder_attention_heads"))
                    .isEqualTo(sizes.get("vis_enc").get("encoder_attention_heads"));
            assertThat(family.parameters(config, manager).keySet()).containsExactlyInAnyOrderElementsOf(named.names());
            ((ObjectNode) config.get("vis_enc")).put("drop_path_rate", 0);
            ModelFolder model = ModelFolder.write(
                    folder.resolve("simvg"),
                    new Provenance(List.of("numbers by rule"), "test", null, "", Map.of(), "none"),
                    target -> {
                        ObjectMapper json = new ObjectMapper();
                        json.writeValue(target.resolve("config.json").toFile(), config);
                        json.writeValue(target.resolve("preprocessor.json").toFile(), family.preprocessor(config));
                        Files.writeString(target.resolve("tokenizer.json"), "{}");
                        SafetensorsWriter.copy(named, target.resolve("model.safetensors"), Map.of());
                    });
            try (SimVgGrounder grounder = SimVgGrounder.open(model, PackQuestions.pieces(pack), manager)) {
                assertThat(grounder.abilities()).isEmpty();
                List<Grounded> answers = grounder.ground(PackQuestions.of(pack), Grounder.Detail.ALL);
                double[] expected =
                        pack.io("predicted_box." + branch + ".network").values();
                for (int b = 0; b < answers.size(); b++) {
                    Grounded.Found found = answers.get(b).one();
                    assertThat(answers.get(b).all()).containsExactly(found);
                    assertThat(answers.get(b).present()).isTrue();
                    Box box = found.box();
                    double[] corners = {box.x1(), box.y1(), box.x2(), box.y2()};
                    for (int j = 0; j < 4; j++) {
                        assertThat(corners[j]).isCloseTo(expected[4 * b + j], within(2e-3));
                    }
                }
            }
        }
    }

    @Test
    void a_set_holds_what_scores_seven_tenths_and_more() {
        Box a = new Box(0, 0, 2, 2);
        Box b = new Box(4, 4, 8, 8);
        Grounded two = SimVgGrounder.answer(
                List.of(new ScoredBox(a, 0.9), new ScoredBox(b, 0.7), new ScoredBox(a, 0.69)), true);
        assertThat(two.all()).extracting(Grounded.Found::box).containsExactly(a, b);
        assertThat(two.present()).isTrue();
        assertThat(two.presence()).isCloseTo(0.5 + 0.5 * 2 / 3, within(1e-9));

        Grounded none = SimVgGrounder.answer(List.of(new ScoredBox(b, 0.69)), true);
        assertThat(none.all()).isEmpty();
        assertThat(none.one().box()).isEqualTo(b);
        assertThat(none.present()).isFalse();
        assertThat(SimVgGrounder.answer(List.of(new ScoredBox(b, 0.7)), true).presence())
                .isCloseTo(0.5, within(1e-9));
        assertThat(SimVgGrounder.answer(List.of(), true).all()).isEmpty();
    }

    @Test
    void one_query_always_answers_with_its_box() {
        Box a = new Box(0, 0, 2, 2);
        Grounded one = SimVgGrounder.answer(List.of(new ScoredBox(a, 0.1)), false);
        assertThat(one.present()).isTrue();
        assertThat(one.all()).containsExactly(one.one());
        assertThat(one.one().box()).isEqualTo(a);
    }
}
