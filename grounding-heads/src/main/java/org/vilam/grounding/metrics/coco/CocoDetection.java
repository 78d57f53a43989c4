package org.vilam.grounding.metrics.coco;

/**
 * A detected object.
 *
 * @param <R> box, run-length code or keypoints
 * @param region where it is
 * @param category its class
 * @param score finite, higher is surer
 */
public record CocoDetection<R>(R region, int category, double score) {
    /** Checks that the score is a number. */
    public CocoDetection {
        if (!Double.isFinite(score)) {
            throw new IllegalArgumentException("score must be finite, got " + score);
        }
    }
}
