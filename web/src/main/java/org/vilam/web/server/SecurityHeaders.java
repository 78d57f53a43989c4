package org.vilam.web.server;

import io.javalin.config.RoutesConfig;

/**
 * Headers that keep a page to this server: no script, style, picture or connection from elsewhere, no frame around it, no
 * guessing of media types.
 */
final class SecurityHeaders {
    /** Pictures drawn or dropped in the page are {@code data:} and {@code blob:} addresses; nothing else is from elsewhere. */
    private static final String POLICY =
            "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none';"
                    + " form-action 'self'; frame-ancestors 'none'";

    private SecurityHeaders() {}

    static void install(RoutesConfig routes) {
        routes.before(ctx -> {
            ctx.header("Content-Security-Policy", POLICY);
            ctx.header("X-Content-Type-Options", "nosniff");
            ctx.header("Referrer-Policy", "no-referrer");
            ctx.header("Cross-Origin-Opener-Policy", "same-origin");
            ctx.header("Cross-Origin-Resource-Policy", "same-origin");
        });
    }
}
