package org.vilam.assistant.instructblip;

import java.util.Map;
import org.vilam.grounding.language.LocationCodec;
import org.vilam.prompts.Instructions;
import org.vilam.prompts.Task;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Polygon;

/** What ViLaM is asked, in its frame {@code Question: ... Answer:}. One wording a task, since scores must not choose among several. */
public final class VilamPrompts {
    private VilamPrompts() {}

    /** Any question in the frame. */
    public static String framed(String question) {
        return "Question: " + question.strip() + " Answer:";
    }

    /** Where the one object meant is. */
    public static String box(String expression) {
        return framed(Instructions.canonical(Task.BOX).fill(Map.of("expression", expression)));
    }

    /** The outline of the object meant. */
    public static String polygons(String expression) {
        return framed(Instructions.canonical(Task.POLYGON).fill(Map.of("expression", expression)) + " with polygons of "
                + Polygon.VILAM_POINTS + " points, clockwise, part by part");
    }

    /** Points of the object meant, {@code points} as in "keypoints" or "left wrist and right wrist". */
    public static String keypoints(String points, String expression) {
        return framed(Instructions.canonical(Task.KEYPOINTS).fill(Map.of("points", points, "expression", expression)));
    }

    /** What a region of an image of these sides holds. */
    public static String describe(Box region, int width, int height) {
        String place = "the bounding box of " + new LocationCodec(width, height).box(region);
        return framed(Instructions.canonical(Task.DESCRIBE).fill(Map.of("region", place)));
    }
}
