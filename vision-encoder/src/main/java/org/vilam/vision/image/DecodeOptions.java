package org.vilam.vision.image;

import org.jspecify.annotations.Nullable;

/**
 * What the caller may choose about one decode.
 *
 * @param background colour laid under transparent pixels, {@code 0xRRGGBB}
 * @param window stored values (of DICOM: modality values) to show as black and white in an image of grey levels, of source
 *     {@link GreyWindow.Source#REQUESTED}; null for the image's own (see {@link ImageInfo#window()}). Colour, palette and
 *     bilevel images ignore it, with the warning {@code window_unused}.
 */
public record DecodeOptions(int background, @Nullable GreyWindow window) {
    /** Transparent pixels on white, the image's own grey window. */
    public static final DecodeOptions DEFAULT = new DecodeOptions(0xFFFFFF, null);

    public DecodeOptions {
        if (background < 0 || background > 0xFFFFFF) {
            throw new IllegalArgumentException("background is 0xRRGGBB, not " + Integer.toHexString(background));
        }
        if (window != null
                && !(window.source() == GreyWindow.Source.REQUESTED
                        && Double.isFinite(window.low())
                        && Double.isFinite(window.high())
                        && window.low() < window.high())) {
            throw new IllegalArgumentException("a requested window is finite, low < high and REQUESTED, not " + window);
        }
    }

    /** The default options with this grey window asked for. */
    public static DecodeOptions windowed(double low, double high) {
        return new DecodeOptions(DEFAULT.background, new GreyWindow(low, high, GreyWindow.Source.REQUESTED));
    }
}
