package org.vilam.web.api;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.Assistant;
import org.vilam.prompts.Task;
import org.vilam.vision.error.VilamException;
import org.vilam.web.model.ActiveModel;
import org.vilam.web.model.ModelCard;

/** Which models there are, which one answers, and on what. */
final class ModelsApi {
    private final ActiveModel active;
    private final String version;

    ModelsApi(ActiveModel active, String version) {
        this.active = active;
        this.version = version;
    }

    private record ProvenanceJson(List<String> trainedOn, String licence, String sha256) {}

    /** {@code object}, {@code created} and {@code owned_by} are what OpenAI's clients look for. */
    private record ModelJson(
            String id,
            String object,
            long created,
            String ownedBy,
            String family,
            String title,
            @Nullable List<String> abilities,
            String knows,
            boolean active,
            ProvenanceJson provenance,
            long size) {}

    private record ModelsJson(String object, List<ModelJson> data, List<ModelJson> models) {}

    /** {@code state} is loading, ready or failed; {@code problem} says why it failed. */
    private record StatusJson(
            String version,
            String state,
            @Nullable ModelJson model,
            @Nullable String device,
            @Nullable String knows,
            @Nullable String problem,
            Map<String, Object> memory) {}

    void install(RoutesConfig routes) {
        routes.get("/v1/models", ctx -> ctx.json(models()));
        routes.get("/v1/models/{id}", this::model);
        routes.post("/v1/models/{id}/activate", this::activate);
        routes.get("/v1/status", ctx -> ctx.json(status()));
    }

    private ModelsJson models() {
        List<ModelJson> models = active.list().stream().map(this::json).toList();
        return new ModelsJson("list", models, models);
    }

    private void model(Context ctx) {
        ctx.json(find(ctx.pathParam("id")));
    }

    private void activate(Context ctx) {
        active.activate(ctx.pathParam("id"));
        ctx.json(find(ctx.pathParam("id")));
    }

    private ModelJson find(String id) {
        return active.list().stream()
                .filter(card -> card.id().equals(id))
                .map(this::json)
                .findFirst()
                .orElseThrow(() -> ActiveModel.unknown());
    }

    private ModelJson json(ModelCard card) {
        Assistant now = active.assistant().orElse(null);
        Set<Task> tasks = now != null && now.info().id().equals(card.id()) ? now.tasks() : null;
        return new ModelJson(
                card.id(),
                "model",
                0,
                "local",
                card.family(),
                card.title(),
                tasks == null ? null : names(tasks),
                card.knows(),
                tasks != null,
                new ProvenanceJson(card.trainedOn(), card.licence(), card.sha256()),
                card.sizeBytes());
    }

    private static List<String> names(Set<Task> tasks) {
        return tasks.stream()
                .sorted()
                .map(task -> task.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toList());
    }

    private StatusJson status() {
        Assistant now = active.assistant().orElse(null);
        Runtime runtime = Runtime.getRuntime();
        return new StatusJson(
                version,
                active.state().name().toLowerCase(Locale.ROOT),
                now == null
                        ? null
                        : active.list().stream()
                                .filter(card -> card.id().equals(now.info().id()))
                                .map(this::json)
                                .findFirst()
                                .orElse(null),
                now == null ? null : now.info().device(),
                now == null ? null : now.info().knows(),
                active.failure().map(VilamException::getMessage).orElse(null),
                Map.of(
                        "heap_used",
                        runtime.totalMemory() - runtime.freeMemory(),
                        "heap_max",
                        runtime.maxMemory(),
                        "processors",
                        runtime.availableProcessors()));
    }
}
