package org.vilam.grounding.metrics;

import java.util.List;
import java.util.OptionalDouble;
import org.vilam.grounding.metrics.statistics.Statistic;
import org.vilam.vision.geometry.Box;

/**
 * Referring expression comprehension: one expression, one answer, one true box (RefCOCO, RefCOCO+, RefCOCOg).
 *
 * <p>Acc@t is the share of expressions whose answer overlaps the true box with IoU >= t, the boundary counting as correct;
 * mean IoU is the mean over the expressions. IoU is {@link Box#iou}: continuous corners (no + 1 on widths), 0 where a box is
 * empty. An answer that could not be parsed has IoU 0. The answer is the only one the model gave: picking the best of several
 * with the ground truth is a different measurement, {@link BestOfN}.
 */
public final class RecAccuracy extends SampledMetric<RecAccuracy.Sample> {
    private final double[] thresholds;

    /**
     * One answer.
     *
     * @param iou overlap with the true box, in [0, 1]
     */
    public record Sample(double iou) {}

    /**
     * The scores.
     *
     * @param count expressions
     * @param unparseable answers that could not be parsed, counted as wrong
     * @param accuracy Acc@t for each threshold asked for
     * @param meanIou mean IoU, empty for no expressions
     */
    public record Result(int count, int unparseable, List<AtThreshold> accuracy, OptionalDouble meanIou) {}

    /** Thresholds 0.5, 0.75 and 0.9. */
    public RecAccuracy() {
        this(0.5, 0.75, 0.9);
    }

    /** Thresholds in (0, 1]. */
    public RecAccuracy(double... thresholds) {
        this.thresholds = AtThreshold.check(thresholds);
    }

    /** Adds the box answered to one expression. */
    public void add(String image, Box truth, Box answer) {
        addSample(image, new Sample(answer.iou(truth)));
    }

    /** Adds an expression whose answer holds no box. */
    public void addUnparseable(String image) {
        addUnparseableSample(image, new Sample(0));
    }

    /** The scores of all answers added so far. */
    public Result result() {
        return new Result(
                samples().size(),
                unparseable(),
                AtThreshold.all(thresholds, RecAccuracy::accuracyAt, samples()),
                meanIou().of(samples()));
    }

    /** Acc@t. */
    public static Statistic<Sample> accuracyAt(double threshold) {
        AtThreshold.check(threshold);
        return Statistic.mean(sample -> sample.iou >= threshold ? 1 : 0);
    }

    /** Mean IoU. */
    public static Statistic<Sample> meanIou() {
        return Statistic.mean(Sample::iou);
    }
}
