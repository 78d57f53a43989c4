package org.vilam.assistant;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vilam.prompts.Task;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * What somebody wants to know about a picture. As JSON {@code {"instruction": "describe #1", "task": "describe", "regions":
 * [{"box": [10, 20, 200, 180]}], "options": {}}}; all but the instruction may be left out, and the instruction too where a task and
 * a region say enough.
 *
 * @param instruction in plain words; {@code #1} stands for the first region
 * @param task what to do whatever the words say, or null: it is read from the words
 * @param regions what is pointed at
 * @param options how the answer is wanted
 */
public record Request(String instruction, @Nullable Task task, List<Region> regions, Options options) {
    /** No instruction may be longer, in UTF-16 units. */
    public static final int LONGEST = 2000;
    /** No request may have more regions. */
    public static final int MOST_REGIONS = 64;

    /**
     * Copies and checks.
     *
     * @throws VilamException INVALID_ARGUMENT naming the field
     */
    public Request {
        regions = List.copyOf(regions);
        if (instruction.length() > LONGEST) {
            throw invalid("instruction: " + instruction.length() + " characters", "Use at most " + LONGEST + ".");
        }
        if (regions.size() > MOST_REGIONS) {
            throw invalid("regions: there are " + regions.size(), "Use at most " + MOST_REGIONS + ".");
        }
        if (instruction.isBlank() && (task == null || (task != Task.CAPTION && regions.isEmpty()))) {
            throw invalid("instruction: it is empty", "Say what to look for, such as \"find the dog\".");
        }
    }

    /** Words alone. */
    public Request(String instruction) {
        this(instruction, null, List.of(), Options.DEFAULT);
    }

    @JsonCreator
    static Request of(
            @JsonProperty("instruction") @Nullable String instruction,
            @JsonProperty("task") @Nullable Task task,
            @JsonProperty("regions") @Nullable List<Region> regions,
            @JsonProperty("options") @Nullable Options options) {
        return new Request(
                instruction == null ? "" : instruction,
                task,
                regions == null ? List.of() : regions,
                options == null ? Options.DEFAULT : options);
    }

    private static VilamException invalid(String message, String hint) {
        return new VilamException(ErrorCode.INVALID_ARGUMENT, message, hint);
    }
}
