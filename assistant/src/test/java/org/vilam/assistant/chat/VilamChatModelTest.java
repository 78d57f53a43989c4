package org.vilam.assistant.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.assistant.Assistant;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Region;
import org.vilam.grounding.result.GroundingJson;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.grounding.result.GroundingResult.Status;
import org.vilam.grounding.result.GroundingResult.TaskSource;
import org.vilam.prompts.Task;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.image.ImageDecoder;

class VilamChatModelTest {
    private static final byte[] TALL = Doubles.png(8, 12);
    private static final byte[] WIDE = Doubles.png(12, 8);

    private final Doubles.Cats cats = new Doubles.Cats();
    private final VilamChatModel model = VilamChatModel.builder()
            .assistant(Assistant.over(Doubles.INFO, cats, new Doubles.Reader()))
            .build();

    private static ImageContent image(byte[] png) {
        return ImageContent.from(Base64.getEncoder().encodeToString(png), "image/png");
    }

    private static UserMessage ask(String words, byte[]... pngs) {
        UserMessage.Builder message = UserMessage.builder().addContent(TextContent.from(words));
        for (byte[] png : pngs) {
            message.addContent(image(png));
        }
        return message.build();
    }

    private static GroundingResult[] results(AiMessage message) {
        return GroundingJson.read(
                Objects.requireNonNull(message.attribute(VilamChatModel.RESULTS, String.class)),
                GroundingResult[].class);
    }

    private ChatResponse with(UnaryOperator<VilamChatRequestParameters.Builder> parameters, ChatMessage... messages) {
        return model.chat(ChatRequest.builder()
                .messages(messages)
                .parameters(
                        parameters.apply(VilamChatRequestParameters.builder()).build())
                .build());
    }

    @Test
    void a_question_about_a_picture_is_answered_in_a_sentence_with_the_result_beside_it() {
        ChatResponse response = model.chat(ask("find the cat", TALL));
        assertThat(response.aiMessage().text()).isEqualTo("The cat is here.");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(5);
        assertThat(response.tokenUsage().inputTokenCount()).isEqualTo(3);
        GroundingResult result = results(response.aiMessage())[0];
        assertThat(result.objects())
                .singleElement()
                .satisfies(o -> assertThat(o.box()).isEqualTo(new Box(0, 0, 4, 6)));
        assertThat(response.id()).isEqualTo(result.id());
        assertThat(response.modelName()).isEqualTo("double");
    }

