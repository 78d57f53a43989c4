package org.vilam.grounding.hivg;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.vilam.vision.tensor.LoraConfig;

/**
 * The stages HiVG is trained in: which weights learn in each (section 3.3 as the official code has it). In all of them bridges,
 * their adapters included, fusion and heads learn, and CLIP's own weights do not. There is one adapter a layer, which the next
 * stage carries on; what one stage taught is taught further in the next, unlike in the paper's figure.
 */
public enum HiLoraStage {
    /** Bridges, fusion and heads alone, beside adapters that learned to detect objects before. */
    WARM_UP(0, 0),
    /** And the adapters of image blocks 0 to 4, and of all text blocks. */
    FIRST(1, 5),
    /** Image blocks 0 to 7. */
    SECOND(2, 8),
    /** Image blocks 0 to 11, in the large model half of them. */
    THIRD(3, 12);

    private static final Pattern BRIDGE =
            Pattern.compile("clip\\.vision_model\\.encoder\\.layers\\.\\d+\\.cross_[a-z_]+\\..+");
    private static final Pattern UNUSED =
            Pattern.compile("(?:ml_text_feat_perceiver|reg_pos_embed|condition_text_pos_embed)\\..+");
    private static final Pattern ADAPTIVE = Pattern.compile(".+\\.cross_(?:gate|adaptive_weights)\\..+");

    private final int number;
    private final int visionBlocks;

    HiLoraStage(int number, int visionBlocks) {
        this.number = number;
        this.visionBlocks = visionBlocks;
    }

    /** 0 to 3, as the official scripts count. */
    public int number() {
        return number;
    }

    /**
     * The weights that learn, by full name, for {@code Parameters.requireGradients}. A few of them take part in no forward pass
     * and have no gradient ({@link #unused}): an optimiser leaves those out, so that weight decay does not touch them.
     */
    public Predicate<String> trainable() {
        Predicate<String> vision = LoraConfig.blocks("clip.vision_model.encoder.layers", 0, visionBlocks);
        Predicate<String> adapters = LoraConfig.adaptersOf(
                layer -> vision.test(layer) || (number > 0 && layer.startsWith("clip.text_model.encoder.layers.")));
        return name -> !name.startsWith("clip.") || BRIDGE.matcher(name).matches() || adapters.test(name);
    }

    /** The weights that take part in no forward pass of a model of this kind, by full name. */
    public static Predicate<String> unused(HiVgConfig config) {
        return name -> UNUSED.matcher(name).matches()
                || (config.mixup() ? ADAPTIVE.matcher(name).matches() : name.startsWith("condition_text_proj."));
    }
}
