package org.vilam.grounding.oneref;

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
import org.vilam.vision.beit3.Beit3Encoder;
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

/** OneRef's published checkpoints, both tasks and both sizes; what only pre-training needs is dropped. */
public final class OneRefFamily implements ModelFamily {
    /** {@code family} of {@code config.json}. */
    public static final String NAME = "oneref";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TEXT_LENGTH = 64;
    private static final int EXTRA_POSITIONS = 3;
    private static final KeyMap CHECKPOINT = KeyMap.builder()
            .drop("bn{:[123]}.num_batches_tracked")
            .drop("beit3.vision_embed.mask_token")
            .drop("{:mim_head|mim_vts_head|mlm_head|mlm_sts_head}.{:.+}")
            .drop("layer_norm.{:weight|bias}")
            .build();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "OneRef: a box or a mask for an expression (Xiao et al. 2024, Unified One-tower Expression Grounding)";
    }

    @Override
    public boolean recognises(TensorSource published) {
        Set<String> names = published.names();
        return names.contains("beit3.vision_embed.cls_token")
                && names.contains("language_head.weight")
                && names.contains("vision_head.weight")
                && names.contains("bbox_embed.layers.2.weight");
    }

    @Override
    public KeyMap keyMap() {
        return CHECKPOINT;
    }

    /** Sizes from the tensors; heads are 64 wide as in BEiT-3 base and large. A mask head makes it a model for masks. */
    @Override
    public ObjectNode config(TensorSource named, @Nullable JsonNode published) {
        PublishedSizes sizes = new PublishedSizes(named);
        String layer = "beit3.encoder.layers.";
        int width = sizes.side("beit3.text_embed.weight", 1);
        int patch = sizes.side("beit3.vision_embed.proj.weight", 2);
        int grid = sizes.grid("beit3.encoder.embed_positions.A.weight", EXTRA_POSITIONS);
        ObjectNode config = JSON.createObjectNode().put("family", NAME);
        config.putObject("encoder")
                .put("img_size", grid * patch)
                .put("patch_size", patch)
                .put("encoder_embed_dim", width)
                .put("encoder_attention_heads", sizes.heads(width))
                .put("encoder_ffn_embed_dim", sizes.side(layer + "0.ffn.A.fc1.weight", 0))
                .put("encoder_layers", sizes.count(layer + "{i}.final_layer_norm.A.weight"))
                .put("vocab_size", sizes.side("beit3.text_embed.weight", 0))
                .put("max_source_positions", sizes.side("beit3.encoder.embed_positions.B.weight", 0))
                .put("layernorm_eps", 1e-5)
                .put("drop_path_rate", 0.1);
        config.put("task", named.names().contains("seg_conv1.weight") ? "res" : "rec");
        config.put("max_query_len", TEXT_LENGTH);
        PublishedSizes.override(config, published);
        return config;
    }

    @Override
    public ObjectNode preprocessor(JsonNode config) {
        return JSON.valueToTree(
                ImageProcessorConfig.ONEREF.withSize(parse(config).encoder().imgSize()));
    }

    @Override
    public Map<String, TokenizerKind> tokenizers() {
        return Map.of("tokenizer.json", TokenizerKind.XLM_ROBERTA);
    }

    @Override
    public Map<String, Shape> parameters(JsonNode config, NDManager manager) {
        OneRefConfig sizes = parse(config);
        try (Parameters outline = Parameters.outline(manager)) {
            open(outline, sizes);
            return new LinkedHashMap<>(outline.shapes());
        }
    }

    @Override
    public Map<String, float[]> probe(JsonNode config, TensorSource weights, NDManager manager) {
        OneRefConfig sizes = parse(config);
        try (GradientScope scope = GradientScope.noGradient();
                NDManager scratch = manager.newSubManager();
                Parameters parameters = Parameters.load(scratch, weights)) {
            OneRefModel model = open(parameters, sizes);
            parameters.loadReport().requireExact();
            OneRefTexts texts = OneRefTexts.of(scratch, List.of(new int[] {4, 5, 6}), sizes.textLength());
            Beit3Encoder.Encoded encoded = model.encoder()
                    .forward(
                            ProbeInput.images(scratch, sizes.encoder().imgSize()),
                            texts.ids(),
                            texts.padding(),
                            Mode.INFERENCE);
            OneRefHead.Output out = model.head().forward(encoded.cls(), encoded.patches(), encoded.text());
            Map<String, float[]> numbers = new LinkedHashMap<>();
            numbers.put("boxes", out.boxes().toFloatArray());
            numbers.put("similarity", out.similarity().toFloatArray());
            model.maskHead().ifPresent(head -> {
                NDArray masks = head.forward(encoded.patches(), out.languageAnchor(), Mode.INFERENCE);
                long rows = masks.getShape().get(2);
                try (NDArray means = masks.reshape(rows, rows).mean(new int[] {1})) {
                    numbers.put("mask_rows", means.toFloatArray());
                }
            });
            return numbers;
        }
    }

    /** A network of a configuration. */
    public static OneRefModel open(Parameters parameters, OneRefConfig config) {
        return new OneRefModel(parameters.root(), config);
    }

    /**
     * The configuration of a model folder.
     *
     * @throws VilamException MODEL_INVALID naming the field that is missing or out of range
     */
    public static OneRefConfig parse(JsonNode config) {
        try {
            return JSON.treeToValue(config, OneRefConfig.class);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new VilamException(
                    ErrorCode.MODEL_INVALID,
                    "config.json is not one of OneRef: " + e.getMessage(),
                    "Import the model again, or correct the field.",
                    e);
        }
    }
}
