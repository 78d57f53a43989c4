package org.vilam.grounding.loss;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.tensor.Shapes;

/**
 * Matches predicted boxes with targets one to one, at the least total cost (Carion et al. 2020, eq. 1; costs as in detrex's
 * {@code HungarianMatcher} with {@code ce_cost}). Computed on the CPU in double precision; nothing passes gradients.
 *
 * <p>Letters: B batch, Q queries, C classes, of which 0 is "object". Boxes are parts 0..1 of the network input's sides.
 *
 * @param classCost weight of {@code -p}, the probability of "object"
 * @param l1Cost weight of the L1 distance of (centre x, centre y, width, height)
 * @param giouCost weight of {@code -giou}
 * @param eps added to the areas that IoU and GIoU divide by
 */
public record HungarianMatcher(double classCost, double l1Cost, double giouCost, double eps) {
    /** The costs of DETR, detrex and SimVG, and detrex's epsilon. */
    public static final HungarianMatcher DETREX = new HungarianMatcher(1, 5, 2, 1e-6);

    /**
     * Matches each sample of a batch.
     *
     * @param logits (B, Q, C)
     * @param boxes (B, Q, 4), (centre x, centre y, width, height)
     * @param targets B lists, also empty ones or ones longer than Q
     * @return B lists of min(Q, targets) matches, by query
     * @throws VilamException INVALID_ARGUMENT when a prediction is not finite
     */
    public List<List<Match>> match(NDArray logits, NDArray boxes, List<List<Box>> targets) {
        requirePredictions(logits, boxes, targets.size());
        List<List<Prediction>> predictions = predictions(logits, boxes);
        List<List<Match>> out = new ArrayList<>();
        for (int b = 0; b < targets.size(); b++) {
            out.add(match(predictions.get(b), targets.get(b)));
        }
        return out;
    }

    private List<Match> match(List<Prediction> predictions, List<Box> targets) {
        double[][] cost = new double[predictions.size()][targets.size()];
        for (int q = 0; q < predictions.size(); q++) {
            for (int t = 0; t < targets.size(); t++) {
                cost[q][t] = cost(predictions.get(q), targets.get(t));
            }
        }
        int[] chosen = LinearAssignment.solve(cost);
        List<Match> matches = new ArrayList<>();
        for (int q = 0; q < chosen.length; q++) {
            if (chosen[q] >= 0) {
                matches.add(new Match(q, chosen[q]));
            }
        }
        return matches;
    }

    private double cost(Prediction prediction, Box target) {
        double[] p = prediction.box().toCxcywh();
        double[] t = target.toCxcywh();
        double l1 = 0;
        for (int i = 0; i < 4; i++) {
            l1 += Math.abs(p[i] - t[i]);
        }
        return l1Cost * l1 - classCost * prediction.score() - giouCost * giou(prediction.box(), target);
    }

    private double giou(Box a, Box b) {
        double hull = a.hull(b).area();
        return hull + eps > 0 ? iou(a, b) - (hull - union(a, b)) / (hull + eps) : 0;
    }

    /** The IoU of this matcher's epsilon. */
    double iou(Box a, Box b) {
        double union = union(a, b);
        return union + eps > 0 ? a.intersectionArea(b) / (union + eps) : 0;
    }

    private static double union(Box a, Box b) {
        return a.area() + b.area() - a.intersectionArea(b);
    }

    /**
     * One query's answer.
     *
     * @param score probability of "object", 0..1
     */
    record Prediction(Box box, double score) {}

    /** The answers of a batch, as constants. */
    static List<List<Prediction>> predictions(NDArray logits, NDArray boxes) {
        int batch = Math.toIntExact(logits.getShape().get(0));
        int queries = Math.toIntExact(logits.getShape().get(1));
        int classes = Math.toIntExact(logits.getShape().get(2));
        float[] l = finite("logits", logits.toFloatArray());
        float[] c = finite("boxes", boxes.toFloatArray());
        List<List<Prediction>> out = new ArrayList<>();
        for (int b = 0; b < batch; b++) {
            List<Prediction> sample = new ArrayList<>();
            for (int i = b * queries; i < (b + 1) * queries; i++) {
                Box box = Box.ofCxcywh(c[4 * i], c[4 * i + 1], c[4 * i + 2], c[4 * i + 3]);
                sample.add(new Prediction(box, objectProbability(l, i * classes, classes)));
            }
            out.add(sample);
        }
        return out;
    }

    private static double objectProbability(float[] logits, int from, int classes) {
        double sum = 0;
        for (int i = from; i < from + classes; i++) {
            sum += Math.exp((double) logits[i] - logits[from]);
        }
        return 1 / sum;
    }

    private static float[] finite(String name, float[] values) {
        for (float v : values) {
            if (!Float.isFinite(v)) {
                throw new VilamException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the predicted " + name + " hold " + v + ", so nothing can be matched with them",
                        "Training has diverged: go back to an earlier checkpoint with a lower learning rate or tighter clipping.");
            }
        }
        return values;
    }

    static void requirePredictions(NDArray logits, NDArray boxes, int batch) {
        Shapes.require("set prediction", "logits", logits, batch, "Q", "C");
        Shapes.require(
                "set prediction", "boxes", boxes, batch, logits.getShape().get(1), 4);
    }
}
