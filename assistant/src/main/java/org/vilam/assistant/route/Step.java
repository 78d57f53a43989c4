package org.vilam.assistant.route;

import java.util.List;
import org.vilam.prompts.Task;

/**
 * One thing that an instruction asks for.
 *
 * @param task what to do
 * @param ask how the answer is put
 * @param expression what it is about, in lower case: a noun phrase, "it" or another reference to what was said before, regions such as
 *     {@code #1}; empty for the whole picture
 * @param points COCO's names of the body points asked for, at least one where the task is KEYPOINTS, else none
 * @param many whether all that fit are meant
 * @param confidence 0..1, how sure the reading is
 */
public record Step(Task task, Ask ask, String expression, List<String> points, boolean many, double confidence) {
    /** How an answer is put. */
    public enum Ask {
        /** Here it is. */
        SHOW,
        /** Yes or no. */
        WHETHER,
        /** A number. */
        COUNT,
        /** Words. */
        TELL,
        /** The same as before, for something else. */
        FOLLOW,
        /** What this assistant is and can do. */
        HELP
    }

    /** Copies the list. */
    public Step {
        points = List.copyOf(points);
    }

    Step with(Task other) {
        return new Step(other, ask, expression, points, many, confidence);
    }

    Step about(String other) {
        return new Step(task, ask, other, points, many, confidence);
    }
}
