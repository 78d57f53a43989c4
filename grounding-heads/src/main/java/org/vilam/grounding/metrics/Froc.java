package org.vilam.grounding.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import org.vilam.grounding.metrics.statistics.Statistic;
import org.vilam.vision.geometry.Box;

/**
 * Sensitivity at a fixed number of false positives per image (free-response ROC, Bunch et al. 1978; the lesion detection score
 * of LUNA16, Setio et al. 2017).
 *
 * <p>On each image the boxes are taken from the highest score down (on a tie in the order given). A box finds the
 * not yet found object it overlaps most, if IoU >= t; a further box on a found object counts neither as hit nor as false
 * positive, as in LUNA16; any other box is a false positive. (LUNA16 itself asks whether the centre lies in the nodule.)
 *
 * <p>For a score threshold, sensitivity is the share of all objects found and the rate is the number of false positives over the
 * number of images, images without objects included. The sensitivity at rate f is the highest of any threshold whose rate
 * is at most f: a step function, not interpolated, in which boxes of equal score enter together. Without an object it is
 * undefined. An answer that could not be parsed finds nothing and gives no false positives.
 */
public final class Froc extends SampledMetric<Froc.Sample> {
    /** The rates of LUNA16: 1/8, 1/4, 1/2, 1, 2, 4, 8 false positives per image. */
    public static final List<Double> LUNA16_RATES = List.of(0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0);

    private final double threshold;

    /**
     * One image.
     *
     * @param objects how many there are
     * @param hitScores scores of the boxes that found an object
     * @param falseScores scores of the false positives
     */
    public record Sample(int objects, List<Double> hitScores, List<Double> falseScores) {
        /** Copies the lists. */
        public Sample {
            hitScores = List.copyOf(hitScores);
            falseScores = List.copyOf(falseScores);
        }
    }

    /**
     * A point of the curve.
     *
     * @param falsePositivesPerImage the rate allowed
     * @param sensitivity at that rate, empty without an object
     */
    public record Point(double falsePositivesPerImage, OptionalDouble sensitivity) {}

    /**
     * The scores.
     *
     * @param count images
     * @param unparseable images whose answer could not be parsed
     * @param objects in all images
     * @param points sensitivity at each rate asked for
     * @param mean of those sensitivities; with {@link #LUNA16_RATES} the competition score (CPM) of LUNA16
     */
    public record Result(int count, int unparseable, int objects, List<Point> points, OptionalDouble mean) {}

    /** With the overlap t in (0, 1] from which a box finds an object. */
    public Froc(double threshold) {
        this.threshold = AtThreshold.check(threshold);
    }

    /** Adds the boxes answered for one image. */
    public void add(String image, List<Box> objects, List<ScoredBox> answers) {
        List<ScoredBox> ordered = new ArrayList<>(answers);
        ordered.sort(Comparator.comparingDouble(ScoredBox::score).reversed());
        boolean[] found = new boolean[objects.size()];
        List<Double> hits = new ArrayList<>();
        List<Double> falseAlarms = new ArrayList<>();
        for (ScoredBox answer : ordered) {
            int best = -1;
            boolean onFound = false;
            for (int i = 0; i < found.length; i++) {
                double iou = answer.box().iou(objects.get(i));
                if (iou >= threshold) {
                    onFound |= found[i];
                    if (!found[i] && (best < 0 || iou > answer.box().iou(objects.get(best)))) {
                        best = i;
                    }
                }
            }
            if (best >= 0) {
                found[best] = true;
                hits.add(answer.score());
            } else if (!onFound) {
                falseAlarms.add(answer.score());
            }
        }
        addSample(image, new Sample(objects.size(), hits, falseAlarms));
    }

    /** Adds an image whose answer could not be parsed. */
    public void addUnparseable(String image, List<Box> objects) {
        addUnparseableSample(image, new Sample(objects.size(), List.of(), List.of()));
    }

    /** The scores of all images added so far, at these rates, at least one. */
    public Result result(List<Double> rates) {
        List<Point> points = rates.stream()
                .map(rate -> new Point(rate, sensitivityAt(rate).of(samples())))
                .toList();
        OptionalDouble mean = points.stream().allMatch(point -> point.sensitivity.isPresent())
                ? points.stream()
                        .mapToDouble(point -> point.sensitivity.orElseThrow())
                        .average()
                : OptionalDouble.empty();
        return new Result(
                samples().size(),
                unparseable(),
                samples().stream().mapToInt(Sample::objects).sum(),
                points,
                mean);
    }

    /** Sensitivity where at most this many false positives are allowed for each image on average, not negative. */
    public static Statistic<Sample> sensitivityAt(double falsePositivesPerImage) {
        if (!(falsePositivesPerImage >= 0)) {
            throw new IllegalArgumentException("a rate is not negative, got " + falsePositivesPerImage);
        }
        return samples -> {
            long objects = samples.stream().mapToLong(Sample::objects).sum();
            if (objects == 0) {
                return OptionalDouble.empty();
            }
            double[] falseScores = samples.stream()
                    .flatMap(sample -> sample.falseScores().stream())
                    .mapToDouble(Double::doubleValue)
                    .sorted()
                    .toArray();
            int allowed = (int) Math.min(falseScores.length, Math.floor(falsePositivesPerImage * samples.size()));
            while (allowed < falseScores.length && (allowed + 1.0) / samples.size() <= falsePositivesPerImage) {
                allowed++; // the product may have been rounded down: 0.29 * 100 < 29
            }
            // Hits must score above the first false positive that is one too many; at its own score it would come
            // along.
            double above = allowed == falseScores.length
                    ? Double.NEGATIVE_INFINITY
                    : falseScores[falseScores.length - 1 - allowed];
            long hits = samples.stream()
                    .flatMap(sample -> sample.hitScores().stream())
                    .filter(score -> score > above)
                    .count();
            return OptionalDouble.of(hits / (double) objects);
        };
    }
}
