package org.vilam.grounding.hivg;

import ai.djl.ndarray.NDManager;
import java.util.function.Predicate;
import org.vilam.vision.checkpoint.KeyMap;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.tensor.LoraConfig;
import org.vilam.vision.tensor.Parameters;

/**
 * The weights of a {@link HiVgModel} from one file, which holds CLIP, its low-rank adapters and all else.
 *
 * <p>Names are those of Hugging Face's CLIP below {@code clip}, an adapter's {@code lora_A.weight} and {@code lora_B.weight} below
 * its layer, and those of the official files for the rest.
 */
public final class HiVgWeights {
    private static final double LORA_DROPOUT = 0.1;

    /**
     * From official files to the names here. An official file has {@code base_model.model.} before CLIP's names once for every
     * stage it has been through (PEFT wraps what is wrapped), and after more recent PEFTs {@code base_layer} behind adapted
     * layers; CLIP alone, as the code saves it between stages, is taken too.
     */
    public static final KeyMap CHECKPOINT = checkpoint();

    private static final KeyMap WITHOUT_ADAPTERS =
            KeyMap.builder().drop("{:.+}.lora_{:[AB]}.weight").build();
    private static final KeyMap ADAPTERS_ALONE = KeyMap.builder()
            .rename("{layer:.+}.lora_{m:[AB]}.weight", "base_model.model.{layer}.lora_{m}.weight")
            .drop("{:.+}")
            .build();

    private HiVgWeights() {}

    private static KeyMap checkpoint() {
        String clip = "{:clip\\.(?:base_model\\.model\\.)*|(?:base_model\\.model\\.)+}";
        return KeyMap.builder()
                .drop(clip + "{:text|vision}_model.embeddings.position_ids")
                .rename(clip + "{layer:.+}.lora_{m:[AB]}.default.weight", "clip.{layer}.lora_{m}.weight")
                .rename(clip + "{layer:.+}.base_layer.{p:weight|bias}", "clip.{layer}.{p}")
                .rename(clip + "{rest:.+}", "clip.{rest}")
                .build();
    }

    /**
     * A store that reads weights and adapters; look at its {@linkplain Parameters#loadReport() report}, and at that of its
     * {@linkplain Parameters#adapters() adapters}, when the network is built.
     *
     * @param named under the names here, see {@link #CHECKPOINT}; must stay open until the network is built
     */
    public static Parameters load(NDManager parent, TensorSource named, HiVgConfig config) {
        Parameters parameters = Parameters.load(parent, WITHOUT_ADAPTERS.apply(named));
        return config.loraRank() == 0 ? parameters : parameters.adapt(adapters(config), ADAPTERS_ALONE.apply(named));
    }

    /**
     * A network ready for use, adapters merged.
     *
     * @throws org.vilam.vision.error.VilamException CHECKPOINT_MISMATCH when names or shapes do not correspond one to one
     */
    public static HiVgModel open(Parameters parameters, HiVgConfig config) {
        HiVgModel model = new HiVgModel(parameters.root(), config);
        parameters.loadReport().requireExact();
        if (config.loraRank() > 0) {
            parameters.adapters().loadReport().requireExact();
            parameters.adapters().merge();
        }
        return model;
    }

    /** The adapters of a model: one beside every projection of the attentions of towers and bridges. */
    public static LoraConfig adapters(HiVgConfig config) {
        Predicate<String> projections = LoraConfig.layersNamed("q_proj", "k_proj", "v_proj", "out_proj");
        return new LoraConfig(
                config.loraRank(),
                config.loraAlpha(),
                LORA_DROPOUT,
                layer -> layer.startsWith("clip.") && projections.test(layer));
    }
}
