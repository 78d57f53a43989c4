package org.vilam.grounding.answer;

/** Cuts text into the pieces of a checkpoint's vocabulary; a grounder adds what its family puts around them. */
@FunctionalInterface
public interface TextPieces {
    /**
     * The ids of the pieces alone, without marks of beginning and end. Safe for several threads.
     *
     * @param text as the family cleaned it
     */
    long[] encode(String text);
}
