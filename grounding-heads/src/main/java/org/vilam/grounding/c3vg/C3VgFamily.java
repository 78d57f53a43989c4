package org.vilam.grounding.c3vg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vilam.grounding.simvg.FamilyConfig;
import org.vilam.grounding.simvg.Probe;
import org.vilam.vision.beit3.Beit3Checkpoint;
import org.vilam.vision.checkpoint.KeyMap;
import org.vilam.vision.checkpoint.ModelFamily;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.checkpoint.TokenizerKind;
import org.vilam.vision.image.ImageProcessorConfig;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Parameters;

/** C3VG's published checkpoint. */
public final class C3VgFamily implements ModelFamily {
    /** What {@code family} says in the files of this family. */
    public static final String NAME = "c3vg";

    /**
     * From official names to those here, which are the same but for what distributed training puts before them; the counters of
     * the batch norms, which nothing reads, and the mask token, which only BEiT-3's pre-training needs, are left out. Weights
     * that reach no output stay, so that a saved model is whole.
     */
    public static final KeyMap KEYS = KeyMap.builder()
            .drop("{p:.*}num_batches_tracked")
            .drop("{p:.*}vision_embed.mask_token")
            .rename("module.{rest:.+}", "{rest}")
            .build();

    /** Text tokens with padding; no tensor tells it. */
    private static final int TEXT_TOKENS = 20;

    private static final double DROP_PATH = 0.1;
    /** Every so many values of the second mask are kept of a probe, which is to have a thousand at most. */
    private static final int PROBED = 7;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "C3VG (Dai et al. 2025): box and mask for an expression, on BEiT-3 base";
    }

    @Override
    public boolean recognises(TensorSource published) {
        return KEYS.apply(published).names().contains("head.UIM.box_coorinate_embed.weight");
    }

    @Override
    public KeyMap keyMap() {
        return KEYS;
    }

    @Override
    public ObjectNode config(TensorSource named, @Nullable JsonNode published) {
        if (published != null && NAME.equals(published.path("family").asText())) {
            return FamilyConfig.json(FamilyConfig.read(published, C3VgModelConfig.class));
        }
        int heads = published == null
                ? 0
                : published.path("vis_enc").path("encoder_attention_heads").asInt();
        Shape projection = Beit3Checkpoint.shape(named, "head.img_embedding.weight", 4);
        return FamilyConfig.json(new C3VgModelConfig(
                NAME,
                TEXT_TOKENS,
                Beit3Checkpoint.config(named, "vis_enc.beit3", heads, DROP_PATH),
                new C3VgConfig(Math.toIntExact(projection.get(1)), Math.toIntExact(projection.get(0)), null)));
    }

    @Override
    public ObjectNode preprocessor(JsonNode config) {
        return FamilyConfig.json(
                ImageProcessorConfig.C3VG.withSize(read(config).encoder().imgSize()));
    }

    @Override
    public Map<String, TokenizerKind> tokenizers() {
        return Map.of("tokenizer.json", TokenizerKind.XLM_ROBERTA);
    }

    @Override
    public Map<String, Shape> parameters(JsonNode config, NDManager manager) {
        try (Parameters outline = Parameters.outline(manager)) {
            new C3VgModel(outline.root(), read(config)); // asks for every tensor
            return new LinkedHashMap<>(outline.shapes());
        }
    }

    @Override
    public Map<String, float[]> probe(JsonNode config, TensorSource weights, NDManager manager) {
        C3VgModelConfig sizes = read(config);
        try (GradientScope scope = GradientScope.noGradient();
                NDManager scratch = manager.newSubManager();
                Parameters parameters = Parameters.map(scratch, weights)) {
            C3VgModel model = new C3VgModel(parameters.root(), sizes);
            parameters.loadReport().requireExact();
            C3VgHead.Output out = model.forward(
                    Probe.image(scratch, sizes.encoder().imgSize()),
                    Probe.text(scratch, sizes.maxToken(), sizes.encoder().vocabSize()),
                    Mode.INFERENCE);
            Map<String, float[]> outputs = new LinkedHashMap<>();
            outputs.put("first.box", out.first().boxes().toFloatArray());
            outputs.put("first.mask", out.first().masks().toFloatArray());
            outputs.put("second.box", out.second().boxes().toFloatArray());
            try (NDArray some = out.second().masks().flatten().get("::" + PROBED)) {
                outputs.put("second.mask", some.toFloatArray());
            }
            return outputs;
        }
    }

    private static C3VgModelConfig read(JsonNode config) {
        return FamilyConfig.read(config, C3VgModelConfig.class);
    }
}
