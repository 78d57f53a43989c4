package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vilam.vision.parity.ParityPack;

/** Which layers have adapters, and which of them learn. */
class LoraConfigTest {
    @Test
    void a_layer_is_named_by_its_last_names() {
        Predicate<String> targets = LoraConfig.layersNamed("q_proj", "mlp.fc1");
        assertThat(targets).accepts("q_proj", "layers.0.q_proj", "a.mlp.fc1").rejects("k_proj", "xq_proj", "fc1");
    }

    @Test
    void blocks_are_counted_from_the_first_up_to_one_before_the_last() {
        Predicate<String> blocks = LoraConfig.blocks("vision.layers", 1, 3);
        assertThat(blocks)
                .accepts("vision.layers.1.q", "vision.layers.2.attn.q", "clip.vision.layers.2.q")
                .rejects(
                        "vision.layers.0.q",
                        "vision.layers.3.q",
                        "vision.layers.12.q",
                        "text.layers.1.q",
                        "supervision.layers.1.q",
                        "vision.layers.1",
                        "vision.layers.99999999999.q");
    }

    @Test
    void each_stage_reaches_deeper() {
        List<Predicate<String>> stages = LoraConfig.stages("layers", 1, 3);
        assertThat(stages.get(0)).accepts("layers.0.q").rejects("layers.1.q");
        assertThat(stages.get(1)).accepts("layers.0.q", "layers.2.q").rejects("layers.3.q");
        assertThatThrownBy(() -> LoraConfig.stages("layers", 3, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[3, 2]");
    }

    /** HiVG: the bridge's adapters learn always, those of the text from stage 1 on, those of vision block by block. */
    @ParameterizedTest
    @CsvSource({"base, 0", "base, 1", "base, 2", "base, 3", "large, 0", "large, 1", "large, 2", "large, 3"})
    void hivgs_stages_train_the_adapters_they_train_there(String size, int stage) throws IOException {
        ParityPack pack = ParityPack.open("hilora");
        String vision = "vision_model.encoder.layers";
        Predicate<String> bridge = layer -> layer.contains(".cross_attn.");
        Predicate<String> learns = stage == 0
                ? bridge
                : bridge.or(LoraConfig.stages(vision, 5, 8, 12).get(stage - 1))
                        .or(LoraConfig.blocks("text_model.encoder.layers", 0, 12));
        Predicate<String> parameters = LoraConfig.adaptersOf(learns);
        List<String> all = lines(pack, "keys-" + size + "-k1.txt").stream()
                .map(line -> line.split("[\\s(\\[]", 2)[0])
                .filter(name -> name.contains(".lora_"))
                .map(LoraConfigTest::plain)
                .toList();
        List<String> expected = lines(pack, "trainable-" + size + "-stage" + stage + ".txt").stream()
                .filter(name -> name.contains(".lora_"))
                .map(LoraConfigTest::plain)
                .toList();
        assertThat(all).hasSize(size.equals("base") ? 224 : 320);
        assertThat(all.stream().filter(parameters)).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static List<String> lines(ParityPack pack, String file) throws IOException {
        return Files.readAllLines(pack.file(file));
    }

    /** Without the prefixes of repeated wrapping and the adapter's name, which peft drops in files. */
    private static String plain(String key) {
        return key.replace("base_model.model.", "").replace(".default.", ".");
    }

    @Test
    void numbers_out_of_range_are_refused_by_name() {
        assertThatThrownBy(() -> new LoraConfig(0, 1, 0, layer -> true)).hasMessageContaining("rank");
        assertThatThrownBy(() -> new LoraConfig(1, 0, 0, layer -> true)).hasMessageContaining("alpha");
        assertThatThrownBy(() -> new LoraConfig(1, 1, 1, layer -> true)).hasMessageContaining("[0, 1)");
    }
}
