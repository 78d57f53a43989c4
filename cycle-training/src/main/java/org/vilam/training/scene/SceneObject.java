package org.vilam.training.scene;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Keypoint;
import org.vilam.vision.geometry.Mask;

/**
 * One thing in a scene, with its ground truth.
 *
 * @param id index in the scene's list
 * @param category the noun a person would use first, e.g. {@code circle}
 * @param kinds every noun that fits, the category included, e.g. {@code circle, shape, object}
 * @param attributes attribute to value, e.g. {@code colour=red, fill=striped}; an attribute that could be disputed is absent
 * @param box tight box of the visible pixels
 * @param mask the visible pixels
 * @param whole tight box of the object as if nothing hid it
 * @param size square root of the area of the object as if nothing hid it, in pixels
 * @param visible share of the object's pixels that can be seen, 0..1
 * @param depth drawing order; a larger number hides a smaller one
 * @param keypoints named points, empty where the family has none
 */
public record SceneObject(
        int id,
        String category,
        Set<String> kinds,
        Map<String, String> attributes,
        Box box,
        Mask mask,
        Box whole,
        double size,
        double visible,
        int depth,
        List<Keypoint> keypoints) {
    /** Value of an attribute that the object surely does not have: the skirt colour of one in trousers. */
    static final String NO_SUCH = "none";

    /** Copies the collections. */
    public SceneObject {
        kinds = Set.copyOf(kinds);
        attributes = Map.copyOf(attributes);
        keypoints = List.copyOf(keypoints);
    }

    double centreX() {
        return (whole.x1() + whole.x2()) / 2;
    }

    double centreY() {
        return (whole.y1() + whole.y2()) / 2;
    }
}
