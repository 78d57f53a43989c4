package org.vilam.grounding.metrics.coco;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Keypoints;
import org.vilam.vision.geometry.Point;

/**
 * Object keypoint similarity ({@code COCOeval.computeOks}; sigmas from the skeleton).
 *
 * <p>{@code OKS = mean over the labelled keypoints of exp(-d^2 / (2 area (2 sigma)^2))}, d being the distance between truth and
 * detection. Where no keypoint is labelled the mean goes over all of them and d is the distance, per axis, to the truth's box
 * grown by its own size on every side. Which keypoints the detection calls visible does not matter; one for which it gives no
 * place counts 0 (COCO's files write such a point as (0, 0)).
 */
public final class Oks {
    private Oks() {}

    /**
     * An annotated person or other object with keypoints.
     *
     * @param keypoints labelled where a place is known
     * @param box around the object
     */
    public record Person(Keypoints keypoints, Box box) {}

    /**
     * The similarity, in [0, 1].
     *
     * @param area square pixels of the annotated object
     * @param detection keypoints of the same skeleton
     */
    public static double similarity(Person truth, double area, Keypoints detection) {
        if (!truth.keypoints().skeleton().equals(detection.skeleton())) {
            throw new IllegalArgumentException("keypoints of different skeletons cannot be compared");
        }
        List<Double> sigmas = detection.skeleton().sigmas();
        boolean labelled = truth.keypoints().labelled() > 0;
        double sum = 0;
        int n = 0;
        for (int i = 0; i < sigmas.size(); i++) {
            @Nullable Point expected = truth.keypoints().points().get(i).point();
            @Nullable Point found = detection.points().get(i).point();
            if (labelled && expected == null) {
                continue;
            }
            n++;
            if (found != null) {
                double squared =
                        expected == null ? squaredDistance(truth.box(), found) : squaredDistance(expected, found);
                double variance = 4 * sigmas.get(i) * sigmas.get(i);
                sum += Math.exp(-squared / variance / (area + Math.ulp(1.0)) / 2);
            }
        }
        return sum / n;
    }

    private static double squaredDistance(Point a, Point b) {
        double dx = a.x() - b.x();
        double dy = a.y() - b.y();
        return dx * dx + dy * dy;
    }

    /** To the box grown by its own width and height on every side. */
    private static double squaredDistance(Box box, Point p) {
        double dx = Math.max(0, box.x1() - box.width() - p.x()) + Math.max(0, p.x() - (box.x2() + box.width()));
        double dy = Math.max(0, box.y1() - box.height() - p.y()) + Math.max(0, p.y() - (box.y2() + box.height()));
        return dx * dx + dy * dy;
    }
}
