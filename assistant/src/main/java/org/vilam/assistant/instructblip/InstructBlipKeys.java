package org.vilam.assistant.instructblip;

import org.vilam.vision.checkpoint.KeyMap;
import org.vilam.vision.checkpoint.KeyMap.Part;

/**
 * LAVIS's names of the tensors and Hugging Face's.
 *
 * <p>LAVIS publishes a model in parts: the trimmed checkpoint holds the queries, {@code ln_vision}, the Q-Former and the
 * projection; EVA's file ({@code eva_vit_g.pth}) and Vicuna's folder keep names of their own without prefix. One map knows all
 * three, so that parts and whole checkpoints are read alike. Names of Hugging Face's files stay as they are.
 */
final class InstructBlipKeys {
    private static final String LAYER = "qformer.encoder.layer.{i}.";

    private InstructBlipKeys() {}

    /** From any published form to Hugging Face's names. */
    static KeyMap toHuggingFace() {
        KeyMap.Builder map = KeyMap.builder()
                .drop("{any:.*}position_ids")
                .drop("{any:.*}rotary_emb.inv_freq")
                // The Q-Former was pre-trained as a masked language model; LAVIS takes that head away.
                .drop("Qformer.cls.{rest:.+}");
        vision(map, "visual_encoder.");
        vision(map, "");
        // What EVA's own file has beyond the 39 blocks that BLIP-2 uses.
        map.drop("norm.{p:weight|bias}").drop("fc_norm.{p:weight|bias}").drop("head.{p:weight|bias}");
        shared(map);
        return map.rename("llm_model.{rest:.+}", "language_model.{rest}")
                .rename("model.{rest:(?:embed_tokens|layers|norm)\\..+}", "language_model.model.{rest}")
                .rename("lm_head.weight", "language_model.lm_head.weight")
                .build();
    }

    /** From Hugging Face's names to LAVIS's of a whole checkpoint. */
    static KeyMap toLavis() {
        KeyMap.Builder map = KeyMap.builder();
        vision(map, "visual_encoder.");
        shared(map);
        return map.rename("llm_model.{rest:.+}", "language_model.{rest}")
                .build()
                .reversed();
    }

    private static void vision(KeyMap.Builder map, String prefix) {
        String block = prefix + "blocks.{i:\\d|[12]\\d|3[0-8]}.";
        String layer = "vision_model.encoder.layers.{i}.";
        if (prefix.isEmpty()) {
            map.drop("blocks.39.{rest:.+}");
        }
        map.rename(prefix + "cls_token", "vision_model.embeddings.class_embedding")
                .rename(prefix + "pos_embed", "vision_model.embeddings.position_embedding")
                .rename(prefix + "patch_embed.proj.{p}", "vision_model.embeddings.patch_embedding.{p}")
                .rename(block + "norm{n:[12]}.{p}", layer + "layer_norm{n}.{p}")
                .rename(block + "attn.qkv.weight", layer + "self_attn.qkv.weight")
                .concat(
                        layer + "self_attn.qkv.bias",
                        Part.of(block + "attn.q_bias"),
                        Part.fill(0), // keys have no bias
                        Part.of(block + "attn.v_bias"))
                .rename(block + "attn.proj.{p}", layer + "self_attn.projection.{p}")
                .rename(block + "mlp.{f:fc[12]}.{p}", layer + "mlp.{f}.{p}");
    }

    private static void shared(KeyMap.Builder map) {
        map.rename("ln_vision.{p}", "vision_model.post_layernorm.{p}")
                .rename("Qformer.bert.embeddings.LayerNorm.{p}", "qformer.embeddings.layernorm.{p}")
                .rename(
                        "Qformer.bert.embeddings.{t:(?:word|position)_embeddings}.weight",
                        "qformer.embeddings.{t}.weight")
                .rename(
                        "Qformer.bert.encoder.layer.{i}.{a:attention|crossattention}.self.{rest:.+}",
                        LAYER + "{a}.attention.{rest}")
                .rename(
                        "Qformer.bert.encoder.layer.{i}.{a:attention|crossattention}.output.{rest:.+}",
                        LAYER + "{a}.output.{rest}")
                .rename(
                        "Qformer.bert.encoder.layer.{i}.{f:(?:intermediate|output)(?:_query)?}.{rest:.+}",
                        LAYER + "{f}.{rest}")
                .rename("llm_proj.{p}", "language_projection.{p}");
    }
}
