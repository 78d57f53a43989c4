package org.vilam.assistant;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * How an answer is wanted. As JSON {@code {"max_objects": 20, "min_score": 0.5, "masks": true, "simplify": 1.0, "verify": "cycle",
 * "seed": 0}}; whatever is left out is as in {@link #DEFAULT}.
 *
 * @param maxObjects most objects in an answer, 1..1000; counts are not cut
 * @param minScore objects below this score are left out, 0..1
 * @param masks whether outlines are wanted; null: where the task is about them
 * @param simplify how far, in pixels, an outline may be from the mask's, 0..100
 * @param verify whether each object found is described and looked for again
 * @param seed echoed in the result; what is built in answers the same whatever the seed
 */
public record Options(
        int maxObjects,
        double minScore,
        @Nullable Boolean masks,
        double simplify,
        @Nullable Verify verify,
        long seed) {
    /** How an answer is checked. */
    public enum Verify {
        /** Described, and the description looked for. */
        CYCLE
    }

    /** As good for a person in front of a screen. */
    public static final Options DEFAULT = new Options(100, 0.5, null, 1, null, 0);

    /**
     * Checks the ranges.
     *
     * @throws VilamException INVALID_ARGUMENT naming the field
     */
    public Options {
        require("max_objects", maxObjects, 1, 1000);
        require("min_score", minScore, 0, 1);
        require("simplify", simplify, 0, 100);
    }

    @JsonCreator
    static Options of(
            @JsonProperty("max_objects") @Nullable Integer maxObjects,
            @JsonProperty("min_score") @Nullable Double minScore,
            @JsonProperty("masks") @Nullable Boolean masks,
            @JsonProperty("simplify") @Nullable Double simplify,
            @JsonProperty("verify") @Nullable Verify verify,
            @JsonProperty("seed") @Nullable Long seed) {
        return new Options(
                maxObjects == null ? DEFAULT.maxObjects : maxObjects,
                minScore == null ? DEFAULT.minScore : minScore,
                masks,
                simplify == null ? DEFAULT.simplify : simplify,
                verify,
                seed == null ? DEFAULT.seed : seed);
    }

    private static void require(String field, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    field + ": " + value + " is not within " + least + ".." + most,
                    "Leave " + field + " out for the default.");
        }
    }
}
