package org.vilam.vision.image.dicom;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.image.ImageWarning;

/** Stored values to the modality's own, e.g. Hounsfield units (PS3.3 section C.11.1): a table or slope and intercept. */
final class ModalityTransform {
    private final @Nullable LookupTable table;
    private final double slope;
    private final double intercept;

    private ModalityTransform(@Nullable LookupTable table, double slope, double intercept) {
        this.table = table;
        this.slope = slope;
        this.intercept = intercept;
    }

    static ModalityTransform of(DataSet root, PixelFormat format, List<ImageWarning> warnings) {
        List<DataSet> tables = root.items(Tag.MODALITY_LUT_SEQUENCE);
        if (!tables.isEmpty() && format.type() == PixelFormat.SampleType.INTEGER) {
            LookupTable table = LookupTable.read(tables.get(0), Tag.LUT_DESCRIPTOR, Tag.LUT_DATA, format.signed());
            return new ModalityTransform(table, 1, 0);
        }
        DataSet scope = FunctionalGroups.ofFirstFrame(root, Tag.PIXEL_VALUE_TRANSFORMATION_SEQUENCE);
        double slope = number(scope, Tag.RESCALE_SLOPE, 1);
        double intercept = number(scope, Tag.RESCALE_INTERCEPT, 0);
        if (slope == 0) {
            warnings.add(new ImageWarning(
                    "rescale_ignored", Tag.RESCALE_SLOPE + " is 0 and was not applied: values are the stored ones."));
            return new ModalityTransform(null, 1, 0);
        }
        return new ModalityTransform(null, slope, intercept);
    }

    private static double number(DataSet scope, Tag tag, double otherwise) {
        if (!scope.has(tag)) {
            return otherwise;
        }
        double[] numbers = scope.numbers(tag);
        if (numbers == null) {
            throw Refusal.corrupt(tag + " is not a number");
        }
        return numbers[0];
    }

    double apply(double stored) {
        return table == null ? stored * slope + intercept : table.at(stored);
    }

    /** Whether values leave as they came. */
    boolean identity() {
        return table == null && slope == 1 && intercept == 0;
    }

    /** Whether some value of this format can become negative. */
    boolean negative(PixelFormat format) {
        return table == null && Math.min(apply(format.least()), apply(format.greatest())) < 0;
    }
}
