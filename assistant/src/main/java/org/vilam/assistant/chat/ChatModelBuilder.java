package org.vilam.assistant.chat;

import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.Assistant;
import org.vilam.vision.image.ImageDecoder;

/**
 * Builds chat models; only the assistant has to be given.
 *
 * @param <B> the builder itself
 */
public abstract sealed class ChatModelBuilder<B extends ChatModelBuilder<B>>
        permits VilamChatModel.Builder, VilamStreamingChatModel.Builder {
    private @Nullable Assistant assistant;
    private @Nullable Language language;
    private ImageResolver resolver = ImageResolver.NONE;
    private ImageDecoder decoder = new ImageDecoder();
    private ChatRequestParameters parameters =
            VilamChatRequestParameters.builder().build();
    private List<ChatModelListener> listeners = List.of();

    ChatModelBuilder() {}

    abstract B self();

    /** What answers questions about pictures. */
    public B assistant(Assistant value) {
        this.assistant = value;
        return self();
    }

    /** What goes on with conversations without a picture; without it they are refused. */
    public B language(@Nullable Language value) {
        this.language = value;
        return self();
    }

    /** Where {@code image:<sha256>} is looked up; without it, nowhere. */
    public B imageResolver(ImageResolver value) {
        this.resolver = value;
        return self();
    }

    /** The door for pictures sent as data; without it, one with its default limits. */
    public B imageDecoder(ImageDecoder value) {
        this.decoder = value;
        return self();
    }

    /**
     * What holds for requests that do not say otherwise.
     *
     * @see VilamChatRequestParameters
     */
    public B defaultRequestParameters(ChatRequestParameters value) {
        this.parameters = value;
        return self();
    }

    /** Who is told of requests, answers and errors. */
    public B listeners(List<ChatModelListener> value) {
        this.listeners = List.copyOf(value);
        return self();
    }

    ChatAnswers answers() {
        return new ChatAnswers(required(), language, new ChatImages(decoder, resolver));
    }

    ChatRequestParameters parameters() {
        String id = required().info().id();
        ChatQuestion.check(parameters, id);
        return VilamChatRequestParameters.builder()
                .modelName(id)
                .overrideWith(parameters)
                .build();
    }

    List<ChatModelListener> listeners() {
        return listeners;
    }

    private Assistant required() {
        if (assistant == null) {
            throw new IllegalStateException("a chat model needs an assistant");
        }
        return assistant;
    }
}
