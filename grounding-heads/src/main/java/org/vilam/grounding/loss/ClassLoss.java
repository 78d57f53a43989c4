package org.vilam.grounding.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Shapes;

/** How far predicted classes are from their targets. Letters: N rows, C classes. */
public final class ClassLoss {
    private ClassLoss() {}

    /**
     * Cross-entropy with class weights, averaged by weight: {@code sum(w_y * -log p_y) / sum(w_y)} over the rows, y their class
     * ({@code torch.nn.functional.cross_entropy} with weights; DETR gives "no object" a tenth, Carion et al. 2020, 3.1).
     *
     * @param logits (N, C), N above 0
     * @param labels N classes, 0 .. C - 1
     * @param weights C weights, 0 or more
     * @return one element
     */
    public static NDArray weightedCrossEntropy(NDArray logits, int[] labels, double[] weights) {
        Shapes.require("class loss", "logits", logits, labels.length, weights.length);
        int classes = weights.length;
        float[] chosen = new float[labels.length * classes];
        double total = 0;
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes || !(weights[labels[i]] >= 0)) {
                throw new IllegalArgumentException("row " + i + " has class " + labels[i] + " of " + classes
                        + ", or the weight of its class is negative");
            }
            chosen[i * classes + labels[i]] = (float) weights[labels[i]];
            total += weights[labels[i]];
        }
        if (!(total > 0)) {
            throw new IllegalArgumentException("the weights of " + labels.length + " rows sum to " + total);
        }
        double scale = -1 / total;
        return Intermediates.freeing(() -> {
            NDArray mask = Constants.of(logits.getManager(), chosen, new Shape(labels.length, classes)); // (N, C)
            return Constants.scale(logits.logSoftmax(1).mul(mask).sum(), scale);
        });
    }
}
