package org.vilam.web.image;

import java.util.Base64;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** Pictures inside texts. */
public final class DataUrl {
    private DataUrl() {}

    /**
     * The bytes of a {@code data:} address in base 64 (RFC 2397).
     *
     * @param field names it in messages
     */
    public static byte[] bytes(String url, String field) {
        int comma = url.indexOf(',');
        if (!url.regionMatches(true, 0, "data:", 0, 5)
                || comma < 0
                || !url.substring(0, comma).endsWith(";base64")) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    field + ": this is no data URL in base 64",
                    "Send data:image/png;base64,... with the bytes of the picture's file.");
        }
        return base64(url.substring(comma + 1), field);
    }

    /** The bytes of a text in base 64; line breaks in it are left aside. */
    public static byte[] base64(String text, String field) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text.replaceAll("[\\r\\n]+", ""));
        } catch (IllegalArgumentException e) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    field + ": this is not base 64",
                    "Encode the bytes of the picture's file (RFC 4648, section 4).",
                    e);
        }
        if (bytes.length == 0) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    field + ": there are no bytes",
                    "Send the bytes of the picture's file.");
        }
        return bytes;
    }
}
