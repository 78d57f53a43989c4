package org.vilam.grounding.hivg;

import ai.djl.ndarray.NDArray;
import org.vilam.grounding.loss.BoxLoss;
import org.vilam.grounding.loss.ContrastiveLoss;
import org.vilam.grounding.oneref.OneRefLoss;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.Intermediates;

/**
 * The terms of HiVG's loss, weights included, averaged over the batch; one element each. The released recipes add all of them,
 * with box-shaped masks as targets: box, contrast of texts and images, the region-text constraint (focal and dice of the
 * similarity), and the mask (focal and dice of its logits).
 *
 * <p>Targets of the similarity are {@link OneRefLoss#patchTargets}, and the mask's logits are compared
 * with their targets after {@link OneRefLoss#enlarged}; both families share this code. Letters: B
 * batch, N elements.
 */
public final class HiVgLoss {
    private static final double L1_WEIGHT = 2;
    private static final double GIOU_WEIGHT = 2;

    private HiVgLoss() {}

    /** L1 of boxes (B, 4), (centre x, centre y, width, height) as parts of the square, weight 2. */
    public static NDArray l1(NDArray boxes, NDArray targets) {
        return Intermediates.freeing(
                () -> Constants.scale(BoxLoss.l1(boxes, targets).mean(), L1_WEIGHT));
    }

    /** 1 - GIoU of boxes (B, 4), weight 2. */
    public static NDArray giou(NDArray boxes, NDArray targets) {
        return Intermediates.freeing(() ->
                Constants.scale(BoxLoss.giou(boxes, targets, 0).neg().add(1).mean(), GIOU_WEIGHT));
    }

    /** CLIP's contrastive loss within the batch, weight 1; logits (B, B). */
    public static NDArray contrastive(NDArray logitsPerText) {
        return ContrastiveLoss.clip(logitsPerText);
    }

    /** Focal loss of logits (B, N) against 0 or 1, weight 20. */
    public static NDArray focal(NDArray logits, NDArray targets) {
        return OneRefLoss.focal(logits, targets);
    }

    /** Dice loss of logits (B, N) against 0 or 1, weight 2. */
    public static NDArray dice(NDArray logits, NDArray targets) {
        return OneRefLoss.dice(logits, targets);
    }
}
