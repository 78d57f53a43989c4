package org.vilam.web.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.javalin.config.JavalinConfig;
import io.javalin.http.staticfiles.Location;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The description of all addresses: {@code /openapi.json}, and Swagger UI over it at {@code /docs}.
 *
 * <p>The document is written by hand, {@code openapi.yaml}, because results have their own JSON mapping, which Javalin's
 * annotation processor cannot see; a test holds it to the server's routes and to real answers.
 */
final class Docs {
    private static final String FOLDER = "/org/vilam/web/docs/";

    private Docs() {}

    static void install(JavalinConfig config) {
        String document = document().toString();
        String page = text("index.html");
        String script = text("start.js");
        config.routes.get(
                "/openapi.json", ctx -> ctx.contentType("application/json").result(document));
        config.routes.get(
                "/docs", ctx -> ctx.contentType("text/html; charset=utf-8").result(page));
        config.routes.get(
                "/docs/start.js",
                ctx -> ctx.contentType("text/javascript; charset=utf-8").result(script));
        config.staticFiles.add(files -> {
            files.hostedPath = "/docs/swagger-ui";
            files.directory = "/META-INF/resources/webjars/swagger-ui/" + Version.SWAGGER_UI;
            files.location = Location.CLASSPATH;
        });
    }

    /** The document with the program's version. */
    static JsonNode document() {
        try {
            ObjectNode document = (ObjectNode) new YAMLMapper().readTree(text("openapi.yaml"));
            ((ObjectNode) document.get("info")).put("version", Version.VERSION);
            return document;
        } catch (IOException e) {
            throw new IllegalStateException("openapi.yaml cannot be read", e);
        }
    }

    private static String text(String name) {
        try (InputStream in = Docs.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IllegalStateException(FOLDER + name + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(FOLDER + name + " cannot be read", e);
        }
    }
}
