package org.vilam.vision.image;

import java.util.Objects;

/**
 * One picture as it came through the door.
 *
 * @param pixels upright 8-bit RGB
 * @param info where it came from and what was done to it
 */
public record DecodedImage(RgbImage pixels, ImageInfo info) {
    public DecodedImage {
        Objects.requireNonNull(pixels, "pixels");
        Objects.requireNonNull(info, "info");
        if (pixels.width() != info.width() || pixels.height() != info.height()) {
            throw new IllegalArgumentException("pixels of " + pixels.width() + " x " + pixels.height()
                    + " do not belong to " + info.width() + " x " + info.height());
        }
    }
}
