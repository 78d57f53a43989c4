package org.vilam.grounding.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Activation;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Shapes;

/**
 * How far predicted masks are from their targets, sample by sample.
 *
 * <p>Letters: B batch, N elements of a mask (pixels or patches). Logits are float32 of any size; targets are 0 or 1, or
 * anything between for soft masks. All are differentiable in the logits and finite for every finite logit.
 */
public final class MaskLoss {
    private MaskLoss() {}

    /**
     * Binary cross-entropy, averaged over the elements.
     *
     * @param logits (B, N)
     * @param targets (B, N), 0..1
     * @return (B), 0 or more
     */
    public static NDArray binaryCrossEntropy(NDArray logits, NDArray targets) {
        requireMasks(logits, targets);
        return Intermediates.freeing(
                () -> LogProbabilities.of(logits).crossEntropy(targets).mean(new int[] {1}));
    }

    /**
     * Focal loss (Lin et al. 2017, eq. 5), averaged over the elements: cross-entropy weighed by (1 - p)^gamma, where p is the
     * probability of the target, so that what is right already counts little.
     *
     * @param logits (B, N)
     * @param targets (B, N), 0..1
     * @param alpha weight of the elements that are 1, those that are 0 having 1 - alpha; below 0 for no such weights, as in the
     *     reference code (fvcore)
     * @param gamma 0 (plain cross-entropy), or 1 or more
     * @return (B), 0 or more
     */
    public static NDArray focal(NDArray logits, NDArray targets, double alpha, double gamma) {
        requireMasks(logits, targets);
        if (!(alpha <= 1) || !(gamma == 0 || gamma >= 1)) {
            throw new IllegalArgumentException(
                    "alpha is at most 1 and gamma 0 or 1 and more, got " + alpha + ", " + gamma);
        }
        return Intermediates.freeing(() -> {
            LogProbabilities log = LogProbabilities.of(logits);
            NDArray loss = log.crossEntropy(targets); // (B, N)
            if (gamma > 0) {
                NDArray wrong = mix(log.zero().exp(), log.one().exp(), targets); // 1 - p, (B, N)
                NDArray exponent = logits.getManager().full(logits.getShape(), (float) gamma);
                loss = loss.mul(gamma == 1 ? wrong : wrong.pow(exponent));
            }
            if (alpha >= 0) {
                NDArray weights = Constants.scale(targets, 2 * alpha - 1).add(1 - alpha);
                loss = loss.mul(weights);
            }
            return loss.mean(new int[] {1}); // (B)
        });
    }

    /**
     * Dice loss (Milletari et al. 2016, eq. 3, with plain instead of squared sums and 1 added above and below, as in the code of
     * MaskFormer, OneRef and C3VG): {@code 1 - (2 sum(p y) + 1) / (sum(p) + sum(y) + 1)} with p the sigmoid of the logits.
     *
     * @param logits (B, N)
     * @param targets (B, N), 0..1
     * @return (B), 0..1
     */
    public static NDArray dice(NDArray logits, NDArray targets) {
        requireMasks(logits, targets);
        return Intermediates.freeing(() -> {
            int[] elements = {1};
            NDArray p = Activation.sigmoid(logits); // (B, N)
            NDArray both = Constants.scale(p.mul(targets).sum(elements), 2).add(1); // (B)
            NDArray all = p.sum(elements).add(targets.sum(elements)).add(1); // (B)
            return both.div(all).neg().add(1); // (B)
        });
    }

    /**
     * The logarithms of the probabilities of 1 and of 0, (B, N) each. As a softmax over (logit, 0) they are exact for logits of
     * any size, and their gradient is sigmoid(logit) - y also at logit 0, where the usual form max(x, 0) + log(1 + e^-|x|) has a
     * kink.
     */
    private record LogProbabilities(NDArray one, NDArray zero) {
        static LogProbabilities of(NDArray logits) {
            NDArray both =
                    NDArrays.stack(new NDList(logits, logits.zerosLike()), 0).logSoftmax(0); // (2, B, N)
            return new LogProbabilities(both.get(new NDIndex("0")), both.get(new NDIndex("1")));
        }

        NDArray crossEntropy(NDArray targets) {
            return mix(one, zero, targets).neg();
        }
    }

    /** {@code one} where the target is 1, {@code zero} where it is 0. */
    private static NDArray mix(NDArray one, NDArray zero, NDArray targets) {
        return one.mul(targets).add(zero.mul(targets.neg().add(1)));
    }

    private static void requireMasks(NDArray logits, NDArray targets) {
        Shapes.require("mask loss", "logits", logits, "B", "N");
        Shapes.require(
                "mask loss",
                "targets",
                targets,
                logits.getShape().get(0),
                logits.getShape().get(1));
    }
}
