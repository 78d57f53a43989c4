package org.vilam.training.scene;

import java.util.List;

/**
 * Words about a scene, with the proof of what they denote.
 *
 * @param text the phrase, e.g. {@code the red circle left of the star}
 * @param kind what makes it single out its objects
 * @param meaning what was evaluated
 * @param objects ids of the objects denoted: none, one or many
 */
public record Expression(String text, Kind kind, Meaning meaning, List<Integer> objects) {
    /** Kinds of expressions, for balance in training and for tables in reports. */
    public enum Kind {
        /** The noun alone is enough. */
        CATEGORY,
        /** Attributes and noun. */
        ATTRIBUTE,
        /** Big or small among its like. */
        SIZE,
        /** An extreme: leftmost, largest. */
        SUPERLATIVE,
        /** Second from the left. */
        ORDINAL,
        /** A part of the picture. */
        PLACE,
        /** Left of, above, nearest to, in front of another object. */
        RELATION,
        /** Inside or around another object. */
        CONTAINMENT,
        /** Between two objects. */
        BETWEEN,
        /** Something it is not. */
        NEGATION,
        /** All that fit. */
        ALL,
        /** All that fit, with their number. */
        COUNT,
        /** Nothing in the picture fits. */
        NONE,
        /** Said of one, but several fit. */
        AMBIGUOUS
    }

    /** Copies the list. */
    public Expression {
        objects = List.copyOf(objects);
    }
}
