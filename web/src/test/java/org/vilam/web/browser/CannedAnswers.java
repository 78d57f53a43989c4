package org.vilam.web.browser;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.grounding.result.GroundingResult.Phrase;
import org.vilam.grounding.result.GroundingResult.Status;
import org.vilam.grounding.result.GroundingResult.TaskSource;
import org.vilam.vision.geometry.Box;
import org.vilam.web.browser.CannedPicture.Thing;

/**
 * What the tests' server answers: things are meant whose label the question has. It looks things up in what was drawn and
 * understands only the questions of the tests; nothing outside of them uses it.
 */
final class CannedAnswers {
    private CannedAnswers() {}

    /** The answer to a request, after earlier answers on the same picture. */
    static GroundingResult to(CannedPicture picture, List<GroundingResult> earlier, JsonNode request) {
        String words = request.path("instruction").asText();
        String lower = words.toLowerCase(Locale.ROOT);
        String hint = request.path("task").asText();
        JsonNode region = request.path("regions").path(0);
        boolean outline = hint.equals("polygon") || lower.contains("segment") || lower.contains("outline");
        boolean points = hint.equals("keypoints") || lower.contains("pose") || lower.contains("wrist");
        String task = !hint.isEmpty() ? hint : outline ? "polygon" : points ? "keypoints" : "box";
        Answer answer = new Answer(picture, words, hint.isEmpty() ? TaskSource.INFERRED : TaskSource.REQUESTED);

        if (!region.isMissingNode()) {
            int index = thingAt(picture, region);
            if (index < 0) {
                return answer.of("describe", Status.OK, "There is nothing that I know in #1.", List.of(), List.of());
            }
            Thing thing = picture.things().get(index);
            FoundObject object = object(picture, index, 1, outline, false);
            if (outline) {
                return answer.of(
                        "polygon", Status.OK, "This is the outline of " + thing.phrase() + ".", thing.phrase(), object);
            }
            return answer.of("describe", Status.OK, "#1 is " + thing.phrase() + ".", thing.phrase(), object);
        }
        if (lower.contains("keypoints of a ghost")) {
            return answer.of(
                    task,
                    Status.UNSUPPORTED_TASK,
                    "This model cannot do that; it can find, outline and describe.",
                    List.of(),
                    List.of());
        }
        GroundingResult last = earlier.isEmpty() ? null : earlier.get(earlier.size() - 1);
        if (last != null && last.status() == Status.AMBIGUOUS && lower.matches("\\d")) {
            FoundObject chosen =
                    last.alternatives().get(Integer.parseInt(lower) - 1).withRank(1);
            return answer.of("box", Status.OK, "Then it is " + chosen.phrase() + ".", chosen.phrase(), chosen);
        }
        List<Integer> meant = meant(picture, lower);
        if (meant.isEmpty() && last != null && lower.matches(".*\\b(it|its|them)\\b.*")) {
            meant = last.objects().stream()
                    .map(o -> Integer.parseInt(o.id().substring(1)) - 1)
                    .toList();
        }
        if (meant.isEmpty()) {
            FoundObject near = object(picture, 0, 1, false, false);
            return answer.of(
                    task, Status.NO_TARGET, "I see nothing like that in this picture.", List.of(), List.of(near));
        }
        boolean all = hint.equals("all") || lower.contains("all ") || lower.endsWith("s");
        List<FoundObject> found = objects(picture, meant, outline, points);
        if (meant.size() > 1 && !all) {
            return answer.of(task, Status.AMBIGUOUS, "The left one or the right one?", List.of(), found);
        }
        String label = picture.things().get(meant.get(0)).label();
        if (meant.size() == 1) {
            return answer.of(task, Status.OK, "The " + label + " is here.", "The " + label, found.get(0));
        }
        String phrase = meant.size() + " " + label + "s";
        return answer.of(
                hint.isEmpty() ? "all" : task,
                Status.OK,
                "There are " + phrase + ".",
                List.of(new Phrase(
                        phrase,
                        10,
                        10 + phrase.length(),
                        found.stream().map(FoundObject::id).toList())),
                found,
                List.of());
    }

