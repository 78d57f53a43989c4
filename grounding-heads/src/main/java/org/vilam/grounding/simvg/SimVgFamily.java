package org.vilam.grounding.simvg;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.beit3.Beit3Checkpoint;
import org.vilam.vision.beit3.Beit3Interpolation;
import org.vilam.vision.checkpoint.KeyMap;
import org.vilam.vision.checkpoint.ModelFamily;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.checkpoint.TokenizerKind;
import org.vilam.vision.image.ImageProcessorConfig;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Parameters;

/** SimVG's published checkpoints: base and large, one box (REC) or a set (GREC). */
public final class SimVgFamily implements ModelFamily {
    /** What {@code family} says in the files of this family. */
    public static final String NAME = "simvg";

    /**
     * From official names to those here, which are the same but for what distributed training puts before them; the mask token,
     * which only BEiT-3's pre-training needs, is left out.
     */
    public static final KeyMap KEYS = KeyMap.builder()
            .drop("{p:.*}vision_embed.mask_token")
            .rename("module.{rest:.+}", "{rest}")
            .build();

    /** Text tokens with padding; no tensor tells it, and no released configuration has another. */
    private static final int TEXT_TOKENS = 20;

    private static final double DROP_PATH = 0.1;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "SimVG (Dai et al. 2024): boxes for an expression, one or a set, on BEiT-3";
    }

    @Override
    public boolean recognises(TensorSource published) {
        return KEYS.apply(published).names().contains("head.bbox_embed_token.layers.0.weight");
    }

    @Override
    public KeyMap keyMap() {
        return KEYS;
    }

    @Override
    public ObjectNode config(TensorSource named, @Nullable JsonNode published) {
        if (published != null && NAME.equals(published.path("family").asText())) {
            return FamilyConfig.json(FamilyConfig.read(published, SimVgModelConfig.class));
        }
        int heads = published == null
                ? 0
                : published.path("vis_enc").path("encoder_attention_heads").asInt();
        Shape projection = Beit3Checkpoint.shape(named, "head.input_proj.weight", 4);
        String generation = "head.text_guided_query_generation_transformer.layers.";
        SimVgConfig head = new SimVgConfig(
                Math.toIntExact(Beit3Checkpoint.shape(named, "head.query_embed.weight", 2)
                        .get(0)),
                Math.toIntExact(projection.get(1)),
                published == null
                        ? TEXT_TOKENS
                        : published.path("head").path("text_max_token").asInt(TEXT_TOKENS),
                Math.toIntExact(projection.get(0)),
                Math.max(1, Beit3Checkpoint.count(named.names(), "head.transformer.decoder.layers.")),
                Math.max(1, Beit3Checkpoint.count(named.names(), generation)),
                Math.toIntExact(Beit3Checkpoint.shape(named, generation + "0.ffns.0.layers.0.0.weight", 2)
                        .get(0)));
        return FamilyConfig.json(new SimVgModelConfig(
                NAME,
                SimVgModelConfig.Answering.DECODER,
                Beit3Checkpoint.config(named, "vis_enc.beit3", heads, DROP_PATH),
                head));
    }

    @Override
    public ObjectNode preprocessor(JsonNode config) {
        int side = read(config).encoder().imgSize();
        return FamilyConfig.json(ImageProcessorConfig.SIMVG.withSize(side));
    }

    @Override
    public Map<String, TokenizerKind> tokenizers() {
        return Map.of("tokenizer.json", TokenizerKind.XLM_ROBERTA);
    }

    @Override
    public Map<String, Shape> parameters(JsonNode config, NDManager manager) {
        try (Parameters outline = Parameters.outline(manager)) {
            new SimVgModel(outline.root(), read(config)); // asks for every tensor
            return new LinkedHashMap<>(outline.shapes());
        }
    }

    @Override
    public Map<String, float[]> probe(JsonNode config, TensorSource weights, NDManager manager) {
        SimVgModelConfig sizes = read(config);
        try (GradientScope scope = GradientScope.noGradient();
                NDManager scratch = manager.newSubManager();
                Parameters parameters = Parameters.map(scratch, weights)) {
            SimVgModel model = new SimVgModel(parameters.root(), sizes);
            parameters.loadReport().requireExact();
            SimVgHead.Output out = model.head()
                    .forward(
                            model.encode(
                                    Probe.image(scratch, sizes.encoder().imgSize()),
                                    Probe.text(
                                            scratch,
                                            sizes.head().textMaxToken(),
                                            sizes.encoder().vocabSize()),
                                    Mode.INFERENCE),
                            Mode.INFERENCE);
            Map<String, float[]> outputs = new LinkedHashMap<>();
            outputs.put("decoder.logits", out.decoderAnswer().logits().toFloatArray());
            outputs.put("decoder.boxes", out.decoderAnswer().boxes().toFloatArray());
            outputs.put("token.logits", out.token().logits().toFloatArray());
            outputs.put("token.boxes", out.token().boxes().toFloatArray());
            return outputs;
        }
    }

    /**
     * An official checkpoint as weights for an image of another size, such as the published pre-training at 512 pixels for the
     * models at 640: the position table is resampled.
     *
     * @param named tensors under the network's names
     */
    public static TensorSource resized(TensorSource named, SimVgModelConfig config) {
        return Beit3Interpolation.resized(named, "vis_enc.beit3", config.encoder());
    }

    private static SimVgModelConfig read(JsonNode config) {
        return FamilyConfig.read(config, SimVgModelConfig.class);
    }
}
