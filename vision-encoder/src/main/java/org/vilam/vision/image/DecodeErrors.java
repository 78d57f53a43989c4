package org.vilam.vision.image;

import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** The few ways in which an image is turned away, each with its next step. */
final class DecodeErrors {
    private static final String CONVERT =
            "Convert the image to PNG or JPEG (JPEG, PNG, GIF, BMP, TIFF, WebP, PGM/PPM and DICOM are read) and try again.";

    private DecodeErrors() {}

    /** The bytes claim to be {@code format} but cannot be one, e.g. {@code corrupt("PNG", "the header is cut off")}. */
    static VilamException corrupt(String format, String what) {
        return corrupt(format, what, null);
    }

    static VilamException corrupt(String format, String what, @Nullable Throwable cause) {
        return new VilamException(
                ErrorCode.IMAGE_CORRUPT,
                "damaged " + format + " image: " + what,
                "Fetch the file again, or open it in an image viewer and, if it shows, save it anew as PNG.",
                cause);
    }

    /** A format or variant that is not decoded, named so that a person recognises it. */
    static VilamException unsupported(String name) {
        return unsupported(name, CONVERT);
    }

    static VilamException unsupported(String name, String hint) {
        return new VilamException(ErrorCode.IMAGE_UNSUPPORTED, name + " is not read", hint);
    }

    /** More of {@code what} than the limits allow. */
    static VilamException tooLarge(String what, String hint) {
        return new VilamException(ErrorCode.IMAGE_TOO_LARGE, what, hint);
    }

    static VilamException timeout(String what) {
        return new VilamException(
                ErrorCode.IMAGE_TIMEOUT, what, "Try again when the machine is less busy, or send a smaller image.");
    }
}
