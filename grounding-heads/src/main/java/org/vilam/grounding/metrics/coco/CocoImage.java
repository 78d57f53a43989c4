package org.vilam.grounding.metrics.coco;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/** What COCO's evaluation needs to know of one image: scores, areas and similarities, no longer the regions. */
public final class CocoImage {
    private final Map<Integer, Category> categories = new TreeMap<>();

    private CocoImage() {}

    static <T, D> CocoImage of(
            List<CocoTruth<T>> truths,
            List<CocoDetection<D>> detections,
            ToDoubleFunction<D> detectionArea,
            ToDoubleBiFunction<D, CocoTruth<T>> similarity) {
        Set<Integer> names = new TreeSet<>();
        truths.forEach(truth -> names.add(truth.category()));
        detections.forEach(detection -> names.add(detection.category()));
        CocoImage image = new CocoImage();
        for (int name : names) {
            List<CocoTruth<T>> here =
                    truths.stream().filter(t -> t.category() == name).toList();
            List<CocoDetection<D>> found = new ArrayList<>(
                    detections.stream().filter(d -> d.category() == name).toList());
            found.sort(Comparator.<CocoDetection<D>>comparingDouble(CocoDetection::score)
                    .reversed());
            List<Detected> detected = found.stream()
                    .map(d -> new Detected(
                            d.score(),
                            detectionArea.applyAsDouble(d.region()),
                            here.stream()
                                    .map(truth -> similarity.applyAsDouble(d.region(), truth))
                                    .toList()))
                    .toList();
            List<True> known = here.stream()
                    .map(t -> new True(t.area(), t.crowd(), t.crowd() || t.ignored()))
                    .toList();
            image.categories.put(name, new Category(known, detected));
        }
        return image;
    }

    /** The classes that occur. */
    Set<Integer> categories() {
        return categories.keySet();
    }

    /** The objects and detections of a class, if it occurs. */
    Optional<Category> category(int name) {
        return Optional.ofNullable(categories.get(name));
    }

    /** An object. */
    record True(double area, boolean crowd, boolean ignored) {}

    /**
     * A detection.
     *
     * @param similarities to each object of its class
     */
    record Detected(double score, double area, List<Double> similarities) {}

    /** How a detection counts. */
    enum Outcome {
        RIGHT,
        WRONG,
        IGNORED
    }

    /**
     * Objects and detections of one class.
     *
     * @param detections highest score first, equal ones in the order given
     */
    record Category(List<True> truths, List<Detected> detections) {
        private boolean ignores(int truth, AreaRange area) {
            return truths.get(truth).ignored || !area.contains(truths.get(truth).area);
        }

        /** How many objects there are to find. */
        int toFind(AreaRange area) {
            int n = 0;
            for (int i = 0; i < truths.size(); i++) {
                n += ignores(i, area) ? 0 : 1;
            }
            return n;
        }

        /**
         * Matches the first detections to objects ({@code COCOeval.evaluateImg}): each takes the most similar object that is
         * not taken and counts, on a tie the later one; only where there is none one that does not count; crowds can be taken
         * again. What takes an object that does not count, or nothing and is itself out of the area range, is ignored.
         */
        List<Outcome> match(double threshold, AreaRange area, int maxDetections) {
            boolean[] taken = new boolean[truths.size()];
            List<Outcome> outcomes = new ArrayList<>();
            for (Detected detection : detections.subList(0, Math.min(maxDetections, detections.size()))) {
                int best = mostSimilar(detection, threshold, area, taken, false);
                if (best < 0) {
                    best = mostSimilar(detection, threshold, area, taken, true);
                }
                if (best >= 0) {
                    taken[best] = true;
                    outcomes.add(ignores(best, area) ? Outcome.IGNORED : Outcome.RIGHT);
                } else {
                    outcomes.add(area.contains(detection.area) ? Outcome.WRONG : Outcome.IGNORED);
                }
            }
            return outcomes;
        }

        private int mostSimilar(
                Detected detection, double threshold, AreaRange area, boolean[] taken, boolean amongIgnored) {
            int best = -1;
            double most = Math.min(threshold, 1 - 1e-10);
            for (int i = 0; i < truths.size(); i++) {
                boolean free = !taken[i] || truths.get(i).crowd;
                if (free && ignores(i, area) == amongIgnored && detection.similarities.get(i) >= most) {
                    most = detection.similarities.get(i);
                    best = i;
                }
            }
            return best;
        }
    }
}
