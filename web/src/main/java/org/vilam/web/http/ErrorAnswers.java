package org.vilam.web.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vilam.vision.error.VilamException;
import org.vilam.web.json.Json;

/** Makes a problem document of everything that is thrown. */
public final class ErrorAnswers {
    /** What a caller that was sent away is told in the Retry-After header. */
    public static final String RETRY_AFTER_SECONDS = "2";

    private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);
    /** What a client closed by itself is logged as; nobody sees it. */
    private static final int CLIENT_CLOSED_REQUEST = 499;

    private ErrorAnswers() {}

    /** Answers the errors of a server. */
    public static void install(JavalinConfig config) {
        config.routes.exception(Exception.class, (e, ctx) -> answer(ctx, e));
        config.routes.exception(
                HttpResponseException.class, (e, ctx) -> answer(ctx, e)); // Javalin has its own otherwise
        // An Error leaves Javalin's handlers aside: say it here, or Jetty writes a page of its own.
        config.router.javaLangErrorHandler((response, error) -> {
            LOG.error("a request failed", error);
            Problem problem = Problem.internal(response.getHeader("X-Request-Id"));
            response.setStatus(problem.status());
            response.setContentType(Problem.MEDIA_TYPE);
            try {
                response.getOutputStream().write(Json.write(problem).getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                LOG.debug("nobody reads the answer", e);
            }
        });
    }

    private static void answer(Context ctx, Exception e) {
        Problem problem = problem(ctx, e);
        ctx.status(problem.status());
        if (problem.status() == 503) {
            ctx.header("Retry-After", RETRY_AFTER_SECONDS);
        }
        if (e instanceof HttpResponseException http && http.getStatus() == 405) {
            String allowed = http.getDetails().get("availableMethods");
            if (allowed != null) {
                ctx.header("Allow", allowed);
            }
        }
        ctx.contentType(Problem.MEDIA_TYPE);
        ctx.result(Json.write(problem));
    }

    /** What is said about an exception; what is no caller's fault is logged. */
    public static Problem problem(Context ctx, Exception e) {
        String id = RequestIds.id(ctx);
        if (e instanceof VilamException known) {
            Problem problem = Problem.of(known, id);
            if (problem.status() == 500) {
                LOG.error("{} {}: {}", ctx.method(), ctx.endpoint().path, known.getMessage(), known);
            }
            return problem;
        }
        if (e instanceof HttpResponseException http) {
            return http(http.getStatus(), id);
        }
        if (e instanceof CancellationException) {
            return new Problem(CLIENT_CLOSED_REQUEST, "cancelled", "The request was given up.", "Send it again.", id);
        }
        LOG.error("{} {} failed", ctx.method(), ctx.endpoint().path, e);
        return Problem.internal(id);
    }

    /** What Javalin and Jetty refuse before a handler of ours sees it. */
    private static Problem http(int status, String id) {
        return switch (status) {
            case 404 ->
                new Problem(
                        status, "not_found", "There is nothing at this address.", "See /docs for what there is.", id);
            case 405 ->
                new Problem(
                        status,
                        "method_not_allowed",
                        "This address does not know the method.",
                        "The Allow header lists those it knows.",
                        id);
            case 413 ->
                new Problem(
                        status,
                        "request_too_large",
                        "The request is longer than the server takes.",
                        "Send a smaller picture, or start the server with a higher --max-upload-mb.",
                        id);
            case 415 ->
                new Problem(
                        status,
                        "media_type_unsupported",
                        "The body is of a media type that this address does not read.",
                        "See /docs for the ones it does.",
                        id);
            default ->
                new Problem(
                        status,
                        "http_" + status,
                        String.format(Locale.ROOT, "The server answers %d to this request.", status),
                        "See /docs for how requests look.",
                        id);
        };
    }
}
