package org.vilam.grounding.metrics.coco;

import java.util.List;
import java.util.stream.IntStream;

/**
 * One number of COCO's summary.
 *
 * @param name as in the summary, for example AP50
 * @param recall average recall, else average precision
 * @param similarity the IoU or OKS thresholds averaged over
 * @param area the objects that count
 * @param maxDetections how many detections of an image and class count, those with the highest scores
 */
public record CocoScore(String name, boolean recall, Similarity similarity, AreaRange area, int maxDetections) {
    /** Thresholds from which a detection matches. */
    public enum Similarity {
        /** 0.5, 0.55, ... 0.95. */
        FROM_50_TO_95,
        /** 0.5. */
        AT_50,
        /** 0.75. */
        AT_75;

        /** {@code numpy.linspace(0.5, 0.95, 10)}, to the last bit. */
        List<Double> thresholds() {
            double step = (0.95 - 0.5) / 9;
            return switch (this) {
                case AT_50 -> List.of(0.5);
                case AT_75 -> List.of(0.5 + 5 * step);
                case FROM_50_TO_95 ->
                    IntStream.range(0, 10)
                            .mapToObj(i -> i == 9 ? 0.95 : 0.5 + i * step)
                            .toList();
            };
        }
    }

    /** The main score: AP of boxes or masks at IoU 0.5 to 0.95, at most 100 detections. */
    public static final CocoScore AP = precision("AP", Similarity.FROM_50_TO_95, AreaRange.ALL, 100);

    /** AP of boxes or masks at IoU 0.5. */
    public static final CocoScore AP50 = precision("AP50", Similarity.AT_50, AreaRange.ALL, 100);

    /** The twelve numbers of boxes and masks, in pycocotools' order. */
    public static final List<CocoScore> REGION_SUMMARY = List.of(
            AP,
            AP50,
            precision("AP75", Similarity.AT_75, AreaRange.ALL, 100),
            precision("APsmall", Similarity.FROM_50_TO_95, AreaRange.SMALL, 100),
            precision("APmedium", Similarity.FROM_50_TO_95, AreaRange.MEDIUM, 100),
            precision("APlarge", Similarity.FROM_50_TO_95, AreaRange.LARGE, 100),
            recall("AR1", Similarity.FROM_50_TO_95, AreaRange.ALL, 1),
            recall("AR10", Similarity.FROM_50_TO_95, AreaRange.ALL, 10),
            recall("AR100", Similarity.FROM_50_TO_95, AreaRange.ALL, 100),
            recall("ARsmall", Similarity.FROM_50_TO_95, AreaRange.SMALL, 100),
            recall("ARmedium", Similarity.FROM_50_TO_95, AreaRange.MEDIUM, 100),
            recall("ARlarge", Similarity.FROM_50_TO_95, AreaRange.LARGE, 100));

    /** The ten numbers of keypoints, in pycocotools' order; at most 20 detections. */
    public static final List<CocoScore> KEYPOINT_SUMMARY = List.of(
            precision("AP", Similarity.FROM_50_TO_95, AreaRange.ALL, 20),
            precision("AP50", Similarity.AT_50, AreaRange.ALL, 20),
            precision("AP75", Similarity.AT_75, AreaRange.ALL, 20),
            precision("APmedium", Similarity.FROM_50_TO_95, AreaRange.MEDIUM, 20),
            precision("APlarge", Similarity.FROM_50_TO_95, AreaRange.LARGE, 20),
            recall("AR", Similarity.FROM_50_TO_95, AreaRange.ALL, 20),
            recall("AR50", Similarity.AT_50, AreaRange.ALL, 20),
            recall("AR75", Similarity.AT_75, AreaRange.ALL, 20),
            recall("ARmedium", Similarity.FROM_50_TO_95, AreaRange.MEDIUM, 20),
            recall("ARlarge", Similarity.FROM_50_TO_95, AreaRange.LARGE, 20));

    /** Checks the number of detections. */
    public CocoScore {
        if (maxDetections < 1) {
            throw new IllegalArgumentException("maxDetections must be at least 1, got " + maxDetections);
        }
    }

    private static CocoScore precision(String name, Similarity similarity, AreaRange area, int maxDetections) {
        return new CocoScore(name, false, similarity, area, maxDetections);
    }

    private static CocoScore recall(String name, Similarity similarity, AreaRange area, int maxDetections) {
        return new CocoScore(name, true, similarity, area, maxDetections);
    }
}
