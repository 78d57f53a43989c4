package org.vilam.assistant.chat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a request as the assistant reads them: the pictures they are about, and the questions since these came.
 *
 * @param system the system messages
 * @param images of the last message that has any; none for a conversation in words alone
 * @param turns since then, oldest first; the last has no answer yet
 */
record Conversation(String system, List<ImageContent> images, List<Turn> turns) {
    /** More pictures in one message are refused. */
    static final int MOST_IMAGES = 8;

    /** A question and, but for the last, its answer. */
    record Turn(String words, @Nullable AiMessage answer) {}

    Conversation {
        images = List.copyOf(images);
        turns = List.copyOf(turns);
    }

    /**
     * Reads messages.
     *
     * @throws dev.langchain4j.exception.UnsupportedFeatureException naming what these models do not read
     * @throws InvalidRequestException when there is nothing to answer
     */
    static Conversation of(List<ChatMessage> messages) {
        List<String> system = new ArrayList<>();
        List<ImageContent> images = List.of();
        List<Turn> turns = new ArrayList<>();
        List<String> open = new ArrayList<>();
        boolean asked = false;
        for (ChatMessage message : messages) {
            if (message instanceof SystemMessage said) {
                system.add(said.text());
            } else if (message instanceof UserMessage question) {
                List<ImageContent> sent = images(question);
                if (!sent.isEmpty()) {
                    images = sent;
                    turns.clear();
                    open.clear();
                }
                open.add(words(question));
                asked = true;
            } else if (message instanceof AiMessage answer) {
                if (answer.hasToolExecutionRequests()) {
                    throw ChatErrors.unsupported("A message with tool calls", "This model calls no tools.");
                }
                if (asked) {
                    turns.add(new Turn(join(open), answer));
                    open.clear();
                    asked = false;
                }
            } else {
                throw ChatErrors.unsupported(
                        "A message of type " + message.type(), "Send system, user and AI messages.");
            }
        }
        if (!asked) {
            throw new InvalidRequestException("messages: the last is no question. End with a user message.");
        }
        turns.add(new Turn(join(open), null));
        return new Conversation(String.join("\n", system), images, turns);
    }

    /** Every word that was sent. */
    String everything() {
        List<String> all = new ArrayList<>();
        all.add(system);
        for (Turn turn : turns) {
            all.add(turn.words());
            all.add(
                    turn.answer() == null || turn.answer().text() == null
                            ? ""
                            : turn.answer().text());
        }
        return join(all);
    }

    private static String join(List<String> words) {
        return String.join("\n", words.stream().filter(w -> !w.isBlank()).toList());
    }

    private static String words(UserMessage message) {
        return join(message.contents().stream()
                .filter(TextContent.class::isInstance)
                .map(c -> ((TextContent) c).text())
                .toList());
    }

    private static List<ImageContent> images(UserMessage message) {
        List<ImageContent> images = new ArrayList<>();
        for (Content content : message.contents()) {
            if (content instanceof ImageContent image) {
                ChatImages.check(image);
                images.add(image);
            } else if (!(content instanceof TextContent)) {
                throw ChatErrors.unsupported(
                        "Content of type " + content.type().name().toLowerCase(Locale.ROOT), "Send text and images.");
            }
        }
        if (images.size() > MOST_IMAGES) {
            throw ChatErrors.unsupported(
                    "A message with " + images.size() + " images", "Send at most " + MOST_IMAGES + ".");
        }
        return images;
    }
}
