package org.vilam.grounding.metrics;

import java.util.OptionalDouble;
import org.vilam.grounding.metrics.statistics.Statistic;

/**
 * How well a model says that there is no such object: "no target" is the positive class.
 *
 * <p>Precision is the share of "no target" answers that are right, recall the share of the expressions without target that are
 * answered so (N-acc of {@link GeneralizedRec}), F1 their harmonic mean {@code 2 TP / (2 TP + FP + FN)}. An answer that could
 * not be parsed is no such statement: it misses an expression without target and claims nothing about others. How
 * well a presence score ranks, and whether it is a probability, is a matter for {@code statistics.Auroc} and
 * {@code statistics.Calibration}.
 */
public final class NoTargetDecision extends SampledMetric<NoTargetDecision.Sample> {
    /**
     * One answer.
     *
     * @param noTarget the expression refers to nothing
     * @param said the answer says so
     */
    public record Sample(boolean noTarget, boolean said) {
        private boolean hit() {
            return noTarget && said;
        }
    }

    /**
     * The scores.
     *
     * @param count expressions
     * @param unparseable answers that could not be parsed
     * @param noTargets expressions that refer to nothing
     * @param said answers that say so
     * @param hits those of them that are right
     * @param precision empty where no answer says "no target"
     * @param recall empty where every expression has a target
     * @param f1 empty where neither an expression nor an answer is "no target"
     */
    public record Result(
            int count,
            int unparseable,
            int noTargets,
            int said,
            int hits,
            OptionalDouble precision,
            OptionalDouble recall,
            OptionalDouble f1) {}

    /** Adds the answer to one expression. */
    public void add(String image, boolean noTarget, boolean saidNoTarget) {
        addSample(image, new Sample(noTarget, saidNoTarget));
    }

    /** Adds an expression whose answer could not be parsed. */
    public void addUnparseable(String image, boolean noTarget) {
        addUnparseableSample(image, new Sample(noTarget, false));
    }

    /** The scores of all answers added so far. */
    public Result result() {
        return new Result(
                samples().size(),
                unparseable(),
                (int) samples().stream().filter(Sample::noTarget).count(),
                (int) samples().stream().filter(Sample::said).count(),
                (int) samples().stream().filter(Sample::hit).count(),
                precision().of(samples()),
                recall().of(samples()),
                f1().of(samples()));
    }

    /** Precision. */
    public static Statistic<Sample> precision() {
        return Statistic.ratioOfSums(s -> s.hit() ? 1 : 0, s -> s.said ? 1 : 0);
    }

    /** Recall. */
    public static Statistic<Sample> recall() {
        return Statistic.ratioOfSums(s -> s.hit() ? 1 : 0, s -> s.noTarget ? 1 : 0);
    }

    /** F1. */
    public static Statistic<Sample> f1() {
        return Statistic.ratioOfSums(s -> s.hit() ? 2 : 0, s -> (s.noTarget ? 1 : 0) + (s.said ? 1 : 0));
    }
}
