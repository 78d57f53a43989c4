package org.vilam.grounding.hivg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.grounding.parity.PackWeights;
import org.vilam.vision.checkpoint.ModelFamilies;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.ImageProcessorConfig;
import org.vilam.vision.parity.ParityPack;

/** Official checkpoints: every name at every depth of prefixes, sizes seen in shapes, and the same network from all spellings. */
final class HiVgFamilyTest {
    private final HiVgFamily family = new HiVgFamily();
    private final ParityPack pack = ParityPack.open("hilora");

    @ParameterizedTest
    @CsvSource({"base, 1", "base, 2", "base, 3", "base, 4", "large, 1", "large, 2", "large, 3", "large, 4"})
    void every_official_name_is_a_weight_of_the_network_of_the_sizes_seen(String size, int depth) throws Exception {
        PublishedNames published = published(size, depth);
        assertThat(sha256(published)).isEqualTo(official(size, depth)); // these are the official names
        assertThat(family.recognises(published)).isTrue();
        TensorSource named = family.keyMap().apply(published);
        ObjectNode config = family.config(named, null);
        List<Integer> taps = List.of(6, 12);
        assertThat(HiVgFamily.parse(config))
                .isEqualTo(size.equals("base") ? HiVgConfig.base(taps, false) : HiVgConfig.large(taps, false));
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, Shape> parameters = family.parameters(config, manager);
            Map<String, Shape> found = new LinkedHashMap<>();
            named.names().forEach(name -> found.put(name, named.shape(name)));
            assertThat(found).containsExactlyInAnyOrderEntriesOf(parameters);
        }
    }

    @Test
    void the_layout_of_newer_peft_older_position_ids_and_clip_alone_are_taken_too() throws Exception {
        PublishedNames published = published("base", 2);
        TensorSource expected = family.keyMap().apply(published);
        UnaryOperator<String> newer = name ->
                name.matches("clip\\..*(_attn)\\.[kvq]_proj\\.(weight|bias)|clip\\..*_attn\\.out_proj\\.(weight|bias)")
                        ? name.replaceFirst("\\.(weight|bias)$", ".base_layer.$1")
                        : name;
        PublishedNames wrapped = published.renamed(newer);
        assertThat(wrapped.names()).anyMatch(name -> name.endsWith("q_proj.base_layer.weight"));
        assertThat(new TreeSet<>(family.keyMap().apply(wrapped).names())).isEqualTo(new TreeSet<>(expected.names()));

        Map<String, Shape> ids = new LinkedHashMap<>();
        ids.put("clip.base_model.model.base_model.model.text_model.embeddings.position_ids", new Shape(1, 77));
        ids.put("clip.base_model.model.vision_model.embeddings.position_ids", new Shape(1, 197));
        assertThat(family.keyMap().apply(PublishedNames.of(ids)).names()).isEmpty();

        Map<String, Shape> alone = new LinkedHashMap<>();
        published.names().stream()
                .filter(name -> name.startsWith("clip."))
                .forEach(name -> alone.put(name.substring("clip.".length()), published.shape(name)));
        assertThat(family.keyMap().apply(PublishedNames.of(alone)).names())
                .containsExactlyInAnyOrderElementsOf(expected.names().stream()
                        .filter(name -> name.startsWith("clip."))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 7})
    void the_same_weights_at_another_depth_give_the_same_answers(int depth) {
        ParityPack tiny = ParityPack.open("hivg-tiny");
        UnaryOperator<String> deeper =
                name -> name.replaceFirst("^clip\\.base_model\\.model\\.", "clip." + "base_model.model.".repeat(depth));
        try (NDManager manager = NDManager.newBaseManager();
                PackModel model = new PackModel(
                        tiny,
                        tiny.caseJson().get("config"),
                        PublishedNames.of(new PackWeights(tiny)).renamed(deeper),
                        manager)) {
            model.assertClose(
                    "faithful.box",
                    model.forward(BridgePolicy.FAITHFUL, (key, value) -> {}).boxes());
        }
    }

    @Test
    void a_probe_is_the_same_each_time_and_differs_with_the_weights() {
        ParityPack tiny = ParityPack.open("hivg-tiny-mixup");
        try (NDManager manager = NDManager.newBaseManager()) {
            TensorSource named = family.keyMap().apply(new PackWeights(tiny));
            ObjectNode config =
                    family.config(named, PackModel.unseen(tiny.caseJson().get("config")));
            Map<String, float[]> first = family.probe(config, named, manager);
            Map<String, float[]> second = family.probe(config, named, manager);
            assertThat(first.keySet()).containsExactlyInAnyOrder("boxes", "similarity");
            first.forEach((name, values) -> {
                assertThat(second.get(name)).as(name).containsExactly(values);
                for (float value : values) {
                    assertThat(value).isFinite();
                }
            });
            config.put("mixup_pretrain", false);
            assertThat(family.probe(config, named, manager).get("boxes")).isNotEqualTo(first.get("boxes"));
        }
    }

    @Test
    void a_checkpoint_with_a_tensor_missing_is_refused_by_its_name() {
        PublishedNames published = published("base", 1);
        Map<String, Shape> holed = new LinkedHashMap<>();
        published.names().stream()
                .filter(name -> !name.endsWith("text_projection.weight"))
                .forEach(name -> holed.put(name, published.shape(name)));
        TensorSource named = family.keyMap().apply(PublishedNames.of(holed));
        assertThatThrownBy(() -> family.config(named, null))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_MISMATCH))
                .hasMessageContaining("clip.text_projection.weight");
    }

    @Test
    void a_configuration_with_a_field_of_impossible_size_is_refused_by_its_name() {
        ObjectNode config = family.config(family.keyMap().apply(published("base", 1)), null);
        config.put("vl_nheads", 7);
        assertThatThrownBy(() -> HiVgFamily.parse(config))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_INVALID))
                .hasMessageContaining("vl_nheads");
    }

    @Test
    void the_preprocessor_is_the_familys_and_the_family_is_found_by_name() {
        ObjectNode config = family.config(family.keyMap().apply(published("base", 1)), null);
        assertThat(ImageProcessorConfig.fromJson(family.preprocessor(config))).isEqualTo(ImageProcessorConfig.HIVG);
        assertThat(ModelFamilies.named("hivg")).isInstanceOf(HiVgFamily.class);
        assertThat(ModelFamilies.of(published("large", 3))).isInstanceOf(HiVgFamily.class);
    }

    private PublishedNames published(String size, int depth) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        try {
            for (String line : Files.readAllLines(pack.file("keys-" + size + "-k1.txt"))) {
                if (line.isBlank()) {
                    continue;
                }
                int open = line.indexOf('[');
                String sides = line.substring(open + 1, line.indexOf(']')).trim();
                shapes.put(
                        line.substring(0, open).trim(),
                        sides.isEmpty()
                                ? new Shape()
                                : new Shape(Arrays.stream(sides.split(", ?"))
                                        .mapToLong(Long::parseLong)
                                        .toArray()));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return PublishedNames.of(shapes)
                .renamed(name -> name.replaceFirst(
                        "^clip\\.base_model\\.model\\.", "clip." + "base_model.model.".repeat(depth)));
    }

    private String official(String size, int depth) {
        return pack.caseJson()
                .get("stages")
                .get(size + ".stage" + (depth - 1))
                .get("sha256_of_sorted_keys")
                .asText();
    }

    private static String sha256(TensorSource source) throws Exception {
        String sorted = String.join("\n", new TreeSet<>(source.names()));
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(sorted.getBytes(StandardCharsets.UTF_8)));
    }
}
