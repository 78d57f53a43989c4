package org.vilam.grounding.hivg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.vilam.vision.clip.ClipModel;
import org.vilam.vision.clip.ClipTextModel;
import org.vilam.vision.clip.ClipVisionModel;
import org.vilam.vision.tensor.AttentionMasks;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Linear;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.ParameterScope;
import org.vilam.vision.tensor.Shapes;

/**
 * The whole network: from an image and a text to a box, a similarity map and a mask.
 *
 * <p>Letters: B batch, S the side of the padded square in pixels, G patches a side, N = G * G patches, T text tokens with their
 * padding, D image width, H the width of the fusion.
 */
public final class HiVgModel {
    private final HiVgConfig config;
    private final ClipModel clip;
    private final Map<Integer, CrossModalBridge> bridges = new LinkedHashMap<>();
    private final Linear visionTaps;
    private final Linear visionProjection;
    private final Linear textProjection;
    private final Linear conditionProjection;
    private final NDArray regToken; // (1, H)
    private final NDArray positions; // (2 + N + T, H)
    private final FusionEncoder fusion;
    private final HiVgHeads heads;

    /**
     * Builds the network with the weights of a scope, the root.
     *
     * <p>Some tensors of the official files take part in no forward pass: {@code ml_text_feat_perceiver}, {@code reg_pos_embed},
     * {@code condition_text_pos_embed}, and what the other kind of bridge would use. They are weights here too, so that files and
     * {@linkplain HiLoraStage stages} correspond, but never have a gradient.
     */
    public HiVgModel(ParameterScope p, HiVgConfig config) {
        int width = config.clip().projectionDim();
        int imageWidth = config.clip().vision().hiddenSize();
        int textWidth = config.clip().text().hiddenSize();
        Initializer torch = Initializer.kaimingUniform(Math.sqrt(5));
        Initializer embedding = Initializer.normal(1);
        this.config = config;
        this.clip = new ClipModel(p.scope("clip"), config.clip());
        for (int block : config.bridgeBlocks()) {
            ParameterScope layer = p.scope("clip.vision_model.encoder.layers").scope(block);
            bridges.put(block, new CrossModalBridge(layer, config));
        }
        this.visionTaps = new Linear(
                p.scope("ml_visual_projection"),
                (long) imageWidth * config.visionTaps().size(),
                width,
                true,
                torch);
        this.visionProjection = new Linear(p.scope("visu_proj"), width, width, true, torch);
        this.textProjection = new Linear(p.scope("text_proj"), width, width, true, torch);
        this.conditionProjection = new Linear(p.scope("condition_text_proj"), width, imageWidth, true, torch);
        new Linear(
                p.scope("ml_text_feat_perceiver"),
                (long) textWidth * config.textTaps().size(),
                imageWidth,
                true,
                torch);
        p.scope("reg_pos_embed").get("weight", new Shape(1, width), embedding);
        p.scope("condition_text_pos_embed").get("weight", new Shape(config.textLength(), imageWidth), embedding);
        this.regToken = p.scope("reg_token").get("weight", new Shape(1, width), embedding);
        this.positions = p.scope("vl_pos_embed").get("weight", new Shape(config.fusedLength(), width), embedding);
        this.fusion = new FusionEncoder(p.scope("vl_transformer.encoder"), width, config);
        this.heads = new HiVgHeads(p, config);
    }

    /** The sizes. */
    public HiVgConfig config() {
        return config;
    }

    /**
     * What the network says.
     *
     * @param boxes (B, 4), (centre x, centre y, width, height) as parts 0..1 of the padded square
     * @param similarity (B, N), how well each patch fits the text; logits of the region-text constraint
     * @param masks (B, 1, 8 G, 8 G), logits; published models draw the box's area, since they were trained on boxes
     * @param logitsPerText (B, B), how well each text fits each image of the batch as a whole
     */
    public record Output(NDArray boxes, NDArray similarity, NDArray masks, NDArray logitsPerText) {}

    /** As {@link #forward(NDArray, NDArray, NDArray, Mode, BiConsumer)}. */
    public Output forward(NDArray images, NDArray paddingGrid, NDArray ids, Mode mode) {
        return forward(images, paddingGrid, ids, mode, (name, tensor) -> {});
    }

