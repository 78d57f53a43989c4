package org.vilam.training.scene;

import java.awt.Color;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The colours people name without argument, each as a range of hue, saturation and brightness that keeps clear of its
 * neighbours.
 */
enum Colour {
    RED(-0.025, 0.02, 0.75, 1, 0.65, 0.95),
    ORANGE(0.065, 0.095, 0.85, 1, 0.88, 1),
    YELLOW(0.145, 0.17, 0.7, 1, 0.88, 1),
    GREEN(0.28, 0.39, 0.55, 1, 0.4, 0.8),
    CYAN(0.48, 0.52, 0.6, 1, 0.75, 1),
    BLUE(0.59, 0.67, 0.65, 1, 0.55, 0.95),
    PURPLE(0.74, 0.8, 0.5, 0.95, 0.45, 0.8),
    PINK(0.9, 0.95, 0.3, 0.6, 0.92, 1),
    BROWN(0.05, 0.085, 0.6, 0.8, 0.3, 0.5),
    BLACK(0, 1, 0, 0.15, 0.02, 0.13),
    GREY(0, 1, 0, 0.06, 0.42, 0.62),
    WHITE(0, 1, 0, 0.04, 0.94, 1);

    private final float lowHue;
    private final float highHue;
    private final float lowSaturation;
    private final float highSaturation;
    private final float lowBrightness;
    private final float highBrightness;

    Colour(
            double lowHue,
            double highHue,
            double lowSaturation,
            double highSaturation,
            double lowBrightness,
            double highBrightness) {
        this.lowHue = (float) lowHue;
        this.highHue = (float) highHue;
        this.lowSaturation = (float) lowSaturation;
        this.highSaturation = (float) highSaturation;
        this.lowBrightness = (float) lowBrightness;
        this.highBrightness = (float) highBrightness;
    }

    /** The plain word, lower case. */
    String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** One shade of this colour. */
    Color shade(SplittableRandom random) {
        double h = lowHue + random.nextDouble() * (highHue - lowHue);
        double s = lowSaturation + random.nextDouble() * (highSaturation - lowSaturation);
        double b = lowBrightness + random.nextDouble() * (highBrightness - lowBrightness);
        return Color.getHSBColor((float) (h - Math.floor(h)), (float) s, (float) b);
    }

    /** The colour that most people would call a pixel, in wider ranges than {@link #shade} uses; empty between two colours. */
    static Optional<Colour> named(int rgb) {
        float[] hsb = Color.RGBtoHSB(rgb >> 16 & 0xFF, rgb >> 8 & 0xFF, rgb & 0xFF, null);
        double s = hsb[1];
        double b = hsb[2];
        if (b < 0.2) {
            return Optional.of(BLACK);
        }
        if (s < 0.12) {
            return b > 0.88 ? Optional.of(WHITE) : b > 0.42 && b < 0.78 ? Optional.of(GREY) : Optional.empty();
        }
        return s < 0.28 ? Optional.empty() : Optional.ofNullable(hue(hsb[0] > 0.96 ? hsb[0] - 1 : hsb[0], s, b));
    }

    private static @Nullable Colour hue(double h, double s, double b) {
        if (h <= 0.025) {
            return s > 0.6 ? (b > 0.5 ? RED : null) : b > 0.9 ? PINK : null;
        } else if (h > 0.03 && h < 0.11) {
            return b > 0.92 && s > 0.8 && h > 0.055 ? ORANGE : b < 0.65 && s > 0.35 ? BROWN : null;
        } else if (h > 0.115 && h < 0.175) {
            return b > 0.8 && s > 0.45 ? YELLOW : null;
        } else if (h > 0.22 && h < 0.43) {
            return GREEN;
        } else if (h > 0.47 && h < 0.53) {
            return b > 0.6 ? CYAN : null;
        } else if (h > 0.54 && h < 0.69) {
            return s > 0.45 ? BLUE : null;
        } else if (h > 0.72 && h < 0.83) {
            return b > 0.35 ? PURPLE : null;
        }
        return h > 0.86 && b > 0.8 && s < 0.75 ? PINK : null;
    }

    /** Difference of two colours as seen, 0..about 1.7: Euclidean distance in RGB scaled to 0..1 a channel. */
    static double contrast(int rgbA, int rgbB) {
        double sum = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            double d = ((rgbA >> shift & 0xFF) - (rgbB >> shift & 0xFF)) / 255.0;
            sum += d * d;
        }
        return Math.sqrt(sum);
    }
}
