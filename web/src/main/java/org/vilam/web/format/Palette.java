package org.vilam.web.format;

/**
 * Colours that people with any colour vision tell apart (Okabe and Ito 2008, without black and grey), in turn; every drawing
 * numbers its objects as well.
 */
final class Palette {
    private static final int[] OKABE_ITO = {0xE69F00, 0x56B4E9, 0x009E73, 0xF0E442, 0x0072B2, 0xD55E00, 0xCC79A7};

    private Palette() {}

    /** {@code 0xRRGGBB} of the object of this index. */
    static int colour(int index) {
        return OKABE_ITO[index % OKABE_ITO.length];
    }

    /** Black or white, whichever reads better on it (WCAG 2.1, relative luminance). */
    static int ink(int colour) {
        double luminance = 0.2126 * linear(colour >> 16 & 0xFF)
                + 0.7152 * linear(colour >> 8 & 0xFF)
                + 0.0722 * linear(colour & 0xFF);
        return luminance > 0.179 ? 0x000000 : 0xFFFFFF;
    }

    private static double linear(int value) {
        double v = value / 255.0;
        return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
    }
}
