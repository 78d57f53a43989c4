package org.vilam.training.scene;

import java.util.List;

/**
 * Words that ask for points on one person.
 *
 * @param text e.g. {@code the left wrist of the man in the red shirt}; left and right are the person's own
 * @param owner id of the person
 * @param names COCO names of the points asked for, in COCO's order: one, a pair, a group or all 17
 */
public record KeypointExpression(String text, int owner, List<String> names) {
    /** Copies the list. */
    public KeypointExpression {
        names = List.copyOf(names);
    }
}