    /** The result with other objects and alternatives; with objects it is found. */
    static GroundingResult with(GroundingResult r, List<FoundObject> objects, List<FoundObject> alternatives) {
        List<String> ids = objects.stream().map(FoundObject::id).toList();
        List<Phrase> phrases = r.phrases().stream()
                .map(p -> new Phrase(
                        p.text(),
                        p.start(),
                        p.end(),
                        p.objects().stream().filter(ids::contains).toList()))
                .toList();
        return new GroundingResult(
                r.id(),
                r.task(),
                r.taskSource(),
                r.instruction(),
                objects.isEmpty() ? r.status() : Status.OK,
                r.presence(),
                r.image(),
                r.coordinates(),
                r.answer(),
                phrases,
                objects,
                alternatives,
                r.warnings(),
                r.model(),
                r.timingMs());
    }

    private record Answer(CannedPicture picture, String instruction, TaskSource source) {
        GroundingResult of(String task, Status status, String answer, String phrase, FoundObject object) {
            int start = answer.indexOf(phrase);
            Phrase linked = new Phrase(phrase, start, start + phrase.length(), List.of(object.id()));
            return of(task, status, answer, List.of(linked), List.of(object), List.of());
        }

        GroundingResult of(
                String task, Status status, String answer, List<FoundObject> objects, List<FoundObject> alternatives) {
            return of(task, status, answer, List.of(), objects, alternatives);
        }

        GroundingResult of(
                String task,
                Status status,
                String answer,
                List<Phrase> phrases,
                List<FoundObject> objects,
                List<FoundObject> alternatives) {
            return new GroundingResult(
                    "r-" + Integer.toHexString(instruction.hashCode()),
                    task,
                    source,
                    instruction,
                    status,
                    status == Status.NO_TARGET ? 0.04 : 0.97,
                    new GroundingResult.Image(
                            picture.id(), picture.width(), picture.height(), picture.id(), "image/png", 1),
                    GroundingResult.Coordinates.PIXELS,
                    answer,
                    phrases,
                    objects,
                    alternatives,
                    List.of(),
                    new GroundingResult.Model("canned", "1", "0", "cpu", 0),
                    Map.of("total", 42L));
        }
    }

    private static List<FoundObject> objects(
            CannedPicture picture, List<Integer> meant, boolean outline, boolean points) {
        return IntStream.range(0, meant.size())
                .mapToObj(i -> object(picture, meant.get(i), i + 1, outline, points))
                .toList();
    }

    private static FoundObject object(CannedPicture picture, int index, int rank, boolean outline, boolean points) {
        Thing thing = picture.things().get(index);
        return new FoundObject(
                "o" + (index + 1),
                rank,
                thing.label(),
                thing.phrase(),
                Math.max(0.5, 0.95 - 0.08 * index),
                thing.box(),
                outline ? thing.polygons() : List.of(),
                null,
                points ? thing.keypoints() : List.of(),
                thing.box().area(),
                null);
    }

    private static List<Integer> meant(CannedPicture picture, String words) {
        List<Integer> meant = new ArrayList<>();
        for (int i = 0; i < picture.things().size(); i++) {
            if (words.contains(picture.things().get(i).label())) {
                meant.add(i);
            }
        }
        return meant;
    }

    /** The thing that a region is about: the one with most of the region's middle, -1 for none. */
    private static int thingAt(CannedPicture picture, JsonNode region) {
        String named = region.path("object").asText();
        double[] at = middle(region);
        for (int i = 0; i < picture.things().size(); i++) {
            Box box = picture.things().get(i).box();
            boolean inside =
                    at != null && at[0] >= box.x1() && at[0] < box.x2() && at[1] >= box.y1() && at[1] < box.y2();
            if (inside || named.equals("o" + (i + 1))) {
                return i;
            }
        }
        return -1;
    }

    private static double @Nullable [] middle(JsonNode region) {
        JsonNode box = region.path("box");
        JsonNode point = region.path("point");
        JsonNode ring = region.path("polygon");
        if (box.isArray()) {
            return new double[] {
                (box.get(0).asDouble() + box.get(2).asDouble()) / 2,
                (box.get(1).asDouble() + box.get(3).asDouble()) / 2
            };
        }
        if (point.isArray()) {
            return new double[] {point.get(0).asDouble(), point.get(1).asDouble()};
        }
        if (!ring.isArray()) {
            return null;
        }
        double x = 0;
        double y = 0;
        for (JsonNode corner : ring) {
            x += corner.get(0).asDouble() / ring.size();
            y += corner.get(1).asDouble() / ring.size();
        }
        return new double[] {x, y};
    }
}
