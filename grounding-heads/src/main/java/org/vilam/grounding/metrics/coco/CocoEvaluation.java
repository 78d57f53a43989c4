package org.vilam.grounding.metrics.coco;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.vilam.grounding.metrics.SampledMetric;
import org.vilam.grounding.metrics.statistics.Statistic;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Keypoints;
import org.vilam.vision.geometry.Rle;

/**
 * Average precision and recall as COCO computes them ({@code pycocotools.cocoeval.COCOeval}).
 *
 * <p>For each class and each of the thresholds 0.5, 0.55, ... 0.95 detections are matched to objects from the highest score
 * down; precision is made non-increasing and read at the recalls 0, 0.01, ... 1 (0 where a recall is not reached); AP is the mean
 * over recalls, thresholds and classes. Average recall is the mean of the highest recall over thresholds and classes. A
 * class without an object to find is left out; a score that is left without a class is undefined. Similarity is IoU for boxes and
 * masks, overlap over the detection's own area for crowds, and {@link Oks} for keypoints.
 *
 * <p>Detections of equal score keep their order: within an image as given, between images as added; pycocotools takes images
 * in the order of their numbers, so add them in that order for the same result in every case. An answer that could not be
 * parsed detects nothing.
 */
public final class CocoEvaluation extends SampledMetric<CocoImage> {
    private static final int RECALLS = 101;

    /** Adds the boxes of one image. */
    public void addBoxes(String image, List<CocoTruth<Box>> truths, List<CocoDetection<Box>> detections) {
        addSample(
                image,
                CocoImage.of(
                        truths,
                        detections,
                        Box::area,
                        (box, truth) -> truth.crowd() ? box.crowdIou(truth.region()) : box.iou(truth.region())));
    }

    /** Adds the masks of one image. */
    public void addMasks(String image, List<CocoTruth<Rle>> truths, List<CocoDetection<Rle>> detections) {
        addSample(
                image,
                CocoImage.of(
                        truths,
                        detections,
                        Rle::area,
                        (code, truth) -> truth.crowd() ? code.crowdIou(truth.region()) : code.iou(truth.region())));
    }

    /**
     * Adds the keypoints of one image. People without a labelled keypoint are ignored, whatever the truth says; a detection
     * counts for the area of the box around its keypoints.
     */
    public void addKeypoints(
            String image, List<CocoTruth<Oks.Person>> truths, List<CocoDetection<Keypoints>> detections) {
        List<CocoTruth<Oks.Person>> known = truths.stream()
                .map(t -> new CocoTruth<>(
                        t.region(),
                        t.category(),
                        t.area(),
                        t.crowd(),
                        t.ignored() || t.region().keypoints().labelled() == 0))
                .toList();
        addSample(
                image,
                CocoImage.of(
                        known,
                        detections,
                        keypoints -> keypoints.boundingBox().area(),
                        (keypoints, truth) -> Oks.similarity(truth.region(), truth.area(), keypoints)));
    }

    /** Adds an image whose answer could not be parsed. */
    public <R> void addUnparseable(String image, List<CocoTruth<R>> truths) {
        addUnparseableSample(image, CocoImage.of(truths, List.of(), none -> 0, (none, truth) -> 0));
    }

    /**
     * The scores asked for, in order.
     *
     * @param scores for example {@link CocoScore#REGION_SUMMARY}
     * @return by name; empty where pycocotools reports -1
     */
    public Map<String, OptionalDouble> result(List<CocoScore> scores) {
        Map<String, OptionalDouble> result = new LinkedHashMap<>();
        scores.forEach(score -> result.put(score.name(), statistic(score).of(samples())));
        return result;
    }

    /** A score for one class; empty where there is no object of it to find. */
    public OptionalDouble ofCategory(CocoScore score, int category) {
        return mean(samples(), score, category);
    }

    /** A score over all classes. */
    public static Statistic<CocoImage> statistic(CocoScore score) {
        return images -> {
            Set<Integer> categories = new TreeSet<>();
            images.forEach(image -> categories.addAll(image.categories()));
            return categories.stream()
                    .map(category -> mean(images, score, category))
                    .filter(OptionalDouble::isPresent)
                    .mapToDouble(OptionalDouble::getAsDouble)
                    .average();
        };
    }

    /** The mean over the thresholds. */
    private static OptionalDouble mean(List<? extends CocoImage> images, CocoScore score, int category) {
        List<CocoImage.Category> parts = images.stream()
                .flatMap(image -> image.category(category).stream())
                .toList();
        int toFind = parts.stream().mapToInt(part -> part.toFind(score.area())).sum();
        if (toFind == 0) {
            return OptionalDouble.empty();
        }
        return score.similarity().thresholds().stream()
                .mapToDouble(threshold -> {
                    List<CocoImage.Outcome> outcomes = ranked(parts, threshold, score);
                    return score.recall() ? recall(outcomes, toFind) : averagePrecision(outcomes, toFind);
                })
                .average();
    }

    /** How the detections of all images count, highest score first. */
    private static List<CocoImage.Outcome> ranked(List<CocoImage.Category> parts, double threshold, CocoScore score) {
        record Ranked(double score, CocoImage.Outcome outcome) {}
        List<Ranked> all = new ArrayList<>();
        for (CocoImage.Category part : parts) {
            List<CocoImage.Outcome> outcomes = part.match(threshold, score.area(), score.maxDetections());
            for (int i = 0; i < outcomes.size(); i++) {
                all.add(new Ranked(part.detections().get(i).score(), outcomes.get(i)));
            }
        }
        all.sort(Comparator.comparingDouble(Ranked::score).reversed());
        return all.stream().map(Ranked::outcome).toList();
    }

    private static double recall(List<CocoImage.Outcome> outcomes, int toFind) {
        long right = outcomes.stream().filter(o -> o == CocoImage.Outcome.RIGHT).count();
        return right / (double) toFind;
    }

    private static double averagePrecision(List<CocoImage.Outcome> outcomes, int toFind) {
        int n = outcomes.size();
        double[] recall = new double[n];
        double[] precision = new double[n];
        int right = 0;
        int wrong = 0;
        for (int i = 0; i < n; i++) {
            right += outcomes.get(i) == CocoImage.Outcome.RIGHT ? 1 : 0;
            wrong += outcomes.get(i) == CocoImage.Outcome.WRONG ? 1 : 0;
            recall[i] = right / (double) toFind;
            precision[i] = right / (wrong + right + Math.ulp(1.0)); // as pycocotools guards against 0 / 0
        }
        for (int i = n - 1; i > 0; i--) {
            precision[i - 1] = Math.max(precision[i - 1], precision[i]);
        }
        double sum = 0;
        int at = 0;
        for (int i = 0; i < RECALLS; i++) {
            double wanted = i * 0.01; // numpy.linspace(0, 1, 101), to the last bit
            while (at < n && recall[at] < wanted) {
                at++;
            }
            sum += at < n ? precision[at] : 0;
        }
        return sum / RECALLS;
    }
}
