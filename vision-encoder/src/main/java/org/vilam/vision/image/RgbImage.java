package org.vilam.vision.image;

import java.util.Objects;

/**
 * 8-bit RGB pixels of one upright image.
 *
 * <p>The pixel array is not copied, neither in nor out: whoever hands it over gives it up, and readers do not write to it.
 */
public final class RgbImage {
    private final int width;
    private final int height;
    private final byte[] rgb;

    /**
     * @param width pixels across, at least 1
     * @param height pixels down, at least 1
     * @param rgb {@code height * width * 3} bytes, row by row from the top left, red green blue, unsigned
     * @throws IllegalArgumentException when the sides and the array's length disagree
     */
    public RgbImage(int width, int height, byte[] rgb) {
        Objects.requireNonNull(rgb, "rgb");
        if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
            throw new IllegalArgumentException(
                    "an RGB image of " + width + " x " + height + " does not have " + rgb.length + " bytes");
        }
        this.width = width;
        this.height = height;
        this.rgb = rgb;
    }

    /** Pixels across. */
    public int width() {
        return width;
    }

    /** Pixels down. */
    public int height() {
        return height;
    }

    /** The pixels themselves, {@code (height, width, 3)} row-major, unsigned bytes; not a copy. */
    public byte[] rgb() {
        return rgb;
    }

    /** One channel value, 0..255; {@code channel} 0 is red, 1 green, 2 blue. */
    public int get(int x, int y, int channel) {
        Objects.checkIndex(x, width);
        Objects.checkIndex(y, height);
        Objects.checkIndex(channel, 3);
        return rgb[(y * width + x) * 3 + channel] & 0xFF;
    }
}
