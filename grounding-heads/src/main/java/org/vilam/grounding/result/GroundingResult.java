package org.vilam.grounding.result;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.VilamException;

/**
 * The answer to an instruction about a picture.
 *
 * <p>Places are pixels of the upright full-resolution picture, as {@link Coordinates} says. Lists are always there and may be
 * empty; a single value that was not computed is null, and left out of the JSON.
 *
 * @param id equal for equal questions to equal models after equal turns
 * @param task what was done, of several steps the last: a task of the prompts module in lower case
 * @param taskSource whether the task was read from the words or asked for
 * @param instruction the words as they came
 * @param status what came of it
 * @param presence probability 0..1 that anything in the picture is meant; null where nothing was looked for
 * @param image the picture
 * @param coordinates how to read places
 * @param answer the answer in sentences
 * @param phrases the parts of the answer that stand for objects, in order, not overlapping
 * @param objects what was found, best first
 * @param alternatives what else could be meant: when ambiguous the candidates, numbered by rank
 * @param warnings what a person should know about this answer
 * @param model what answered
 * @param timingMs milliseconds by stage, {@code total} among them
 */
public record GroundingResult(
        String id,
        String task,
        TaskSource taskSource,
        String instruction,
        Status status,
        @Nullable Double presence,
        Image image,
        Coordinates coordinates,
        String answer,
        List<Phrase> phrases,
        List<FoundObject> objects,
        List<FoundObject> alternatives,
        List<Warning> warnings,
        Model model,
        Map<String, Long> timingMs) {
    /** What came of an instruction. */
    public enum Status {
        /** It was answered. */
        OK,
        /** What was looked for is not in the picture; there are no objects. */
        NO_TARGET,
        /** Several things could be meant: at least two alternatives, and the answer asks; objects are what other steps found. */
        AMBIGUOUS,
        /** The model that is open cannot do this; the answer says what it can do. */
        UNSUPPORTED_TASK
    }

    /** Where the task comes from. */
    public enum TaskSource {
        /** Read from the instruction. */
        INFERRED,
        /** Given with the request. */
        REQUESTED
    }

    /**
     * Rounds and checks that the parts fit together.
     *
     * @throws VilamException INVALID_ARGUMENT naming the field
     */
    public GroundingResult {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(taskSource, "taskSource");
        Objects.requireNonNull(instruction, "instruction");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(coordinates, "coordinates");
        Objects.requireNonNull(model, "model");
        phrases = List.copyOf(phrases);
        objects = List.copyOf(objects);
        alternatives = List.copyOf(alternatives);
        warnings = List.copyOf(warnings);
        timingMs = Collections.unmodifiableMap(new LinkedHashMap<>(timingMs));
        if (!task.matches("[a-z_]+")) {
            throw FoundObject.invalid("task: there is no task \"" + task + "\"");
        }
        if (presence != null) {
            if (!(presence >= 0 && presence <= 1)) {
                throw FoundObject.invalid("presence: " + presence + " is not within 0..1");
            }
            presence = Rounding.parts(presence);
        }
        if ((status == Status.NO_TARGET || status == Status.UNSUPPORTED_TASK) && !objects.isEmpty()) {
            throw FoundObject.invalid("objects: there are none where the status is " + status);
        }
        if (status == Status.AMBIGUOUS && alternatives.size() < 2) {
            throw FoundObject.invalid("alternatives: " + alternatives.size() + " to choose from");
        }
        checkIds(objects, alternatives);
        checkPhrases(answer, phrases, ids(objects, alternatives));
    }

    /**
     * The picture.
     *
     * @param id what it is called, its sha256
     * @param width pixels across, upright
     * @param height pixels down, upright
     * @param sha256 of its file
     * @param mediaType of its file, such as {@code image/png}
     * @param exifOrientation 1..8 as found in the file; it has been applied
     */
    public record Image(String id, int width, int height, String sha256, String mediaType, int exifOrientation) {
        /** Checks the sides. */
        public Image {
            if (width < 1 || height < 1) {
                throw FoundObject.invalid("width: a picture of " + width + " x " + height);
            }
            if (exifOrientation < 1 || exifOrientation > 8) {
                throw FoundObject.invalid("exif_orientation: " + exifOrientation + " is not within 1..8");
            }
        }
    }

    /**
     * How places are written; there is one way, {@link #PIXELS}.
     *
     * @param unit pixels
     * @param origin the corner where both axes begin
     * @param box the four numbers of a box, half-open
     * @param frame the upright picture in its full resolution
     */
    public record Coordinates(String unit, String origin, String box, String frame) {
        /** The one way. */
        public static final Coordinates PIXELS = new Coordinates("pixel", "top-left", "xyxy", "oriented-original");

        /** Refuses other ways, which are only known at the program's edges. */
        public Coordinates {
            require("unit", "pixel", unit);
            require("origin", "top-left", origin);
            require("box", "xyxy", box);
            require("frame", "oriented-original", frame);
        }

        private static void require(String field, String known, String given) {
            if (!known.equals(given)) {
                throw FoundObject.invalid(field + ": \"" + given + "\" is not \"" + known + "\"");
            }
        }
    }

    /**
     * A part of the answer that stands for objects.
     *
     * @param text the part
     * @param start where it begins in the answer, in UTF-16 units as Java and JavaScript count
     * @param end where it ends, exclusive
     * @param objects ids of objects or alternatives
     */
    public record Phrase(String text, int start, int end, List<String> objects) {
        /** Copies the list. */
        public Phrase {
            Objects.requireNonNull(text, "text");
            objects = List.copyOf(objects);
        }
    }

    /**
     * Something a person should know.
     *
     * @param code stable snake_case code
     * @param message one sentence
     */
    public record Warning(String code, String message) {}

    /**
     * What answered.
     *
     * @param id the model folder's name
     * @param version of the model; empty where it has none
     * @param sha256 of the model
     * @param device such as {@code cpu}
     * @param seed what randomness began with
     */
    public record Model(String id, String version, String sha256, String device, long seed) {}

    /** From JSON; see {@link GroundingJson#read}. */
    public static GroundingResult fromJson(String json) {
        return GroundingJson.read(json, GroundingResult.class);
    }

    /** As JSON. */
    public String toJson() {
        return GroundingJson.write(this);
    }

    /** The object or alternative of this id. */
    public @Nullable FoundObject find(String object) {
        return Stream.concat(objects.stream(), alternatives.stream())
                .filter(o -> o.id().equals(object))
                .findFirst()
                .orElse(null);
    }

    /** The same answer with other objects, after a correction; phrases no longer stand for objects that are gone. */
    public GroundingResult withObjects(List<FoundObject> others) {
        Set<String> kept = ids(others, alternatives);
        List<Phrase> cut = phrases.stream()
                .map(p -> new Phrase(
                        p.text(),
                        p.start(),
                        p.end(),
                        p.objects().stream().filter(kept::contains).toList()))
                .toList();
        return new GroundingResult(
                id,
                task,
                taskSource,
                instruction,
                others.isEmpty() ? status : Status.OK,
                presence,
                image,
                coordinates,
                answer,
                cut,
                others,
                alternatives,
                warnings,
                model,
                timingMs);
    }

    private static Set<String> ids(List<FoundObject> objects, List<FoundObject> alternatives) {
        Set<String> ids = new HashSet<>();
        Stream.concat(objects.stream(), alternatives.stream()).forEach(o -> ids.add(o.id()));
        return ids;
    }

    private static void checkIds(List<FoundObject> objects, List<FoundObject> alternatives) {
        if (ids(objects, alternatives).size() < objects.size() + alternatives.size()) {
            throw FoundObject.invalid("objects: two have the same id");
        }
    }

    private static void checkPhrases(String answer, List<Phrase> phrases, Set<String> ids) {
        int from = 0;
        for (int i = 0; i < phrases.size(); i++) {
            Phrase phrase = phrases.get(i);
            String name = "phrases[" + i + "]";
            if (phrase.start() < from || phrase.end() <= phrase.start() || phrase.end() > answer.length()) {
                throw FoundObject.invalid(name + ": from " + phrase.start() + " to " + phrase.end()
                        + " is no part of the answer behind the phrase before it");
            }
            if (!answer.substring(phrase.start(), phrase.end()).equals(phrase.text())) {
                throw FoundObject.invalid(name + ".text: the answer says something else there");
            }
            if (!ids.containsAll(phrase.objects())) {
                throw FoundObject.invalid(name + ".objects: " + phrase.objects() + " are not all among the objects");
            }
            from = phrase.end();
        }
    }
}
