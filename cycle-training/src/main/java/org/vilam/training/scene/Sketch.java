package org.vilam.training.scene;

import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.vilam.vision.geometry.Keypoint;

/**
 * A thing about to be drawn.
 *
 * @param category its first noun
 * @param kinds every noun that fits, the category included
 * @param attributes what can be said of it without dispute
 * @param bounds a rectangle of the canvas that holds everything {@code paint} draws
 * @param size square root of its area were nothing hiding it, or 0 to take it from the painted pixels
 * @param keypoints named points on the canvas
 * @param paint draws it in canvas coordinates; what it makes at least half opaque is the object
 */
record Sketch(
        String category,
        Set<String> kinds,
        Map<String, String> attributes,
        Rectangle bounds,
        double size,
        List<Keypoint> keypoints,
        Consumer<Graphics2D> paint) {}
