package org.vilam.assistant.chat.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Calls of {@link GroundingTools} as language models write them: whatever is wrong with one is answered, not thrown. */
final class ToolCalls {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final GroundingTools tools;

    ToolCalls(GroundingTools tools) {
        this.tools = tools;
    }

    /**
     * The answer to a call.
     *
     * @param arguments a JSON object; nothing stands for an empty one
     */
    String answer(@Nullable String name, @Nullable String arguments) {
        JsonNode given;
        try {
            given = JSON.readTree(arguments == null || arguments.isBlank() ? "{}" : arguments);
        } catch (JsonProcessingException e) {
            return ToolJson.error(
                    "the arguments are no JSON: " + ToolJson.brief(e.getOriginalMessage()),
                    "Send them as one JSON object.");
        }
        if (!given.isObject()) {
            return ToolJson.error("the arguments are no JSON object", "Send them as one JSON object.");
        }
        return answer(name == null ? "" : name, given);
    }

    String answer(String name, JsonNode given) {
        ToolSpecification tool = tools.specifications().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElse(null);
        if (tool == null) {
            return ToolJson.error(
                    "there is no tool \"" + ToolJson.brief(name) + "\"",
                    "Use one of: " + String.join(", ", names()) + ".");
        }
        Set<String> known = tool.parameters() == null
                ? Set.of()
                : new TreeSet<>(tool.parameters().properties().keySet());
        for (Iterator<String> fields = given.fieldNames(); fields.hasNext(); ) {
            String field = fields.next();
            if (!known.contains(field)) {
                return ToolJson.error(
                        ToolJson.brief(field) + ": " + name + " has no such argument",
                        known.isEmpty()
                                ? "Send an empty object."
                                : "Its arguments are: " + String.join(", ", known) + ".");
            }
        }
        return call(name, given);
    }

    private String call(String name, JsonNode given) {
        return switch (name) {
            case "find_object" -> tools.findObject(text(given.get("expression")));
            case "find_all_objects" -> tools.findAllObjects(text(given.get("expression")));
            case "find_keypoints" -> tools.findKeypoints(text(given.get("expression")), texts(given.get("points")));
            case "segment_object" -> tools.segmentObject(text(given.get("expression")));
            case "describe_region" -> tools.describeRegion(numbers(given.get("box")));
            case "classify_region" -> tools.classifyRegion(numbers(given.get("box")));
            case "describe_image" -> tools.describeImage();
            default -> throw new IllegalStateException("a tool without a call: " + name);
        };
    }

    List<String> names() {
        return tools.specifications().stream().map(ToolSpecification::name).toList();
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return node == null || !node.isValueNode() || node.isNull() ? null : node.asText();
    }

    private static @Nullable List<String> texts(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return null;
        }
        List<String> out = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(item -> out.add(item.asText()));
        } else {
            out.add(node.asText());
        }
        return out;
    }

    /** Numbers, also where they are written as text or the array as a whole is. */
    private static @Nullable List<Double> numbers(@Nullable JsonNode node) {
        JsonNode list = node;
        if (node != null && node.isTextual()) {
            try {
                list = JSON.readTree(node.asText());
            } catch (JsonProcessingException e) {
                return null;
            }
        }
        if (list == null || !list.isArray()) {
            return null;
        }
        List<Double> out = new ArrayList<>();
        list.forEach(item -> out.add(item.asDouble(Double.NaN)));
        return out;
    }
}
