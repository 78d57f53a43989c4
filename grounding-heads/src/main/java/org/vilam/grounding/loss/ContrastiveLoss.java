package org.vilam.grounding.loss;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Shapes;

/** How far pairs are from fitting each other better than they fit the others of their batch. Letters: B batch. */
public final class ContrastiveLoss {
    private ContrastiveLoss() {}

    /**
     * CLIP's loss (Radford et al. 2021, figure 3): cross-entropy of each row and of each column with the diagonal as its class,
     * half the sum of both means.
     *
     * @param logits (B, B), similarities times the inverse temperature
     * @return one element
     */
    public static NDArray clip(NDArray logits) {
        Shapes.require(
                "contrastive loss", "logits", logits, "B", logits.getShape().get(0));
        int batch = Math.toIntExact(logits.getShape().get(0));
        int[] own = IntStream.range(0, batch).toArray();
        double[] equal = new double[batch];
        Arrays.fill(equal, 1);
        return Intermediates.freeing(() -> {
            NDArray rows = ClassLoss.weightedCrossEntropy(logits, own, equal);
            NDArray columns = ClassLoss.weightedCrossEntropy(logits.transpose(), own, equal);
            return Constants.scale(rows.add(columns), 0.5);
        });
    }
}
