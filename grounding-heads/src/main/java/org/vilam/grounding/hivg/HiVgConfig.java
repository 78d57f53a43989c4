package org.vilam.grounding.hivg;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.vilam.vision.clip.ClipConfig;

/**
 * The sizes of a HiVG, in the official code's own names.
 *
 * @param clip the towers; {@code projection_dim} is H, the width of the fusion too
 * @param visionTaps which hidden states of the image tower the fusion sees, 0 the one before the first block
 * @param bridgeBlocks image blocks, from 0, with a bridge from the text; none before the large model's first warm-up
 * @param textTaps which hidden states of the text tower the bridges see
 * @param mixup whether the bridges see the text's projected tokens in place of {@code textTaps}, as in models trained on all
 *     data sets at once; tensors do not tell
 * @param fusionHeads heads of the fusion's attention
 * @param fusionHidden hidden width of its feed-forward networks
 * @param fusionLayers its layers
 * @param loraRank rank of the adapters of every attention of the towers and bridges, 0 where they are merged
 * @param loraAlpha what the adapters' products are multiplied by is this over the rank
 * @param bridge which texts the bridges see
 * @param segMask whether the mask head learned the shapes of objects; published models learned boxes, so that their masks say
 *     nothing that the box does not
 */
@JsonIgnoreProperties("family")
public record HiVgConfig(
        @JsonProperty("clip") ClipConfig clip,
        @JsonProperty("extract_vision_layer") List<Integer> visionTaps,
        @JsonProperty("adapt_layer") List<Integer> bridgeBlocks,
        @JsonProperty("extract_text_layer") List<Integer> textTaps,
        @JsonProperty("mixup_pretrain") boolean mixup,
        @JsonProperty("vl_nheads") int fusionHeads,
        @JsonProperty("vl_dim_feedforward") int fusionHidden,
        @JsonProperty("vl_enc_layers") int fusionLayers,
        @JsonProperty("lora_rank") int loraRank,
        @JsonProperty("lora_alpha") double loraAlpha,
        @JsonProperty("bridge") BridgePolicy bridge,
        @JsonProperty("use_seg_mask") boolean segMask) {
    /** Checks that the sizes fit each other. */
    public HiVgConfig {
        Objects.requireNonNull(clip, "clip");
        Objects.requireNonNull(bridge, "bridge");
        visionTaps = List.copyOf(visionTaps);
        bridgeBlocks = List.copyOf(bridgeBlocks);
        textTaps = List.copyOf(textTaps);
        requireWithin("extract_vision_layer", visionTaps, clip.vision().layers());
        requireWithin("extract_text_layer", textTaps, clip.text().layers());
        requireWithin("adapt_layer", bridgeBlocks, clip.vision().layers() - 1);
        require(!visionTaps.isEmpty(), "extract_vision_layer", "not empty");
        require(!textTaps.isEmpty(), "extract_text_layer", "not empty");
        require(
                fusionHeads > 0 && clip.projectionDim() % fusionHeads == 0,
                "vl_nheads",
                "a divisor of the projection's width");
        require(fusionHidden > 0 && fusionLayers > 0, "vl_dim_feedforward and vl_enc_layers", "above 0");
        require(loraRank >= 0, "lora_rank", "0 or more");
        require(loraRank == 0 || loraAlpha > 0, "lora_alpha", "above 0");
    }

    /** HiVG-B: ViT-B/16. The text taps are those of the data set it is trained on, such as 6 and 12 for RefCOCO+. */
    public static HiVgConfig base(List<Integer> textTaps, boolean mixup) {
        return new HiVgConfig(
                ClipConfig.VIT_B_16,
                List.of(1, 4, 8, 12),
                List.of(0, 3, 7, 11),
                textTaps,
                mixup,
                8,
                2048,
                6,
                32,
                16,
                BridgePolicy.FAITHFUL,
                false);
    }

    /** HiVG-L: ViT-L/14. */
    public static HiVgConfig large(List<Integer> textTaps, boolean mixup) {
        return new HiVgConfig(
                ClipConfig.VIT_L_14,
                List.of(6, 12, 18, 24),
                List.of(4, 10, 16, 22),
                textTaps,
                mixup,
                8,
                2048,
                6,
                32,
                16,
                BridgePolicy.FAITHFUL,
                false);
    }

    /**
     * The text taps of the official recipes, which follow from how many there are: all blocks' (RefCOCOg), the sixth and the
     * last (RefCOCO+, ReferIt), the last (RefCOCO, Flickr30k, mixup).
     */
    static List<Integer> textTaps(int count, int layers) {
        if (count == layers) {
            return IntStream.rangeClosed(1, layers).boxed().toList();
        }
        return count == 2 ? List.of(layers / 2, layers) : List.of(layers);
    }

    /** The same with another policy. */
    public HiVgConfig with(BridgePolicy other) {
        return new HiVgConfig(
                clip,
                visionTaps,
                bridgeBlocks,
                textTaps,
                mixup,
                fusionHeads,
                fusionHidden,
                fusionLayers,
                loraRank,
                loraAlpha,
                other,
                segMask);
    }

    /** T, the tokens of every text, with its padding. */
    public int textLength() {
        return clip.text().maxPositions();
    }

    /** Tokens of the fused sequence: [REG], CLS and patches, text. */
    public int fusedLength() {
        return 2 + clip.vision().grid() * clip.vision().grid() + textLength();
    }

    private static void requireWithin(String field, List<Integer> indices, int most) {
        require(indices.stream().allMatch(i -> i >= 0 && i <= most), field, "from 0 to " + most);
    }

    private static void require(boolean holds, String field, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(field + " must be " + rule);
        }
    }
}
