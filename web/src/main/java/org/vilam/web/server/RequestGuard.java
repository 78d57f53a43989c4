package org.vilam.web.server;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * Keeps other sites' pages out. A browser lets any page send requests to this machine; what gives it away is the {@code Origin}
 * header, and, where the page's name was pointed at this machine (DNS rebinding), the {@code Host} header.
 */
final class RequestGuard {
    private final ServerConfig config;

    RequestGuard(ServerConfig config) {
        this.config = config;
    }

    void install(RoutesConfig routes) {
        routes.before(this::check);
    }

    private void check(Context ctx) {
        String host = ctx.header("Host");
        if (config.isLocal() && !namesThisMachine(host)) {
            throw new VilamException(
                    ErrorCode.FORBIDDEN,
                    "the Host header does not name this machine",
                    "Use http://localhost:" + ctx.port()
                            + "/, or start the server with --host to be reached by another name.");
        }
        String origin = ctx.header("Origin");
        if (origin != null && !config.origins().contains(origin) && !sameHost(origin, host)) {
            throw new VilamException(
                    ErrorCode.FORBIDDEN,
                    "pages of other origins may not call this server",
                    "Start it with --allow-origin and the page's origin, if you trust that page.");
        }
    }

    private static boolean namesThisMachine(@Nullable String host) {
        if (host == null) {
            return false;
        }
        String name = host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.equals("[::1]") || name.matches("127(\\.\\d{1,3}){3}");
    }

    private static boolean sameHost(String origin, @Nullable String host) {
        try {
            return host != null && host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
