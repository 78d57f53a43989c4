package org.vilam.web.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Request;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.http.Bodies;
import org.vilam.web.http.ErrorAnswers;
import org.vilam.web.http.EventStream;
import org.vilam.web.http.Problem;
import org.vilam.web.http.RequestIds;
import org.vilam.web.image.Pictures;
import org.vilam.web.json.Json;
import org.vilam.web.model.ActiveModel;
import org.vilam.web.model.Answering;

/**
 * OpenAI's {@code POST /v1/chat/completions} (platform.openai.com/docs/api-reference/chat).
 *
 * <p>The answer is the assistant's sentence. Asked for JSON in words, it is a fenced list of {@code {"bbox_2d": [x1, y1, x2, y2],
 * "label": ...}}, the form of the Qwen-VL family, in pixels of the picture as sent; with {@code response_format} {@code
 * json_object} it is an object with that list as {@code objects}. The whole result is beside it under {@code grounding}. Earlier
 * questions of the same conversation are answered again, or remembered, so that later ones can refer to them.
 */
final class OpenAiChat {
    private static final int REMEMBERED = 256;

    /** Between a word with the space after it and the next. */
    private static final Pattern WORDS = Pattern.compile("(?<=\\s)(?=\\S)");

    private final Pictures pictures;
    private final Answering answering;
    private final ActiveModel model;