    @Test
    void what_was_found_before_travels_with_the_messages() {
        UserMessage first = ask("find the cat", TALL);
        AiMessage answer = model.chat(first).aiMessage();
        int looked = cats.looked.get();
        List<ChatMessage> kept = ChatMessageDeserializer.messagesFromJson(
                ChatMessageSerializer.messagesToJson(List.of(first, answer, UserMessage.from("segment it"))));
        ChatResponse second = model.chat(kept);
        assertThat(second.aiMessage().text()).isEqualTo("Here is the outline of the cat.");
        assertThat(results(second.aiMessage())[0].objects())
                .singleElement()
                .satisfies(o -> assertThat(o.id()).isEqualTo("o1"))
                .satisfies(o -> assertThat(o.polygons()).isNotEmpty());
        assertThat(cats.looked.get() - looked).as("looks for the second answer").isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "no JSON", "[{\"id\": 5}]"})
    void where_the_memory_lost_the_result_the_question_is_asked_again(String attribute) {
        UserMessage first = ask("find the cat", TALL);
        AiMessage answer = attribute.isEmpty()
                ? AiMessage.from("The cat is here.")
                : AiMessage.builder()
                        .text("The cat is here.")
                        .attributes(java.util.Map.of(VilamChatModel.RESULTS, attribute))
                        .build();
        ChatResponse second = model.chat(first, answer, UserMessage.from("segment it"));
        assertThat(second.aiMessage().text()).isEqualTo("Here is the outline of the cat.");
    }

    @Test
    void a_new_picture_begins_anew() {
        UserMessage first = ask("find the cat", TALL);
        AiMessage answer = model.chat(first).aiMessage();
        ChatResponse second = model.chat(first, answer, ask("segment it", WIDE));
        assertThat(results(second.aiMessage())[0].status()).isEqualTo(Status.NO_TARGET);
        assertThat(results(second.aiMessage())[0].image().width()).isEqualTo(12);
    }

    @Test
    void a_picture_without_words_is_described() {
        assertThat(model.chat(UserMessage.from(image(WIDE))).aiMessage().text()).isEqualTo("A pair of dice.");
    }

    @Test
    void the_task_and_regions_may_be_given() {
        ChatResponse response = with(
                p -> p.task(Task.DESCRIBE).regions(List.of(new Region.Box(new Box(1, 1, 6, 6)))),
                UserMessage.from(image(TALL)));
        assertThat(response.aiMessage().text()).isEqualTo("A grey cat.");
        assertThat(results(response.aiMessage())[0].taskSource()).isEqualTo(TaskSource.REQUESTED);
    }

    @Test
    void json_is_the_canonical_result() {
        ChatResponse response = with(p -> p.responseFormat(ResponseFormat.JSON), ask("find the cat", TALL));
        assertThat(GroundingResult.fromJson(response.aiMessage().text()))
                .isEqualTo(results(response.aiMessage())[0])
                .satisfies(r -> assertThat(r.answer()).isEqualTo("The cat is here."));
    }

    @Test
    void several_pictures_are_each_asked_the_same() {
        ChatResponse response = model.chat(ask("find the cat in both pictures", TALL, WIDE));
        assertThat(response.aiMessage().text()).isEqualTo("Picture 1: The cat is here. Picture 2: The cat is here.");
        assertThat(results(response.aiMessage()))
                .extracting(r -> r.image().width())
                .containsExactly(8, 12);
        ChatResponse second =
                model.chat(ask("find the cat in both pictures", TALL, WIDE), response.aiMessage(), ask("segment it"));
        assertThat(second.aiMessage().text())
                .isEqualTo("Picture 1: Here is the outline of the cat. Picture 2: Here is the outline of the cat.");
    }

    @Test
    void an_answer_about_a_picture_keeps_to_stop_sequences_and_the_most_tokens() {
        ChatResponse stopped = with(p -> p.stopSequences("is here"), ask("find the cat", TALL));
        assertThat(stopped.aiMessage().text()).isEqualTo("The cat ");
        assertThat(stopped.finishReason()).isEqualTo(FinishReason.STOP);
        ChatResponse cut = with(p -> p.maxOutputTokens(2), ask("find the cat", TALL));
        assertThat(cut.aiMessage().text()).isEqualTo("The cat");
        assertThat(cut.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(results(cut.aiMessage())[0].answer()).isEqualTo("The cat is here.");
    }

    @Test
    void a_picture_may_be_named_by_its_sha256() {
        Picture known = Picture.of(new ImageDecoder().decode(TALL));
        VilamChatModel resolving = VilamChatModel.builder()
                .assistant(Doubles.assistant())
                .imageResolver(sha256 -> {
                    assertThat(sha256).isEqualTo(known.id());
                    return known;
                })
                .build();
        UserMessage message =
                UserMessage.from(TextContent.from("find the cat"), ImageContent.from("image:" + known.id()));
        assertThat(resolving.chat(message).aiMessage().text()).isEqualTo("The cat is here.");
        assertThatThrownBy(() -> model.chat(message))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("no store to find")
                .cause()
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void a_data_url_is_read() {
        String url = "data:image/png;base64," + Base64.getEncoder().encodeToString(TALL);
        assertThat(model.chat(UserMessage.from(TextContent.from("find the cat"), ImageContent.from(url)))
                        .aiMessage()
                        .text())
                .isEqualTo("The cat is here.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:1/cat.png",
                "https://example.org/cat.png",
                "file:///etc/passwd",
                "ftp://example.org/cat.png",
                "image:../../etc/passwd",
                "image:abc",
                "cat.png"
            })
    void nothing_is_fetched(String url) {
        assertThatThrownBy(() -> model.chat(UserMessage.from(TextContent.from("find the cat"), ImageContent.from(url))))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("Nothing is fetched");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%%%", "aGVsbG8="})
    void data_that_is_no_picture_is_refused(String data) {
        assertThatThrownBy(() -> model.chat(UserMessage.from(ImageContent.from(data, "image/png"))))
                .isInstanceOf(InvalidRequestException.class)
                .hasCauseInstanceOf(VilamException.class);
    }

    static Stream<Arguments> not_done() {
        return Stream.of(
                Arguments.of("topK", ChatRequestParameters.builder().topK(5).build()),
                Arguments.of(
                        "frequencyPenalty",
                        ChatRequestParameters.builder().frequencyPenalty(0.5).build()),
                Arguments.of(
                        "presencePenalty",
                        ChatRequestParameters.builder().presencePenalty(0.5).build()),
                Arguments.of(
                        "temperature",
                        ChatRequestParameters.builder().temperature(0.7).build()),
                Arguments.of(
                        "modelName",
                        ChatRequestParameters.builder().modelName("gpt-5").build()));
    }

    @ParameterizedTest
    @MethodSource("not_done")
    void what_is_not_done_is_refused_by_name(String name, ChatRequestParameters parameters) {
        assertThatThrownBy(() -> model.chat(ChatRequest.builder()
                        .messages(ask("find the cat", TALL))
                        .parameters(parameters)
                        .build()))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("'" + name + "' parameter")
                .hasMessageContaining("not supported");
    }

    @Test
    void what_is_out_of_range_is_refused_by_name() {
        assertThatThrownBy(() -> with(p -> p.maxOutputTokens(0), ask("find the cat", TALL)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("maxOutputTokens: 0");
        assertThatThrownBy(() -> with(p -> p.topP(Double.NaN), ask("find the cat", TALL)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("topP: NaN");
        assertThatThrownBy(() -> with(p -> p.stopSequences(""), ask("find the cat", TALL)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("stopSequences");
    }

    @Test
    void temperature_0_is_what_it_always_is() {
        assertThat(with(p -> p.temperature(0.0).topP(0.9), ask("find the cat", TALL))
                        .aiMessage()
                        .text())
                .isEqualTo("The cat is here.");
    }

    @Test
    void a_chat_without_a_picture_needs_a_language() {
        assertThatThrownBy(() -> model.chat("hello"))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("Send the picture");
    }

    @Test
    void messages_of_tools_are_refused() {
        ToolExecutionRequest call = ToolExecutionRequest.builder()
                .id("1")
                .name("weather")
                .arguments("{}")
                .build();
        assertThatThrownBy(() -> model.chat(
                        ask("find the cat", TALL),
                        AiMessage.from(call),
                        ToolExecutionResultMessage.from(call, "sunny")))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("tool calls");
    }

    @Test
    void the_last_message_has_to_be_a_question() {
        assertThatThrownBy(() -> model.chat(ask("find the cat", TALL), AiMessage.from("The cat is here.")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("End with a user message");
    }
}
