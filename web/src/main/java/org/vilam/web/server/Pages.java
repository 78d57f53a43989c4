package org.vilam.web.server;

import io.javalin.config.JavalinConfig;
import io.javalin.http.staticfiles.Location;
import java.util.Map;

/** The browser client: the files of {@code /public} on the class path, {@code index.html} at {@code /}. */
final class Pages {
    private Pages() {}

    static void install(JavalinConfig config) {
        config.staticFiles.add(files -> {
            files.hostedPath = "/";
            files.directory = "/public";
            files.location = Location.CLASSPATH;
            // Asked for again each time, and answered with 304 while it is the same: no page of an older program is
            // shown.
            files.headers = Map.of("Cache-Control", "no-cache");
        });
    }
}
