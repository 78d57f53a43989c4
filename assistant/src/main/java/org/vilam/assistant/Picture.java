package org.vilam.assistant;

import org.vilam.vision.image.DecodedImage;
import org.vilam.vision.image.ImageInfo;
import org.vilam.vision.image.RgbImage;

/**
 * The picture that a dialogue is about.
 *
 * @param id what it is called: the sha256 of its file
 * @param pixels upright, in full resolution
 * @param info where it came from
 */
public record Picture(String id, RgbImage pixels, ImageInfo info) {
    /** A picture as it came through the door. */
    public static Picture of(DecodedImage image) {
        return new Picture(image.info().sha256(), image.pixels(), image.info());
    }
}
