package org.vilam.vision.tensor;

import org.jspecify.annotations.Nullable;

/** What the parts of a {@link MultiHeadAttention} are called in a family's checkpoints, below the scope of the layer. */
public sealed interface AttentionNames {
    /** Hugging Face's CLIP, and torchscale and BEiT-3. */
    AttentionNames SEPARATE = new Separate("q_proj", "k_proj", "v_proj", "out_proj", "inner_attn_ln");
    /** LLaMA. */
    AttentionNames LLAMA = new Separate("q_proj", "k_proj", "v_proj", "o_proj", "inner_attn_ln");
    /** BERT and LAVIS's Q-Former, from the scope {@code attention} or {@code crossattention}. */
    AttentionNames BERT = new Separate("self.query", "self.key", "self.value", "output.dense", "norm");
    /** Hugging Face's Q-Former, likewise. */
    AttentionNames QFORMER =
            new Separate("attention.query", "attention.key", "attention.value", "output.dense", "norm");
    /** {@code torch.nn.MultiheadAttention}, as in DETR. */
    AttentionNames TORCH = new Joint("in_proj_weight", "in_proj_bias", null, null, "out_proj", "norm");
    /** timm's vision transformers. */
    AttentionNames TIMM = new Joint("qkv.weight", "qkv.bias", null, null, "proj", "norm");
    /** EVA and BEiT-2: queries and values have a bias, keys have none. */
    AttentionNames EVA = new Joint("qkv.weight", null, "q_bias", "v_bias", "proj", "norm");
    /** Hugging Face's InstructBLIP. */
    AttentionNames BLIP = new Joint("qkv.weight", "qkv.bias", null, null, "projection", "norm");

    /** Prefix of the output projection. */
    String out();

    /** Prefix of the norm in front of it, if there is one. */
    String norm();

    /**
     * Three layers.
     *
     * @param query prefix of the query projection
     * @param key prefix of the key projection
     * @param value prefix of the value projection
     */
    record Separate(String query, String key, String value, String out, String norm) implements AttentionNames {}

    /**
     * One weight whose rows are those of queries, keys and values, in this order.
     *
     * @param weight its full name
     * @param bias the full name of the bias of all three, or null
     * @param queryBias where {@code bias} is null the full name of the queries' bias, or null for none
     * @param valueBias where {@code bias} is null the full name of the values' bias, or null for none
     */
    record Joint(
            String weight,
            @Nullable String bias,
            @Nullable String queryBias,
            @Nullable String valueBias,
            String out,
            String norm)
            implements AttentionNames {}
}
