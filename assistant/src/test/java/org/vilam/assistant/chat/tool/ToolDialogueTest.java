package org.vilam.assistant.chat.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vilam.assistant.Assistant;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.Options;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Progress;
import org.vilam.assistant.Region;
import org.vilam.assistant.Request;
import org.vilam.assistant.chat.Doubles;
import org.vilam.assistant.chat.tool.LanguageServer.ToolCalling;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.GroundingJson;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.grounding.result.GroundingResult.Phrase;
import org.vilam.grounding.result.GroundingResult.Status;
import org.vilam.grounding.result.GroundingResult.Warning;
import org.vilam.prompts.Task;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;

class ToolDialogueTest {
    private static final String CAT = "{\"expression\": \"the cat\"}";

    private final FakeServer server = new FakeServer();
    private final Picture picture = Doubles.picture(100, 80);
    private final Assistant eyes = Doubles.assistant();
    private final Heard heard = new Heard();

    @AfterEach
    void stop() {
        server.close();
    }

    /** Hears an answer; gives up after some pieces. */
    private static final class Heard implements Progress {
        final List<String> pieces = new ArrayList<>();
        final List<Double> fractions = new ArrayList<>();
        int most = Integer.MAX_VALUE;
        long until = Long.MAX_VALUE;

        @Override
        public void at(Stage stage, double fraction) {
            fractions.add(fraction);
            if (pieces.size() >= most || System.nanoTime() > until) {
                throw new CancellationException("enough");
            }
        }

        @Override
        public void said(String piece) {
            pieces.add(piece);
        }
    }

    private LanguageServer config(ToolCalling tools) {
        return config(server.url(), tools, Duration.ofSeconds(30));
    }

    private static LanguageServer config(URI url, ToolCalling tools, Duration timeout) {
        return new LanguageServer(url, "secret-key", "vicuna-13b", Duration.ofSeconds(10), timeout, tools, 4, 0.2, 300);
    }

    private GroundingResult ask(ToolCalling tools, String words) {
        return ask(new ToolDialogue(eyes, config(tools)), Dialogue.EMPTY, words);
    }

    private GroundingResult ask(Assistant assistant, Dialogue dialogue, String words) {
        GroundingResult result = assistant.ask(picture, dialogue, new Request(words), heard);
        assertThat(GroundingResult.fromJson(result.toJson())).isEqualTo(result);
        assertThat(heard.fractions).isSorted().endsWith(1.0);
        assertThat(String.join("", heard.pieces)).isEqualTo(result.answer());
        return result;
    }

    private static List<String> codes(GroundingResult result) {
        return result.warnings().stream().map(Warning::code).toList();
    }

    private static String content(JsonNode request, int message) {
        int size = request.get("messages").size();
        JsonNode content = request.get("messages")
                .get(message < 0 ? size + message : message)
                .get("content");
        return content.isTextual() ? content.asText() : content.toString();
    }

    @Test
    void the_model_calls_a_tool_and_links_its_words_to_what_was_found() {
        server.calls("", "find_object", CAT).says("I see ", "[the", " grey cat](o", "1) on", " the left.");
        GroundingResult result = ask(ToolCalling.AUTO, "is there a pet?");
        assertThat(result.answer()).isEqualTo("I see the grey cat on the left.");
        assertThat(result.phrases()).containsExactly(new Phrase("the grey cat", 6, 18, List.of("o1")));
        assertThat(result.objects())
                .singleElement()
                .satisfies(o -> assertThat(o.box()).isEqualTo(new Box(0, 0, 50, 40)));
        assertThat(result.status()).isEqualTo(Status.OK);
        assertThat(result.task()).isEqualTo("box");
        assertThat(heard.pieces).containsExactly("I see", " the grey cat", " on", " the left.");
        assertThat(codes(result)).containsExactly("language_model");
        assertThat(result.toJson()).doesNotContain("secret-key");
    }

