package org.vilam.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vilam.grounding.result.GroundingJson;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.grounding.result.GroundingResult.Coordinates;
import org.vilam.grounding.result.GroundingResult.Image;
import org.vilam.grounding.result.GroundingResult.Model;
import org.vilam.grounding.result.GroundingResult.Status;
import org.vilam.grounding.result.GroundingResult.TaskSource;
import org.vilam.prompts.Task;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Point;

class DialogueJsonTest {
    private static final GroundingResult NOTHING = new GroundingResult(
            "gr_1",
            "box",
            TaskSource.INFERRED,
            "find the dog",
            Status.NO_TARGET,
            0.1,
            new Image("ab", 4, 4, "ab", "image/png", 1),
            Coordinates.PIXELS,
            "There is no dog here.",
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            new Model("mini", "1", "ab", "cpu", 0),
            Map.of("total", 1L));

    @Test
    void a_request_comes_back_from_json_as_it_was() {
        Request request = new Request(
                "compare #1, #2, #3 and #4",
                Task.DESCRIBE,
                List.of(
                        new Region.Box(new Box(1, 2, 3, 4)),
                        new Region.Spot(new Point(5, 6)),
                        new Region.Outline(List.of(new Point(0, 0), new Point(9, 0), new Point(0, 9))),
                        new Region.Known("o1")),
                new Options(5, 0.25, true, 2.5, Options.Verify.CYCLE, 7));
        String json = GroundingJson.write(request);
        assertThat(json)
                .isEqualTo("{\"instruction\":\"compare #1, #2, #3 and #4\",\"task\":\"describe\",\"regions\":["
                        + "{\"box\":[1.0,2.0,3.0,4.0]},{\"point\":[5.0,6.0]},"
                        + "{\"polygon\":[[0.0,0.0],[9.0,0.0],[0.0,9.0]]},{\"object\":\"o1\"}],"
                        + "\"options\":{\"max_objects\":5,\"min_score\":0.25,\"masks\":true,\"simplify\":2.5,"
                        + "\"verify\":\"cycle\",\"seed\":7}}");
        assertThat(GroundingJson.read(json, Request.class)).isEqualTo(request);
    }

    @Test
    void words_alone_make_a_request() {
        assertThat(GroundingJson.read("{\"instruction\":\"find the dog\"}", Request.class))
                .isEqualTo(new Request("find the dog"));
    }

    @Test
    void options_left_out_are_the_default() {
        assertThat(GroundingJson.read("{\"max_objects\":3}", Options.class))
                .isEqualTo(new Options(3, 0.5, null, 1, null, 0));
    }

    @Test
    void a_dialogue_comes_back_from_json_as_it_was() {
        Dialogue dialogue = Dialogue.EMPTY.plus(new Request("find the dog"), NOTHING);
        assertThat(Dialogue.fromJson(dialogue.toJson())).isEqualTo(dialogue);
    }

    @Test
    void a_corrected_result_takes_the_place_of_the_first() {
        Dialogue dialogue = Dialogue.EMPTY.plus(new Request("find the dog"), NOTHING);
        assertThat(dialogue.with(0, NOTHING.withObjects(List.of()))).isEqualTo(dialogue);
        assertThatThrownBy(() -> dialogue.with(1, NOTHING)).hasMessageContaining("turn: there is no turn 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                             | instruction: it is empty",
                "{\"instruction\": \" \"}                                       | instruction: it is empty",
                "{\"instruction\": 5}                                           | instruction: ",
                "{\"instruction\": \"a\", \"task\": \"dance\"}                  | task: ",
                "{\"instruction\": \"a\", \"colour\": 1}                        | colour: ",
                "{\"instruction\": \"a\", \"regions\": [{}]}                    | regions[0]: a region has 0",
                "{\"instruction\": \"a\", \"regions\": [{\"circle\": [1]}]}     | regions[0]: a region has 0",
                "{\"instruction\": \"a\", \"regions\": [{\"box\": [1, 2, 3]}]}  | regions[0].box: ",
                "{\"instruction\": \"a\", \"options\": {\"min_score\": 2}}      | options.min_score: 2.0 is not",
                "{\"instruction\": \"a\", \"options\": {\"max_objects\": 0}}    | options.max_objects: ",
                "{\"instruction\": \"a\", \"options\": {\"max_objects\": \"5\"}} | options.max_objects: ",
                "{\"instruction\": \"a\", \"options\": {\"simplify\": -1}}      | options.simplify: ",
                "{\"instruction\": \"a\", \"options\": {\"verify\": \"twice\"}} | options.verify: ",
            })
    void a_wrong_request_is_refused_by_the_name_of_its_field(String json, String message) {
        assertThatThrownBy(() -> GroundingJson.read(json, Request.class))
                .isInstanceOf(VilamException.class)
                .hasMessageStartingWith(message);
    }
}
