package org.vilam.web.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.slf4j.MDC;

/**
 * Every request has an id: the caller's {@code X-Request-Id} where it is a plain one, else a new one. It is in the answer's
 * header, in problem documents and, as {@code request_id}, in the log.
 */
public final class RequestIds {
    private static final String HEADER = "X-Request-Id";
    private static final String ATTRIBUTE = "vilam.request-id";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private RequestIds() {}

    /** Gives ids to the requests of a server. */
    public static void install(RoutesConfig routes) {
        routes.before(ctx -> {
            String id = id(ctx);
            MDC.put("request_id", id);
            ctx.header(HEADER, id);
        });
        routes.after(ctx -> MDC.remove("request_id"));
    }

    /** The request's id, given to it at the first call. */
    public static String id(Context ctx) {
        String known = ctx.attribute(ATTRIBUTE);
        if (known != null) {
            return known;
        }
        String given = ctx.header(HEADER);
        String id = given != null && PLAIN.matcher(given).matches()
                ? given
                : HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        ctx.attribute(ATTRIBUTE, id);
        return id;
    }
}
