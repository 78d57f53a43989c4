package org.vilam.vision.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vilam.vision.checkpoint.KeyMap.Part;

/**
 * The weights of InstructBLIP under the names of LAVIS and of Hugging Face, in both directions, on tiny shapes. The expected
 * names are written out from the two programs' state dicts, not made by the rules.
 */
class LavisKeyMapTest {
    private static final int BLOCKS = 3;
    private static final int LAYERS = 4;
    private static final int DECODERS = 2;

    private static final KeyMap MAP = KeyMap.builder()
            .rename("visual_encoder.cls_token", "vision_model.embeddings.class_embedding")
            .rename("visual_encoder.pos_embed", "vision_model.embeddings.position_embedding")
            .rename("visual_encoder.patch_embed.proj.{p}", "vision_model.embeddings.patch_embedding.{p}")
            .rename("visual_encoder.blocks.{i}.norm{n:[12]}.{p}", "vision_model.encoder.layers.{i}.layer_norm{n}.{p}")
            .rename("visual_encoder.blocks.{i}.attn.qkv.weight", "vision_model.encoder.layers.{i}.self_attn.qkv.weight")
            .concat(
                    "vision_model.encoder.layers.{i}.self_attn.qkv.bias",
                    Part.of("visual_encoder.blocks.{i}.attn.q_bias"),
                    Part.fill(0),
                    Part.of("visual_encoder.blocks.{i}.attn.v_bias"))
            .rename(
                    "visual_encoder.blocks.{i}.attn.proj.{p}",
                    "vision_model.encoder.layers.{i}.self_attn.projection.{p}")
            .rename("visual_encoder.blocks.{i}.mlp.fc{n:[12]}.{p}", "vision_model.encoder.layers.{i}.mlp.fc{n}.{p}")
            .rename("ln_vision.{p}", "vision_model.post_layernorm.{p}")
            .drop("Qformer.bert.embeddings.position_ids")
            .rename("Qformer.bert.embeddings.LayerNorm.{p}", "qformer.embeddings.layernorm.{p}")
            .rename("Qformer.bert.embeddings.{rest:.+}", "qformer.embeddings.{rest}")
            .rename(
                    "Qformer.bert.encoder.layer.{j}.{a:attention|crossattention}.self.{rest:.+}",
                    "qformer.encoder.layer.{j}.{a}.attention.{rest}")
            .rename("Qformer.bert.encoder.{rest:.+}", "qformer.encoder.{rest}")
            .rename("llm_proj.{p}", "language_projection.{p}")
            .drop("llm_model.model.layers.{l}.self_attn.rotary_emb.inv_freq")
            .rename("llm_model.{rest:.+}", "language_model.{rest}")
            .build();

    private final MemorySource lavis = new MemorySource();
    private final Map<String, List<String>> expected = new LinkedHashMap<>();

    private void pair(String from, String to, long... shape) {
        lavis.with(from, shape);
        expected.put(to, List.of(from));
    }

    private void linear(String from, String to, long out, long in) {
        pair(from + ".weight", to + ".weight", out, in);
        pair(from + ".bias", to + ".bias", out);
    }

    private void norm(String from, String to, long width) {
        pair(from + ".weight", to + ".weight", width);
        pair(from + ".bias", to + ".bias", width);
    }

