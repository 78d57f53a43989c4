package org.vilam.assistant.chat.tool;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.agent.tool.ToolSpecifications;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.Assistant;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.Options;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Progress;
import org.vilam.assistant.Region;
import org.vilam.assistant.Request;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.prompts.Task;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Skeleton;

/**
 * What the heads can do with one picture, as tools for a language model. Every tool answers in JSON: what was found, with ids that
 * last, or {@code {"error", "hint"}} that a model can act on. Places are pixels. What the tools found is also kept here, whole, for
 * whoever gives them to a model.
 *
 * <p>For one conversation on one thread.
 */
public final class GroundingTools {
    /** The tools by the task that each is for. */
    static final Map<String, Task> TASKS = Map.of(
            "find_object", Task.BOX,
            "find_all_objects", Task.ALL,
            "find_keypoints", Task.KEYPOINTS,
            "segment_object", Task.POLYGON,
            "describe_region", Task.DESCRIBE,
            "classify_region", Task.CLASSIFY,
            "describe_image", Task.CAPTION);

    private static final String EXPRESSION =
            "a noun phrase that tells the object from all others, such as \"the red car left of the tree\"";
    private static final String BOX = "[x1, y1, x2, y2] in pixels from the upper left corner, x1 < x2 and y1 < y2";

    private final Assistant assistant;
    private final Picture picture;
    private final Options options;
    private final Progress progress;
    private final List<GroundingResult> results = new ArrayList<>();
    private Dialogue dialogue;

    /** Tools for a picture that nothing has been said about. */
    public GroundingTools(Assistant assistant, Picture picture) {
        this(assistant, picture, Dialogue.EMPTY, Options.DEFAULT, Progress.NONE);
    }

    /**
     * Tools within a dialogue.
     *
     * @param dialogue the turns before, whose objects keep their ids
     * @param progress told of every stage; what it throws comes out of the tool
     */
    public GroundingTools(Assistant assistant, Picture picture, Dialogue dialogue, Options options, Progress progress) {
        this.assistant = assistant;
        this.picture = picture;
        this.dialogue = dialogue;
        this.options = options;
        this.progress = new Stages(progress);
    }

    /** Progress without the sentences: a tool's are for the model that called it. */
    private record Stages(Progress whole) implements Progress {
        @Override
        public void at(Stage stage, double fraction) {
            whole.at(stage, fraction);
        }
    }

    /** The one object meant. */
    @Tool(
            name = "find_object",
            value = "Finds the one object in the picture that an expression means and gives its box. "
                    + "Says so when there is none; gives numbered candidates when several could be meant.")
    public String findObject(@P(name = "expression", value = EXPRESSION) @Nullable String expression) {
        return about(Task.BOX, expression);
    }

    /** Every object that fits. */
    @Tool(
            name = "find_all_objects",
            value =
                    "Finds every object in the picture that an expression fits, for counting or listing; gives their boxes.")
    public String findAllObjects(
            @P(name = "expression", value = "a noun phrase in the plural, such as \"the red cars\"") @Nullable
                    String expression) {
        return about(Task.ALL, expression);
    }

    /** Named points of a person. */
    @Tool(
            name = "find_keypoints",
            value = "Finds named body points of a person in the picture, such as left_wrist or nose. "
                    + "Left and right are the person's own.")
    public String findKeypoints(
            @P(name = "expression", value = "which person, such as \"the man on the left\"") @Nullable
                    String expression,
            @P(name = "points", value = "names of the points as in COCO; leave out for all 17", required = false)
                    @Nullable
                    List<String> points) {
        if (expression == null || expression.isBlank()) {
            return about(Task.KEYPOINTS, expression);
        }
        List<String> wanted = points == null ? List.of() : points;
        for (String point : wanted) {
            if (!Skeleton.COCO_PERSON.names().contains(point)) {
                return ToolJson.error(
                        "points: there is no point \"" + ToolJson.brief(point) + "\"",
                        "Use names of: " + String.join(", ", Skeleton.COCO_PERSON.names()) + ".");
            }
        }
        List<String> spoken =
                wanted.stream().map(p -> "the " + p.replace('_', ' ')).toList();
        return about(
                Task.KEYPOINTS, wanted.isEmpty() ? expression : String.join(" and ", spoken) + " of " + expression);
    }

    /** The outline of the object meant. */
    @Tool(
            name = "segment_object",
            value =
                    "Outlines the object in the picture that an expression means; gives its area in square pixels and some "
                            + "points of its outline.")
    public String segmentObject(@P(name = "expression", value = EXPRESSION) @Nullable String expression) {
        return about(Task.POLYGON, expression);
    }

    /** A phrase for what is in a box. */
    @Tool(
            name = "describe_region",
            value = "Describes what is inside a box of the picture in a phrase that fits it and nothing else.")
    public String describeRegion(@P(name = "box", value = BOX) @Nullable List<Double> box) {
        return within(Task.DESCRIBE, box);
    }

    /** What kind of thing is in a box. */
    @Tool(name = "classify_region", value = "Names what kind of thing is inside a box of the picture.")
    public String classifyRegion(@P(name = "box", value = BOX) @Nullable List<Double> box) {
        return within(Task.CLASSIFY, box);
    }

    /** The whole picture in a sentence. */
    @Tool(name = "describe_image", value = "Describes the whole picture in a sentence.")
    public String describeImage() {
        return run(Task.CAPTION, "", List.of());
    }

    /** The tools that this assistant can answer. */
    public List<ToolSpecification> specifications() {
        return ToolSpecifications.toolSpecificationsFrom(GroundingTools.class).stream()
                .filter(s -> assistant.tasks().contains(TASKS.get(s.name())))
                .toList();
    }

    /** What the tools found, oldest first; calls that ended in an error are not among them. */
    public List<GroundingResult> results() {
        return List.copyOf(results);
    }

    private String about(Task task, @Nullable String expression) {
        if (expression == null || expression.isBlank()) {
            return ToolJson.error("expression: it is missing", "Give " + EXPRESSION + ".");
        }
        return run(task, expression, List.of());
    }

    private String within(Task task, @Nullable List<Double> box) {
        if (box == null || box.size() != 4 || box.stream().anyMatch(v -> v == null || !Double.isFinite(v))) {
            return ToolJson.error("box: it is not four numbers", "Give " + BOX + ".");
        }
        if (!(box.get(0) < box.get(2) && box.get(1) < box.get(3))) {
            return ToolJson.error("box: " + box + " has no area", "Give " + BOX + ".");
        }
        return run(task, "", List.of(new Region.Box(new Box(box.get(0), box.get(1), box.get(2), box.get(3)))));
    }

    private String run(Task task, String words, List<Region> regions) {
        try {
            if (!assistant.tasks().contains(task)) {
                throw new VilamException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the grounding model cannot do this",
                        "Use one of: "
                                + String.join(
                                        ", ",
                                        specifications().stream()
                                                .map(ToolSpecification::name)
                                                .toList())
                                + ".");
            }
            Request request = new Request(words, task, regions, options);
            GroundingResult result = assistant.ask(picture, dialogue, request, progress);
            dialogue = dialogue.plus(request, result);
            results.add(result);
            return ToolJson.of(result);
        } catch (VilamException e) {
            return ToolJson.error(String.valueOf(e.getMessage()), e.hint());
        }
    }
}
