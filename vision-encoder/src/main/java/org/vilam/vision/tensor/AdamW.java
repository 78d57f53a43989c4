package org.vilam.vision.tensor;

/**
 * The settings of one {@link Operations#adamW AdamW} step.
 *
 * @param learningRate at least 0
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon added to the root of the second moment, above 0
 * @param weightDecay at least 0; a step multiplies parameters by {@code 1 - learningRate * weightDecay}
 */
public record AdamW(double learningRate, double beta1, double beta2, double epsilon, double weightDecay) {
    public AdamW {
        if (!(learningRate >= 0) || !(weightDecay >= 0) || !(epsilon > 0)) {
            throw new IllegalArgumentException("learningRate " + learningRate + " and weightDecay " + weightDecay
                    + " must be at least 0, epsilon " + epsilon + " above 0");
        }
        if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1)) {
            throw new IllegalArgumentException("beta1 " + beta1 + " and beta2 " + beta2 + " must be in [0, 1)");
        }
    }

    /** These settings at another learning rate: what a schedule changes from step to step. */
    public AdamW withLearningRate(double rate) {
        return new AdamW(rate, beta1, beta2, epsilon, weightDecay);
    }
}
