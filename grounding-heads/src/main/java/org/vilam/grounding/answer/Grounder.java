package org.vilam.grounding.answer;

import java.util.List;
import java.util.Set;
import org.vilam.vision.image.RgbImage;

/**
 * Finds what an expression means in a picture. One for the bundled model, one for each published family; the assistant knows no
 * others.
 *
 * <p>Implementations are safe for several threads and deterministic: the same question gets the same answer.
 */
public interface Grounder {
    /** What a grounder can answer beside one box. */
    enum Ability {
        /** Every object that fits: none, one or many. */
        SETS,
        /** Saying that nothing fits. */
        PRESENCE,
        /** The pixels of an object. */
        MASKS,
        /** Named points of an object. */
        KEYPOINTS
    }

    /** What is wanted of each found object beside its box; what a grounder is not able to give is left out. */
    record Detail(boolean masks, boolean keypoints) {
        /** Boxes alone. */
        public static final Detail BOXES = new Detail(false, false);
        /** All there is. */
        public static final Detail ALL = new Detail(true, true);
    }

    /** A picture and an expression. */
    record Query(RgbImage image, String expression) {}

    /** What this grounder can do. */
    Set<Ability> abilities();

    /** What expressions mean in their pictures, in one batch. */
    List<Grounded> ground(List<Query> queries, Detail detail);

    /** What an expression means in a picture. */
    default Grounded ground(RgbImage image, String expression, Detail detail) {
        return ground(List.of(new Query(image, expression)), detail).get(0);
    }
}
