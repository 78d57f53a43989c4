package org.vilam.web.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.UnsupportedMediaTypeResponse;
import java.util.Base64;
import java.util.Locale;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.json.Json;

/** Bodies that are not forms. */
public final class Bodies {
    private Bodies() {}

    /**
     * The body as a record.
     *
     * @throws VilamException INVALID_ARGUMENT naming the field; media types other than JSON are answered with 415
     */
    public static <T> T json(Context ctx, Class<T> type) {
        return Json.read(object(ctx), type, "the body");
    }

    /** The body as an object whose fields are read one by one. */
    public static ObjectNode object(Context ctx) {
        String type = mediaType(ctx);
        if (!type.isEmpty() && !type.equals("application/json") && !type.endsWith("+json")) {
            throw new UnsupportedMediaTypeResponse();
        }
        if (Json.tree(ctx.bodyAsBytes(), "the body") instanceof ObjectNode object) {
            return object;
        }
        throw new VilamException(ErrorCode.INVALID_ARGUMENT, "the body is not a JSON object", "Send a JSON object.");
    }

    /** The media type without its parameters, in lower case; empty where none was sent. */
    public static String mediaType(Context ctx) {
        String type = ctx.contentType();
        return type == null ? "" : type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    }

    /**
     * The bytes of a {@code data:} address in base 64 (RFC 2397).
     *
     * @param field names it in messages
     */
    public static byte[] dataUrl(String url, String field) {
        int comma = url.indexOf(',');
        if (!url.regionMatches(true, 0, "data:", 0, 5) || comma < 0 || !url.substring(0, comma).endsWith(";base64")) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    field + ": this is no data URL in base 64",
                    "Send data:image/png;base64,... with the bytes of the picture's file.");
        }
        return base64(url.substring(comma + 1), field);
    }

    /** The bytes of a text in base 64; line breaks in it are left aside. */
    public static byte[] base64(String text, String field) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text.replaceAll("[\\r\\n]+", ""));
            if (bytes.length > 0) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    field + ": this is not base 64",
                    "Encode the bytes of the picture's file (RFC 4648, section 4).",
                    e);
        }
        throw new VilamException(
                ErrorCode.INVALID_ARGUMENT, field + ": there are no bytes", "Send the bytes of the picture's file.");
    }
}
