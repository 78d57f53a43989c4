package org.vilam.web.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.Options;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Request;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.prompts.Task;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.format.LabelStudioExport;
import org.vilam.web.http.Bodies;
import org.vilam.web.image.Pictures;
import org.vilam.web.json.Json;
import org.vilam.web.model.ActiveModel;
import org.vilam.web.model.Answering;

/**
 * A Label Studio machine-learning backend (label-studio-ml-backend, {@code api.py}): connect the project to {@code
 * http://host:port/labelstudio}. Each label of the project is looked for in each task's picture; text that a person entered
 * ({@code TextArea}) is looked for instead, under the project's first label.
 *
 * <p>Tasks name their pictures by address; the server has to be allowed to fetch from it ({@code --label-studio}).
 */
final class LabelStudioBackend {
    private static final int MOST_TASKS = 100;

    private final Pictures pictures;
    private final Answering answering;
    private final ActiveModel model;

    LabelStudioBackend(Pictures pictures, Answering answering, ActiveModel model) {
        this.pictures = pictures;
        this.answering = answering;
        this.model = model;
    }

    void install(RoutesConfig routes) {
        routes.get("/labelstudio/health", this::health);
        routes.post("/labelstudio/setup", this::setup);
        routes.post("/labelstudio/predict", this::predict);
    }

    private void health(Context ctx) {
        boolean up = model.state() != ActiveModel.State.FAILED;
        ctx.status(up ? 200 : 503);
        ctx.json(Json.object().put("status", up ? "UP" : "DOWN").put("model_class", "ViLaM"));
    }

    private void setup(Context ctx) {
        Bodies.object(ctx);
        ctx.json(Json.object().put("model_version", version()));
    }

    private String version() {
        return model.assistant()
                .map(a -> a.info().id() + ":" + a.info().version())
                .orElse("loading");
    }

    private void predict(Context ctx) {
        ObjectNode body = Bodies.object(ctx);
        LabelConfig config = LabelConfig.parse(body.path("label_config").asText());
        JsonNode tasks = body.path("tasks");
        if (!tasks.isArray() || tasks.size() > MOST_TASKS) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "tasks: this is not a list of at most " + MOST_TASKS + " tasks",
                    "Send fewer at a time.");
        }
        Optional<String> prompt = prompt(body.path("params").path("context"));
        ObjectNode json = Json.object();
        ArrayNode results = json.putArray("results");
        for (int i = 0; i < tasks.size(); i++) {
            String path = "tasks[" + i + "].data." + config.imageField();
            String address = tasks.get(i).path("data").path(config.imageField()).asText();
            Picture picture = pictures.at(address, path);
            results.add(LabelStudioExport.prediction(
                    prediction(picture, config, prompt), config.control(), config.imageName()));
        }
        json.put("model_version", version());
        ctx.json(json);
    }

    /** What a person typed, the last text of the interactive context. */
    private static Optional<String> prompt(JsonNode context) {
        String text = "";
        for (JsonNode region : context.path("result")) {
            for (JsonNode line : region.path("value").path("text")) {
                text = line.asText();
            }
        }
        return text.isBlank() ? Optional.empty() : Optional.of(text);
    }

    private GroundingResult prediction(Picture picture, LabelConfig config, Optional<String> prompt) {
        if (config.labels().isEmpty()) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT, "label_config: it has no labels", "Add <Label value=\"...\"/>.");
        }
        Options options = new Options(100, Options.DEFAULT.minScore(), config.outlines(), 1, null, 0);
        List<String> looked = prompt.isPresent() ? List.of(config.labels().get(0)) : config.labels();
        List<FoundObject> objects = new ArrayList<>();
        GroundingResult last = null;
        for (String label : looked) {
            Request request = new Request(prompt.orElse(label), Task.ALL, List.of(), options);
            last = answering.ask(picture, Dialogue.EMPTY, request, Answering.Listener.NONE);
            for (FoundObject object : last.objects()) {
                objects.add(labelled(object, label, objects.size() + 1));
            }
        }
        return Objects.requireNonNull(last).withObjects(objects);
    }

    private static FoundObject labelled(FoundObject o, String label, int number) {
        return new FoundObject(
                "o" + number,
                number,
                label,
                o.phrase(),
                o.score(),
                o.box(),
                o.polygons(),
                o.mask(),
                List.of(),
                o.area(),
                o.cycle());
    }
}
