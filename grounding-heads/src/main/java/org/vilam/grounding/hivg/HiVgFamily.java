package org.vilam.grounding.hivg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vilam.grounding.family.ProbeInput;
import org.vilam.grounding.family.PublishedSizes;
import org.vilam.vision.checkpoint.KeyMap;
import org.vilam.vision.checkpoint.ModelFamily;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.checkpoint.TokenizerKind;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.ImageProcessorConfig;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Parameters;

/** HiVG's published checkpoints, of every stage and both sizes. */
public final class HiVgFamily implements ModelFamily {
    /** {@code family} of {@code config.json}. */
    public static final String NAME = "hivg";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FUSION_HEADS = 8;
    private static final double LORA_ALPHA = 16;
    private static final double EPS = 1e-5;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "HiVG: a box for an expression (Xiao et al. 2024, Hierarchical Multimodal Fine-grained Modulation)";
    }

    @Override
    public boolean recognises(TensorSource published) {
        Set<String> names = published.names();
        return names.contains("vl_pos_embed.weight")
                && names.contains("ml_visual_projection.weight")
                && names.contains("visu_token_norm.weight");
    }

    @Override
    public KeyMap keyMap() {
        return HiVgWeights.CHECKPOINT;
    }

    /**
     * Sizes from the tensors; heads are 64 wide as in all of OpenAI's models. What tensors do not show can be given in the
     * published configuration, in the names of {@link HiVgConfig}: above all {@code "mixup_pretrain": true} for a model trained
     * on all data sets at once, whose bridges work otherwise.
     */
    @Override
    public ObjectNode config(TensorSource named, @Nullable JsonNode published) {
        PublishedSizes sizes = new PublishedSizes(named);
        String text = "clip.text_model.";
        String vision = "clip.vision_model.";
        int textWidth = sizes.side(text + "embeddings.token_embedding.weight", 1);
        int width = sizes.side(vision + "embeddings.patch_embedding.weight", 0);
        int patch = sizes.side(vision + "embeddings.patch_embedding.weight", 2);
        int grid = sizes.grid(vision + "embeddings.position_embedding.weight", 1);
        int layers = sizes.count(vision + "encoder.layers.{i}.layer_norm1.weight");
        int textLayers = sizes.count(text + "encoder.layers.{i}.layer_norm1.weight");
        int textTaps = sizes.side("ml_text_feat_perceiver.weight", 1) / textWidth;
        ObjectNode config = JSON.createObjectNode().put("family", NAME);
        ObjectNode clip = config.putObject("clip");
        clip.putObject("text_config")
                .put("vocab_size", sizes.side(text + "embeddings.token_embedding.weight", 0))
                .put("hidden_size", textWidth)
                .put("intermediate_size", sizes.side(text + "encoder.layers.0.mlp.fc1.weight", 0))
                .put("num_hidden_layers", textLayers)
                .put("num_attention_heads", sizes.heads(textWidth))
                .put("max_position_embeddings", sizes.side(text + "embeddings.position_embedding.weight", 0))
                .put("layer_norm_eps", EPS);
        clip.putObject("vision_config")
                .put("hidden_size", width)
                .put("intermediate_size", sizes.side(vision + "encoder.layers.0.mlp.fc1.weight", 0))
                .put("num_hidden_layers", layers)
                .put("num_attention_heads", sizes.heads(width))
                .put("image_size", grid * patch)
                .put("patch_size", patch)
                .put("layer_norm_eps", EPS);
        clip.put("projection_dim", sizes.side("clip.text_projection.weight", 0));
        List<Integer> visionTaps = layers == 12 ? List.of(1, 4, 8, 12) : quarters(layers);
        config.set("extract_vision_layer", JSON.valueToTree(visionTaps));
        config.set("adapt_layer", JSON.valueToTree(sizes.indices(vision + "encoder.layers.{i}.cross_gate.weight")));
        config.set("extract_text_layer", JSON.valueToTree(HiVgConfig.textTaps(textTaps, textLayers)));
        config.put("mixup_pretrain", false)
                .put("vl_nheads", FUSION_HEADS)
                .put("vl_dim_feedforward", sizes.side("vl_transformer.encoder.layers.0.linear1.weight", 0))
                .put("vl_enc_layers", sizes.count("vl_transformer.encoder.layers.{i}.norm1.weight"))
                .put("lora_rank", loraRank(named))
                .put("lora_alpha", LORA_ALPHA)
                .put("bridge", "faithful")
                .put("use_seg_mask", false);
        PublishedSizes.override(config, published);
        return config;
    }

    private static List<Integer> quarters(int layers) {
        return List.of(layers / 4, layers / 2, 3 * layers / 4, layers);
    }

    private static int loraRank(TensorSource named) {
        return named.names().stream()
                .filter(name -> name.endsWith(".lora_A.weight"))
                .findFirst()
                .map(name -> Math.toIntExact(named.shape(name).get(0)))
                .orElse(0);
    }

    @Override
    public ObjectNode preprocessor(JsonNode config) {
        return JSON.valueToTree(
                ImageProcessorConfig.HIVG.withSize(parse(config).clip().vision().imageSize()));
    }

    @Override
    public Map<String, TokenizerKind> tokenizers() {
        return Map.of("tokenizer.json", TokenizerKind.CLIP);
    }

    @Override
    public Map<String, Shape> parameters(JsonNode config, NDManager manager) {
        HiVgConfig sizes = parse(config);
        try (Parameters outline = Parameters.outline(manager)) {
            if (sizes.loraRank() > 0) {
                outline.adapt(HiVgWeights.adapters(sizes), 0);
            }
            HiVgModel model = new HiVgModel(outline.root(), sizes);
            Map<String, Shape> shapes = new LinkedHashMap<>();
            outline.shapes().forEach(shapes::put);
            if (model.config().loraRank() > 0) {
                outline.adapters()
                        .all()
                        .forEach(p -> shapes.put(p.name(), p.array().getShape()));
            }
            return shapes;
        }
    }

    @Override
    public Map<String, float[]> probe(JsonNode config, TensorSource weights, NDManager manager) {
        HiVgConfig sizes = parse(config).with(BridgePolicy.CORRECTED);
        int side = sizes.clip().vision().imageSize();
        int grid = sizes.clip().vision().grid();
        try (GradientScope scope = GradientScope.noGradient();
                NDManager scratch = manager.newSubManager();
                Parameters parameters = HiVgWeights.load(scratch, weights, sizes)) {
            HiVgModel model = HiVgWeights.open(parameters, sizes);
            NDArray padding = scratch.zeros(new Shape(1, (long) grid * grid));
            HiVgModel.Output out = model.forward(
                    ProbeInput.images(scratch, side),
                    padding,
                    HiVgTexts.ids(
                            scratch, List.of(new int[] {1, 2, 3}), sizes.clip().text()),
                    Mode.INFERENCE);
            Map<String, float[]> numbers = new LinkedHashMap<>();
            numbers.put("boxes", out.boxes().toFloatArray());
            numbers.put("similarity", out.similarity().toFloatArray());
            return numbers;
        }
    }

    /**
     * The configuration of a model folder.
     *
     * @throws VilamException MODEL_INVALID naming the field that is missing or out of range
     */
    public static HiVgConfig parse(JsonNode config) {
        try {
            return JSON.treeToValue(config, HiVgConfig.class);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new VilamException(
                    ErrorCode.MODEL_INVALID,
                    "config.json is not one of HiVG: " + e.getMessage(),
                    "Import the model again, or correct the field.",
                    e);
        }
    }
}
