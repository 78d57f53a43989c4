package org.vilam.grounding.metrics.statistics;

/**
 * A confidence and whether it was right, or a score and the true class.
 *
 * @param score finite; where it is read as a probability, in [0, 1]
 * @param positive the answer was correct, or the item is of the positive class
 */
public record ScoredOutcome(double score, boolean positive) {
    /** Checks that the score is a number. */
    public ScoredOutcome {
        if (!Double.isFinite(score)) {
            throw new IllegalArgumentException("score must be finite, got " + score);
        }
    }
}
