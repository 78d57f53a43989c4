package org.vilam.assistant.chat;

import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onCompleteResponse;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onPartialResponse;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.withLoggingExceptions;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * As {@link VilamChatModel}, piece by piece: the words of the language model as they are chosen, the sentences about what was found
 * as each step of an instruction is done. A JSON answer comes when it is whole.
 *
 * <p>Requests are answered one after the other on one thread, unless the builder is given an executor; of those that wait at most
 * {@value #MOST_WAITING} are kept. A request that is cancelled through the handle stops its work at the next token or stage, and
 * nothing more is heard of it.
 */
public final class VilamStreamingChatModel implements StreamingChatModel {
    /** Requests that may wait where no executor is given. */
    public static final int MOST_WAITING = 64;

    private final ChatAnswers answers;
    private final ChatRequestParameters parameters;
    private final List<ChatModelListener> listeners;
    private final Executor executor;

    private VilamStreamingChatModel(Builder builder) {
        this.answers = builder.answers();
        this.parameters = builder.parameters();
        this.listeners = builder.listeners();
        this.executor = builder.executor == null ? oneThread() : builder.executor;
    }

    /** A builder. */
    public static Builder builder() {
        return new Builder();
    }

    private static final class Handle implements StreamingHandle {
        private volatile boolean cancelled;

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        ChatQuestion question = answers.read(request);
        try {
            executor.execute(() -> answer(question, handler));
        } catch (RejectedExecutionException e) {
            throw ChatErrors.of(new VilamException(
                    ErrorCode.BUSY,
                    "there are too many questions waiting",
                    "Ask again when some of them are answered.",
                    e));
        }
    }

    private void answer(ChatQuestion question, StreamingChatResponseHandler handler) {
        Handle handle = new Handle();
        try {
            ChatResponse response =
                    answers.answer(question, piece -> onPartialResponse(handler, piece, handle), handle::isCancelled);
            if (!handle.isCancelled()) {
                onCompleteResponse(handler, response);
            }
        } catch (CancellationException e) {
            if (!handle.isCancelled()) {
                withLoggingExceptions(() -> handler.onError(e));
            }
        } catch (RuntimeException e) {
            withLoggingExceptions(() -> handler.onError(ChatErrors.of(e)));
        } catch (Error e) {
            withLoggingExceptions(() -> handler.onError(e));
            throw e;
        }
    }

    private static Executor oneThread() {
        ThreadPoolExecutor one =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), work -> {
                    Thread thread = new Thread(work, "vilam-chat");
                    thread.setDaemon(true);
                    return thread;
                });
        one.allowCoreThreadTimeOut(true);
        return one;
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
        private @Nullable Executor executor;

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /** Where requests are answered and handlers called. */
        public Builder executor(Executor value) {
            this.executor = value;
            return this;
        }

        /**
         * The model.
         *
         * @throws dev.langchain4j.exception.UnsupportedFeatureException when a default parameter is none of this model's
         */
        public VilamStreamingChatModel build() {
            return new VilamStreamingChatModel(this);
        }
    }
}
