package org.vilam.assistant.chat.tool;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/**
 * What a model that knows no tools means by an answer: a tool to call, the answer itself, or JSON that is none.
 */
sealed interface Action {
    /** A tool call. */
    record Call(String tool, JsonNode arguments) implements Action {}

    /** The answer. */
    record Say(String text) implements Action {}

    /** It meant to call something. */
    record Malformed() implements Action {}

    /** Reads the first JSON object with an action in a text, whatever stands around it; a text without one is an answer. */
    static Action of(String text) {
        ObjectMapper json = new ObjectMapper();
        int tried = 0;
        for (int at = text.indexOf('{'); at >= 0 && tried < 20; at = text.indexOf('{', at + 1), tried++) {
            try (JsonParser parser = new JsonFactory(json).createParser(text.substring(at))) {
                JsonNode node = json.readTree(parser);
                if (node != null && node.path("action").isTextual()) {
                    JsonNode arguments = node.path("arguments");
                    String name = node.get("action").asText();
                    if (!name.equals("answer")) {
                        return new Call(name, arguments.isMissingNode() ? json.createObjectNode() : arguments);
                    }
                    JsonNode said = arguments.isTextual() ? arguments : arguments.path("text");
                    return said.isTextual() ? new Say(said.asText()) : new Malformed();
                }
            } catch (IOException e) {
                // No JSON from here; perhaps from the next brace.
            }
        }
        return text.contains("\"action\"") ? new Malformed() : new Say(text);
    }
}
