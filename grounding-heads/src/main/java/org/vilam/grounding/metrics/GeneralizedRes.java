package org.vilam.grounding.metrics;

import java.util.List;
import java.util.OptionalDouble;
import org.vilam.grounding.metrics.statistics.Statistic;
import org.vilam.vision.geometry.Mask;

/**
 * Generalised referring expression segmentation: an expression may refer to no, one or many objects (gRefCOCO; GRES, Liu et
 * al. 2023, section 3.3).
 *
 * <p>An expression has no target where its true mask is empty; an answer says "no target" where its mask is empty.
 * <ul>
 *   <li>gIoU: mean over the expressions of IoU, where one without target counts 1 if answered with an empty mask, else 0.
 *       (Not the generalised IoU of boxes.)
 *   <li>cIoU: sum of intersections over sum of unions; the answer to an expression without target adds its pixels to the
 *       unions.
 *   <li>P@0.7, 0.8, 0.9: share of the expressions with a target that have IoU >= t.
 *   <li>N-acc, T-acc: share of the expressions without (with) a target that are answered with an empty (non-empty) mask.
 * </ul>
 *
 * <p>These are the numbers of the evaluator released with the paper (ReLA, {@code refer_evaluation.py}), as fractions; for a set in
 * which every expression has a target it reports N-acc and T-acc as 0, while here N-acc is undefined and T-acc computed. An
 * answer that could not be parsed has IoU 0 and is wrong in N-acc and T-acc; its true pixels enter the unions.
 */
public final class GeneralizedRes extends SampledMetric<GeneralizedRes.Sample> {
    private static final double[] THRESHOLDS = {0.7, 0.8, 0.9};

    /**
     * One answer.
     *
     * @param hasTarget the expression refers to something
     * @param presenceCorrect the answer is empty exactly where there is no target
     * @param intersection pixels of both masks
     * @param union pixels of either mask
     */
    public record Sample(boolean hasTarget, boolean presenceCorrect, long intersection, long union) {
        /** What the answer adds to gIoU, in [0, 1]. */
        public double iou() {
            if (!hasTarget) {
                return presenceCorrect ? 1 : 0;
            }
            return intersection / (double) union;
        }
    }

    /**
     * The scores.
     *
     * @param count expressions
     * @param unparseable answers that could not be parsed, counted as wrong
     * @param gIou mean IoU, empty for no expressions
     * @param cIou summed intersections over summed unions, empty where all masks are empty
     * @param precision P@0.7, 0.8, 0.9, empty without expressions that have a target
     * @param noTargetAccuracy N-acc, empty without expressions that have no target
     * @param targetAccuracy T-acc, empty without expressions that have a target
     */
    public record Result(
            int count,
            int unparseable,
            OptionalDouble gIou,
            OptionalDouble cIou,
            List<AtThreshold> precision,
            OptionalDouble noTargetAccuracy,
            OptionalDouble targetAccuracy) {}

    /**
     * Adds the answer to one expression; both masks have the image's size.
     *
     * @param truth empty where the expression refers to nothing
     * @param answer empty for "there is no such object", also where a model says so beside a mask
     */
    public void add(String image, Mask truth, Mask answer) {
        addSample(
                image,
                new Sample(
                        !truth.isEmpty(),
                        truth.isEmpty() == answer.isEmpty(),
                        truth.intersectionArea(answer),
                        truth.unionArea(answer)));
    }

    /** Adds an expression whose answer could not be parsed. */
    public void addUnparseable(String image, Mask truth) {
        addUnparseableSample(image, new Sample(!truth.isEmpty(), false, 0, truth.area()));
    }

    /** The scores of all answers added so far. */
    public Result result() {
        return new Result(
                samples().size(),
                unparseable(),
                gIou().of(samples()),
                cIou().of(samples()),
                AtThreshold.all(THRESHOLDS, GeneralizedRes::precisionAt, samples()),
                noTargetAccuracy().of(samples()),
                targetAccuracy().of(samples()));
    }

    /** gIoU. */
    public static Statistic<Sample> gIou() {
        return Statistic.mean(Sample::iou);
    }

    /** cIoU. */
    public static Statistic<Sample> cIou() {
        return Statistic.ratioOfSums(Sample::intersection, Sample::union);
    }

    /** P@t over the expressions with a target, t in (0, 1]. */
    public static Statistic<Sample> precisionAt(double threshold) {
        AtThreshold.check(threshold);
        return Statistic.ratioOfSums(s -> s.hasTarget && s.iou() >= threshold ? 1 : 0, s -> s.hasTarget ? 1 : 0);
    }

    /** N-acc. */
    public static Statistic<Sample> noTargetAccuracy() {
        return Statistic.ratioOfSums(s -> !s.hasTarget && s.presenceCorrect ? 1 : 0, s -> s.hasTarget ? 0 : 1);
    }

    /** T-acc. */
    public static Statistic<Sample> targetAccuracy() {
        return Statistic.ratioOfSums(s -> s.hasTarget && s.presenceCorrect ? 1 : 0, s -> s.hasTarget ? 1 : 0);
    }
}
