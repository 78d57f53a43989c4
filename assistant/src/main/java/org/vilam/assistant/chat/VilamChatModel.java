package org.vilam.assistant.chat;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;

/**
 * The assistant as a LangChain4j chat model.
 *
 * <p>Pictures come as {@code ImageContent}: base64 data or {@code image:<sha256>}. Questions are about the pictures of the last
 * message that has any, and may refer to what was found before ("segment it"): the result of an answer travels in the attribute
 * {@link #RESULTS} of its message, as a JSON array with one canonical result a picture; where a memory loses the attribute the
 * earlier questions are asked again. With {@code ResponseFormat.JSON} the text of the answer is the result itself. A system message
 * is read in conversations without a picture alone.
 *
 * <p>Tokens are counted by the language model where it answers alone, and are words and marks where the answer is about a picture.
 * Errors of a request are LangChain4j's with a {@link org.vilam.vision.error.VilamException} as cause. Safe for several threads.
 */
public final class VilamChatModel implements ChatModel {
    /** The attribute of an AI message that holds its grounding results as a JSON array. */
    public static final String RESULTS = "vilam.results";

    private final ChatAnswers answers;
    private final ChatRequestParameters parameters;
    private final List<ChatModelListener> listeners;

    private VilamChatModel(Builder builder) {
        this.answers = builder.answers();
        this.parameters = builder.parameters();
        this.listeners = builder.listeners();
    }

    /** A builder. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        try {
            return answers.answer(
                    answers.read(request),
                    piece -> {},
                    () -> Thread.currentThread().isInterrupted());
        } catch (RuntimeException e) {
            throw ChatErrors.of(e);
        }
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return parameters;
    }

    @Override
    public List<ChatModelListener> listeners() {
        return listeners;
    }

    @Override
    public ModelProvider provider() {
        return ModelProvider.OTHER;
    }

    /** Builds the model. */
    public static final class Builder extends ChatModelBuilder<Builder> {
        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * The model.
         *
         * @throws dev.langchain4j.exception.UnsupportedFeatureException when a default parameter is none of this model's
         */
        public VilamChatModel build() {
            return new VilamChatModel(this);
        }
    }
}
