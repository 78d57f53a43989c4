package org.vilam.assistant.chat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.Assistant;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.Options;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Progress;
import org.vilam.assistant.Region;
import org.vilam.assistant.Request;
import org.vilam.grounding.result.GroundingJson;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.prompts.Task;
import org.vilam.prompts.VicunaConversation;
import org.vilam.vision.error.VilamException;

/** What both chat models do: read a request, ask, and put the answer. Safe for several threads. */
final class ChatAnswers {
    /** Several pictures, of which each is asked about alone. */
    private static final Pattern PICTURES = Pattern.compile(
            "(?i)\\b(?:(?:all|both|each) (?:of )?)?(?:(?:the|these|those|both|all|my) )(?:(?:two|three|four|\\d) )?"
                    + "(image|picture|photo|scan)s\\b");

    private final Assistant assistant;
    private final @Nullable Language language;
    private final ChatImages images;

    ChatAnswers(Assistant assistant, @Nullable Language language, ChatImages images) {
        this.assistant = assistant;
        this.language = language;
        this.images = images;
    }

    /** Reads a request; quick, and what is wrong with it is thrown as LangChain4j would. */
    ChatQuestion read(ChatRequest request) {
        return ChatQuestion.of(request, assistant.info().id(), language != null);
    }

    /**
     * Answers a question.
     *
     * @param listener hears the answer piece by piece
     * @param cancelled asked at every stage and piece
     * @throws CancellationException when it was
     */
    ChatResponse answer(ChatQuestion question, Consumer<String> listener, BooleanSupplier cancelled) {
        BoundedText text = new BoundedText(question.stops(), question.maxTokens(), piece -> {
            stopIf(cancelled);
            listener.accept(piece);
        });
        return question.conversation().images().isEmpty()
                ? say(question, text, cancelled)
                : ground(question, text, cancelled);
    }

    /** In words alone. */
    private ChatResponse say(ChatQuestion question, BoundedText text, BooleanSupplier cancelled) {
        Conversation conversation = question.conversation();
        List<VicunaConversation.Turn> turns = conversation.turns().stream()
                .map(t -> new VicunaConversation.Turn(
                        t.words(),
                        t.answer() == null ? null : String.valueOf(t.answer().text())))
                .toList();
        if (language == null) {
            throw new IllegalStateException("a question in words alone was let through");
        }
        Language.Reply reply = language.reply(conversation.system(), turns, question.sampling(), token -> {
            stopIf(cancelled);
            return text.push(token);
        });
        stopIf(cancelled);
        text.finish(!reply.finished());
        AiMessage message = AiMessage.from(text.text());
        return response("chat_" + UUID.randomUUID(), message, text, reply.promptTokens());
    }

    /** About pictures: each is asked the same. */
    private ChatResponse ground(ChatQuestion question, BoundedText text, BooleanSupplier cancelled) {
        Conversation conversation = question.conversation();
        int count = conversation.images().size();
        List<GroundingResult> results = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            stopIf(cancelled);
            Picture picture = images.picture(conversation.images().get(i));
            Dialogue dialogue = dialogue(conversation, i, picture, cancelled);
            if (count > 1 && !question.json()) {
                text.pushWords((i == 0 ? "" : " ") + "Picture " + (i + 1) + ": ");
            }
            Request request = request(
                    words(conversation.turns().get(conversation.turns().size() - 1), count),
                    question.task(),
                    question.regions(),
                    question.options());
            Consumer<String> out = question.json() ? piece -> {} : text::pushWords;
            results.add(assistant.ask(picture, dialogue, request, progress(out, cancelled)));
        }
        if (question.json()) {
            text.pushWords(count == 1 ? results.get(0).toJson() : GroundingJson.write(results));
        }
        text.finish(false);
        AiMessage message = AiMessage.builder()
                .text(text.text())
                .attributes(Map.of(VilamChatModel.RESULTS, GroundingJson.write(results)))
                .build();
        return response(results.get(0).id(), message, text, BoundedText.words(conversation.everything()));
    }

    private ChatResponse response(String id, AiMessage message, BoundedText text, int read) {
        return ChatResponse.builder()
                .aiMessage(message)
                .metadata(ChatResponseMetadata.builder()
                        .id(id)
                        .modelName(assistant.info().id())
                        .tokenUsage(new TokenUsage(read, text.tokens()))
                        .finishReason(text.reason())
                        .build())
                .build();
    }

    /** The turns before, from what the answers carry with them; an answer without its result is asked for again. */
    private Dialogue dialogue(Conversation conversation, int image, Picture picture, BooleanSupplier cancelled) {
        Dialogue dialogue = Dialogue.EMPTY;
        for (Conversation.Turn turn : conversation.turns()) {
            if (turn.answer() != null) {
                Request request = request(words(turn, conversation.images().size()), null, List.of(), Options.DEFAULT);
                GroundingResult known = known(turn.answer(), image, picture);
                dialogue = dialogue.plus(
                        request,
                        known == null
                                ? assistant.ask(picture, dialogue, request, progress(piece -> {}, cancelled))
                                : known);
            }
        }
        return dialogue;
    }

    /** "Describe both images" is "describe this image" to each of them. */
    private static String words(Conversation.Turn turn, int images) {
        return images == 1 ? turn.words() : PICTURES.matcher(turn.words()).replaceAll("this $1");
    }

    private static @Nullable GroundingResult known(AiMessage answer, int image, Picture picture) {
        if (!(answer.attributes().get(VilamChatModel.RESULTS) instanceof String json)) {
            return null;
        }
        try {
            GroundingResult[] results = GroundingJson.read(json, GroundingResult[].class);
            boolean same = image < results.length && results[image].image().id().equals(picture.id());
            return same ? results[image] : null;
        } catch (VilamException e) {
            return null; // written by another version, or by somebody else: the question tells it all
        }
    }

    private static Request request(String words, @Nullable Task task, List<Region> regions, Options options) {
        boolean silent = words.isBlank() && task == null;
        return new Request(words, !silent ? task : regions.isEmpty() ? Task.CAPTION : Task.DESCRIBE, regions, options);
    }

    private static Progress progress(Consumer<String> listener, BooleanSupplier cancelled) {
        return new Progress() {
            @Override
            public void at(Stage stage, double fraction) {
                stopIf(cancelled);
            }

            @Override
            public void said(String piece) {
                stopIf(cancelled);
                listener.accept(piece);
            }
        };
    }

    private static void stopIf(BooleanSupplier cancelled) {
        if (cancelled.getAsBoolean()) {
            throw new CancellationException("the answer is not wanted any more");
        }
    }
}
