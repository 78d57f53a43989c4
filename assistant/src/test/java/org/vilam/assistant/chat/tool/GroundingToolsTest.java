package org.vilam.assistant.chat.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.service.AiServices;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vilam.assistant.Assistant;
import org.vilam.assistant.chat.Doubles;
import org.vilam.vision.geometry.Box;

class GroundingToolsTest {
    private final GroundingTools tools = new GroundingTools(Doubles.assistant(), Doubles.picture(100, 80));
    private final ToolCalls calls = new ToolCalls(tools);

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    @Test
    void an_object_is_found_with_an_id_that_lasts() {
        assertThat(tools.findObject("the cat"))
                .isEqualTo(
                        "{\"status\":\"ok\",\"answer\":\"The cat is here.\",\"objects\":[{\"id\":\"o1\",\"label\":\"cat\","
                                + "\"score\":0.95,\"box\":[0,0,50,40]}]}".replace("0.95", score()));
        assertThat(json(tools.segmentObject("it")).at("/objects/0/id").asText()).isEqualTo("o1");
        assertThat(tools.results()).hasSize(2);
        assertThat(tools.results().get(1).objects().get(0).polygons()).isNotEmpty();
    }

    /** Of the one, the presence or of the set, as the assistant decides. */
    private String score() {
        return String.valueOf(tools.results().get(0).objects().get(0).score());
    }

    @Test
    void what_is_not_there_is_no_error() {
        JsonNode answer = json(tools.findObject("the dog"));
        assertThat(answer.get("status").asText()).isEqualTo("no_target");
        assertThat(answer.get("objects")).isEmpty();
        assertThat(answer.has("error")).isFalse();
    }

    @Test
    void several_that_could_be_meant_are_candidates() {
        JsonNode answer = json(tools.findObject("the dice cup"));
        assertThat(answer.get("status").asText()).isEqualTo("ambiguous");
        assertThat(answer.get("candidates")).hasSize(2);
        assertThat(answer.at("/candidates/0/number").asInt()).isEqualTo(1);
    }

    @Test
    void all_are_found() {
        assertThat(json(tools.findAllObjects("dice cups")).get("objects")).hasSize(2);
    }

    @Test
    void an_outline_comes_with_its_area_and_a_few_points() {
        JsonNode object = json(tools.segmentObject("the cat")).at("/objects/0");
        assertThat(object.get("area").asInt()).isEqualTo(2000);
        assertThat(object.get("outline").size()).isBetween(4, 24);
    }

    @Test
    void named_points_are_found_and_no_others() {
        JsonNode points = json(tools.findKeypoints("the cat", List.of("left_wrist", "nose")))
                .at("/objects/0/keypoints");
        assertThat(points.size()).isEqualTo(2);
        assertThat(points.get("left_wrist").toString()).isEqualTo("[1,2]");
        assertThat(json(tools.findKeypoints("the cat", null))
                        .at("/objects/0/keypoints")
                        .size())
                .isEqualTo(17);
    }

