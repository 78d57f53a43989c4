package org.vilam.grounding.oneref;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.vilam.grounding.loss.ClassLoss;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Shapes;

/**
 * The terms of MRefM's losses, weight 1 each; one element each. The released scripts train the contents alone, beside the box-mask
 * constraint of {@link OneRefLoss}; the relations are in the code and the paper.
 *
 * <p>Letters: B batch, N patches, T text tokens, M hidden patches or words of the whole batch, K codes, V vocabulary.
 */
public final class MaskedModelingLoss {
    private static final double SMOOTHING = 0.1;
    private static final double KEPT = 1 - 0.2;

    private MaskedModelingLoss() {}

    /**
     * Cross-entropy of hidden patches.
     *
     * @param logits (M, K)
     * @param codes M codes, see {@link VqKdTokenizer}
     */
    public static NDArray patchCodes(NDArray logits, int[] codes) {
        double[] equal = new double[Math.toIntExact(logits.getShape().get(1))];
        Arrays.fill(equal, 1);
        return ClassLoss.weightedCrossEntropy(logits, codes, equal);
    }

    /**
     * L1 of the patches' relations to the region, summed over the four and averaged over patches and batch.
     *
     * @param predicted (B, N, 4)
     * @param target (B, N, 4), see {@link ReferringMask#relations}
     */
    public static NDArray patchRelations(NDArray predicted, NDArray target) {
        Shapes.require("patch relations", "predicted", predicted, "B", "N", 4);
        return Intermediates.freeing(
                () -> predicted.sub(target).abs().sum(new int[] {2}).mean());
    }

    /**
     * Divergence of hidden words from their smoothed targets, KL: each word's own probability is 0.9 and that of each other
     * 0.1 / (V - 1). It is the smoothed cross-entropy less a constant.
     *
     * @param logits (M, V)
     * @param words M ids
     * @param dropWorst whether a fifth of the words, those with the largest losses, is left out, as the official code does after
     *     step 12000
     */
    public static NDArray words(NDArray logits, int[] words, boolean dropWorst) {
        Shapes.require("hidden words", "logits", logits, words.length, "V");
        int vocabulary = Math.toIntExact(logits.getShape().get(1));
        double off = SMOOTHING / (vocabulary - 1);
        double own = 1 - SMOOTHING;
        double entropy = own * Math.log(own) + (vocabulary - 1) * off * Math.log(off); // sum of t log t
        float[] targets = new float[words.length * vocabulary];
        Arrays.fill(targets, (float) off);
        for (int i = 0; i < words.length; i++) {
            targets[i * vocabulary + words[i]] = (float) own;
        }
        return Intermediates.freeing(() -> {
            NDArray target = Constants.of(logits.getManager(), targets, new Shape(words.length, vocabulary));
            NDArray each =
                    logits.logSoftmax(1).mul(target).sum(new int[] {1}).neg().add(entropy); // (M)
            if (!dropWorst) {
                return each.mean();
            }
            int kept = (int) (words.length * KEPT);
            return Constants.scale(each.mul(smallest(each, kept)).sum(), 1.0 / kept);
        });
    }

    /** 1 at the smallest values, 0 at the others. */
    private static NDArray smallest(NDArray values, int count) {
        float[] numbers = values.toFloatArray();
        Integer[] order = new Integer[numbers.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (i, j) -> Float.compare(numbers[i], numbers[j]));
        float[] chosen = new float[numbers.length];
        for (int i = 0; i < count; i++) {
            chosen[order[i]] = 1;
        }
        return Constants.of(values.getManager(), chosen, values.getShape());
    }

    /**
     * Divergence of the words' relations from their targets, KL summed over words and averaged over the batch. As in the official
     * code both go through a softmax here, the prediction for the second time.
     *
     * @param predicted (B, T - 2), see {@link MaskedModelingHeads#wordRelations}
     * @param scores (B, T - 2), how much each word tells, of any scale
     */
    public static NDArray wordRelations(NDArray predicted, NDArray scores) {
        Shapes.require("word relations", "predicted", predicted, "B", "T - 2");
        long batch = predicted.getShape().get(0);
        Shapes.require(
                "word relations", "scores", scores, batch, predicted.getShape().get(1));
        return Intermediates.freeing(() -> {
            NDArray target = scores.softmax(1);
            NDArray difference = scores.logSoftmax(1).sub(predicted.logSoftmax(1));
            return Constants.scale(target.mul(difference).sum(), 1.0 / batch);
        });
    }

    /**
     * The rows of hidden places, sample by sample.
     *
     * @param x (B, N, D)
     * @param hidden (B * N), which places
     * @return (M, D)
     */
    public static NDArray hidden(NDArray x, boolean[] hidden) {
        Shape shape = x.getShape();
        if (hidden.length != shape.get(0) * shape.get(1)) {
            throw new IllegalArgumentException(hidden.length + " places for tokens of shape " + shape);
        }
        int count = 0;
        for (boolean h : hidden) {
            count += h ? 1 : 0;
        }
        long[] rows = new long[count];
        int at = 0;
        for (int i = 0; i < hidden.length; i++) {
            if (hidden[i]) {
                rows[at++] = i;
            }
        }
        return Intermediates.freeing(() -> {
            NDArray flat = x.reshape(shape.get(0) * shape.get(1), shape.get(2));
            try (NDArray borrowed = x.getManager().create(rows)) {
                return flat.get(new NDIndex("{}", borrowed.duplicate())); // (M, D)
            }
        });
    }
}
