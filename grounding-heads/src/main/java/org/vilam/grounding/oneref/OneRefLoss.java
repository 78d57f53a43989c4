package org.vilam.grounding.oneref;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import org.vilam.grounding.loss.BoxLoss;
import org.vilam.grounding.loss.ContrastiveLoss;
import org.vilam.grounding.loss.MaskLoss;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Interpolation;
import org.vilam.vision.tensor.Shapes;

/**
 * The terms of OneRef's losses, weights included, averaged over the batch; one element each. REC training adds L1 and GIoU, and in
 * its second phase focal and dice of the similarity against the target's patches; RES training is focal and dice of the mask.
 *
 * <p>Letters: B batch, N elements, S the side of the padded square in pixels, G patches a side, D width.
 */
public final class OneRefLoss {
    private static final double FOCAL_WEIGHT = 20;
    private static final double DICE_WEIGHT = 2;
    private static final double FOCAL_ALPHA = 0.25;
    private static final double FOCAL_GAMMA = 2;

    private OneRefLoss() {}

    /** L1 of boxes (B, 4), (centre x, centre y, width, height) as parts of the square, weight 1. */
    public static NDArray l1(NDArray boxes, NDArray targets) {
        return Intermediates.freeing(() -> BoxLoss.l1(boxes, targets).mean());
    }

    /** 1 - GIoU of boxes (B, 4), weight 1. */
    public static NDArray giou(NDArray boxes, NDArray targets) {
        return Intermediates.freeing(
                () -> BoxLoss.giou(boxes, targets, 0).neg().add(1).mean());
    }

    /** Focal loss of logits (B, N) against 0 or 1, weight 20. */
    public static NDArray focal(NDArray logits, NDArray targets) {
        return Intermediates.freeing(() -> Constants.scale(
                MaskLoss.focal(logits, targets, FOCAL_ALPHA, FOCAL_GAMMA).mean(), FOCAL_WEIGHT));
    }

    /** Dice loss of logits (B, N) against 0 or 1, weight 2. */
    public static NDArray dice(NDArray logits, NDArray targets) {
        return Intermediates.freeing(
                () -> Constants.scale(MaskLoss.dice(logits, targets).mean(), DICE_WEIGHT));
    }

    /**
     * The optional contrastive loss of anchors, CLIP's (Radford et al. 2021, figure 3) divided by B as in the official code; no
     * released recipe uses it.
     *
     * @param visionAnchor (B, D), of length 1
     * @param languageAnchor (B, D), of length 1
     * @param logitScale logarithm of the inverse temperature, one element
     */
    public static NDArray contrastive(NDArray visionAnchor, NDArray languageAnchor, NDArray logitScale) {
        Shapes.require("contrastive loss", "vision anchor", visionAnchor, "B", "D");
        int batch = Math.toIntExact(visionAnchor.getShape().get(0));
        Shapes.require(
                "contrastive loss",
                "language anchor",
                languageAnchor,
                batch,
                visionAnchor.getShape().get(1));
        return Intermediates.freeing(() -> Constants.scale(
                ContrastiveLoss.clip(
                        visionAnchor.matMul(languageAnchor.transpose()).mul(logitScale.exp())), // (B, B)
                1.0 / batch));
    }

    /**
     * A target mask's patches: 1 where the mask has the pixel nearest to the patch's corner, as {@code interpolate} with
     * {@code mode="nearest"} picks it.
     *
     * @param masks (B, 1, S, S), 0 or 1, float32
     * @return (B, G * G), row by row
     */
    public static NDArray patchTargets(NDArray masks, int grid) {
        Shapes.require("patch targets", "masks", masks, "B", 1, "S", "S");
        long batch = masks.getShape().get(0);
        return Intermediates.freeing(() -> Interpolation.NEAREST
                .resize(masks, grid, grid)
                .gt(0.5)
                .toType(DataType.FLOAT32, false)
                .reshape(batch, (long) grid * grid));
    }

    /**
     * The mask head's logits at the size of its target.
     *
     * @param logits (B, 1, 8 G, 8 G)
     * @param side S
     * @return (B, S * S), row by row
     */
    public static NDArray enlarged(NDArray logits, int side) {
        Shapes.require("mask loss", "logits", logits, "B", 1, "rows", "columns");
        long batch = logits.getShape().get(0);
        return Intermediates.freeing(
                () -> Interpolation.BILINEAR.resize(logits, side, side).reshape(batch, (long) side * side));
    }
}
