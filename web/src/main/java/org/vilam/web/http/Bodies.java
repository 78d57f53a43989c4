package org.vilam.web.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.UnsupportedMediaTypeResponse;
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
}
