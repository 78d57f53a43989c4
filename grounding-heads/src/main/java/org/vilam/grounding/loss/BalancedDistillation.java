package org.vilam.grounding.loss;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.Intermediates;

/**
 * SimVG's loss with dynamic weight-balance distillation (Dai et al. 2024; {@code balanced_distill} in its code): the decoder
 * branch learns from the targets; the light token branch from the targets and from the decoder branch, and the more from the
 * latter the better that is:
 *
 * <pre>{@code w_dec * S(decoder, targets) + w_tok * (1 - W) * S(token, targets) + w_kd * W * S(token, teacher)}</pre>
 *
 * with S the {@link SetCriterion}, the teacher the decoder's boxes that are matched with a target, and W the mean over these
 * of score times IoU with their target. W and the teacher are constants. Where nothing is to be found in the whole batch W is
 * 0; the mean of nothing is NaN in the official code.
 *
 * <p>Letters: L decoder layers, B batch, Q queries.
 *
 * @param criterion S
 * @param decoderWeight w_dec
 * @param tokenWeight w_tok
 * @param distillationWeight w_kd
 */
public record BalancedDistillation(
        SetCriterion criterion, double decoderWeight, double tokenWeight, double distillationWeight) {
    /** The weights of SimVG's base models: 1, 2, 1. */
    public static final BalancedDistillation BASE = new BalancedDistillation(SetCriterion.DETREX, 1, 2, 1);
    /** The weights of SimVG's large models and of base distilled from large-scale pre-training: 1, 1, 0.4. */
    public static final BalancedDistillation LARGE = new BalancedDistillation(SetCriterion.DETREX, 1, 1, 0.4);

    /**
     * The loss and what it is made of; arrays have one element.
     *
     * @param decoderLayers the decoder branch against the targets, unweighted, by layer
     * @param tokenAgainstTargets the token branch against the targets, unweighted
     * @param tokenAgainstTeacher the token branch against the teacher, unweighted
     * @param teacher for each sample the teacher's boxes
     * @param balance W, 0..1
     * @param decoder first term, weights included
     * @param token second term
     * @param distillation third term
     */
    public record Loss(
            List<SetLoss> decoderLayers,
            SetLoss tokenAgainstTargets,
            SetLoss tokenAgainstTeacher,
            List<List<Box>> teacher,
            double balance,
            NDArray decoder,
            NDArray token,
            NDArray distillation) {
        /** Copies the lists. */
        public Loss {
            decoderLayers = List.copyOf(decoderLayers);
            teacher = teacher.stream().map(List::copyOf).toList();
        }

        /** The sum of the three terms, one element. */
        public NDArray total() {
            try (NDArray both = token.add(distillation)) {
                return decoder.add(both);
            }
        }
    }

    /**
     * The loss of a batch.
     *
     * @param decoderLogits (L, B, Q, 2), class 0 being "object"
     * @param decoderBoxes (L, B, Q, 4), (centre x, centre y, width, height) as parts of the network input's sides
     * @param tokenLogits (B, Q, 2)
     * @param tokenBoxes (B, Q, 4)
     * @param targets B lists of boxes, parts of the network input's sides
     */
    public Loss loss(
            NDArray decoderLogits,
            NDArray decoderBoxes,
            NDArray tokenLogits,
            NDArray tokenBoxes,
            List<List<Box>> targets) {
        List<SetLoss> layers = criterion.layers(decoderLogits, decoderBoxes, targets);
        List<List<Box>> teacher = new ArrayList<>();
        double balance =
                teach(decoderLogits, decoderBoxes, layers.get(layers.size() - 1).matches(), targets, teacher);
        SetLoss tokenTargets = criterion.loss(tokenLogits, tokenBoxes, targets);
        SetLoss tokenTeacher = criterion.loss(tokenLogits, tokenBoxes, teacher);
        return new Loss(
                layers,
                tokenTargets,
                tokenTeacher,
                teacher,
                balance,
                weighted(layers, decoderWeight),
                weighted(List.of(tokenTargets), tokenWeight * (1 - balance)),
                weighted(List.of(tokenTeacher), distillationWeight * balance));
    }

    /** Collects the teacher's boxes, those of the last layer's matched queries, and returns W. */
    private double teach(
            NDArray logits,
            NDArray boxes,
            List<List<Match>> matches,
            List<List<Box>> targets,
            List<List<Box>> teacher) {
        double sum = 0;
        int pairs = 0;
        try (NDArray lastLogits = logits.get(-1);
                NDArray lastBoxes = boxes.get(-1)) {
            List<List<HungarianMatcher.Prediction>> predictions = HungarianMatcher.predictions(lastLogits, lastBoxes);
            for (int b = 0; b < matches.size(); b++) {
                List<Box> sample = new ArrayList<>();
                for (Match match : matches.get(b)) {
                    HungarianMatcher.Prediction prediction = predictions.get(b).get(match.query());
                    Box target = targets.get(b).get(match.target());
                    sample.add(prediction.box());
                    sum += prediction.score() * criterion.matcher().iou(prediction.box(), target);
                    pairs++;
                }
                teacher.add(sample);
            }
        }
        return pairs == 0 ? 0 : sum / pairs;
    }

    private static NDArray weighted(List<SetLoss> losses, double weight) {
        return Intermediates.freeing(() -> {
            NDArray sum = losses.get(0).total();
            for (SetLoss loss : losses.subList(1, losses.size())) {
                sum = sum.add(loss.total());
            }
            return Constants.scale(sum, weight);
        });
    }
}
