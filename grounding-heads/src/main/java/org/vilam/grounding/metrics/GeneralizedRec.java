package org.vilam.grounding.metrics;

import java.util.List;
import java.util.OptionalDouble;
import org.vilam.grounding.metrics.statistics.Statistic;
import org.vilam.vision.geometry.Box;

/**
 * Generalised referring expression comprehension: an expression may refer to no, one or many objects (gRefCOCO; GREC, He et al.
 * 2023).
 *
 * <p>Boxes with score >= the score threshold are the answer. They are paired with the true boxes one to one, largest overlap
 * first, while the overlap reaches the overlap threshold; {@code F1 = 2 TP / (2 TP + FP + FN)}, and an empty answer to an
 * expression without target has F1 = 1.
 * <ul>
 *   <li>Precision@(F1=1, IoU>=0.5): share of expressions with F1 = 1.
 *   <li>N-acc: share of the expressions without target that are answered with no box.
 *   <li>T-acc: share of the expressions with a target that are answered with any box.
 * </ul>
 *
 * <p>All are taken over the whole set; SimVG's evaluator averages N-acc over batches, and gRefCOCO's and SimVG's pair by
 * generalised IoU ({@link BoxOverlap#GIOU}). An answer that could not be parsed is wrong in all three: it is neither a box
 * nor a statement that there is none.
 */
public final class GeneralizedRec extends SampledMetric<GeneralizedRec.Sample> {
    private final double scoreThreshold;
    private final double overlapThreshold;
    private final BoxOverlap overlap;

    /**
     * One answer.
     *
     * @param hasTarget the expression refers to something
     * @param presenceCorrect the answer has a box exactly where there is a target
     * @param f1 in [0, 1]
     */
    public record Sample(boolean hasTarget, boolean presenceCorrect, double f1) {}

    /**
     * The scores.
     *
     * @param count expressions
     * @param unparseable answers that could not be parsed, counted as wrong
     * @param precision Precision@(F1=1), empty for no expressions
     * @param noTargetAccuracy N-acc, empty without expressions that have no target
     * @param targetAccuracy T-acc, empty without expressions that have a target
     */
    public record Result(
            int count,
            int unparseable,
            OptionalDouble precision,
            OptionalDouble noTargetAccuracy,
            OptionalDouble targetAccuracy) {}

    /** Scores from 0.7, IoU from 0.5: the published setting. */
    public GeneralizedRec() {
        this(0.7, 0.5, BoxOverlap.IOU);
    }

    /**
     * With other settings.
     *
     * @param scoreThreshold boxes with at least this score are kept
     * @param overlapThreshold in (0, 1]
     */
    public GeneralizedRec(double scoreThreshold, double overlapThreshold, BoxOverlap overlap) {
        this.scoreThreshold = scoreThreshold;
        this.overlapThreshold = AtThreshold.check(overlapThreshold);
        this.overlap = overlap;
    }

    /**
     * Adds the answer to one expression.
     *
     * @param truths the objects it refers to, empty for none
     * @param answers boxes with scores, those below the threshold included
     */
    public void add(String image, List<Box> truths, List<ScoredBox> answers) {
        List<Box> kept = answers.stream()
                .filter(answer -> answer.score() >= scoreThreshold)
                .map(ScoredBox::box)
                .toList();
        BoxMatching matching = BoxMatching.greedy(kept, truths, overlapThreshold, overlap);
        addSample(image, new Sample(!truths.isEmpty(), truths.isEmpty() == kept.isEmpty(), matching.f1()));
    }

    /** Adds an expression whose answer could not be parsed. */
    public void addUnparseable(String image, List<Box> truths) {
        addUnparseableSample(image, new Sample(!truths.isEmpty(), false, 0));
    }

    /** The scores of all answers added so far. */
    public Result result() {
        return new Result(
                samples().size(),
                unparseable(),
                precision().of(samples()),
                noTargetAccuracy().of(samples()),
                targetAccuracy().of(samples()));
    }

    /** Precision@(F1=1). */
    public static Statistic<Sample> precision() {
        // F1 is exactly 1 where FP = FN = 0: numerator and denominator are then the same integer.
        return Statistic.mean(sample -> sample.f1 == 1 ? 1 : 0);
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
