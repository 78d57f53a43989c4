package org.vilam.grounding.answer;

import org.vilam.vision.geometry.CoordinateTransform;
import org.vilam.vision.geometry.Mask;

/** Masks of a network's frame as masks of the picture in it. */
public final class FramedMasks {
    private FramedMasks() {}

    /**
     * A picture's mask: each of its pixels is what the frame has at the pixel's centre.
     *
     * @param frame in the network's frame
     * @param toFrame from pixels of the picture to pixels of the frame
     * @param width of the picture
     * @param height of the picture
     */
    public static Mask inPicture(Mask frame, CoordinateTransform toFrame, int width, int height) {
        return Mask.where(
                width,
                height,
                (x, y) -> frame.get(
                        within(toFrame.scaleX() * (x + 0.5) + toFrame.offsetX(), frame.width()),
                        within(toFrame.scaleY() * (y + 0.5) + toFrame.offsetY(), frame.height())));
    }

    private static int within(double place, int side) {
        return (int) Math.min(Math.max(Math.floor(place), 0), side - 1.0);
    }
}
