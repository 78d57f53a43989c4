package org.vilam.vision.image.dicom;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.image.GreyWindow;
import org.vilam.vision.image.ImageWarning;
import org.vilam.vision.image.RgbImage;

/**
 * Grey samples to 8-bit RGB: modality, VOI and, of MONOCHROME1, inversion.
 *
 * @param pixels of three equal channels
 * @param window the window that was used
 */
record GreyRendering(RgbImage pixels, GreyWindow window) {

    static GreyRendering of(
            StoredSamples samples, DataSet root, @Nullable GreyWindow requested, List<ImageWarning> warnings) {
        PixelFormat format = samples.format();
        ModalityTransform modality = ModalityTransform.of(root, format, warnings);
        DataSet scope = FunctionalGroups.ofFirstFrame(root, Tag.FRAME_VOI_LUT_SEQUENCE);
        VoiTransform voi = VoiTransform.of(
                requested,
                scope,
                modality.negative(format),
                () -> automatic(samples, modality, PixelPadding.of(root, format)),
                warnings);
        boolean inverted = format.photometric() == Photometric.MONOCHROME1;
        if (inverted) {
            warnings.add(new ImageWarning(
                    "monochrome1", "Low values are white in this file (MONOCHROME1): grey levels were inverted."));
        }
        DoubleUnaryOperator level = stored -> voi.level().applyAsDouble(modality.apply(stored));
        byte[] rgb = rgb(samples, inverted ? stored -> 255 - level.applyAsDouble(stored) : level);
        return new GreyRendering(new RgbImage(format.columns(), format.rows(), rgb), voi.window());
    }

    /** The window of a file that says none. */
    private static GreyWindow automatic(
            StoredSamples samples, ModalityTransform modality, @Nullable PixelPadding padding) {
        PixelFormat format = samples.format();
        if (format.bitsStored() <= 8 && !format.signed() && modality.identity()) {
            // Grey levels already, of a screen or a mask: shown as they are, like those of any other image format.
            return new GreyWindow(0, (1 << format.bitsStored()) - 1, GreyWindow.Source.FULL_RANGE);
        }
        return Percentiles.window(samples, modality, padding);
    }

    private static byte[] rgb(StoredSamples samples, DoubleUnaryOperator shade) {
        int pixels = samples.pixels();
        byte[] rgb = new byte[3 * pixels];
        PixelFormat format = samples.format();
        if (format.type() == PixelFormat.SampleType.INTEGER && format.bitsStored() <= 16) {
            int least = (int) format.least();
            byte[] shades = new byte[1 << format.bitsStored()];
            for (int level = 0; level < shades.length; level++) {
                shades[level] = round(shade.applyAsDouble(level + least));
            }
            for (int i = 0; i < pixels; i++) {
                set(rgb, i, shades[(int) samples.integer(i, 0) - least]);
            }
        } else {
            for (int i = 0; i < pixels; i++) {
                set(rgb, i, round(shade.applyAsDouble(samples.grey(i))));
            }
        }
        return rgb;
    }

    private static void set(byte[] rgb, int pixel, byte level) {
        rgb[3 * pixel] = level;
        rgb[3 * pixel + 1] = level;
        rgb[3 * pixel + 2] = level;
    }

    /** Nearest whole level, ties upwards; of something that is no number (a hole in a float image) black. */
    private static byte round(double level) {
        return (byte) (int) Math.floor(level + 0.5);
    }
}
