package org.vilam.training.scene;

import java.util.List;

/**
 * What an expression says about an object, before any words: a small language of noun, attribute, order and relation.
 *
 * <p>{@link Denotation} tells of which objects of a scene it is true.
 */
public sealed interface Meaning {
    /** The object's category is {@code noun}, or one of its broader categories is ("animal" for a dog; "object" fits all). */
    record Kind(String noun) implements Meaning {}

    /** The object carries {@code value} for {@code attribute}, e.g. colour red, fill striped, wearing a hat. */
    record Has(String attribute, String value) implements Meaning {}

    /** All parts hold. */
    record And(List<Meaning> parts) implements Meaning {
        /** Copies the list. */
        public And {
            parts = List.copyOf(parts);
        }
    }

    /** {@code inner} does not hold. */
    record Not(Meaning inner) implements Meaning {}

    /** Clearly big or clearly small among the objects of {@code among}: the sizes fall into two groups. */
    record Sized(boolean big, Meaning among) implements Meaning {}

    /** The {@code rank}-th of {@code among} along {@code order}, counted from 1: rank 1 leftmost is "the leftmost". */
    record Ranked(Order order, int rank, Meaning among) implements Meaning {}

    /** {@code among} holds and the object lies in a part of the picture. */
    record Placed(Place place, Meaning among) implements Meaning {}

    /** {@code among} holds and the object stands in a relation to the one object that {@code anchor} denotes. */
    record Related(Relation relation, Meaning among, Meaning anchor) implements Meaning {}

    /** {@code among} holds and the object lies between the two objects denoted. */
    record Between(Meaning among, Meaning first, Meaning second) implements Meaning {}

    /** Orders in which objects can be ranked; rank 1 is the extreme that the name gives. */
    enum Order {
        /** Smallest centre x. */
        LEFTMOST,
        /** Largest centre x. */
        RIGHTMOST,
        /** Smallest centre y. */
        TOPMOST,
        /** Largest centre y. */
        BOTTOMMOST,
        /** Largest drawn size. */
        LARGEST,
        /** Smallest drawn size. */
        SMALLEST,
        /** Nearest to the picture's centre. */
        MOST_CENTRAL
    }

    /** Parts of the picture; halves and corners are clear only away from their borders. */
    enum Place {
        LEFT,
        RIGHT,
        TOP,
        BOTTOM,
        TOP_LEFT,
        TOP_RIGHT,
        BOTTOM_LEFT,
        BOTTOM_RIGHT,
        CENTRE
    }

    /** Relations between an object and an anchor. */
    enum Relation {
        LEFT_OF,
        RIGHT_OF,
        ABOVE,
        BELOW,
        /** The object lies within the anchor's outline. */
        INSIDE,
        /** The anchor lies within the object's outline. */
        AROUND,
        /** Of all that fit, the one closest to the anchor. */
        NEAREST,
        /** Of all that fit, the one farthest from the anchor. */
        FARTHEST,
        /** Drawn over the anchor, hiding part of it. */
        IN_FRONT_OF,
        /** Partly hidden by the anchor. */
        BEHIND
    }
}
