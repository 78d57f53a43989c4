package org.vilam.assistant.instructblip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.llama.LlamaFamily;
import org.vilam.assistant.llama.Prompt;
import org.vilam.vision.checkpoint.KeyMap;
import org.vilam.vision.checkpoint.ModelFamily;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.checkpoint.TokenizerKind;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.ImageProcessorConfig;
import org.vilam.vision.tensor.AttentionMasks;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Parameters;

/** InstructBLIP with Vicuna, ViLaM's base: LAVIS checkpoints, whole or in parts, and Hugging Face folders. */
public final class InstructBlipFamily implements ModelFamily {
    /** What {@code family} says in the files of this family. */
    public static final String NAME = "instructblip";

    /** The tokenizer that the Q-Former reads instructions with, as in Hugging Face's repositories. */
    static final String INSTRUCTION_TOKENIZER = "qformer_tokenizer/tokenizer.json";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final LlamaFamily LLAMA = new LlamaFamily();
    private static final String LANGUAGE = "language_model.";
    private static final String QUERIES = "query_tokens";
    private static final String PATCHES = "vision_model.embeddings.patch_embedding.weight";
    private static final String POSITIONS = "vision_model.embeddings.position_embedding";
    private static final String FIRST_MLP = "vision_model.encoder.layers.0.mlp.fc1.weight";
    private static final String WORDS = "qformer.embeddings.word_embeddings.weight";
    private static final String TEXT_POSITIONS = "qformer.embeddings.position_embeddings.weight";
    private static final String CROSS_KEY = "qformer.encoder.layer.0.crossattention.attention.key.weight";
    private static final String FEED_FORWARD = "qformer.encoder.layer.0.intermediate_query.dense.weight";
    private static final int INSTRUCTION_TOKENS = 128;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "ViLaM's base: answers questions about images in words and places"
                + " (InstructBLIP-Vicuna, Dai et al. 2023)";
    }

    @Override
    public boolean recognises(TensorSource published) {
        return published.names().contains(QUERIES)
                && (published.names().contains("Qformer.bert.embeddings.word_embeddings.weight")
                        || published.names().contains(WORDS))
                && (published.names().contains("llm_proj.weight")
                        || published.names().contains("language_projection.weight"));
    }

    @Override
    public KeyMap keyMap() {
        return InstructBlipKeys.toHuggingFace();
    }

    @Override
    public ObjectNode config(TensorSource named, @Nullable JsonNode published) {
        for (String name :
                List.of(QUERIES, PATCHES, POSITIONS, FIRST_MLP, WORDS, TEXT_POSITIONS, CROSS_KEY, FEED_FORWARD)) {
            if (!named.names().contains(name)) {
                throw new VilamException(
                        ErrorCode.CHECKPOINT_MISMATCH,
                        "tensor " + name + " is missing",
                        "A trimmed LAVIS checkpoint is one part of three: import it together with eva_vit_g.pth and the"
                                + " folder of Vicuna; a stage 2 checkpoint needs the Q-Former of stage 1 beside it.");
            }
        }
        ObjectNode config = JsonNodeFactory.instance.objectNode().put("family", NAME);
        config.set("vision_config", vision(named, child(published, "vision_config")));
        config.set("qformer_config", qformer(named, child(published, "qformer_config")));
        config.set("text_config", LlamaFamily.sizes(named, LANGUAGE, child(published, "text_config")));
        config.put("num_query_tokens", named.shape(QUERIES).get(1));
        // Hugging Face's network takes the vision configuration's epsilon; without such a file it is LAVIS's.
        JsonNode eps = published == null ? null : published.get("ln_vision_eps");
        config.put(
                "ln_vision_eps",
                eps != null
                        ? eps.asDouble()
                        : published == null
                                ? 1e-5
                                : config.at("/vision_config/layer_norm_eps").asDouble());
        config.put("bos_token_id", 2).put("eos_token_id", 2);
        config.put(
                "max_instruction",
                Math.min(INSTRUCTION_TOKENS, named.shape(TEXT_POSITIONS).get(0)));
        InstructBlipConfig.read(config);
        return config;
    }

    private static ObjectNode vision(TensorSource named, @Nullable JsonNode given) {
        Shape patches = named.shape(PATCHES); // (D, 3, P, P)
        long width = patches.get(0);
        long patch = patches.get(patches.dimension() - 1);
        long grid = Math.round(Math.sqrt(named.shape(POSITIONS).get(1) - 1.0));
        ObjectNode vision = JsonNodeFactory.instance.objectNode().put("hidden_size", width);
        vision.put("intermediate_size", named.shape(FIRST_MLP).get(0));
        vision.put("num_hidden_layers", layers(named, "vision_model.encoder.layers."));
        // ViT-g has 16 heads of 88; other widths must come with a configuration.
        vision.put("num_attention_heads", number(given, "num_attention_heads", width == 1408 ? 16 : 0, PATCHES));
        vision.put("image_size", grid * patch).put("patch_size", patch);
        JsonNode eps = given == null ? null : given.get("layer_norm_eps");
        return vision.put("layer_norm_eps", eps == null ? 1e-6 : eps.asDouble());
    }

    private static ObjectNode qformer(TensorSource named, @Nullable JsonNode given) {
        Shape words = named.shape(WORDS);
        long width = words.get(1);
        int layers = layers(named, "qformer.encoder.layer.");
        int frequency = 1;
        while (frequency < layers
                && !named.names()
                        .contains("qformer.encoder.layer." + frequency + ".crossattention.attention.key.weight")) {
            frequency++;
        }
        ObjectNode qformer = JsonNodeFactory.instance.objectNode().put("vocab_size", words.get(0));
        qformer.put("hidden_size", width).put("num_hidden_layers", layers);
        qformer.put("num_attention_heads", number(given, "num_attention_heads", width == 768 ? 12 : 0, WORDS));
        qformer.put("intermediate_size", named.shape(FEED_FORWARD).get(0));
        qformer.put("max_position_embeddings", named.shape(TEXT_POSITIONS).get(0));
        JsonNode eps = given == null ? null : given.get("layer_norm_eps");
        qformer.put("layer_norm_eps", eps == null ? 1e-12 : eps.asDouble());
        qformer.put("cross_attention_frequency", frequency);
        return qformer.put("encoder_hidden_size", named.shape(CROSS_KEY).get(1));
    }

    private static int layers(TensorSource named, String prefix) {
        int layers = 0;
        String next = prefix + layers + ".";
        while (hasPrefix(named, next)) {
            layers++;
            next = prefix + layers + ".";
        }
        return layers;
    }

    private static boolean hasPrefix(TensorSource named, String prefix) {
        return named.names().stream().anyMatch(name -> name.startsWith(prefix));
    }

    private static long number(@Nullable JsonNode given, String field, long otherwise, String tensor) {
        JsonNode value = given == null ? null : given.get(field);
        if (value != null && value.isIntegralNumber()) {
            return value.longValue();
        }
        if (otherwise == 0) {
            throw new VilamException(
                    ErrorCode.CHECKPOINT_MISMATCH,
                    "tensor " + tensor + " is of an unusual width and does not show " + field,
                    "Give the config.json that was published with the weights.");
        }
        return otherwise;
    }

    private static @Nullable JsonNode child(@Nullable JsonNode json, String field) {
        return json == null ? null : json.get(field);
    }

    @Override
    public ObjectNode preprocessor(JsonNode config) {
        int side = config.at("/vision_config/image_size").asInt();
        return JSON.valueToTree(ImageProcessorConfig.VILAM.withSize(side));
    }

    @Override
    public Map<String, TokenizerKind> tokenizers() {
        Map<String, TokenizerKind> tokenizers = new LinkedHashMap<>();
        tokenizers.put("tokenizer.json", TokenizerKind.LLAMA);
        tokenizers.put(INSTRUCTION_TOKENIZER, TokenizerKind.BERT);
        return tokenizers;
    }

    @Override
    public Map<String, Shape> parameters(JsonNode config, NDManager manager) {
        try (Parameters outline = Parameters.outline(manager)) {
            new InstructBlipModel(outline.root(), InstructBlipConfig.read(config));
            return outline.shapes();
        }
    }

    /** The linear layers of the language model, nine tenths of all weights; the rest keeps the precision of its float32. */
    @Override
    public boolean packs(String parameter) {
        return parameter.startsWith(LANGUAGE) && LLAMA.packs(parameter);
    }

    @Override
    public Map<String, float[]> probe(JsonNode config, TensorSource weights, NDManager manager) {
        try (GradientScope scope = GradientScope.noGradient();
                Parameters parameters = Parameters.map(manager, weights);
                NDManager scratch = manager.newSubManager()) {
            InstructBlipModel model = new InstructBlipModel(parameters.root(), InstructBlipConfig.read(config));
            int side = model.config().vision().imageSize();
            float[] pixels = new float[3 * side * side];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (i * 37 % 256) / 128f - 1;
            }
            NDArray image = model.encodeImages(scratch.create(pixels, new Shape(1, 3, side, side)), Mode.INFERENCE);
            NDArray ids = scratch.create(new long[][] {{2, 3, 5, 1}});
            NDArray soft = model.softPrompts(image, ids, ids.onesLike(), Mode.INFERENCE);
            Prompt prompt = model.prompt(soft, List.of(new int[] {2, 5, 7, 3}));
            float[] logits = model.language()
                    .forwardLast(
                            prompt.embeds(),
                            AttentionMasks.padding(scratch.create(prompt.mask())),
                            prompt.positions(),
                            null,
                            Mode.INFERENCE)
                    .toFloatArray();
            Map<String, float[]> outputs = new LinkedHashMap<>();
            outputs.put("soft_prompts", head(soft.toFloatArray()));
            outputs.put("logits", head(logits));
            return outputs;
        }
    }

    private static float[] head(float[] values) {
        return Arrays.copyOf(values, Math.min(values.length, 1000));
    }
}
