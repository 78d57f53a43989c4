package org.vilam.training.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Weights of a step's losses, 0 or more; 0 where a recipe leaves one out.
 *
 * @param attention cross-entropy of the token head's look
 * @param referent binary cross-entropy of each patch
 * @param presence binary cross-entropy of "something is meant"
 * @param stemWords as {@code words}, told by the convolutional stem alone: the cheapest way to learn to see, since it needs no
 *     expression and every object of a picture counts
 * @param words cross-entropy of the words each patch tells of what lies on it
 * @param box L1 (times 5) and GIoU (times 2) of the token head's box
 * @param set the set prediction, averaged over decoder layers
 * @param refine L1 and GIoU of refined boxes
 * @param mask binary cross-entropy and dice of masks
 * @param keypoints heat and place of keypoints
 * @param language cross-entropy of answers in words
 */
public record LossWeights(
        @JsonProperty("attention") double attention,
        @JsonProperty("referent") double referent,
        @JsonProperty("presence") double presence,
        @JsonProperty("stem_words") double stemWords,
        @JsonProperty("words") double words,
        @JsonProperty("box") double box,
        @JsonProperty("set") double set,
        @JsonProperty("refine") double refine,
        @JsonProperty("mask") double mask,
        @JsonProperty("keypoints") double keypoints,
        @JsonProperty("language") double language) {
    /** Checks the ranges. */
    public LossWeights {
        require(attention, "attention");
        require(referent, "referent");
        require(presence, "presence");
        require(stemWords, "stem_words");
        require(words, "words");
        require(box, "box");
        require(set, "set");
        require(refine, "refine");
        require(mask, "mask");
        require(keypoints, "keypoints");
        require(language, "language");
    }

    private static void require(double weight, String field) {
        if (!(weight >= 0 && weight <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(field + " must be 0 or more");
        }
    }
}