    @Test
    void regions_and_the_picture_are_told_in_words() {
        assertThat(json(tools.describeRegion(List.of(1.0, 1.0, 30.0, 30.0)))
                        .get("answer")
                        .asText())
                .isEqualTo("A grey cat.");
        assertThat(json(tools.classifyRegion(List.of(1.0, 1.0, 30.0, 30.0)))
                        .get("answer")
                        .asText())
                .isEqualTo("This is a grey cat.");
        assertThat(json(tools.describeImage()).get("answer").asText()).isEqualTo("A pair of dice.");
        assertThat(tools.results().get(0).objects().get(0).box()).isEqualTo(new Box(1, 1, 30, 30));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "find_object     | {}                                             | expression: it is missing",
                "find_object     | {\"expression\": \"\"}                         | expression: it is missing",
                "find_object     | {\"expression\": [1]}                          | expression: it is missing",
                "find_object     | {\"expression\": \"a\", \"colour\": 1}         | colour: find_object has no such argument",
                "find_object     | {\"expression\": \"a                           | the arguments are no JSON",
                "find_object     | [1]                                            | the arguments are no JSON object",
                "find_objet      | {}                                             | there is no tool \"find_objet\"",
                "find_keypoints  | {\"expression\": \"a\", \"points\": [\"tail\"]} | points: there is no point \"tail\"",
                "describe_region | {\"box\": [1, 2, 3]}                           | box: it is not four numbers",
                "describe_region | {\"box\": [1, 2, \"x\", 4]}                    | box: it is not four numbers",
                "describe_region | {\"box\": \"all\"}                             | box: it is not four numbers",
                "describe_region | {\"box\": [5, 5, 1, 1]}                        | has no area",
                "describe_region | {\"box\": [500, 500, 600, 600]}                | less than a pixel",
            })
    void a_wrong_call_is_answered_with_what_to_do(String tool, String arguments, String message) {
        JsonNode answer = json(calls.answer(tool, arguments));
        assertThat(answer.path("error").asText()).contains(message);
        assertThat(answer.path("hint").asText()).isNotBlank();
        assertThat(tools.results()).isEmpty();
    }

    @Test
    void numbers_written_as_text_are_read() {
        assertThat(json(calls.answer("describe_region", "{\"box\": [\"1\", \"1\", \"30\", \"30\"]}"))
                        .path("status")
                        .asText())
                .isEqualTo("ok");
        assertThat(json(calls.answer("describe_region", "{\"box\": \"[1, 1, 30, 30]\"}"))
                        .path("status")
                        .asText())
                .isEqualTo("ok");
        assertThat(json(calls.answer("describe_image", "")).path("status").asText())
                .isEqualTo("ok");
    }

    @Property(tries = 200)
    void no_call_throws(@ForAll String name, @ForAll String arguments) {
        assertThat(json(new ToolCalls(new GroundingTools(Doubles.assistant(), Doubles.picture(4, 4)))
                                .answer(name, arguments))
                        .has("error"))
                .isTrue();
    }

    @Test
    void tools_that_the_assistant_cannot_answer_are_not_offered() {
        Assistant mute = Assistant.over(Doubles.INFO, new Doubles.Cats(), null);
        GroundingTools few = new GroundingTools(mute, Doubles.picture(100, 80));
        assertThat(few.specifications())
                .extracting(ToolSpecification::name)
                .containsExactlyInAnyOrder("find_object", "find_all_objects", "find_keypoints", "segment_object");
        assertThat(json(few.describeImage()).path("error").asText()).contains("cannot do this");
        assertThat(tools.specifications())
                .extracting(ToolSpecification::name)
                .containsExactlyInAnyOrderElementsOf(GroundingTools.TASKS.keySet());
    }

    @Test
    void specifications_say_what_arguments_are_and_which_may_be_left_out() {
        ToolSpecification keypoints = tools.specifications().stream()
                .filter(s -> s.name().equals("find_keypoints"))
                .findFirst()
                .orElseThrow();
        assertThat(keypoints.parameters().properties()).containsOnlyKeys("expression", "points");
        assertThat(keypoints.parameters().required()).containsExactly("expression");
        assertThat(tools.specifications())
                .allSatisfy(s -> assertThat(s.description()).isNotBlank());
    }

    /** Calls two tools at once, then says what came back. */
    private static final class Caller implements ChatModel {
        final List<ChatMessage> last = new ArrayList<>();

        @Override
        public ChatResponse doChat(ChatRequest request) {
            last.clear();
            last.addAll(request.messages());
            boolean called = last.get(last.size() - 1) instanceof ToolExecutionResultMessage;
            AiMessage answer = called
                    ? AiMessage.from("done")
                    : AiMessage.from(
                            call("1", "find_object", "{\"expression\": \"the cat\"}"),
                            call("2", "describe_region", "{\"box\": [1, 1, 30, 30]}"));
            return ChatResponse.builder().aiMessage(answer).build();
        }

        private static ToolExecutionRequest call(String id, String name, String arguments) {
            return ToolExecutionRequest.builder()
                    .id(id)
                    .name(name)
                    .arguments(arguments)
                    .build();
        }
    }

    interface Guide {
        String chat(String words);
    }

    @Test
    void they_are_tools_of_an_ai_service() {
        Caller caller = new Caller();
        Guide guide =
                AiServices.builder(Guide.class).chatModel(caller).tools(tools).build();
        assertThat(guide.chat("where is the cat?")).isEqualTo("done");
        assertThat(caller.last.stream()
                        .filter(ToolExecutionResultMessage.class::isInstance)
                        .map(m -> json(((ToolExecutionResultMessage) m).text())
                                .path("answer")
                                .asText()))
                .containsExactly("The cat is here.", "A grey cat.");
    }
}
