package org.vilam.grounding.metrics;

import java.util.List;
import java.util.OptionalDouble;
import org.vilam.grounding.metrics.statistics.Statistic;
import org.vilam.vision.geometry.Box;

/**
 * Precision, recall and F1 of sets of boxes: "find all cells".
 *
 * <p>On each image answers and truths are paired one to one, largest IoU first, while IoU >= t ({@link BoxMatching}); a second
 * box on the same object is a false positive. Micro scores sum true positives, false positives and false negatives over all
 * images before dividing; the macro F1 is the mean of the images' F1, 1 for an image without objects and answers. Answers carry
 * no score here; with scores use {@code coco} average precision or {@link Froc}.
 */
public final class BoxSetF1 extends SampledMetric<BoxSetF1.Sample> {
    private final double threshold;

    /**
     * One image.
     *
     * @param truePositives answers paired with an object
     * @param falsePositives other answers
     * @param falseNegatives objects without an answer
     * @param f1 of this image, in [0, 1]
     */
    public record Sample(int truePositives, int falsePositives, int falseNegatives, double f1) {}

    /**
     * The scores.
     *
     * @param count images
     * @param unparseable answers that could not be parsed, counted as missing every object and with F1 0
     * @param precision micro, empty where nothing was answered
     * @param recall micro, empty where there are no objects
     * @param f1 micro, empty where there are neither answers nor objects
     * @param macroF1 mean of the images' F1, empty for no images
     */
    public record Result(
            int count,
            int unparseable,
            OptionalDouble precision,
            OptionalDouble recall,
            OptionalDouble f1,
            OptionalDouble macroF1) {}

    /** With the threshold t in (0, 1]. */
    public BoxSetF1(double threshold) {
        this.threshold = AtThreshold.check(threshold);
    }

    /** Adds the boxes answered for one image. */
    public void add(String image, List<Box> truths, List<Box> answers) {
        BoxMatching matching = BoxMatching.greedy(answers, truths, threshold, BoxOverlap.IOU);
        addSample(
                image,
                new Sample(
                        matching.truePositives(), matching.falsePositives(), matching.falseNegatives(), matching.f1()));
    }

    /** Adds an image whose answer could not be parsed. */
    public void addUnparseable(String image, List<Box> truths) {
        addUnparseableSample(image, new Sample(0, 0, truths.size(), 0));
    }

    /** The scores of all images added so far. */
    public Result result() {
        return new Result(
                samples().size(),
                unparseable(),
                precision().of(samples()),
                recall().of(samples()),
                f1().of(samples()),
                macroF1().of(samples()));
    }

    /** Micro precision. */
    public static Statistic<Sample> precision() {
        return Statistic.ratioOfSums(Sample::truePositives, s -> s.truePositives + s.falsePositives);
    }

    /** Micro recall. */
    public static Statistic<Sample> recall() {
        return Statistic.ratioOfSums(Sample::truePositives, s -> s.truePositives + s.falseNegatives);
    }

    /** Micro F1. */
    public static Statistic<Sample> f1() {
        return Statistic.ratioOfSums(
                s -> 2.0 * s.truePositives, s -> 2.0 * s.truePositives + s.falsePositives + s.falseNegatives);
    }

    /** Macro F1. */
    public static Statistic<Sample> macroF1() {
        return Statistic.mean(Sample::f1);
    }
}
