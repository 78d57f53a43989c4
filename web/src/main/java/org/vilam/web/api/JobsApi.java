package org.vilam.web.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.Request;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.http.Bodies;
import org.vilam.web.http.Form;
import org.vilam.web.job.JobRunner;
import org.vilam.web.json.Json;
import org.vilam.web.store.StoredJob;

/** One question about many pictures. */
final class JobsApi {
    private static final int MOST_IMAGES = 1000;
    private static final int LISTED = 50;

    private final JobRunner jobs;
    private final ImageInput images;

    JobsApi(JobRunner jobs, ImageInput images) {
        this.jobs = jobs;
        this.images = images;
    }

    private record JobJson(
            String id,
            String state,
            int done,
            int total,
            double fraction,
            @Nullable String words,
            Request request,
            String created,
            @Nullable String finished,
            @Nullable List<ItemJson> items) {}

    /** {@code state} is waiting, running, done, failed or cancelled. */
    private record ItemJson(
            String image,
            String state,
            @Nullable JsonNode result,
            @Nullable JsonNode problem) {}

    void install(RoutesConfig routes) {
        routes.post("/v1/jobs", this::create);
        routes.get(
                "/v1/jobs",
                ctx -> ctx.json(Map.of(
                        "jobs",
                        jobs.newest(LISTED).stream()
                                .map(job -> json(job, false))
                                .toList())));
        routes.get("/v1/jobs/{id}", ctx -> ctx.json(json(jobs.get(ctx.pathParam("id")), true)));
        routes.delete("/v1/jobs/{id}", ctx -> ctx.json(json(jobs.cancel(ctx.pathParam("id")), true)));
    }

    private void create(Context ctx) {
        Request request;
        List<String> ids = new ArrayList<>();
        if (Form.isSent(ctx)) {
            Form form = Form.read(ctx, Set.of("request", "instruction"), Set.of("image"));
            JsonNode body = form.text("request").isPresent()
                    ? Json.tree(form.text("request").get().getBytes(StandardCharsets.UTF_8), "request")
                    : Json.object().put("instruction", form.text("instruction").orElse(""));
            request = Json.read(body, Request.class, "request");
            List<Form.Upload> files = form.files("image");
            checkCount("image", files.size());
            files.forEach(file -> ids.add(images.picture(file.content()).id()));
        } else {
            ObjectNode body = Bodies.object(ctx);
            JsonNode references = body.remove("images");
            request = Json.read(body, Request.class, "the body");
            if (references == null || !references.isArray()) {
                throw invalid("images: this is not a list", "Send a list of {\"id\": ...} or {\"data_url\": ...}.");
            }
            checkCount("images", references.size());
            references.forEach(reference -> ids.add(images.picture(reference).id()));
        }
        StoredJob job = jobs.submit(request, ids);
        ctx.status(202);
        ctx.header("Location", "/v1/jobs/" + job.id());
        ctx.json(json(job, false));
    }

    private static void checkCount(String field, int count) {
        if (count < 1 || count > MOST_IMAGES) {
            throw invalid(field + ": there are " + count + " pictures", "Send 1 to " + MOST_IMAGES + ".");
        }
    }

    private JobJson json(StoredJob job, boolean withItems) {
        Optional<JobRunner.Now> now = jobs.now(job.id());
        double done = job.ended() + now.map(JobRunner.Now::fraction).orElse(0.0);
        return new JobJson(
                job.id(),
                job.state().name().toLowerCase(Locale.ROOT),
                job.ended(),
                job.items().size(),
                Math.round(1000 * Math.min(1, done / job.items().size())) / 1000.0,
                now.map(JobRunner.Now::words).orElse(null),
                Json.stored(job.request(), Request.class),
                job.created().toString(),
                job.finished() == null ? null : job.finished().toString(),
                withItems ? items(job, now.map(JobRunner.Now::item).orElse(-1)) : null);
    }

    private static List<ItemJson> items(StoredJob job, int running) {
        return job.items().stream()
                .map(item -> new ItemJson(
                        item.image(), state(job, item, running), tree(item.result()), tree(item.problem())))
                .toList();
    }

    private static String state(StoredJob job, StoredJob.Item item, int running) {
        if (item.ended()) {
            return item.result() != null ? "done" : "failed";
        }
        return job.state() == StoredJob.State.CANCELLED
                ? "cancelled"
                : item.number() == running ? "running" : "waiting";
    }

    private static @Nullable JsonNode tree(@Nullable String json) {
        return json == null ? null : Json.stored(json, JsonNode.class);
    }

    private static VilamException invalid(String message, String hint) {
        return new VilamException(ErrorCode.INVALID_ARGUMENT, message, hint);
    }
}
