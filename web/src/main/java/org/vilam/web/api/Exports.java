package org.vilam.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.format.AnnotatedImage;
import org.vilam.web.format.ExportFormats;
import org.vilam.web.format.Exported;
import org.vilam.web.http.Binary;
import org.vilam.web.image.Pictures;
import org.vilam.web.job.JobRunner;
import org.vilam.web.json.Json;
import org.vilam.web.session.Conversations;
import org.vilam.web.store.StoredJob;

/** Results as files of other tools. */
final class Exports {
    private final Pictures pictures;
    private final Conversations conversations;
    private final JobRunner jobs;

    Exports(Pictures pictures, Conversations conversations, JobRunner jobs) {
        this.pictures = pictures;
        this.conversations = conversations;
        this.jobs = jobs;
    }

    void install(RoutesConfig routes) {
        routes.get("/v1/export/{id}/{turn}", this::turn);
        routes.get("/v1/jobs/{id}/export", this::job);
    }

    /** @throws VilamException INVALID_ARGUMENT where there is no such format */
    void check(String format) {
        if (!format.equals(Question.NATIVE)) {
            ExportFormats.check(format);
        }
    }

    private void turn(Context ctx) {
        send(
                ctx,
                List.of(conversations
                        .turn(ctx.pathParam("id"), SessionsApi.turnNumber(ctx))
                        .result()),
                format(ctx));
    }

    private void job(Context ctx) {
        List<GroundingResult> results = new ArrayList<>();
        for (StoredJob.Item item : jobs.get(ctx.pathParam("id")).items()) {
            if (item.result() != null) {
                results.add(Json.stored(item.result(), GroundingResult.class));
            }
        }
        if (results.isEmpty()) {
            throw new VilamException(
                    ErrorCode.CONFLICT, "the job has no result yet", "GET /v1/jobs/{id} says how far it is.");
        }
        send(ctx, results, format(ctx));
    }

    private static String format(Context ctx) {
        String format = ctx.queryParam("format");
        if (format == null) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "format: the parameter is missing",
                    "Use ?format= with one of " + String.join(", ", ExportFormats.names()) + ".");
        }
        return format;
    }

    /** Answers with a file; {@code native} is the results themselves. */
    void send(Context ctx, List<GroundingResult> results, String format) {
        if (format.equals(Question.NATIVE)) {
            ObjectNode json = Json.object();
            json.set("results", Json.tree(results));
            ctx.json(json);
            return;
        }
        Exported file = ExportFormats.write(
                format,
                results.stream()
                        .map(result -> new AnnotatedImage(
                                result, () -> pictures.upright(result.image().id())))
                        .toList());
        ctx.header("Content-Disposition", "attachment; filename=\"" + file.fileName() + "\"");
        Binary.send(ctx, file.mediaType(), file.bytes());
    }
}
