package org.vilam.grounding.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vilam.grounding.result.FoundObject.Cycle;
import org.vilam.grounding.result.FoundObject.NamedPoint;
import org.vilam.grounding.result.GroundingResult.Coordinates;
import org.vilam.grounding.result.GroundingResult.Image;
import org.vilam.grounding.result.GroundingResult.Model;
import org.vilam.grounding.result.GroundingResult.Phrase;
import org.vilam.grounding.result.GroundingResult.Status;
import org.vilam.grounding.result.GroundingResult.TaskSource;
import org.vilam.grounding.result.GroundingResult.Warning;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.geometry.Polygon;
import org.vilam.vision.geometry.Visibility;

class GroundingJsonTest {
    private static final ObjectMapper PLAIN = new ObjectMapper();
    private static final String SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private static String golden() {
        try (InputStream in = GroundingJsonTest.class.getResourceAsStream("segmented-dog.json")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static FoundObject object(String id, double score, Box box) {
        return new FoundObject(
                id, 1, "dog", "the dog left of the bike", score, box, List.of(), null, List.of(), box.area(), null);
    }

    private static GroundingResult dog() {
        Box box = new Box(1, 1, 4, 3);
        Mask mask = Mask.where(6, 4, (x, y) -> x >= 1 && x < 4 && y >= 1 && y < 3);
        FoundObject found = new FoundObject(
                "o1",
                1,
                "dog",
                "the dog left of the bike",
                0.91,
                box,
                List.of(Polygon.of(box)),
                mask.toRle(),
                List.of(
                        new NamedPoint("nose", 1.5, 2.25, Visibility.VISIBLE, 0.83),
                        new NamedPoint("left_ear", null, null, Visibility.ABSENT, 0.12)),
                6,
                new Cycle("dog next to a bicycle", 0.88, true));
        return result(
                Status.OK,
                "The dog left of the bike is here.",
                List.of(new Phrase("The dog left of the bike", 0, 24, List.of("o1"))),
                List.of(found),
                List.of(object("o2", 0.31, new Box(0, 0, 2, 2))));
    }

    private static GroundingResult result(
            Status status,
            String answer,
            List<Phrase> phrases,
            List<FoundObject> objects,
            List<FoundObject> alternatives) {
        return new GroundingResult(
                "gr_0123456789abcdef",
                "polygon",
                TaskSource.INFERRED,
                "segment the dog left of the bike",
                status,
                0.97,
                new Image(SHA, 6, 4, SHA, "image/jpeg", 6),
                Coordinates.PIXELS,
                answer,
                phrases,
                objects,
                alternatives,
                List.of(new Warning("image_downscaled", "the model saw 448 x 336")),
                new Model("mini", "1", "ab", "cpu", 0),
                Map.of("ground", 110L, "total", 380L));
    }

    @Test
    void a_result_is_written_as_the_design_has_it() throws IOException {
        assertThat(PLAIN.readTree(dog().toJson())).isEqualTo(PLAIN.readTree(golden()));
    }

    @Test
    void fields_are_written_in_the_order_of_the_design() throws IOException {
        List<String> names = new ArrayList<>();
        PLAIN.readTree(dog().toJson()).fieldNames().forEachRemaining(names::add);
        List<String> expected = new ArrayList<>();
        PLAIN.readTree(golden()).fieldNames().forEachRemaining(expected::add);
        assertThat(names).isEqualTo(expected);
    }

    @Test
    void a_result_is_read_back_equal() {
        assertThat(GroundingResult.fromJson(golden())).isEqualTo(dog());
    }

    @Test
    void what_was_not_computed_is_left_out() throws IOException {
        JsonNode alternative = PLAIN.readTree(dog().toJson()).at("/alternatives/0");
        assertThat(alternative.has("mask")).isFalse();
        assertThat(alternative.has("cycle")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/objects/0/box          | [1, 2, 3]                | objects[0].box: ",
                "/objects/0/box          | [4, 1, 1, 3]             | objects[0].box: ",
                "/objects/0/box          | [1, 1, 1, 3]             | objects[0].box: ",
                "/objects/0/box          | \"1,1,4,3\"              | objects[0].box: ",
                "/objects/0/box          | [1, \"1\", 4, 3]         | objects[0].box[1]: ",
                "/objects/0/score        | 1.5                      | objects[0].score: ",
                "/objects/0/score        | \"high\"                 | objects[0].score: ",
                "/objects/0/rank         | 0                        | objects[0].rank: ",
                "/objects/0/rank         | 1.5                      | objects[0].rank: ",
                "/objects/0/id           | \"<b>\"                  | objects[0].id: ",
                "/objects/0/mask/counts  | \"5\"                    | objects[0].mask: ",
                "/objects/0/mask/size    | [4]                      | objects[0].mask.size: ",
                "/objects/0/mask/format  | \"png\"                  | objects[0].mask.format: ",
                "/objects/0/polygons     | [{\"exterior\": [[1, 1], [2, 2]], \"holes\": []}] | objects[0].polygons[0]: ",
                "/objects/0/keypoints/0/visibility | \"seen\"       | objects[0].keypoints[0].visibility: ",
                "/objects/0/keypoints/0/visibility | \"absent\"     | objects[0].keypoints[0].visibility: ",
                "/objects/0/colour       | \"red\"                  | objects[0].colour: ",
                "/coordinates/unit       | \"mm\"                   | coordinates.unit: ",
                "/status                 | \"fine\"                 | status: ",
                "/status                 | \"no_target\"            | objects: ",
                "/image/exif_orientation | 9                        | image.exif_orientation: ",
                "/phrases/0/end          | 99                       | phrases[0]: ",
                "/phrases/0/text         | \"The cat\"              | phrases[0].text: ",
                "/phrases/0/objects      | [\"o9\"]                 | phrases[0].objects: ",
                "/timing_ms/total        | \"long\"                 | timing_ms.total: ",
                "/extra                  | 1                        | extra: ",
                "/presence               | -0.1                     | presence: ",
                "/task                   | \"Find it\"              | task: ",
            })
    void a_wrong_value_is_refused_by_the_name_of_its_field(String pointer, String value, String expected)
            throws IOException {
        ObjectNode json = (ObjectNode) PLAIN.readTree(golden());
        int cut = pointer.lastIndexOf('/');
        ((ObjectNode) json.at(pointer.substring(0, cut))).set(pointer.substring(cut + 1), PLAIN.readTree(value));
        assertThatThrownBy(() -> GroundingResult.fromJson(json.toString()))
                .isInstanceOf(VilamException.class)
                .hasMessageStartingWith(expected.strip());
    }

    @ParameterizedTest
    @CsvSource({
        "'', task",
        "'', image",
        "'', answer",
        "'', objects",
        "'', timing_ms",
        "/objects/0, box",
        "/objects/0, keypoints",
        "/image, width",
        "/model, seed",
        "/phrases/0, start",
        "/objects/0/cycle, iou",
        "/objects/0/mask, size"
    })
    void what_is_missing_is_named(String parent, String field) throws IOException {
        ObjectNode json = (ObjectNode) PLAIN.readTree(golden());
        ((ObjectNode) json.at(parent)).remove(field);
        assertThatThrownBy(() -> GroundingResult.fromJson(json.toString()))
                .isInstanceOf(VilamException.class)
                .hasMessageContaining(field);
    }

    @Test
    void what_may_be_absent_may_be_absent() throws IOException {
        ObjectNode json = (ObjectNode) PLAIN.readTree(golden());
        json.remove("presence");
        ((ObjectNode) json.at("/objects/0")).remove(List.of("score", "mask", "cycle"));
        GroundingResult read = GroundingResult.fromJson(json.toString());
        assertThat(read.presence()).isNull();
        assertThat(read.objects().get(0).mask()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''", "null", "[]", "{", "{}", "1", "{\"id\": \"a\", \"id\": \"b\"}", "NaN"})
    void what_is_no_result_is_refused(String json) {
        assertThat(catchThrowableOfType(VilamException.class, () -> GroundingResult.fromJson(json)))
                .isNotNull()
                .extracting(VilamException::hint)
                .isNotNull();
    }

    @Test
    void a_field_given_twice_is_refused() {
        String twice = golden().replaceFirst("\"rank\": 1", "\"rank\": 1, \"rank\": 2");
        assertThatThrownBy(() -> GroundingResult.fromJson(twice))
                .isInstanceOf(VilamException.class)
                .hasMessageContaining("rank");
    }

    @Test
    void an_ambiguous_result_needs_something_to_choose_from() {
        assertThatThrownBy(() -> result(Status.AMBIGUOUS, "Which?", List.of(), List.of(), List.of()))
                .hasMessageContaining("alternatives");
    }

    @Test
    void after_a_correction_phrases_stand_for_what_is_left() {
        GroundingResult corrected = dog().withObjects(List.of());
        assertThat(corrected.phrases().get(0).objects()).isEmpty();
        assertThat(corrected.find("o2")).isNotNull();
        assertThat(corrected.find("o1")).isNull();
    }

    @Property
    void any_object_comes_back_from_json_as_it_was(
            @ForAll @IntRange(min = 1, max = 99) int rank,
            @ForAll @StringLength(max = 40) String label,
            @ForAll @DoubleRange(min = 0, max = 1) @Nullable Double score,
            @ForAll @DoubleRange(min = 0, max = 9000) double x,
            @ForAll @DoubleRange(min = 0.02, max = 9000) double width) {
        FoundObject object = new FoundObject(
                "o1",
                rank,
                label,
                label,
                score,
                new Box(x, 0, x + width, 1),
                List.of(Polygon.of(new Box(x, 0, x + width, 1))),
                null,
                List.of(),
                width,
                null);
        assertThat(GroundingJson.read(GroundingJson.write(object), FoundObject.class))
                .isEqualTo(object);
    }

    @Property
    void damaged_json_is_refused_and_nothing_else_happens(
            @ForAll @IntRange(min = 0, max = 2000) int at, @ForAll char with) {
        StringBuilder json = new StringBuilder(golden());
        json.setCharAt(at % json.length(), with);
        try {
            GroundingResult.fromJson(json.toString());
        } catch (VilamException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    @Test
    void every_list_refuses_a_null_in_it() throws IOException {
        for (String pointer : List.of("/objects", "/phrases", "/warnings", "/objects/0/polygons")) {
            ObjectNode json = (ObjectNode) PLAIN.readTree(golden());
            ((ArrayNode) json.at(pointer)).addNull();
            assertThatThrownBy(() -> GroundingResult.fromJson(json.toString()))
                    .as(pointer)
                    .isInstanceOf(VilamException.class);
        }
    }
}