    private void table() {
        pair("query_tokens", "query_tokens", 1, 2, 4);
        pair("visual_encoder.cls_token", "vision_model.embeddings.class_embedding", 1, 1, 6);
        pair("visual_encoder.pos_embed", "vision_model.embeddings.position_embedding", 1, 5, 6);
        pair("visual_encoder.patch_embed.proj.weight", "vision_model.embeddings.patch_embedding.weight", 6, 3, 2, 2);
        pair("visual_encoder.patch_embed.proj.bias", "vision_model.embeddings.patch_embedding.bias", 6);
        for (int i = 0; i < BLOCKS; i++) {
            String from = "visual_encoder.blocks." + i;
            String to = "vision_model.encoder.layers." + i;
            norm(from + ".norm1", to + ".layer_norm1", 6);
            norm(from + ".norm2", to + ".layer_norm2", 6);
            pair(from + ".attn.qkv.weight", to + ".self_attn.qkv.weight", 18, 6);
            lavis.with(from + ".attn.q_bias", 6).with(from + ".attn.v_bias", 6);
            expected.put(to + ".self_attn.qkv.bias", List.of(from + ".attn.q_bias", "", from + ".attn.v_bias"));
            linear(from + ".attn.proj", to + ".self_attn.projection", 6, 6);
            linear(from + ".mlp.fc1", to + ".mlp.fc1", 8, 6);
            linear(from + ".mlp.fc2", to + ".mlp.fc2", 6, 8);
        }
        norm("ln_vision", "vision_model.post_layernorm", 6);
        lavis.with("Qformer.bert.embeddings.position_ids", 1, 7);
        pair("Qformer.bert.embeddings.word_embeddings.weight", "qformer.embeddings.word_embeddings.weight", 9, 4);
        pair(
                "Qformer.bert.embeddings.position_embeddings.weight",
                "qformer.embeddings.position_embeddings.weight",
                7,
                4);
        norm("Qformer.bert.embeddings.LayerNorm", "qformer.embeddings.layernorm", 4);
        for (int j = 0; j < LAYERS; j++) {
            String from = "Qformer.bert.encoder.layer." + j;
            String to = "qformer.encoder.layer." + j;
            attention(from + ".attention", to + ".attention", 4);
            if (j % 2 == 0) {
                attention(from + ".crossattention", to + ".crossattention", 6);
            }
            linear(from + ".intermediate.dense", to + ".intermediate.dense", 16, 4);
            linear(from + ".output.dense", to + ".output.dense", 4, 16);
            norm(from + ".output.LayerNorm", to + ".output.LayerNorm", 4);
            linear(from + ".intermediate_query.dense", to + ".intermediate_query.dense", 16, 4);
            linear(from + ".output_query.dense", to + ".output_query.dense", 4, 16);
            norm(from + ".output_query.LayerNorm", to + ".output_query.LayerNorm", 4);
        }
        linear("llm_proj", "language_projection", 5, 4);
        pair("llm_model.model.embed_tokens.weight", "language_model.model.embed_tokens.weight", 11, 5);
        for (int l = 0; l < DECODERS; l++) {
            String from = "llm_model.model.layers." + l;
            String to = "language_model.model.layers." + l;
            for (String projection : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
                pair(from + ".self_attn." + projection + ".weight", to + ".self_attn." + projection + ".weight", 5, 5);
            }
            lavis.with(from + ".self_attn.rotary_emb.inv_freq", 2);
            pair(from + ".mlp.gate_proj.weight", to + ".mlp.gate_proj.weight", 7, 5);
            pair(from + ".mlp.up_proj.weight", to + ".mlp.up_proj.weight", 7, 5);
            pair(from + ".mlp.down_proj.weight", to + ".mlp.down_proj.weight", 5, 7);
            pair(from + ".input_layernorm.weight", to + ".input_layernorm.weight", 5);
            pair(from + ".post_attention_layernorm.weight", to + ".post_attention_layernorm.weight", 5);
        }
        pair("llm_model.model.norm.weight", "language_model.model.norm.weight", 5);
        pair("llm_model.lm_head.weight", "language_model.lm_head.weight", 11, 5);
    }

    private void attention(String from, String to, long keyWidth) {
        linear(from + ".self.query", to + ".attention.query", 4, 4);
        linear(from + ".self.key", to + ".attention.key", 4, keyWidth);
        linear(from + ".self.value", to + ".attention.value", 4, keyWidth);
        linear(from + ".output.dense", to + ".output.dense", 4, 4);
        norm(from + ".output.LayerNorm", to + ".output.LayerNorm", 4);
    }

    @Test
    void every_lavis_weight_is_found_under_its_hugging_face_name() {
        table();
        TensorSource huggingFace = MAP.apply(lavis);
        assertThat(huggingFace.names()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        expected.forEach((to, from) -> {
            List<Number> elements = new ArrayList<>();
            for (String part : from) {
                elements.addAll(part.isEmpty() ? Collections.nCopies(6, (Number) 0.0) : Elements.of(lavis, part));
            }
            assertThat(Elements.of(huggingFace, to)).as(to).isEqualTo(elements);
            if (from.size() == 1) {
                assertThat(huggingFace.shape(to)).as(to).isEqualTo(lavis.shape(from.get(0)));
            } else {
                assertThat(huggingFace.shape(to).getShape()).as(to).containsExactly(18);
            }
        });
    }

    @Test
    void the_way_back_gives_every_weight_but_the_dropped_buffers() {
        table();
        TensorSource back = MAP.reversed().apply(MAP.apply(lavis));
        List<String> kept = lavis.names().stream()
                .filter(name -> !name.endsWith("position_ids") && !name.endsWith("inv_freq"))
                .toList();
        assertThat(back.names()).containsExactlyInAnyOrderElementsOf(kept);
        for (String name : kept) {
            ByteBuffer data = back.data(name);
            assertThat(data).as(name).isEqualTo(lavis.data(name));
            assertThat(back.shape(name)).as(name).isEqualTo(lavis.shape(name));
        }
    }
}
