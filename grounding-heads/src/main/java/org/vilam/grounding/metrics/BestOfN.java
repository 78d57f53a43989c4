package org.vilam.grounding.metrics;

import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import org.vilam.grounding.metrics.statistics.Statistic;
import org.vilam.vision.geometry.Box;

/**
 * The share of objects for which at least one of several answers reaches IoU >= t: an upper bound, not an accuracy.
 *
 * <p>The right answer is picked by looking at the ground truth, as the evaluation script published with ViLaM does over 13 prompt
 * wordings and all expressions of an object. The number grows with the number of answers and must not be set
 * beside {@link RecAccuracy}; report it as "best of N" with {@link Result#meanAnswers()}. (That script stops at the first hit;
 * whether there is one does not depend on the order.)
 */
public final class BestOfN extends SampledMetric<BestOfN.Sample> {
    private final double threshold;

    /**
     * One object.
     *
     * @param bestIou the largest overlap of an answer, 0 without a parsed answer
     * @param answers how many answers were tried, parsed or not
     */
    public record Sample(double bestIou, int answers) {}

    /**
     * The score.
     *
     * @param count objects
     * @param unparseable objects none of whose answers could be parsed, counted as wrong
     * @param bestOfN share of objects with a hit, empty for no objects
     * @param meanAnswers answers tried for an object, N, on average
     */
    public record Result(int count, int unparseable, OptionalDouble bestOfN, OptionalDouble meanAnswers) {}

    /** With the threshold t in (0, 1]. */
    public BestOfN(double threshold) {
        this.threshold = AtThreshold.check(threshold);
    }

    /**
     * Adds the answers for one object.
     *
     * @param parsed the boxes of the answers that could be parsed
     * @param notParsed how many answers could not
     */
    public void add(String image, Box truth, Collection<Box> parsed, int notParsed) {
        if (notParsed < 0) {
            throw new IllegalArgumentException("notParsed must not be negative, got " + notParsed);
        }
        double best = parsed.stream().mapToDouble(box -> box.iou(truth)).max().orElse(0);
        Sample sample = new Sample(best, parsed.size() + notParsed);
        if (parsed.isEmpty()) {
            addUnparseableSample(image, sample);
        } else {
            addSample(image, sample);
        }
    }

    /** The score of all objects added so far. */
    public Result result() {
        List<Sample> samples = samples();
        return new Result(
                samples.size(),
                unparseable(),
                bestOfN(threshold).of(samples),
                Statistic.<Sample>mean(Sample::answers).of(samples));
    }

    /** The share of objects with a hit at threshold t in (0, 1]. */
    public static Statistic<Sample> bestOfN(double threshold) {
        AtThreshold.check(threshold);
        return Statistic.mean(sample -> sample.bestIou >= threshold ? 1 : 0);
    }
}
