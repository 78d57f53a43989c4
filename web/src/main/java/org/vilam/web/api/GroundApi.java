package org.vilam.web.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Set;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.Picture;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.http.Bodies;
import org.vilam.web.http.Form;
import org.vilam.web.json.Json;
import org.vilam.web.model.Answering;

/** One question about one picture, without a conversation around it. */
final class GroundApi {
    private final ImageInput images;
    private final Answering answering;
    private final Exports exports;

    GroundApi(ImageInput images, Answering answering, Exports exports) {
        this.images = images;
        this.answering = answering;
        this.exports = exports;
    }

    void install(RoutesConfig routes) {
        routes.post("/v1/ground", this::ground);
    }

    private void ground(Context ctx) {
        Picture picture;
        Question question;
        if (Form.isSent(ctx)) {
            Set<String> fields = Question.fields();
            fields.add("image_id");
            Form form = Form.read(ctx, fields, Set.of("image"));
            question = Question.of(form);
            if (form.text("image_id").isPresent()) {
                if (!form.files("image").isEmpty()) {
                    throw new VilamException(
                            ErrorCode.INVALID_ARGUMENT, "image_id: a file image is sent too", "Send one of them.");
                }
                JsonNode reference =
                        Json.object().put("id", form.text("image_id").get());
                picture = images.picture(reference);
            } else {
                picture = images.picture(form.file("image"));
            }
        } else {
            ObjectNode body = Bodies.object(ctx);
            JsonNode image = body.remove("image");
            question = Question.of(body);
            picture = images.picture(image);
        }
        exports.check(question.format());
        Answers.send(
                ctx,
                listener -> answering.ask(picture, Dialogue.EMPTY, question.request(), listener),
                result -> {
                    if (question.format().equals(Question.NATIVE)) {
                        ctx.json(question.view().show(result));
                    } else {
                        exports.send(ctx, List.of(result), question.format());
                    }
                },
                question.view()::show);
    }
}
