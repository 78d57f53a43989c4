package org.vilam.grounding.metrics;

import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.vilam.grounding.metrics.statistics.Statistic;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Keypoints;
import org.vilam.vision.geometry.Point;

/**
 * Percentage of correct keypoints: PCK@alpha is the share of the labelled keypoints whose answer lies within alpha times a length
 * of the person, the boundary counting as correct (Yang and Ramanan 2013).
 *
 * <p>Papers differ in that length, so it is part of the metric and belongs beside the number ({@link Normaliser}). Keypoints of all
 * people are pooled. A labelled keypoint for which the answer gives no place is wrong, and all of them are where an answer
 * could not be parsed. A person whose length is not defined or 0 is left out and counted.
 */
public final class Pck extends SampledMetric<Pck.Sample> {
    private final double alpha;
    private final Normaliser normaliser;

    /** The length a distance is compared with. */
    public enum Normaliser {
        /** The longer side of the person's box (Yang and Ramanan 2013). */
        LONGER_BOX_SIDE,
        /** The height of the person's box. */
        BOX_HEIGHT,
        /** The diagonal of the person's box. */
        BOX_DIAGONAL,
        /** The square root of the annotated area, the scale of COCO's OKS. */
        SQUARE_ROOT_OF_AREA,
        /** From the left shoulder to the right hip, both labelled (Sapp and Taskar 2013, FLIC). */
        TORSO
    }

    /**
     * One person.
     *
     * @param labelled keypoints with a known place; 0 where the person's length is not defined
     * @param correct how many of them were answered correctly
     * @param defined the person's length is defined and not 0
     */
    public record Sample(int labelled, int correct, boolean defined) {}

    /**
     * The score.
     *
     * @param count people
     * @param unparseable answers that could not be parsed
     * @param undefined people left out because their length is not defined
     * @param keypoints labelled keypoints scored
     * @param pck share of them answered correctly, empty where there are none
     */
    public record Result(int count, int unparseable, int undefined, int keypoints, OptionalDouble pck) {}

    /** With alpha over 0. */
    public Pck(double alpha, Normaliser normaliser) {
        if (!(alpha > 0)) {
            throw new IllegalArgumentException("alpha must be over 0, got " + alpha);
        }
        this.alpha = alpha;
        this.normaliser = normaliser;
    }

    /**
     * Adds one person.
     *
     * @param box around the person
     * @param area square pixels of the person
     * @param answer keypoints of the same skeleton
     */
    public void add(String image, Keypoints truth, Box box, double area, Keypoints answer) {
        if (!truth.skeleton().equals(answer.skeleton())) {
            throw new IllegalArgumentException("keypoints of different skeletons cannot be compared");
        }
        double length = length(truth, box, area);
        int correct = 0;
        for (int i = 0; i < truth.points().size(); i++) {
            @Nullable Point expected = truth.points().get(i).point();
            @Nullable Point found = answer.points().get(i).point();
            if (expected != null && found != null && distance(expected, found) <= alpha * length) {
                correct++;
            }
        }
        addSample(image, sample(truth, length, correct));
    }

    /** Adds a person for whom the answer could not be parsed. */
    public void addUnparseable(String image, Keypoints truth, Box box, double area) {
        addUnparseableSample(image, sample(truth, length(truth, box, area), 0));
    }

    /** The score of all people added so far. */
    public Result result() {
        return new Result(
                samples().size(),
                unparseable(),
                (int) samples().stream().filter(s -> !s.defined).count(),
                samples().stream().mapToInt(Sample::labelled).sum(),
                pck().of(samples()));
    }

    /** PCK. */
    public static Statistic<Sample> pck() {
        return Statistic.ratioOfSums(Sample::correct, Sample::labelled);
    }

    private static Sample sample(Keypoints truth, double length, int correct) {
        return length > 0 ? new Sample(truth.labelled(), correct, true) : new Sample(0, 0, false);
    }

    private double length(Keypoints truth, Box box, double area) {
        return switch (normaliser) {
            case LONGER_BOX_SIDE -> Math.max(box.width(), box.height());
            case BOX_HEIGHT -> box.height();
            case BOX_DIAGONAL -> Math.hypot(box.width(), box.height());
            case SQUARE_ROOT_OF_AREA -> Math.sqrt(area);
            case TORSO -> torso(truth);
        };
    }

    private static double torso(Keypoints truth) {
        List<String> names = truth.skeleton().names();
        if (!names.contains("left_shoulder") || !names.contains("right_hip")) {
            return 0;
        }
        @Nullable Point shoulder = truth.get("left_shoulder").point();
        @Nullable Point hip = truth.get("right_hip").point();
        return shoulder == null || hip == null ? 0 : distance(shoulder, hip);
    }

    private static double distance(Point a, Point b) {
        return Math.hypot(a.x() - b.x(), a.y() - b.y());
    }
}
