package org.vilam.assistant.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.vilam.assistant.Assistant;
import org.vilam.assistant.vilam.Teller;

class VilamStreamingChatModelTest {
    private static final ImageContent CAT =
            ImageContent.from(Base64.getEncoder().encodeToString(Doubles.png(8, 12)), "image/png");

    /** Hears an answer, and gives it up after some pieces. */
    private static class Ear implements StreamingChatResponseHandler {
        final List<String> heard = new CopyOnWriteArrayList<>();
        final CompletableFuture<ChatResponse> answer = new CompletableFuture<>();
        final int most;

        Ear(int most) {
            this.most = most;
        }

        @Override
        public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
            heard.add(piece.text());
            if (heard.size() == most) {
                context.streamingHandle().cancel();
            }
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            answer.complete(response);
        }

        @Override
        public void onError(Throwable error) {
            answer.completeExceptionally(error);
        }
    }

    /** Says a caption word by word. */
    private static final class Speaker implements Teller {
        final AtomicInteger said = new AtomicInteger();

        @Override
        public List<String> answer(List<Question> questions) {
            return questions.stream().map(q -> "a grey cat").toList();
        }

        @Override
        public String answer(Question question, Consumer<String> listener) {
            String text = " a cat on a mat. It sleeps. ";
            for (String word : text.split("(?=\\s)", -1)) {
                said.incrementAndGet();
                listener.accept(word);
            }
            return text;
        }
    }

    private static VilamStreamingChatModel model(Teller teller) {
        return VilamStreamingChatModel.builder()
                .assistant(Assistant.over(Doubles.INFO, new Doubles.Cats(), teller))
                .build();
    }

    @Test
    void the_words_of_the_language_model_come_as_they_are_said() throws Exception {
        Ear ear = new Ear(100);
        model(new Speaker()).chat(List.of(UserMessage.from(TextContent.from("what do you see?"), CAT)), ear);
        ChatResponse response = ear.answer.get(20, TimeUnit.SECONDS);
        assertThat(response.aiMessage().text()).isEqualTo("A cat on a mat. It sleeps.");
        assertThat(String.join("", ear.heard)).isEqualTo(response.aiMessage().text());
        assertThat(ear.heard).startsWith("A", " cat", " on");
    }

    @Test
    void the_sentence_of_a_step_comes_when_the_step_is_done() throws Exception {
        Doubles.Cats cats = new Doubles.Cats();
        List<Integer> looks = new CopyOnWriteArrayList<>();
        VilamStreamingChatModel model = VilamStreamingChatModel.builder()
                .assistant(Assistant.over(Doubles.INFO, cats, null))
                .build();
        Ear ear = new Ear(100) {
            @Override
            public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
                looks.add(cats.looked.get());
                super.onPartialResponse(piece, context);
            }
        };
        model.chat(List.of(UserMessage.from(TextContent.from("find the cat, then find the dog"), CAT)), ear);
        String text = ear.answer.get(20, TimeUnit.SECONDS).aiMessage().text();
        assertThat(text).startsWith("The cat is here. I looked for the dog");
        assertThat(looks.get(0)).isEqualTo(1);
        assertThat(looks.get(looks.size() - 1)).isEqualTo(2);
    }

    @Test
    void cancelling_stops_the_language_model_and_nothing_more_is_heard() throws Exception {
        Speaker speaker = new Speaker();
        VilamStreamingChatModel model = model(speaker);
        Ear ear = new Ear(2);
        model.chat(List.of(UserMessage.from(TextContent.from("what do you see?"), CAT)), ear);
        Ear next = new Ear(100); // one thread: it is answered after the first has ended
        model.chat(List.of(UserMessage.from(TextContent.from("find the cat"), CAT)), next);
        next.answer.get(20, TimeUnit.SECONDS);
        assertThat(ear.heard).containsExactly("A", " cat");
        assertThat(ear.answer).isNotDone();
        assertThat(speaker.said).hasValueLessThan(5);
    }

    @Test
    void cancelling_between_steps_stops_the_search() throws Exception {
        Doubles.Cats cats = new Doubles.Cats();
        VilamStreamingChatModel model = VilamStreamingChatModel.builder()
                .assistant(Assistant.over(Doubles.INFO, cats, null))
                .build();
        Ear ear = new Ear(1);
        model.chat(List.of(UserMessage.from(TextContent.from("find the cat, then find the dog"), CAT)), ear);
        Ear next = new Ear(100);
        model.chat(List.of(UserMessage.from(TextContent.from("find the bird"), CAT)), next);
        next.answer.get(20, TimeUnit.SECONDS);
        assertThat(cats.looked).hasValue(2); // the cat and the bird, not the dog
        assertThat(ear.answer).isNotDone();
    }

    @Test
    void too_many_questions_are_refused_at_once() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        VilamStreamingChatModel model = VilamStreamingChatModel.builder()
                .assistant(Doubles.assistant())
                .language((system, turns, sampling, listener) -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    listener.onToken("done");
                    return new Language.Reply(1, 1, true);
                })
                .build();
        Ear last = new Ear(100);
        try {
            // LangChain4j hands what goes wrong to the handler, or throws it, as the version pleases.
            assertThatThrownBy(() -> {
                        for (int i = 0; i < VilamStreamingChatModel.MOST_WAITING + 2; i++) {
                            Ear ear = new Ear(100);
                            model.chat("hello", ear);
                            if (ear.answer.isCompletedExceptionally()) {
                                throw ear.answer.handle((r, e) -> e).get();
                            }
                        }
                    })
                    .isInstanceOf(RateLimitException.class)
                    .hasMessageContaining("too many questions");
        } finally {
            go.countDown();
        }
        assertThat(last.heard).isEmpty();
    }
}
