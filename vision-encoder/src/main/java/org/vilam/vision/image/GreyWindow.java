package org.vilam.vision.image;

/**
 * The grey-level window that turned stored samples into 8-bit ones: {@code low} became 0, {@code high} became 255, linear
 * between (unless the source is a look-up table), clamped outside.
 *
 * @param low stored (for DICOM: rescaled) value shown as black
 * @param high stored (for DICOM: rescaled) value shown as white, greater than {@code low}
 * @param source where the two numbers came from
 */
public record GreyWindow(double low, double high, Source source) {
    /** Where a window came from. */
    public enum Source {
        /** The whole range of the sample type, e.g. 0..255 for 8-bit images. */
        FULL_RANGE,
        /** The 0.5th to 99.5th percentile of the picture's own samples. */
        PERCENTILES,
        /** DICOM window centre and width (PS3.3 C.11.2.1.2). */
        VOI_WINDOW,
        /** DICOM VOI look-up table (PS3.3 C.11.2.1.1). */
        VOI_LUT,
        /** The caller asked for it. */
        REQUESTED
    }
}
