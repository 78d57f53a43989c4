package org.vilam.web.dropin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vilam.web.json.Json;
import org.vilam.web.server.RunningServer;
import org.vilam.web.server.RunningServer.Answer;

class OpenAiChatTest {
    private static final String PNG = Base64.getEncoder().encodeToString(RunningServer.png(40, 20));

    @TempDir
    static Path home = Path.of("");

    private static RunningServer server;

    @BeforeAll
    static void start() throws InterruptedException {
        server = new RunningServer(home);
        while (server.get("/health/ready").status() != 200) {
            Thread.sleep(10);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** As OpenAI's own Python client 1.x sends it. */
    private static String recorded(String text, String more) {
        return "{\"messages\":[{\"role\":\"system\",\"content\":\"You are helpful.\"},{\"role\":\"user\",\"content\":["
                + "{\"type\":\"text\",\"text\":" + Json.write(text) + "},"
                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64," + PNG
                + "\",\"detail\":\"high\"}}]}],\"model\":\"vilam\",\"max_tokens\":300,\"temperature\":0.0" + more + "}";
    }

    private static JsonNode completed(String body) {
        Answer answer = server.post("/v1/chat/completions", body, "Authorization", "Bearer none");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    @Test
    void a_recorded_request_is_answered_with_a_sentence_and_the_whole_result() {
        JsonNode json = completed(recorded("the dog", ""));
        assertThat(json.get("object").textValue()).isEqualTo("chat.completion");
        assertThat(json.get("id").textValue()).startsWith("chatcmpl-");
        assertThat(json.get("model").textValue()).isEqualTo("first");
        assertThat(json.at("/choices/0/message/role").textValue()).isEqualTo("assistant");
        assertThat(json.at("/choices/0/message/content").textValue()).startsWith("Here it is");
        assertThat(json.at("/choices/0/finish_reason").textValue()).isEqualTo("stop");
        assertThat(json.at("/grounding/objects/0/label").textValue()).isEqualTo("the dog");
    }

    @Test
    void asked_for_json_in_words_it_answers_a_fenced_list_of_boxes() {
        JsonNode json = completed(recorded("two, output the bbox coordinates in JSON format.", ""));
        assertThat(json.at("/grounding/instruction").textValue()).isEqualTo("two");
        assertThat(json.at("/choices/0/message/content").textValue())
                .isEqualTo("```json\n[{\"bbox_2d\":[0,5,20,20],\"label\":\"left\"},"
                        + "{\"bbox_2d\":[20,5,40,20],\"label\":\"right\"}]\n```");
    }

    @Test
    void with_the_json_format_it_answers_an_object() {
        JsonNode json = completed(recorded("the dog", ",\"response_format\":{\"type\":\"json_object\"}"));
        JsonNode content =
                Json.tree(json.at("/choices/0/message/content").textValue().getBytes(StandardCharsets.UTF_8), "it");
        assertThat(content.get("objects").toString()).isEqualTo("[{\"bbox_2d\":[0,5,20,20],\"label\":\"the dog\"}]");
        assertThat(content.get("answer").textValue()).startsWith("Here it is");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Locate the dog, output its bbox coordinates using JSON format.      | Locate the dog",
                "find the dog in JSON                                                 | find the dog",
                "Find the red car and return the result as JSON                       | Find the red car",
                "where is the cup? Please respond with valid JSON only.               | where is the cup?",
                "Detect all cats. Report bbox coordinates in JSON format.             | Detect all cats",
                "the json file                                                        | the json file",
                "find the dog                                                         | find the dog",
            })
    void words_about_the_form_of_the_answer_are_not_looked_for(String text, String instruction) {
        JsonNode message = Json.tree(
                ("[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":\"data:x\"},"
                                + "{\"type\":\"text\",\"text\":" + Json.write(text) + "}]}]")
                        .getBytes(StandardCharsets.UTF_8),
                "it");
        assertThat(ChatMessages.of(message).instructions()).containsExactly(instruction);
    }

    @Test
    void later_questions_of_a_conversation_know_the_earlier_ones() {
        String image = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64," + PNG + "\"}}";
        String conversation = "{\"model\":\"first\",\"messages\":[{\"role\":\"user\",\"content\":[" + image
                + ",{\"type\":\"text\",\"text\":\"the dog\"}]},{\"role\":\"assistant\",\"content\":\"Here.\"},"
                + "{\"role\":\"user\",\"content\":\"its tail\"}]}";
        assertThat(completed(conversation).at("/choices/0/message/content").textValue())
                .isEqualTo("Here it is, after 1 turns: [0.0]");
        assertThat(completed(conversation).at("/grounding/objects/0/id").textValue())
                .isEqualTo("o2");
    }

    @Test
    void a_picture_sent_before_can_be_named() {
        String body = recorded("the dog", "").replace("data:image/png;base64," + PNG, "image:" + server.image(40, 20));
        assertThat(completed(body).at("/grounding/image/width").intValue()).isEqualTo(40);
    }

    @Test
    void a_stream_ends_with_done_and_adds_up_to_the_answer() {
        Answer answer = server.post("/v1/chat/completions", recorded("the dog", ",\"stream\":true"));
        assertThat(answer.header("Content-Type")).startsWith("text/event-stream");
        List<String> events = new ArrayList<>();
        answer.text().lines().filter(line -> line.startsWith("data: ")).forEach(line -> events.add(line.substring(6)));
        assertThat(events.get(events.size() - 1)).isEqualTo("[DONE]");
        StringBuilder content = new StringBuilder();
        for (String event : events.subList(0, events.size() - 1)) {
            JsonNode chunk = Json.tree(event.getBytes(StandardCharsets.UTF_8), "it");
            assertThat(chunk.get("object").textValue()).isEqualTo("chat.completion.chunk");
            content.append(chunk.at("/choices/0/delta/content").asText());
        }
        assertThat(content.toString()).isEqualTo("Here it is, after 0 turns: none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                                                   | messages: ",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}                           | messages: there is no image_url",
                "{\"messages\":[{\"role\":\"king\",\"content\":\"hello\"}]}                           | messages[0].role: ",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\"}]}]}        | messages[0].content[0].type: ",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"}},{\"type\":\"text\",\"text\":\"a\"}]}]} | the bytes",
                "{\"n\":2,\"messages\":[]}                                                            | n: ",
                "{\"tools\":[{}],\"messages\":[]}                                                     | tools: ",
            })
    void errors_have_the_form_that_its_clients_read(String body, String message) {
        Answer answer = server.post("/v1/chat/completions", body);
        assertThat(answer.status()).isBetween(400, 422);
        assertThat(answer.json().at("/error/type").textValue()).isEqualTo("invalid_request_error");
        assertThat(answer.json().at("/error/code").textValue()).isNotEmpty();
        if (!message.equals("the bytes")) {
            assertThat(answer.json().at("/error/message").textValue()).startsWith(message);
        }
    }

    @Test
    void an_address_is_not_fetched_and_another_model_is_not_found() {
        String elsewhere = recorded("a", "").replace("data:image/png;base64," + PNG, "http://127.0.0.1:1/a.png");
        assertThat(server.post("/v1/chat/completions", elsewhere).status()).isEqualTo(403);
        Answer other = server.post("/v1/chat/completions", recorded("a", "").replace("\"vilam\"", "\"gpt-4o\""));
        assertThat(other.status()).isEqualTo(404);
        assertThat(other.json().at("/error/message").textValue()).contains("first");
    }

    private static UserMessage question(String text) {
        return UserMessage.from(TextContent.from(text), ImageContent.from(PNG, "image/png"));
    }

    @Test
    void the_stock_client_of_langchain4j_works() {
        OpenAiChatModel client = OpenAiChatModel.builder()
                .baseUrl(server.url("/v1"))
                .apiKey("none")
                .modelName("first")
                .build();
        ChatResponse response = client.chat(ChatRequest.builder()
                .messages(question("the dog"), AiMessage.from("Here."), UserMessage.from("its tail"))
                .build());
        assertThat(response.aiMessage().text()).isEqualTo("Here it is, after 1 turns: [0.0]");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.modelName()).isEqualTo("first");
        ChatResponse json = client.chat(ChatRequest.builder()
                .messages(question("the dog"))
                .responseFormat(ResponseFormat.JSON)
                .build());
        assertThat(json.aiMessage().text()).contains("\"bbox_2d\":[0,5,20,20]");
        assertThatThrownBy(() -> client.chat(UserMessage.from("no picture")))
                .isInstanceOf(LangChain4jException.class)
                .hasMessageContaining("there is no image_url");
    }

    @Test
    void the_stock_streaming_client_of_langchain4j_works() throws Exception {
        OpenAiStreamingChatModel client = OpenAiStreamingChatModel.builder()
                .baseUrl(server.url("/v1"))
                .apiKey("none")
                .modelName("first")
                .build();
        StringBuilder pieces = new StringBuilder();
        CompletableFuture<ChatResponse> done = new CompletableFuture<>();
        client.chat(List.of(question("the dog")), new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String piece) {
                pieces.append(piece);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                done.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                done.completeExceptionally(error);
            }
        });
        assertThat(done.get(20, TimeUnit.SECONDS).aiMessage().text()).isEqualTo("Here it is, after 0 turns: none");
        assertThat(pieces.toString()).isEqualTo("Here it is, after 0 turns: none");
    }
}
