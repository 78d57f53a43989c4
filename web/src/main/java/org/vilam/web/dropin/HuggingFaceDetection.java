package org.vilam.web.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.Options;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Request;
import org.vilam.grounding.result.FoundObject;
import org.vilam.prompts.Task;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.http.Bodies;
import org.vilam.web.image.DataUrl;
import org.vilam.web.image.Pictures;
import org.vilam.web.json.Json;
import org.vilam.web.model.Answering;

/**
 * Hugging Face's zero-shot object detection (huggingface.js, {@code tasks/zero-shot-object-detection/spec}), at {@code POST
 * /hf/zero-shot-object-detection}: {@code InferenceClient(model=".../hf/zero-shot-object-detection")} works.
 *
 * <p>Reads both forms that clients send: {@code {"inputs": "<base 64>", "parameters": {"candidate_labels": [...]}}} and the older
 * {@code {"inputs": {"image": "<base 64>", "candidateLabels": [...]}}}. {@code parameters.threshold} is the least score, 0.5
 * without it. Answers with integer pixels, the best first.
 */
final class HuggingFaceDetection {
    private static final int MOST_LABELS = 100;

    private final Pictures pictures;
    private final Answering answering;

    HuggingFaceDetection(Pictures pictures, Answering answering) {
        this.pictures = pictures;
        this.answering = answering;
    }

    private record Detection(String label, FoundObject object) {
        double score() {
            return object.score() == null ? 0 : object.score();
        }
    }

    void install(RoutesConfig routes) {
        routes.post("/hf/zero-shot-object-detection", Dropins.shaped(this::detect, Dropins::plainError));
    }

    private void detect(Context ctx) {
        ObjectNode body = Bodies.object(ctx);
        JsonNode inputs = body.path("inputs");
        JsonNode image = inputs.isObject() ? inputs.path("image") : inputs;
        List<String> labels = labels(inputs.isObject() ? inputs : body.path("parameters"));
        if (!image.isTextual()) {
            throw invalid("inputs: this is no picture in base 64", "Send the bytes of the picture's file in base 64.");
        }
        JsonNode threshold = body.path("parameters").path("threshold");
        double least = threshold.isMissingNode() ? Options.DEFAULT.minScore() : threshold.asDouble(Double.NaN);
        Options options = new Options(1000, least, false, 1, null, 0);
        String text = image.textValue();
        Picture picture =
                text.startsWith("data:") ? pictures.at(text, "inputs") : pictures.add(DataUrl.base64(text, "inputs"));
        List<Detection> found = new ArrayList<>();
        for (String label : labels) {
            Request request = new Request(label, Task.ALL, List.of(), options);
            answering
                    .ask(picture, Dialogue.EMPTY, request, Answering.Listener.NONE)
                    .objects()
                    .forEach(object -> found.add(new Detection(label, object)));
        }
        found.sort(Comparator.comparing(Detection::score).reversed());
        ArrayNode json = Json.MAPPER.createArrayNode();
        for (Detection detection : found) {
            ObjectNode item = json.addObject().put("label", detection.label()).put("score", detection.score());
            item.putObject("box")
                    .put("xmin", Math.round(detection.object().box().x1()))
                    .put("ymin", Math.round(detection.object().box().y1()))
                    .put("xmax", Math.round(detection.object().box().x2()))
                    .put("ymax", Math.round(detection.object().box().y2()));
        }
        ctx.json(json);
    }

    private static List<String> labels(JsonNode parent) {
        JsonNode list =
                parent.has("candidate_labels") ? parent.get("candidate_labels") : parent.path("candidateLabels");
        List<String> labels = new ArrayList<>();
        list.forEach(label -> labels.add(label.asText().strip()));
        if (!list.isArray() || labels.isEmpty() || labels.size() > MOST_LABELS || labels.contains("")) {
            throw invalid(
                    "parameters.candidate_labels: this is not a list of 1 to " + MOST_LABELS + " labels",
                    "Send a list of texts.");
        }
        return labels;
    }

    private static VilamException invalid(String message, String hint) {
        return new VilamException(ErrorCode.INVALID_ARGUMENT, message, hint);
    }
}
