package org.vilam.vision.image;

import org.jspecify.annotations.Nullable;

/** Ink to light. */
final class Cmyk {
    private Cmyk() {}

    /**
     * Converts through the ICC profile, or without one by {@code R = (255 - C)(255 - K) / 255}, as PDF 32000-1 10.3.5 and
     * Pillow do.
     *
     * @param inks four bytes a pixel, 0 is no ink, from index 0
     * @param rgb three bytes a pixel, from index {@code at}
     */
    static void toRgb(byte[] inks, @Nullable IccTransform icc, byte[] rgb, int at, int pixels) {
        if (icc != null) {
            icc.apply(inks, 0, rgb, at, pixels);
            return;
        }
        for (int i = 0, to = at; i < pixels * 4; i += 4) {
            int light = 255 - (inks[i + 3] & 0xFF);
            for (int band = 0; band < 3; band++) {
                rgb[to++] = (byte) (((255 - (inks[i + band] & 0xFF)) * light + 127) / 255);
            }
        }
    }
}