    @Test
    void the_server_is_asked_as_configured_and_never_sent_the_picture() {
        server.calls("", "find_object", CAT).says("[A cat](o1).");
        ask(ToolCalling.AUTO, "is there a pet?");
        assertThat(server.keys).containsOnly("Bearer secret-key");
        JsonNode first = server.asked.get(0);
        assertThat(first.get("model").asText()).isEqualTo("vicuna-13b");
        assertThat(first.get("stream").asBoolean()).isTrue();
        assertThat(first.get("temperature").asDouble()).isEqualTo(0.2);
        assertThat(first.get("max_tokens").asInt()).isEqualTo(300);
        assertThat(first.get("tools")).hasSize(7);
        assertThat(content(first, 0))
                .contains("100 pixels wide and 80 pixels high")
                .contains("none");
        assertThat(content(first, 1)).isEqualTo("is there a pet?");
        JsonNode second = server.asked.get(1);
        assertThat(second.get("messages")).hasSize(4);
        assertThat(content(second, -1)).contains("\"status\":\"ok\"").contains("[0,0,50,40]");
        assertThat(server.asked.toString()).doesNotContain("base64").doesNotContain("image_url");
    }

    @Test
    void a_wrong_call_is_told_to_the_model_which_can_mend_it() {
        server.calls("", "find_object", "{\"expression\": ")
                .calls("", "find_thing", CAT)
                .calls("", "find_object", CAT)
                .says("Here is [the cat](o1).");
        GroundingResult result = ask(ToolCalling.NATIVE, "where is the pet?");
        assertThat(result.answer()).isEqualTo("Here is the cat.");
        assertThat(content(server.asked.get(1), -1)).contains("the arguments are no JSON");
        assertThat(content(server.asked.get(2), -1)).contains("there is no tool");
    }

    @Test
    void what_it_says_before_a_call_is_part_of_the_answer() {
        server.calls("Let me look. ", "find_object", CAT).says("\nHere is [the cat](o1).");
        assertThat(ask(ToolCalling.AUTO, "where is the pet?").answer()).isEqualTo("Let me look.\nHere is the cat.");
    }

    @Test
    void a_model_that_calls_tools_without_end_is_stopped() {
        for (int i = 0; i < 4; i++) {
            server.calls("", "find_object", CAT);
        }
        GroundingResult result = ask(ToolCalling.NATIVE, "where is the pet?");
        assertThat(server.asked).hasSize(4);
        assertThat(result.answer()).isEqualTo("The cat is here.");
        assertThat(result.phrases()).containsExactly(new Phrase("The cat", 0, 7, List.of("o1")));
        assertThat(codes(result)).contains("tool_limit");
    }

    @Test
    void a_model_that_says_nothing_is_spoken_for() {
        server.calls("", "find_object", CAT).says(" ");
        GroundingResult result = ask(ToolCalling.NATIVE, "where is the pet?");
        assertThat(result.answer()).isEqualTo("The cat is here.");
        assertThat(codes(result)).contains("language_model_silent");
    }

    @Test
    void what_is_not_there_is_said() {
        server.calls("", "find_object", "{\"expression\": \"the dog\"}").says("There is no dog.");
        GroundingResult result = ask(ToolCalling.NATIVE, "where is the dog?");
        assertThat(result.status()).isEqualTo(Status.NO_TARGET);
        assertThat(result.objects()).isEmpty();
    }

    @Test
    void several_candidates_stay_a_question() {
        server.calls("", "find_object", "{\"expression\": \"the dice cup\"}")
                .says("Do you mean [the left one](o1) or [the right one](o2)?");
        GroundingResult result = ask(ToolCalling.NATIVE, "where is the cup?");
        assertThat(result.status()).isEqualTo(Status.AMBIGUOUS);
        assertThat(result.alternatives()).extracting(FoundObject::id).containsExactlyInAnyOrder("o1", "o2");
        assertThat(result.phrases()).hasSize(2);
    }

    @Test
    void a_dialogue_goes_on_with_the_objects_that_are_known() {
        server.calls("", "find_object", CAT).says("Here is [the cat](o1).").says("It is [the cat](o1) again.");
        ToolDialogue assistant = new ToolDialogue(eyes, config(ToolCalling.AUTO));
        GroundingResult first = ask(assistant, Dialogue.EMPTY, "where is the pet?");
        heard.pieces.clear();
        heard.fractions.clear();
        GroundingResult second =
                ask(assistant, Dialogue.EMPTY.plus(new Request("where is the pet?"), first), "which one?");
        JsonNode asked = server.asked.get(2);
        assertThat(content(asked, 0)).contains("o1: the cat, box [0, 0, 50, 40]");
        assertThat(content(asked, 2)).isEqualTo("Here is the cat.");
        assertThat(second.objects()).extracting(FoundObject::id).containsExactly("o1");
    }

