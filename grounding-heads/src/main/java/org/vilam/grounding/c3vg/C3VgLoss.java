package org.vilam.grounding.c3vg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.vilam.grounding.loss.MaskBoxConsistency;
import org.vilam.grounding.loss.MaskLoss;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Shapes;

/**
 * C3VG's loss (Dai et al. 2025, 3.5): in both stages dice and cross-entropy of the mask at the size of the target, distance of the
 * box, and the consistency of the two.
 *
 * @param firstStage weight of all terms of the first stage; the second's is 1
 * @param box weight of a box's distance, a mask's being 1
 * @param outside weight of the share of the mask that lies outside the box
 * @param boxDistance weight of the box's distance from the mask's tight box
 * @param consistency weight of the two together; the paper does not mention it
 */
public record C3VgLoss(double firstStage, double box, double outside, double boxDistance, double consistency) {
    /** The weights of the published model. */
    public static final C3VgLoss OFFICIAL = new C3VgLoss(0.3, 0.05, 0.3, 0.1, 0.1);

    /** Checks that the weights are some. */
    public C3VgLoss {
        if (!(firstStage >= 0 && box >= 0 && outside >= 0 && boxDistance >= 0 && consistency >= 0)) {
            throw new IllegalArgumentException("weights are not negative");
        }
    }

    /**
     * The terms of a stage, weights included, one element each.
     *
     * @param mask dice and cross-entropy
     * @param box distance from the target
     * @param consistency of mask and box
     */
    public record Stage(NDArray mask, NDArray box, NDArray consistency) {}

    /** The terms of both stages. */
    public record Terms(Stage first, Stage second) {
        /** The sum, one element. */
        public NDArray total() {
            return Intermediates.freeing(() -> {
                NDArray sum = first.mask();
                for (NDArray term : new NDList(
                        first.box(), first.consistency(), second.mask(), second.box(), second.consistency())) {
                    sum = sum.add(term);
                }
                return sum;
            });
        }
    }

    /**
     * The loss of a batch.
     *
     * @param boxes (B, 4), (centre x, centre y, width, height) as parts of the network input's sides
     * @param masks (B, height, width), 0 or 1, float32, of the network input's size
     */
    public Terms loss(C3VgHead.Output output, NDArray boxes, NDArray masks) {
        Shapes.require("C3VG's loss", "masks", masks, "B", "height", "width");
        return new Terms(stage(output.first(), boxes, masks, firstStage), stage(output.second(), boxes, masks, 1));
    }

    private Stage stage(C3VgHead.Stage stage, NDArray boxes, NDArray masks, double weight) {
        int height = Math.toIntExact(masks.getShape().get(1));
        int width = Math.toIntExact(masks.getShape().get(2));
        long batch = masks.getShape().get(0);
        try (NDArray logits = stage.enlarged(height, width)) { // (B, 1, height, width)
            NDArray mask = Intermediates.freeing(() -> {
                NDArray flat = logits.reshape(batch, -1);
                NDArray target = masks.reshape(batch, -1);
                return Constants.scale(
                        MaskLoss.dice(flat, target)
                                .add(MaskLoss.binaryCrossEntropy(flat, target))
                                .mean(),
                        weight);
            });
            NDArray distance = Intermediates.freeing(() -> Constants.scale(
                    MaskBoxConsistency.boxLoss(stage.boxes(), boxes).mean(), weight * box));
            NDArray agreement = Intermediates.freeing(() -> {
                NDArray share = MaskBoxConsistency.outside(logits, stage.boxes());
                NDArray from = MaskBoxConsistency.boxDistance(logits, stage.boxes());
                return Constants.scale(
                        Constants.scale(share, outside)
                                .add(Constants.scale(from, boxDistance))
                                .mean(),
                        weight * consistency);
            });
            return new Stage(mask, distance, agreement);
        }
    }
}