    /**
     * Reads images and texts.
     *
     * @param images (B, 3, S, S), normalised
     * @param paddingGrid (B, N), not 0 where a patch is padding, any type; see {@link
     *     org.vilam.vision.image.ProcessedImages#paddingGrid}
     * @param ids (B, T) int64: start, text, end, and 0 for padding. An "!" within the text has id 0 as well and is hidden with it,
     *     as in the official code.
     * @param tap is shown intermediate results as they arise, by name
     */
    public Output forward(
            NDArray images, NDArray paddingGrid, NDArray ids, Mode mode, BiConsumer<String, NDArray> tap) {
        int side = config.clip().vision().imageSize();
        Shapes.require("HiVG", "images", images, "B", 3, side, side);
        long batch = images.getShape().get(0);
        Shape wanted = new Shape(batch, config.textLength());
        if (!ids.getShape().equals(wanted)) {
            throw new IllegalArgumentException("ids are " + ids.getShape() + ", expected " + wanted);
        }
        ClipTextModel.Encoded text = clip.text().forward(ids, mode);
        tap.accept("text_last_hidden_state", text.tokens());
        tap.accept("text_pooled", text.pooled());
        List<NDArray> textTaps =
                config.textTaps().stream().map(text.hiddenStates()::get).toList();
        textTaps.forEach(state -> tap.accept("text_tap", state)); // (B, T, text width)
        NDArray textTokens = clip.projectText(text.tokens()); // (B, T, H)
        ClipVisionModel.Encoded vision = clip.vision().forward(images, inset(textTaps, textTokens, mode), mode);
        config.visionTaps()
                .forEach(i -> tap.accept("vision_tap", vision.hiddenStates().get(i))); // (B, 1 + N, D)
        tap.accept("vision_pooled", vision.pooled());
        NDArray fused = fuse(vision, textTokens, mask(paddingGrid, ids), mode, tap); // (B, 2 + N + T, H)
        NDArray end = heads.endToken(fused, ids); // (B, H)
        return new Output(
                heads.boxes(fused),
                heads.similarity(fused, end, mode),
                heads.masks(fused, end),
                clip.logitsPerText(clip.projectText(text.pooled()), clip.projectImage(vision.pooled())));
    }

    private ClipVisionModel.Inset inset(List<NDArray> textTaps, NDArray textTokens, Mode mode) {
        NDArray condition = config.mixup() ? conditionProjection.forward(textTokens) : textTokens;
        return (layer, x) -> {
            CrossModalBridge bridge = bridges.get(layer);
            if (bridge == null) {
                return x;
            }
            return Intermediates.freeing(() ->
                    bridge.forward(x, config.mixup() ? condition : bridge.adapt(textTaps), config.bridge(), mode));
        };
    }

    private NDArray fuse(
            ClipVisionModel.Encoded vision,
            NDArray textTokens,
            NDArray mask,
            Mode mode,
            BiConsumer<String, NDArray> tap) {
        NDArray taps = Intermediates.freeing(() -> {
            NDList states = new NDList();
            config.visionTaps().forEach(i -> states.add(vision.hiddenStates().get(i)));
            return visionTaps.forward(NDArrays.concat(states, -1)); // (B, 1 + N, H)
        });
        tap.accept("ml_visual_projection_out", taps);
        NDArray fused = Intermediates.freeing(() -> {
            NDArray reg = taps.getManager()
                    .zeros(new Shape(
                            taps.getShape().get(0), 1, regToken.getShape().get(1)))
                    .add(regToken); // (B, 1, H)
            NDArray sequence = NDArrays.concat(
                    new NDList(reg, visionProjection.forward(taps), textProjection.forward(textTokens)), 1);
            return fusion.forward(sequence, positions, mask, mode);
        });
        tap.accept("vl_out", fused);
        return fused;
    }

    /** Padded patches and padded text are hidden as keys, (B, 1, 1, 2 + N + T). */
    private NDArray mask(NDArray paddingGrid, NDArray ids) {
        long batch = ids.getShape().get(0);
        int grid = config.clip().vision().grid();
        return Intermediates.freeing(() -> {
            NDArray whole = ids.getManager().ones(new Shape(batch, 2)); // [REG] and CLS
            NDArray patches = paddingGrid
                    .reshape(batch, (long) grid * grid)
                    .toType(DataType.FLOAT32, false)
                    .neg()
                    .add(1);
            NDArray words = ids.neq(0).toType(DataType.FLOAT32, false);
            return AttentionMasks.padding(NDArrays.concat(new NDList(whole, patches, words), 1));
        });
    }
}