    @Test
    void regions_are_told_in_coordinates() {
        server.says("I do not know.");
        new ToolDialogue(eyes, config(ToolCalling.AUTO))
                .ask(
                        picture,
                        Dialogue.EMPTY,
                        new Request(
                                "what is #1?", null, List.of(new Region.Box(new Box(1, 2, 30.4, 40))), Options.DEFAULT),
                        heard);
        assertThat(content(server.asked.get(0), -1)).isEqualTo("what is #1?\n#1 is the box [1, 2, 30, 40]");
    }

    @Test
    void a_given_task_needs_no_language_model() {
        GroundingResult result = new ToolDialogue(eyes, config(ToolCalling.AUTO))
                .ask(picture, Dialogue.EMPTY, new Request("the cat", Task.POLYGON, List.of(), Options.DEFAULT), heard);
        assertThat(result.objects().get(0).polygons()).isNotEmpty();
        assertThat(server.asked).isEmpty();
    }

    @Test
    void a_server_that_is_not_there_is_said_and_done_without() {
        URI url = server.url();
        server.close();
        GroundingResult result = ask(
                new ToolDialogue(eyes, config(url, ToolCalling.AUTO, Duration.ofSeconds(10))),
                Dialogue.EMPTY,
                "find the cat");
        assertThat(result.answer()).isEqualTo("The cat is here.");
        assertThat(result.objects()).hasSize(1);
        assertThat(result.warnings().get(0).code()).isEqualTo("language_server");
        assertThat(result.warnings().get(0).message())
                .isEqualTo("The language model vicuna-13b at " + url
                        + " cannot be reached: nothing answers there. A double answered without it.");
    }

