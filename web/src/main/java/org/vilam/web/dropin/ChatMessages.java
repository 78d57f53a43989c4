package org.vilam.web.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.json.Json;

/**
 * The messages of a chat request, read for what they mean here: one picture, the last that was shown, and what was asked since.
 *
 * @param image address of the picture
 * @param imagePath names it in messages
 * @param instructions what was asked about it, oldest first; the last is to be answered
 * @param json whether the last asks for JSON
 */
record ChatMessages(String image, String imagePath, List<String> instructions, boolean json) {
    private static final Pattern ASKS_FOR_JSON = Pattern.compile("(?i)\\bjson\\b");

    /** Clauses about the form of the answer, such as ", output the bbox coordinates in JSON format". */
    private static final Pattern FORM = Pattern.compile("(?i)[\\s,.;]*\\b(and\\s+|please\\s+)*"
            + "(output|return|report|respond|reply|answer|give|provide|format|use|write)\\b[^.;!?\\n]*\\bjson\\b[^.;!?\\n]*[.;!]?"
            + "|[\\s,]*\\b(in|as|using|with)\\s+(a\\s+|valid\\s+)*json\\b(\\s+(format|form|list|array|object))?");

    ChatMessages {
        instructions = List.copyOf(instructions);
    }

    /**
     * Reads {@code messages}.
     *
     * @throws VilamException INVALID_ARGUMENT naming the message
     */
    static ChatMessages of(JsonNode messages) {
        if (!messages.isArray() || messages.isEmpty()) {
            throw invalid("messages: this is not a list of messages");
        }
        String image = "";
        String imagePath = "";
        List<String> instructions = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            JsonNode message = messages.get(i);
            String path = "messages[" + i + "]";
            String role = message.path("role").asText();
            if (!role.matches("system|developer|user|assistant|tool|function")) {
                throw invalid(path + ".role: \"" + Json.echo(role) + "\" is no role");
            }
            if (!role.equals("user")) {
                continue; // what was answered follows from what was asked
            }
            StringBuilder text = new StringBuilder();
            JsonNode content = message.path("content");
            if (content.isTextual()) {
                text.append(content.textValue());
            } else if (content.isArray()) {
                for (int p = 0; p < content.size(); p++) {
                    JsonNode part = content.get(p);
                    String partPath = path + ".content[" + p + "]";
                    switch (part.path("type").asText()) {
                        case "text" ->
                            text.append(text.isEmpty() ? "" : " ")
                                    .append(part.path("text").asText());
                        case "image_url" -> {
                            image = part.path("image_url").isTextual()
                                    ? part.path("image_url").textValue()
                                    : part.path("image_url").path("url").asText();
                            imagePath = partPath + ".image_url.url";
                            instructions.clear();
                        }
                        default ->
                            throw invalid(partPath + ".type: \""
                                    + Json.echo(part.path("type").asText()) + "\" is not text or" + " image_url");
                    }
                }
            } else {
                throw invalid(path + ".content: this is not a text or a list of parts");
            }
            if (!text.toString().isBlank()) {
                instructions.add(text.toString().strip());
            }
        }
        if (image.isEmpty()) {
            throw invalid("messages: there is no image_url in them");
        }
        if (instructions.isEmpty()) {
            throw invalid("messages: nothing is asked about the picture");
        }
        String last = instructions.get(instructions.size() - 1);
        boolean json = ASKS_FOR_JSON.matcher(last).find();
        return new ChatMessages(
                image,
                imagePath,
                instructions.stream().map(ChatMessages::withoutForm).toList(),
                json);
    }

    /** The instruction without what it says about the form of the answer, unless that is all there is. */
    private static String withoutForm(String instruction) {
        String rest = FORM.matcher(instruction).replaceAll("").strip();
        return rest.isEmpty() ? instruction : rest;
    }

    private static VilamException invalid(String message) {
        return new VilamException(
                ErrorCode.INVALID_ARGUMENT,
                message,
                "Send a user message with a picture, {\"type\": \"image_url\", \"image_url\": {\"url\": \"data:...\"}}, and a"
                        + " text.");
    }
}
