package org.vilam.web.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.Request;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.http.Bodies;
import org.vilam.web.image.DataUrl;
import org.vilam.web.image.Pictures;
import org.vilam.web.json.Json;
import org.vilam.web.model.ActiveModel;
import org.vilam.web.model.Answering;
import org.vilam.web.model.ModelCard;

/**
 * The Open Inference Protocol, KServe v2 (kserve.github.io, REST): health, metadata and inference. A model has two inputs of one
 * text each, {@code image} in base 64 and {@code instruction}, and one output, {@code result}, our result as JSON.
 */
final class KServe {
    private final Pictures pictures;
    private final Answering answering;
    private final ActiveModel model;
    private final String version;

    KServe(Pictures pictures, Answering answering, ActiveModel model, String version) {
        this.pictures = pictures;
        this.answering = answering;
        this.model = model;
        this.version = version;
    }

    void install(RoutesConfig routes) {
        routes.get("/v2", Dropins.shaped(this::server, Dropins::plainError));
        routes.get("/v2/health/live", ctx -> ctx.json(Json.object().put("live", true)));
        routes.get("/v2/health/ready", this::ready);
        routes.get("/v2/models/{id}", Dropins.shaped(this::metadata, Dropins::plainError));
        routes.get("/v2/models/{id}/ready", Dropins.shaped(this::modelReady, Dropins::plainError));
        routes.post("/v2/models/{id}/infer", Dropins.shaped(this::infer, Dropins::plainError));
    }

    private void server(Context ctx) {
        ObjectNode json = Json.object().put("name", "vilam").put("version", version);
        json.putArray("extensions");
        ctx.json(json);
    }

    private void ready(Context ctx) {
        boolean ready = model.state() == ActiveModel.State.READY;
        ctx.status(ready ? 200 : 503);
        ctx.json(Json.object().put("ready", ready));
    }

    private void modelReady(Context ctx) {
        boolean ready = isActive(card(ctx));
        ctx.status(ready ? 200 : 503);
        ctx.json(Json.object().put("name", ctx.pathParam("id")).put("ready", ready));
    }

    private void metadata(Context ctx) {
        ModelCard card = card(ctx);
        ObjectNode json = Json.object().put("name", card.id());
        json.putArray("versions").add(card.sha256());
        json.put("platform", "djl_pytorch");
        ArrayNode inputs = json.putArray("inputs");
        tensor(inputs.addObject(), "image");
        tensor(inputs.addObject(), "instruction");
        tensor(json.putArray("outputs").addObject(), "result");
        ctx.json(json);
    }

    private static ObjectNode tensor(ObjectNode json, String name) {
        json.put("name", name).put("datatype", "BYTES").putArray("shape").add(1);
        return json;
    }

    private void infer(Context ctx) {
        ModelCard card = card(ctx);
        if (!isActive(card)) {
            throw new VilamException(
                    ErrorCode.CONFLICT,
                    "model " + card.id() + " is not active",
                    "POST /v1/models/{id}/activate makes it active.");
        }
        ObjectNode body = Bodies.object(ctx);
        String image = input(body, "image");
        String instruction = input(body, "instruction");
        GroundingResult result = answering.ask(
                pictures.add(DataUrl.base64(image, "inputs.image")),
                Dialogue.EMPTY,
                new Request(instruction),
                Answering.Listener.NONE);
        ObjectNode json = Json.object().put("model_name", card.id()).put("model_version", card.sha256());
        if (body.path("id").isTextual()) {
            json.put("id", body.get("id").textValue());
        }
        tensor(json.putArray("outputs").addObject(), "result").putArray("data").add(Json.write(result));
        ctx.json(json);
    }

    private static String input(ObjectNode body, String name) {
        for (JsonNode input : body.path("inputs")) {
            JsonNode data = input.path("data");
            if (input.path("name").asText().equals(name)
                    && data.size() == 1
                    && data.get(0).isTextual()) {
                return data.get(0).textValue();
            }
        }
        throw new VilamException(
                ErrorCode.INVALID_ARGUMENT,
                "inputs: there is no input " + name + " of one text",
                "Send {\"name\": \"" + name + "\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [\"...\"]}.");
    }

    private ModelCard card(Context ctx) {
        return model.list().stream()
                .filter(card -> card.id().equals(ctx.pathParam("id")))
                .findFirst()
                .orElseThrow(ActiveModel::unknown);
    }

    private boolean isActive(ModelCard card) {
        return model.assistant().map(a -> a.info().id().equals(card.id())).orElse(false);
    }
}
