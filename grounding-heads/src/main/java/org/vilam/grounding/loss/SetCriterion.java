package org.vilam.grounding.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Shapes;

/**
 * The loss of a set of predicted boxes (Carion et al. 2020, 3.1; detrex's {@code SetCriterion} with {@code ce_loss}): queries are
 * matched with targets, all queries learn whether they found an object, matched ones also where it is.
 *
 * <p>Letters: L decoder layers, B batch, Q queries. Classes are "object" (0) and "no object" (1). Boxes are parts 0..1 of the
 * network input's sides. L1 and GIoU are summed over matches and divided by the number of targets in the batch, or by 1 where
 * there are none: a batch without any target has a finite loss, that of its classes.
 *
 * @param matcher decides who answers for whom; its epsilon is also the loss's
 * @param classWeight of the cross-entropy
 * @param l1Weight of the L1 distance
 * @param giouWeight of 1 - GIoU
 * @param noObjectWeight class weight of "no object", "object" having 1
 */
public record SetCriterion(
        HungarianMatcher matcher, double classWeight, double l1Weight, double giouWeight, double noObjectWeight) {
    /** The weights of DETR, detrex and SimVG. */
    public static final SetCriterion DETREX = new SetCriterion(HungarianMatcher.DETREX, 1, 5, 2, 0.1);

    /** Checks that the loss is one. */
    public SetCriterion {
        if (!(classWeight >= 0) || !(l1Weight >= 0) || !(giouWeight >= 0) || !(noObjectWeight > 0)) {
            throw new IllegalArgumentException("weights are not negative, that of 'no object' above 0");
        }
    }

    /**
     * The loss of one output.
     *
     * @param logits (B, Q, 2)
     * @param boxes (B, Q, 4), (centre x, centre y, width, height)
     * @param targets B lists, empty where nothing is to be found
     */
    public SetLoss loss(NDArray logits, NDArray boxes, List<List<Box>> targets) {
        HungarianMatcher.requirePredictions(logits, boxes, targets.size());
        Shapes.requireLast("set prediction", "logits", logits, 2);
        List<List<Match>> matches = matcher.match(logits, boxes, targets);
        return new SetLoss(
                classification(logits, matches), l1(boxes, matches, targets), giou(boxes, matches, targets), matches);
    }

    /**
     * The losses of all decoder layers, each matched on its own: the last one's and the auxiliary ones (Carion et al. 2020, 3.2),
     * all of the same weight.
     *
     * @param logits (L, B, Q, 2)
     * @param boxes (L, B, Q, 4)
     * @return L losses, the output's last
     */
    public List<SetLoss> layers(NDArray logits, NDArray boxes, List<List<Box>> targets) {
        Shapes.require("set prediction", "logits", logits, "L", targets.size(), "Q", 2);
        Shapes.require(
                "set prediction",
                "boxes",
                boxes,
                logits.getShape().get(0),
                targets.size(),
                logits.getShape().get(2),
                4);
        List<SetLoss> losses = new ArrayList<>();
        for (long layer = 0; layer < logits.getShape().get(0); layer++) {
            try (NDArray l = logits.get(layer);
                    NDArray b = boxes.get(layer)) {
                losses.add(loss(l, b, targets));
            }
        }
        return losses;
    }

    private NDArray classification(NDArray logits, List<List<Match>> matches) {
        int queries = Math.toIntExact(logits.getShape().get(1));
        int[] labels = new int[matches.size() * queries];
        Arrays.fill(labels, 1);
        for (int b = 0; b < matches.size(); b++) {
            for (Match match : matches.get(b)) {
                labels[b * queries + match.query()] = 0;
            }
        }
        return Intermediates.freeing(() -> Constants.scale(
                ClassLoss.weightedCrossEntropy(logits.reshape(-1, 2), labels, new double[] {1, noObjectWeight}),
                classWeight));
    }

    private NDArray l1(NDArray boxes, List<List<Match>> matches, List<List<Box>> targets) {
        double weight = l1Weight / count(targets);
        if (matches.stream().allMatch(List::isEmpty)) {
            return boxes.getManager().zeros(new Shape());
        }
        return Intermediates.freeing(() -> Constants.scale(
                BoxLoss.l1(predicted(boxes, matches), target(boxes.getManager(), matches, targets))
                        .sum(),
                weight));
    }

    private NDArray giou(NDArray boxes, List<List<Match>> matches, List<List<Box>> targets) {
        double weight = giouWeight / count(targets);
        if (matches.stream().allMatch(List::isEmpty)) {
            return boxes.getManager().zeros(new Shape());
        }
        return Intermediates.freeing(() -> Constants.scale(
                BoxLoss.giou(predicted(boxes, matches), target(boxes.getManager(), matches, targets), matcher.eps())
                        .neg()
                        .add(1)
                        .sum(),
                weight));
    }

    private static long count(List<List<Box>> targets) {
        return Math.max(1, targets.stream().mapToLong(List::size).sum());
    }

    /** The boxes of matched queries in the order of the matches, (matches, 4). */
    private static NDArray predicted(NDArray boxes, List<List<Match>> matches) {
        long queries = boxes.getShape().get(1);
        long[] rows = new long[matches.stream().mapToInt(List::size).sum()];
        int next = 0;
        for (int b = 0; b < matches.size(); b++) {
            for (Match match : matches.get(b)) {
                rows[next++] = b * queries + match.query();
            }
        }
        // The backward pass reads the indices, so they must not be Java's memory; see Constants.
        try (NDArray borrowed = boxes.getManager().create(rows)) {
            return boxes.reshape(-1, 4).get(new NDIndex("{}", borrowed.duplicate()));
        }
    }

    /** The boxes of matched targets in the order of the matches, (matches, 4). */
    private static NDArray target(NDManager manager, List<List<Match>> matches, List<List<Box>> targets) {
        float[] values = new float[4 * matches.stream().mapToInt(List::size).sum()];
        int next = 0;
        for (int b = 0; b < matches.size(); b++) {
            for (Match match : matches.get(b)) {
                for (double v : targets.get(b).get(match.target()).toCxcywh()) {
                    values[next++] = (float) v;
                }
            }
        }
        return Constants.of(manager, values, new Shape(values.length / 4, 4));
    }
}
