package org.vilam.grounding.metrics;

import java.util.List;
import java.util.OptionalDouble;
import org.vilam.grounding.metrics.statistics.Statistic;
import org.vilam.vision.geometry.Mask;

/**
 * Referring expression segmentation: one expression, one true mask (RefCOCO family; as evaluated by LAVT, Yang et al. 2022).
 *
 * <p>mIoU is the mean of the expressions' IoU. oIoU is the sum of all intersections over the sum of all unions, so large
 * objects weigh more; the same number is called cIoU in other papers (and plain "IoU" in the oldest). P@t is the share of
 * expressions with IoU >= t. An expression whose mask and answer are both empty has IoU 0, as there; sets with expressions
 * that refer to nothing belong into {@link GeneralizedRes}. An answer that could not be parsed counts as an empty mask.
 */
public final class ReferringSegmentation extends SampledMetric<ReferringSegmentation.Sample> {
    private static final double[] THRESHOLDS = {0.5, 0.6, 0.7, 0.8, 0.9};

    /**
     * One answer.
     *
     * @param intersection pixels of both masks
     * @param union pixels of either mask
     */
    public record Sample(long intersection, long union) {
        /** Intersection over union in [0, 1], 0 for two empty masks. */
        public double iou() {
            return union == 0 ? 0 : intersection / (double) union;
        }
    }

    /**
     * The scores.
     *
     * @param count expressions
     * @param unparseable answers that could not be parsed
     * @param meanIou mIoU, empty for no expressions
     * @param overallIou oIoU, also called cIoU, empty where all masks are empty
     * @param precision P@0.5, 0.6, 0.7, 0.8, 0.9
     */
    public record Result(
            int count,
            int unparseable,
            OptionalDouble meanIou,
            OptionalDouble overallIou,
            List<AtThreshold> precision) {}

    /** Adds the mask answered to one expression; both masks have the image's size. */
    public void add(String image, Mask truth, Mask answer) {
        addSample(image, new Sample(truth.intersectionArea(answer), truth.unionArea(answer)));
    }

    /** Adds an expression whose answer holds no mask. */
    public void addUnparseable(String image, Mask truth) {
        addUnparseableSample(image, new Sample(0, truth.area()));
    }

    /** The scores of all answers added so far. */
    public Result result() {
        return new Result(
                samples().size(),
                unparseable(),
                meanIou().of(samples()),
                overallIou().of(samples()),
                AtThreshold.all(THRESHOLDS, ReferringSegmentation::precisionAt, samples()));
    }

    /** mIoU. */
    public static Statistic<Sample> meanIou() {
        return Statistic.mean(Sample::iou);
    }

    /** oIoU = cIoU. */
    public static Statistic<Sample> overallIou() {
        return Statistic.ratioOfSums(Sample::intersection, Sample::union);
    }

    /** P@t, t in (0, 1]. */
    public static Statistic<Sample> precisionAt(double threshold) {
        AtThreshold.check(threshold);
        return Statistic.mean(sample -> sample.iou() >= threshold ? 1 : 0);
    }
}
