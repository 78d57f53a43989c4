package org.vilam.grounding.metrics;

import java.util.List;
import java.util.OptionalDouble;
import org.vilam.grounding.metrics.statistics.Statistic;
import org.vilam.vision.geometry.Box;

/**
 * Does a generated description lead back to the region it describes?
 *
 * <p>A region is described (REG), the description is grounded again (REC), and the round trip succeeds when the two boxes
 * overlap with IoU >= t. This is the cycle of ViLaM as a measurement; like grounding accuracy of generated expressions in Mao
 * et al. 2016 it says nothing about how a text reads, and a describer and a grounder that share a private code score well: read
 * it beside CIDEr-D. A description for which the grounder finds nothing, or whose grounding cannot be parsed, has IoU 0.
 */
public final class RoundTripAccuracy extends SampledMetric<RecAccuracy.Sample> {
    private final double[] thresholds;
    private int notFound;

    /**
     * The scores.
     *
     * @param count described regions
     * @param unparseable round trips that broke on a description or a box that could not be parsed, counted as wrong
     * @param notFound round trips in which the grounder said that there is no such object, counted as wrong
     * @param accuracy share of successful round trips at each threshold
     * @param meanIou mean IoU, empty for no regions
     */
    public record Result(
            int count, int unparseable, int notFound, List<AtThreshold> accuracy, OptionalDouble meanIou) {}

    /** Threshold 0.5. */
    public RoundTripAccuracy() {
        this(0.5);
    }

    /** Thresholds in (0, 1]. */
    public RoundTripAccuracy(double... thresholds) {
        this.thresholds = AtThreshold.check(thresholds);
    }

    /** Adds a described region and the box its description was grounded to. */
    public void add(String image, Box described, Box groundedAgain) {
        addSample(image, new RecAccuracy.Sample(groundedAgain.iou(described)));
    }

    /** Adds a region whose description was grounded to nothing. */
    public void addNotFound(String image) {
        notFound++;
        addSample(image, new RecAccuracy.Sample(0));
    }

    /** Adds a region whose round trip gave no description or no box that could be parsed. */
    public void addUnparseable(String image) {
        addUnparseableSample(image, new RecAccuracy.Sample(0));
    }

    /** The scores of all round trips added so far. */
    public Result result() {
        return new Result(
                samples().size(),
                unparseable(),
                notFound,
                AtThreshold.all(thresholds, RoundTripAccuracy::accuracyAt, samples()),
                RecAccuracy.meanIou().of(samples()));
    }

    /** The share of round trips with IoU >= t. */
    public static Statistic<RecAccuracy.Sample> accuracyAt(double threshold) {
        return RecAccuracy.accuracyAt(threshold);
    }
}
