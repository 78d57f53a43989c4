package org.vilam.web.http;

import io.javalin.http.Context;

/** Answers that are files and no text. */
public final class Binary {
    private Binary() {}

    /** Answers with the bytes of a file as they are. */
    public static void send(Context ctx, String mediaType, byte[] bytes) {
        ctx.res().setCharacterEncoding(null); // Javalin has set one, which would be appended to the media type
        ctx.contentType(mediaType);
        ctx.disableCompression();
        ctx.result(bytes);
    }
}
