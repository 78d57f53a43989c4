package org.vilam.training.scene;

import java.util.List;
import org.vilam.vision.image.RgbImage;

/**
 * A drawn picture and everything that is true of it.
 *
 * @param image the pixels
 * @param family the family's name
 * @param objects what can be referred to, in no particular order; {@code objects.get(i).id() == i}
 */
public record Scene(RgbImage image, String family, List<SceneObject> objects) {
    /** Copies the list and checks the ids. */
    public Scene {
        objects = List.copyOf(objects);
        for (int i = 0; i < objects.size(); i++) {
            if (objects.get(i).id() != i) {
                throw new IllegalArgumentException(
                        "object " + i + " has id " + objects.get(i).id());
            }
        }
    }
}