    /** Dialogues by what was asked; the last used stay. */
    private final Map<List<String>, Dialogue> dialogues = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, Dialogue> eldest) {
            return size() > REMEMBERED;
        }
    };

    private enum Form {
        WORDS,
        FENCED_LIST,
        JSON_OBJECT
    }

    OpenAiChat(Pictures pictures, Answering answering, ActiveModel model) {
        this.pictures = pictures;
        this.answering = answering;
        this.model = model;
    }

    void install(RoutesConfig routes) {
        routes.post("/v1/chat/completions", Dropins.shaped(this::complete, OpenAiChat::error));
    }

    private void complete(Context ctx) {
        ObjectNode body = Bodies.object(ctx);
        checkSupported(body);
        ChatMessages messages = ChatMessages.of(body.path("messages"));
        Form form = form(body, messages);
        Picture picture = pictures.at(messages.image(), messages.imagePath());
        String id = "chatcmpl-" + RequestIds.id(ctx);
        if (body.path("stream").asBoolean()) {
            stream(ctx, id, picture, messages, form);
        } else {
            GroundingResult result = answer(picture, messages.instructions(), Answering.Listener.NONE);
            ObjectNode json = envelope(id, "chat.completion", result.model().id());
            ObjectNode choice = json.putArray("choices").addObject().put("index", 0);
            choice.putObject("message").put("role", "assistant").put("content", content(result, form));
            choice.put("finish_reason", "stop");
            json.set("grounding", Json.tree(result));
            ctx.json(json);
        }
    }

    /** What would change the answer and is not done here is refused; what would not is left alone. */
    private void checkSupported(ObjectNode body) {
        if (body.path("n").asInt(1) != 1) {
            throw unsupported("n: there is one answer to a question", "Send n = 1, or leave it out.");
        }
        if (!body.path("tools").isEmpty() || !body.path("functions").isEmpty()) {
            throw unsupported("tools: this model calls no tools", "Leave them out.");
        }
        String name = body.path("model").asText("vilam");
        String active = model.assistant().map(a -> a.info().id()).orElse(name);
        if (!name.equals("vilam") && !name.equals(active)) {
            throw new VilamException(
                    ErrorCode.NOT_FOUND,
                    "model: \"" + Json.echo(name) + "\" is not the active model, which is \"" + active + "\"",
                    "Use its name or \"vilam\"; POST /v1/models/{id}/activate makes another one active.");
        }
    }

    private static Form form(ObjectNode body, ChatMessages messages) {
        String format = body.path("response_format").path("type").asText("text");
        return switch (format) {
            case "text" -> messages.json() ? Form.FENCED_LIST : Form.WORDS;
            case "json_object" -> Form.JSON_OBJECT;
            default ->
                throw unsupported(
                        "response_format.type: \"" + Json.echo(format) + "\" is not done here",
                        "Use text or json_object.");
        };
    }

    private GroundingResult answer(Picture picture, List<String> instructions, Answering.Listener listener) {
        Dialogue dialogue = Dialogue.EMPTY;
        GroundingResult result = null;
        for (int i = 0; i < instructions.size(); i++) {
            Request request = new Request(instructions.get(i));
            List<String> key = key(picture, instructions.subList(0, i + 1));
            Dialogue known = remembered(key);
            if (known == null) {
                result = answering.ask(picture, dialogue, request, listener);
                known = dialogue.plus(request, result);
                remember(key, known);
            } else {
                result = known.turns().get(i).result();
            }
            dialogue = known;
        }
        return Objects.requireNonNull(result);
    }

    private List<String> key(Picture picture, List<String> instructions) {
        List<String> key = new ArrayList<>(instructions);
        key.add(picture.id());
        key.add(model.assistant().map(a -> a.info().sha256()).orElse(""));
        return key;
    }

    private @Nullable Dialogue remembered(List<String> key) {
        synchronized (dialogues) {
            return dialogues.get(key);
        }
    }

    private void remember(List<String> key, Dialogue dialogue) {
        synchronized (dialogues) {
            dialogues.put(key, dialogue);
        }
    }

    private void stream(Context ctx, String id, Picture picture, ChatMessages messages, Form form) {
        try (EventStream events = EventStream.open(ctx)) {
            try {
                GroundingResult result =
                        answer(picture, messages.instructions(), (stage, words, fraction) -> events.alive());
                String modelId = result.model().id();
                ObjectNode first = Json.object().put("role", "assistant").put("content", "");
                events.sendData(Json.write(chunk(id, modelId, first, null)));
                for (String piece : WORDS.splitAsStream(content(result, form)).toList()) {
                    events.sendData(Json.write(chunk(id, modelId, Json.object().put("content", piece), null)));
                }
                ObjectNode last = chunk(id, modelId, Json.object(), "stop");
                last.set("grounding", Json.tree(result));
                events.sendData(Json.write(last));
                events.sendData("[DONE]");
            } catch (CancellationException e) {
                throw e;
            } catch (RuntimeException e) {
                events.sendData(Json.write(error(ErrorAnswers.problem(ctx, e))));
            }
        } catch (CancellationException e) {
            ctx.status(499);
        }
    }

    private static ObjectNode chunk(String id, String model, ObjectNode delta, @Nullable String finish) {
        ObjectNode json = envelope(id, "chat.completion.chunk", model);
        ObjectNode choice = json.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.put("finish_reason", finish);
        return json;
    }

    private static ObjectNode envelope(String id, String object, String model) {
        return Json.object()
                .put("id", id)
                .put("object", object)
                .put("created", Instant.now().getEpochSecond())
                .put("model", model);
    }

    private static String content(GroundingResult result, Form form) {
        if (form == Form.WORDS) {
            return result.answer();
        }
        ArrayNode list = Json.MAPPER.createArrayNode();
        // Whoever reads JSON cannot be asked which one was meant: it gets the candidates.
        List<FoundObject> objects =
                result.status() == GroundingResult.Status.AMBIGUOUS ? result.alternatives() : result.objects();
        for (FoundObject object : objects) {
            ObjectNode item = list.addObject();
            item.putArray("bbox_2d")
                    .add(Math.round(object.box().x1()))
                    .add(Math.round(object.box().y1()))
                    .add(Math.round(object.box().x2()))
                    .add(Math.round(object.box().y2()));
            item.put("label", object.label());
        }
        if (form == Form.FENCED_LIST) {
            return "```json\n" + Json.write(list) + "\n```";
        }
        ObjectNode json = Json.object().put("answer", result.answer());
        json.set("objects", list);
        return Json.write(json);
    }

    private static JsonNode error(Problem problem) {
        ObjectNode root = Json.object();
        root.putObject("error")
                .put("message", problem.detail() + " " + problem.hint())
                .put("type", problem.status() >= 500 ? "server_error" : "invalid_request_error")
                .putNull("param")
                .put("code", problem.code());
        return root;
    }

    private static VilamException unsupported(String message, String hint) {
        return new VilamException(ErrorCode.INVALID_ARGUMENT, message, hint);
    }
}
