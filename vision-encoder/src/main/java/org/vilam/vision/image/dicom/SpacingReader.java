package org.vilam.vision.image.dicom;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.image.ImageWarning;
import org.vilam.vision.image.PixelSpacing;

/** The physical size of a pixel, from the most to the least trustworthy element that says it. */
final class SpacingReader {
    /** Relative difference of the two sides from which pixels count as not square. */
    private static final double SQUARE = 0.001;

    private SpacingReader() {}

    static @Nullable PixelSpacing read(DataSet root, List<ImageWarning> warnings) {
        DataSet measures = FunctionalGroups.ofFirstFrame(root, Tag.PIXEL_MEASURES_SEQUENCE);
        PixelSpacing spacing = spacing(measures, Tag.PIXEL_SPACING, warnings);
        if (spacing == null) {
            spacing = spacing(root, Tag.IMAGER_PIXEL_SPACING, warnings);
            if (spacing != null) {
                warnings.add(new ImageWarning(
                        "imager_pixel_spacing",
                        "The pixel spacing is measured at the detector (" + Tag.IMAGER_PIXEL_SPACING
                                + "): what lies nearer to the source is smaller than it says."));
            }
        }
        if (spacing == null) {
            spacing = spacing(root, Tag.NOMINAL_SCANNED_PIXEL_SPACING, warnings);
            if (spacing != null) {
                warnings.add(new ImageWarning(
                        "nominal_scanned_pixel_spacing",
                        "The pixel spacing is that of the scanned film (" + Tag.NOMINAL_SCANNED_PIXEL_SPACING
                                + "), not of the patient."));
            }
        }
        warnOfShape(spacing, root, warnings);
        return spacing;
    }

    private static @Nullable PixelSpacing spacing(DataSet dataSet, Tag tag, List<ImageWarning> warnings) {
        if (!dataSet.has(tag)) {
            return null;
        }
        double[] numbers = dataSet.numbers(tag);
        if (numbers == null || numbers.length != 2 || numbers[0] <= 0 || numbers[1] <= 0) {
            warnings.add(new ImageWarning("bad_value", tag + " is not two positive numbers and was not used."));
            return null;
        }
        // First between rows, so downwards, then between columns (PS3.3 section 10.7.1.3).
        return new PixelSpacing(numbers[1], numbers[0]);
    }

    private static void warnOfShape(@Nullable PixelSpacing spacing, DataSet root, List<ImageWarning> warnings) {
        double ratio = 1;
        double[] aspect = root.numbers(Tag.PIXEL_ASPECT_RATIO);
        if (spacing != null) {
            ratio = spacing.y() / spacing.x();
        } else if (aspect != null && aspect.length == 2 && aspect[0] > 0 && aspect[1] > 0) {
            ratio = aspect[0] / aspect[1];
        }
        if (Math.abs(ratio - 1) > SQUARE) {
            warnings.add(new ImageWarning(
                    "non_square_pixels",
                    "Pixels are " + ratio
                            + " times as high as wide; the picture was not resampled, so shapes look distorted."));
        }
    }
}
