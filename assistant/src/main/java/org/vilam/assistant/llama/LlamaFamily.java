package org.vilam.assistant.llama;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.checkpoint.KeyMap;
import org.vilam.vision.checkpoint.ModelFamily;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.checkpoint.TokenizerKind;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Parameters;

/**
 * LLaMA and its kin (Vicuna, TinyLlama), in Hugging Face's form or llama2.c's: a language model alone, which continues text.
 */
public final class LlamaFamily implements ModelFamily {
    /** What {@code family} says in the files of this family. */
    public static final String NAME = "llama";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final String QUERY = "model.layers.0.self_attn.q_proj.weight";
    private static final String KEY = "model.layers.0.self_attn.k_proj.weight";
    private static final String UP = "model.layers.0.mlp.up_proj.weight";
    private static final int PROBE_TOKENS = 6;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "language model that continues text: LLaMA, Vicuna and llama2.c checkpoints (Touvron et al. 2023)";
    }

    @Override
    public boolean recognises(TensorSource published) {
        return published.names().contains(EMBEDDING)
                && published.names().contains(QUERY)
                && published.names().stream()
                        .allMatch(name -> name.startsWith("model.") || name.startsWith("lm_head."));
    }

    @Override
    public KeyMap keyMap() {
        return KeyMap.builder()
                .drop("model.layers.{i}.self_attn.rotary_emb.inv_freq")
                .drop("model.rotary_emb.inv_freq")
                .build();
    }

    @Override
    public ObjectNode config(TensorSource named, @Nullable JsonNode published) {
        ObjectNode config = JsonNodeFactory.instance.objectNode().put("family", NAME);
        config.setAll(sizes(named, "", published));
        for (String id : new String[] {"bos_token_id", "eos_token_id"}) {
            JsonNode given = published == null ? null : published.get(id);
            config.put(id, given != null && given.isInt() ? given.intValue() : id.startsWith("bos") ? 1 : 2);
        }
        return config;
    }

    /**
     * The sizes of a LLaMA inside a model: those that tensors show are read off them; heads, positions, epsilon and rotary base
     * come from the published configuration, or are LLaMA-1's (heads of 128, 2048 positions, 1e-6, 10000).
     *
     * @param prefix of the tensors' names, ending in a dot, or empty
     * @throws VilamException CHECKPOINT_MISMATCH
     */
    public static ObjectNode sizes(TensorSource named, String prefix, @Nullable JsonNode published) {
        Shape embedding = require(named, prefix + EMBEDDING);
        Shape key = require(named, prefix + KEY);
        long width = embedding.get(1);
        int layers = 0;
        while (named.names().contains(prefix + "model.layers." + layers + ".self_attn.q_proj.weight")) {
            layers++;
        }
        ObjectNode config = JsonNodeFactory.instance.objectNode().put("vocab_size", embedding.get(0));
        config.put("hidden_size", width);
        config.put("intermediate_size", require(named, prefix + UP).get(0));
        config.put("num_hidden_layers", layers);
        JsonNode heads = published == null ? null : published.get("num_attention_heads");
        if (heads == null && (width < 4096 || width % 128 != 0)) {
            throw new VilamException(
                    ErrorCode.CHECKPOINT_MISMATCH,
                    "tensor " + prefix + QUERY + " of width " + width + " does not show how many heads there are",
                    "Give the config.json that was published with the weights.");
        }
        long count = heads == null ? width / 128 : heads.asLong();
        if (count < 1 || width % count != 0 || key.get(0) % (width / count) != 0) {
            throw new VilamException(
                    ErrorCode.CHECKPOINT_MISMATCH,
                    "tensor " + prefix + KEY + " of shape " + key + " does not fit " + count + " heads of a width of "
                            + width,
                    "Check that config.json and weights belong together.");
        }
        config.put("num_attention_heads", count);
        config.put("num_key_value_heads", key.get(0) / (width / count));
        config.set("max_position_embeddings", given(published, "max_position_embeddings", 2048));
        config.set("rms_norm_eps", given(published, "rms_norm_eps", 1e-6));
        config.set("rope_theta", given(published, "rope_theta", 10000));
        config.put("tie_word_embeddings", !named.names().contains(prefix + "lm_head.weight"));
        return config;
    }

    private static JsonNode given(@Nullable JsonNode published, String field, double otherwise) {
        JsonNode given = published == null ? null : published.get(field);
        if (given != null && given.isNumber()) {
            return given;
        }
        return otherwise == Math.rint(otherwise)
                ? JsonNodeFactory.instance.numberNode((long) otherwise)
                : JsonNodeFactory.instance.numberNode(otherwise);
    }

    private static Shape require(TensorSource named, String name) {
        if (!named.names().contains(name) || named.shape(name).dimension() != 2) {
            throw new VilamException(
                    ErrorCode.CHECKPOINT_MISMATCH,
                    "tensor " + name + " is missing or no matrix",
                    "Check that the weights are complete and of this family.");
        }
        return named.shape(name);
    }

    @Override
    public ObjectNode preprocessor(JsonNode config) {
        return JsonNodeFactory.instance.objectNode();
    }

    @Override
    public Map<String, TokenizerKind> tokenizers() {
        return Map.of("tokenizer.json", TokenizerKind.LLAMA);
    }

    @Override
    public Map<String, Shape> parameters(JsonNode config, NDManager manager) {
        try (Parameters outline = Parameters.outline(manager)) {
            new LlamaModel(outline.root(), read(config));
            return outline.shapes();
        }
    }

    /** {@code config.json} as sizes. */
    static LlamaConfig read(JsonNode config) {
        try {
            return JSON.treeToValue(config, LlamaConfig.class);
        } catch (JsonProcessingException e) {
            throw new VilamException(
                    ErrorCode.MODEL_INVALID,
                    "config.json of a " + NAME + ": " + e.getOriginalMessage(),
                    "Install or import the model again.",
                    e);
        }
    }

    /** The linear layers. */
    @Override
    public boolean packs(String parameter) {
        return parameter.endsWith("_proj.weight") || parameter.endsWith("lm_head.weight");
    }

    @Override
    public Map<String, float[]> probe(JsonNode config, TensorSource weights, NDManager manager) {
        try (GradientScope scope = GradientScope.noGradient();
                Parameters parameters = Parameters.map(manager, weights)) {
            LlamaModel model = new LlamaModel(parameters.root(), read(config));
            try (NDManager scratch = manager.newSubManager()) {
                int vocabulary = model.config().vocabSize();
                long[] ids = new long[PROBE_TOKENS];
                int[] positions = new int[PROBE_TOKENS];
                for (int i = 0; i < ids.length; i++) {
                    ids[i] = (3L + 7L * i) % vocabulary;
                    positions[i] = i;
                }
                NDArray embeds = model.embed(scratch.create(ids).expandDims(0)); // (1, T, D)
                NDArray logits = model.forwardLast(embeds, null, new int[][] {positions}, null, Mode.INFERENCE);
                float[] all = logits.toFloatArray();
                return Map.of("logits", Arrays.copyOf(all, Math.min(all.length, 1000)));
            }
        }
    }
}
