package org.vilam.web.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.GroundingJson;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Polygon;
import org.vilam.vision.geometry.Polygons;

/** The conversations of the tests' server, with the corrections made in them. */
final class CannedSessions {
    private static final ObjectMapper JSON = GroundingJson.mapper();

    private final Map<String, Session> sessions = new LinkedHashMap<>();

    private record Session(String id, CannedPicture picture, List<Turn> turns) {}

    private record Turn(JsonNode request, List<GroundingResult> versions) {
        GroundingResult result() {
            return versions.get(versions.size() - 1);
        }
    }

    synchronized ObjectNode create(CannedPicture picture) {
        Session session = new Session("s" + (sessions.size() + 1), picture, new CopyOnWriteArrayList<>());
        sessions.put(session.id(), session);
        return json(session, true);
    }

    synchronized ObjectNode list() {
        ObjectNode list = JSON.createObjectNode();
        ArrayNode all = list.putArray("sessions");
        sessions.values().forEach(session -> all.add(json(session, false)));
        return list;
    }

    ObjectNode json(String id) {
        return json(session(id), true);
    }

    synchronized void delete(String id) {
        sessions.remove(session(id).id());
    }

    /** Answers a question; the answer becomes a turn. */
    ObjectNode answer(String id, JsonNode request) {
        Session session = session(id);
        List<GroundingResult> earlier =
                session.turns().stream().map(Turn::result).toList();
        GroundingResult result = CannedAnswers.to(session.picture(), earlier, request);
        session.turns().add(new Turn(request, new ArrayList<>(List.of(result))));
        return json(session, session.turns().size());
    }

    private synchronized Session session(String id) {
        Session session = sessions.get(id);
        if (session == null) {
            throw new CannedRefusal(
                    404, "Not found", "not_found", "there is no such session", "GET /v1/sessions lists them.");
        }
        return session;
    }

    static ObjectNode imageJson(CannedPicture picture) {
        return JSON.createObjectNode()
                .put("id", picture.id())
                .put("width", picture.width())
                .put("height", picture.height())
                .put("media_type", "image/png")
                .put("exif_orientation", 1);
    }

    private static ObjectNode json(Session session, boolean whole) {
        ObjectNode json = JSON.createObjectNode()
                .put("id", session.id())
                .put("turn_count", session.turns().size())
                .put("created", "2026-11-20T10:00:00Z")
                .put("updated", "2026-11-20T10:00:00Z");
        json.set("image", imageJson(session.picture()));
        if (!session.turns().isEmpty()) {
            json.put(
                    "title",
                    session.turns().get(0).request().path("instruction").asText());
        }
        if (whole) {
            ArrayNode turns = json.putArray("turns");
            for (int i = 1; i <= session.turns().size(); i++) {
                turns.add(json(session, i));
            }
        }
        return json;
    }

    private static ObjectNode json(Session session, int number) {
        Turn turn = session.turns().get(number - 1);
        ObjectNode json = JSON.createObjectNode().put("turn", number);
        json.set("request", turn.request());
        json.set("result", JSON.valueToTree(turn.result()));
        return json;
    }

    /** Corrects an object of a turn, or adds one. */
    ObjectNode correct(String id, int number, String object, JsonNode patch) {
        Session session = session(id);
        Turn turn = session.turns().get(number - 1);
        GroundingResult result = turn.result();
        FoundObject before = result.find(object);
        if (patch.path("label").asText().equals("forbidden")) {
            throw new CannedRefusal(
                    400, "Invalid argument", "invalid_argument", "label: it is forbidden", "Choose another.");
        }
        List<FoundObject> objects = new ArrayList<>(result.objects());
        objects.removeIf(o -> o.id().equals(object));
        if (!patch.path("deleted").asBoolean()) {
            int at = before == null ? -1 : result.objects().indexOf(before);
            objects.add(at < 0 ? objects.size() : at, changed(object, before, patch));
        }
        List<FoundObject> alternatives = result.alternatives().stream()
                .filter(o -> !o.id().equals(object))
                .toList();
        turn.versions().add(CannedAnswers.with(result, objects, alternatives));
        return json(session, number);
    }

    private static FoundObject changed(String id, @Nullable FoundObject before, JsonNode patch) {
        boolean moved = patch.has("box") || patch.has("polygons");
        List<Polygon> polygons = before == null || moved ? List.of() : before.polygons();
        Box box = before == null ? new Box(0, 0, 1, 1) : before.box();
        if (patch.has("box")) {
            box = JSON.convertValue(patch.get("box"), Box.class);
        }
        if (patch.has("polygons")) {
            polygons = Arrays.asList(JSON.convertValue(patch.get("polygons"), Polygon[].class));
            box = Polygons.boundingBox(polygons);
        }
        String label = patch.has("label") ? patch.get("label").asText() : before == null ? "object" : before.label();
        return new FoundObject(
                id,
                before == null ? 1 : before.rank(),
                label,
                before == null ? label : before.phrase(),
                moved || before == null ? null : before.score(),
                box,
                polygons,
                null,
                before == null ? List.of() : before.keypoints(),
                box.area(),
                null);
    }

    /** Takes the last correction back. */
    ObjectNode undo(String id, int number) {
        Session session = session(id);
        List<GroundingResult> versions = session.turns().get(number - 1).versions();
        if (versions.size() < 2) {
            throw new CannedRefusal(
                    409, "Conflict", "conflict", "the turn has no correction", "There is nothing to take back.");
        }
        versions.remove(versions.size() - 1);
        return json(session, number);
    }
}
