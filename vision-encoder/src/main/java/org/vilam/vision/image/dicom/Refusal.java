package org.vilam.vision.image.dicom;

import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** The errors of this package. Messages name elements, lengths and codes, never a value that could identify a patient. */
final class Refusal {
    private static final String EXPORT_AGAIN = "Export or copy the file again from the archive it came from.";

    private Refusal() {}

    static VilamException corrupt(String message) {
        return corrupt(message, null);
    }

    static VilamException corrupt(String message, @Nullable Throwable cause) {
        return new VilamException(ErrorCode.IMAGE_CORRUPT, "damaged DICOM file: " + message, EXPORT_AGAIN, cause);
    }

    static VilamException unsupported(String message, String hint) {
        return new VilamException(ErrorCode.IMAGE_UNSUPPORTED, message, hint);
    }

    /** A transfer syntax that is not decoded. */
    static VilamException transferSyntax(String uid) {
        String described = UidNames.describe(uid);
        String message = "the transfer syntax " + described + " is not decoded";
        boolean video = described.contains("MPEG") || described.contains("HEVC") || described.contains("SMPTE");
        return video
                ? unsupported(message, "This is a video: export one frame of it as DICOM, PNG or JPEG.")
                : compression(message);
    }

    /** Pixel data in a compression that is not decoded. */
    static VilamException compression(String what) {
        return unsupported(
                what,
                "Decompress the file first: \"gdcmconv --raw in.dcm out.dcm\" (GDCM), or for JPEG"
                        + " \"dcmdjpeg in.dcm out.dcm\" (DCMTK).");
    }

    static VilamException tooLarge(String message) {
        return new VilamException(
                ErrorCode.IMAGE_TOO_LARGE, message, "Crop or scale the picture down, or raise the decode limits.");
    }
}