    @Test
    void a_server_that_is_silent_is_given_up() {
        server.silent(60_000);
        long begun = System.nanoTime();
        LanguageServer config = config(server.url(), ToolCalling.NATIVE, Duration.ofMillis(1500));
        GroundingResult result = ask(new ToolDialogue(eyes, config), Dialogue.EMPTY, "find the cat");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(40));
        assertThat(result.answer()).isEqualTo("The cat is here.");
        assertThat(result.warnings().get(0).message()).contains("said nothing for 1.5 s");
    }

    @ParameterizedTest
    @CsvSource({"401, invalid key", "404, no such model", "500, out of memory"})
    void a_server_that_refuses_is_said_and_done_without(int status, String message) {
        server.refuses(status, message);
        GroundingResult result = ask(ToolCalling.NATIVE, "find the cat");
        assertThat(result.answer()).isEqualTo("The cat is here.");
        assertThat(result.warnings().get(0).message())
                .contains("HTTP " + status)
                .contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | registry.ollama.ai/library/vicuna:13b does not support tools",
                "400 | \"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set",
                "500 | tools param requires --jinja flag",
            })
    void a_server_without_tools_is_spoken_to_in_words_from_then_on(int status, String message) {
        server.refuses(status, message)
                .says("{\"action\": \"find_object\", ", "\"arguments\": {\"expression\": \"the cat\"}}")
                .says("{\"action\": \"answer\", \"arguments\": {\"text\": \"Here is [the cat](o1).\"}}")
                .says("Hello.");
        ToolDialogue assistant = new ToolDialogue(eyes, config(ToolCalling.AUTO));
        GroundingResult result = ask(assistant, Dialogue.EMPTY, "where is the pet?");
        assertThat(result.answer()).isEqualTo("Here is the cat.");
        assertThat(result.phrases()).hasSize(1);
        assertThat(server.asked.get(0).has("tools")).isTrue();
        assertThat(server.asked.get(1).path("tools")).isEmpty();
        assertThat(content(server.asked.get(1), 0)).contains("- find_object: ").contains("(may be left out)");
        assertThat(content(server.asked.get(2), -1)).startsWith("RESULT {\"status\":\"ok\"");
        heard.pieces.clear();
        heard.fractions.clear();
        assertThat(ask(assistant, Dialogue.EMPTY, "hi").answer()).isEqualTo("Hello.");
        assertThat(server.asked.get(3).path("tools")).isEmpty();
    }

    @Test
    void an_action_that_is_no_json_is_told_to_the_model() {
        server.says("{\"action\": \"find_object\", \"arguments\": {").says("It is not there.");
        assertThat(ask(ToolCalling.PROMPT, "where is the pet?").answer()).isEqualTo("It is not there.");
        assertThat(content(server.asked.get(1), -1)).contains("no JSON object with an action");
    }

    @Test
    void giving_up_hangs_up_on_the_server() throws InterruptedException {
        server.goesOn();
        heard.most = 3;
        assertThatThrownBy(() -> ask(ToolCalling.NATIVE, "tell me a story")).isInstanceOf(CancellationException.class);
        assertThat(heard.pieces).hasSize(3);
        assertThat(server.hungUp.await(30, TimeUnit.SECONDS))
                .as("the server noticed")
                .isTrue();
    }

    @Test
    void giving_up_does_not_wait_for_the_first_word() {
        server.silent(60_000);
        long begun = System.nanoTime();
        heard.until = begun + TimeUnit.MILLISECONDS.toNanos(200);
        assertThatThrownBy(() -> ask(ToolCalling.NATIVE, "tell me a story")).isInstanceOf(CancellationException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void an_answer_that_breaks_off_is_an_error_and_not_an_answer() {
        server.breaksOff("Here is");
        assertThatThrownBy(() -> ask(ToolCalling.NATIVE, "where is the pet?"))
                .isInstanceOfSatisfying(VilamException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.MODEL_OUTPUT_INVALID);
                    assertThat(e).hasMessageContaining("vicuna-13b at " + server.url());
                });
    }

    @Test
    void the_model_that_speaks_is_named_and_its_key_is_not() {
        LanguageServer config = config(ToolCalling.AUTO);
        assertThat(new ToolDialogue(eyes, config).info().title()).isEqualTo("A double, in the words of vicuna-13b");
        assertThat(new ToolDialogue(eyes, config).tasks()).isEqualTo(eyes.tasks());
        assertThat(config.toString()).doesNotContain("secret");
    }

    @Test
    void a_configuration_is_read_from_json() {
        LanguageServer read = GroundingJson.read(
                "{\"base_url\": \"http://127.0.0.1:8080/v1\", \"model\": \"vicuna-13b\", \"timeout_seconds\": 2.5,"
                        + " \"tools\": \"prompt\"}",
                LanguageServer.class);
        LanguageServer usual = LanguageServer.at(URI.create("http://127.0.0.1:8080/v1"), "vicuna-13b");
        assertThat(read)
                .isEqualTo(new LanguageServer(
                        usual.baseUrl(),
                        null,
                        "vicuna-13b",
                        usual.connectTimeout(),
                        Duration.ofMillis(2500),
                        ToolCalling.PROMPT,
                        usual.maxRounds(),
                        0,
                        usual.maxTokens()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\": \"m\"}                                                        | base_url: ",
                "{\"base_url\": \"file:///etc\", \"model\": \"m\"}                         | base_url: ",
                "{\"base_url\": \"http://user:pw@localhost/v1\", \"model\": \"m\"}         | base_url: ",
                "{\"base_url\": \"http://localhost/v1\"}                                   | model: ",
                "{\"base_url\": \"http://localhost/v1\", \"model\": \"m\", \"max_rounds\": 0} | max_rounds: ",
                "{\"base_url\": \"http://localhost/v1\", \"model\": \"m\", \"timeout_seconds\": -1} | timeout_seconds: ",
                "{\"base_url\": \"http://localhost/v1\", \"model\": \"m\", \"speed\": 1}   | speed: ",
            })
    void a_wrong_configuration_is_refused_by_the_name_of_its_field(String json, String message) {
        assertThatThrownBy(() -> GroundingJson.read(json, LanguageServer.class))
                .isInstanceOf(VilamException.class)
                .hasMessageContaining(message);
    }
}
