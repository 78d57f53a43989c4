package org.vilam.web.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.Request;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.http.Form;
import org.vilam.web.json.Json;

/**
 * What is asked and how the answer is to look: {@code instruction}, {@code task}, {@code regions} and {@code options} of a body,
 * where the options are those of the assistant and of the {@link View}.
 *
 * @param format {@code native}, or the file format that the answer is wanted in
 */
record Question(Request request, View view, String format) {
    /** The assistant's fields, which a form has as one field each. */
    private static final List<String> TEXTS = List.of("instruction", "task");

    private static final List<String> TREES = List.of("regions", "options");

    static final String NATIVE = "native";

    /**
     * From a JSON body that has nothing else left in it.
     *
     * @throws VilamException INVALID_ARGUMENT naming the field
     */
    static Question of(ObjectNode body) {
        JsonNode options = body.get("options");
        if (options != null && !options.isObject()) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT, "options: this is not a JSON object", "Send a JSON object.");
        }
        ObjectNode chosen = (ObjectNode) options;
        View view = View.takenFrom(chosen);
        JsonNode format = chosen == null ? null : chosen.remove("format");
        if (format != null && !format.isTextual()) {
            throw new VilamException(ErrorCode.INVALID_ARGUMENT, "options.format: this is not a text", "Send a text.");
        }
        return new Question(
                Json.read(body, Request.class, "the body"), view, format == null ? NATIVE : format.textValue());
    }

    /** Names of the text fields that {@link #of(Form)} reads. */
    static Set<String> fields() {
        Set<String> fields = new HashSet<>(TEXTS);
        fields.addAll(TREES);
        fields.add("request");
        return fields;
    }

    /**
     * From a form: either one field {@code request} of JSON, or a field for each part, of which {@code regions} and {@code
     * options} are JSON.
     */
    static Question of(Form form) {
        if (form.text("request").isPresent()) {
            for (String field : fields()) {
                if (!field.equals("request") && form.text(field).isPresent()) {
                    throw new VilamException(
                            ErrorCode.INVALID_ARGUMENT,
                            field + ": there is a field request too",
                            "Put everything into request, or nothing.");
                }
            }
            return of(object(form.text("request").get(), "request"));
        }
        ObjectNode body = Json.object();
        for (String field : TEXTS) {
            form.text(field).ifPresent(text -> body.put(field, text));
        }
        for (String field : TREES) {
            form.text(field).ifPresent(text -> body.set(field, Json.tree(bytes(text), field)));
        }
        return of(body);
    }

    private static ObjectNode object(String text, String field) {
        if (Json.tree(bytes(text), field) instanceof ObjectNode object) {
            return object;
        }
        throw new VilamException(
                ErrorCode.INVALID_ARGUMENT, field + ": this is not a JSON object", "Send a JSON object.");
    }

    private static byte[] bytes(@Nullable String text) {
        return String.valueOf(text).getBytes(StandardCharsets.UTF_8);
    }
}
