package org.vilam.web.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.Request;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.http.Bodies;
import org.vilam.web.image.Pictures;
import org.vilam.web.json.Json;
import org.vilam.web.session.Conversations;
import org.vilam.web.session.Correction;
import org.vilam.web.store.StoredSession;
import org.vilam.web.store.StoredTurn.StoredCorrection;

/** Conversations about a picture: turns that build on each other, and corrections by people. */
final class SessionsApi {
    private static final int LISTED = 100;

    private final Conversations conversations;
    private final ImageInput images;
    private final Pictures pictures;

    SessionsApi(Conversations conversations, ImageInput images, Pictures pictures) {
        this.conversations = conversations;
        this.images = images;
        this.pictures = pictures;
    }

    private record SessionJson(
            String id,
            ImageJson image,
            @Nullable String title,
            int turnCount,
            String created,
            String updated,
            @Nullable List<TurnJson> turns) {}

    /** {@code original} and {@code corrections} are there where people have corrected the result. */
    private record TurnJson(
            int turn,
            Request request,
            JsonNode result,
            @Nullable JsonNode original,
            @Nullable List<CorrectionJson> corrections,
            String created) {}

    private record CorrectionJson(String object, String created) {
        static CorrectionJson of(StoredCorrection correction) {
            return new CorrectionJson(correction.object(), correction.created().toString());
        }
    }

    void install(RoutesConfig routes) {
        routes.post("/v1/sessions", this::create);
        routes.get("/v1/sessions", this::list);
        routes.get("/v1/sessions/{id}", this::get);
        routes.delete("/v1/sessions/{id}", ctx -> {
            conversations.delete(ctx.pathParam("id"));
            ctx.status(204);
        });
        routes.post("/v1/sessions/{id}/turns", this::ask);
        routes.get("/v1/sessions/{id}/turns/{turn}", ctx -> ctx.json(json(turn(ctx), View.PLAIN)));
        routes.patch("/v1/sessions/{id}/turns/{turn}/objects/{object}", this::correct);
        routes.delete("/v1/sessions/{id}/turns/{turn}/corrections/last", this::undo);
    }

    private void create(Context ctx) {
        ObjectNode body = Bodies.object(ctx);
        JsonNode image = body.remove("image");
        if (!body.isEmpty()) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    Json.echo(body.fieldNames().next()) + ": there is no such field",
                    "Known fields here: image.");
        }
        StoredSession session = conversations.create(images.picture(image));
        ctx.status(201);
        ctx.header("Location", "/v1/sessions/" + session.id());
        ctx.json(json(session, List.of()));
    }

    private void list(Context ctx) {
        ctx.json(Map.of(
                "sessions",
                conversations.list(LISTED).stream().map(s -> json(s, null)).toList()));
    }

    private void get(Context ctx) {
        StoredSession session = conversations.get(ctx.pathParam("id"));
        ctx.json(json(
                session,
                conversations.turns(session.id()).stream()
                        .map(turn -> json(turn, View.PLAIN))
                        .toList()));
    }

    private void ask(Context ctx) {
        String session = conversations.get(ctx.pathParam("id")).id();
        Question question = Question.of(Bodies.object(ctx));
        if (!question.format().equals(Question.NATIVE)) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "options.format: a turn is answered in the native format",
                    "Leave it out, and GET /v1/export/{session}/{turn}?format=... afterwards.");
        }
        Answers.send(
                ctx,
                listener -> conversations.ask(session, question.request(), listener),
                turn -> ctx.json(json(turn, question.view())),
                turn -> json(turn, question.view()));
    }

    private void correct(Context ctx) {
        Conversations.Turn turn = turn(ctx);
        Correction correction = Bodies.json(ctx, Correction.class);
        ctx.json(json(
                conversations.correct(ctx.pathParam("id"), turn.number(), ctx.pathParam("object"), correction),
                View.PLAIN));
    }

    private void undo(Context ctx) {
        ctx.json(json(conversations.undo(ctx.pathParam("id"), turn(ctx).number()), View.PLAIN));
    }

    private Conversations.Turn turn(Context ctx) {
        return conversations.turn(ctx.pathParam("id"), turnNumber(ctx));
    }

    static int turnNumber(Context ctx) {
        String number = ctx.pathParam("turn");
        if (!number.matches("\\d{1,6}")) {
            throw new VilamException(
                    ErrorCode.NOT_FOUND, "there is no such turn", "Turns have numbers, the first is 1.");
        }
        return Integer.parseInt(number);
    }

    private SessionJson json(StoredSession session, @Nullable List<TurnJson> turns) {
        return new SessionJson(
                session.id(),
                ImageJson.of(pictures.facts(session.image())),
                session.title(),
                session.turns(),
                session.created().toString(),
                session.updated().toString(),
                turns);
    }

    private static TurnJson json(Conversations.Turn turn, View view) {
        boolean corrected = !turn.corrections().isEmpty();
        return new TurnJson(
                turn.number(),
                turn.request(),
                view.show(turn.result()),
                corrected ? view.show(turn.original()) : null,
                corrected ? turn.corrections().stream().map(CorrectionJson::of).toList() : null,
                turn.created().toString());
    }
}
