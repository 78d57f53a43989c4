package org.vilam.vision.image.dicom;

import org.jspecify.annotations.Nullable;

/**
 * Stored values that mark places outside the picture (PS3.3 section C.7.5.1.1.2).
 *
 * @param low least such value
 * @param high greatest such value
 */
record PixelPadding(double low, double high) {
    /** The file's padding, or null where it says none. */
    static @Nullable PixelPadding of(DataSet root, PixelFormat format) {
        return switch (format.type()) {
            case INTEGER -> of(root, Tag.PIXEL_PADDING_VALUE, Tag.PIXEL_PADDING_RANGE_LIMIT, format.signed());
            case FLOAT -> of(root, Tag.FLOAT_PIXEL_PADDING_VALUE, Tag.FLOAT_PIXEL_PADDING_RANGE_LIMIT, false);
            case DOUBLE -> of(root, Tag.DOUBLE_PIXEL_PADDING_VALUE, Tag.DOUBLE_PIXEL_PADDING_RANGE_LIMIT, false);
        };
    }

    private static @Nullable PixelPadding of(DataSet root, Tag valueTag, Tag limitTag, boolean signed) {
        double[] value = root.numbers(valueTag);
        if (value == null) {
            return null;
        }
        double[] limit = root.numbers(limitTag);
        // The representation is US or SS; where US is written for signed pixels the bits are meant.
        double a = signed ? (short) (int) value[0] : value[0];
        double b = limit == null ? a : signed ? (short) (int) limit[0] : limit[0];
        return new PixelPadding(Math.min(a, b), Math.max(a, b));
    }

    boolean contains(double stored) {
        return stored >= low && stored <= high;
    }
}
