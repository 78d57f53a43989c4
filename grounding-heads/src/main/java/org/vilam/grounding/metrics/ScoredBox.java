package org.vilam.grounding.metrics;

import org.vilam.vision.geometry.Box;

/**
 * A box and how sure the model is of it.
 *
 * @param box in pixels
 * @param score finite, higher is surer
 */
public record ScoredBox(Box box, double score) {
    /** Checks that the score is a number. */
    public ScoredBox {
        if (!Double.isFinite(score)) {
            throw new IllegalArgumentException("score must be finite, got " + score);
        }
    }
}
