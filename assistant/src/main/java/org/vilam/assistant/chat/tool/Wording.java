package org.vilam.assistant.chat.tool;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Region;
import org.vilam.assistant.Request;
import org.vilam.grounding.result.FoundObject;
import org.vilam.prompts.Template;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Point;

/** What a language model is told before and with a question; the text lies in system.txt and actions.txt. */
final class Wording {
    private static final int MOST_KNOWN = 50;
    private static final Template SYSTEM = Template.parse(read("system.txt"));
    private static final Template ACTIONS = Template.parse(read("actions.txt"));

    private Wording() {}

    /** What its task is, and what is known of the picture. */
    static String system(Picture picture, Dialogue dialogue) {
        Map<String, FoundObject> known = known(dialogue);
        List<String> lines = new ArrayList<>();
        known.values().stream()
                .limit(MOST_KNOWN)
                .forEach(o -> lines.add(
                        o.id() + ": " + (o.phrase().isEmpty() ? o.label() : o.phrase()) + ", box " + text(o.box())));
        return SYSTEM.fill(Map.of(
                        "width", Integer.toString(picture.pixels().width()),
                        "height", Integer.toString(picture.pixels().height()),
                        "known", lines.isEmpty() ? "none" : String.join("\n", lines)))
                .strip();
    }

    /** How tools are called by a model that knows no tools. */
    static String actions(List<ToolSpecification> tools) {
        StringBuilder list = new StringBuilder();
        for (ToolSpecification tool : tools) {
            list.append("- ")
                    .append(tool.name())
                    .append(": ")
                    .append(tool.description())
                    .append('\n');
            if (tool.parameters() != null) {
                for (Map.Entry<String, JsonSchemaElement> argument :
                        tool.parameters().properties().entrySet()) {
                    boolean required = tool.parameters().required().contains(argument.getKey());
                    list.append("  ")
                            .append(argument.getKey())
                            .append(required ? ": " : " (may be left out): ")
                            .append(argument.getValue().description())
                            .append('\n');
                }
            }
        }
        return ACTIONS.fill(Map.of("tools", list.toString().strip())).strip();
    }

    /** A question with the places that it points at. */
    static String question(Request request) {
        StringBuilder text = new StringBuilder(request.instruction());
        for (int i = 0; i < request.regions().size(); i++) {
            text.append("\n#")
                    .append(i + 1)
                    .append(" is ")
                    .append(text(request.regions().get(i)));
        }
        return text.toString();
    }

    /** Every object of a dialogue as it is now, by id. */
    static Map<String, FoundObject> known(Dialogue dialogue) {
        Map<String, FoundObject> known = new LinkedHashMap<>();
        for (Dialogue.Turn turn : dialogue.turns()) {
            turn.result().alternatives().forEach(o -> known.putIfAbsent(o.id(), o));
            turn.result().objects().forEach(o -> known.put(o.id(), o));
        }
        return known;
    }

    private static String text(Region region) {
        if (region instanceof Region.Box box) {
            return "the box " + text(box.box());
        } else if (region instanceof Region.Spot spot) {
            return "the point [" + Math.round(spot.point().x()) + ", "
                    + Math.round(spot.point().y()) + "]";
        } else if (region instanceof Region.Outline outline) {
            return "the box " + text(around(outline.polygon())) + ", in which an outline is drawn";
        }
        return "the object " + ((Region.Known) region).object();
    }

    private static Box around(List<Point> corners) {
        return new Box(
                corners.stream().mapToDouble(Point::x).min().orElse(0),
                corners.stream().mapToDouble(Point::y).min().orElse(0),
                corners.stream().mapToDouble(Point::x).max().orElse(0),
                corners.stream().mapToDouble(Point::y).max().orElse(0));
    }

    private static String text(Box box) {
        return "[" + Math.round(box.x1()) + ", " + Math.round(box.y1()) + ", " + Math.round(box.x2()) + ", "
                + Math.round(box.y2()) + "]";
    }

    private static String read(String file) {
        try (InputStream in = Objects.requireNonNull(Wording.class.getResourceAsStream(file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
