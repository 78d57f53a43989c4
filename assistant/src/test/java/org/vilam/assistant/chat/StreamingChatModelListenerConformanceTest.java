package org.vilam.assistant.chat;

import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelListenerIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import java.util.List;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** LangChain4j's own suite about listeners. */
final class StreamingChatModelListenerConformanceTest extends AbstractStreamingChatModelListenerIT {
    @Override
    protected StreamingChatModel createModel(ChatModelListener listener) {
        return model(listener, new ScriptedLanguage());
    }

    @Override
    protected StreamingChatModel createFailingModel(ChatModelListener listener) {
        return model(listener, (system, turns, sampling, tokens) -> {
            throw new VilamException(ErrorCode.MODEL_OUTPUT_INVALID, "nothing was said", "Ask in other words.");
        });
    }

    private StreamingChatModel model(ChatModelListener listener, Language language) {
        return VilamStreamingChatModel.builder()
                .assistant(Doubles.assistant())
                .language(language)
                .listeners(List.of(listener))
                .defaultRequestParameters(VilamChatRequestParameters.builder()
                        .temperature(temperature())
                        .topP(topP())
                        .maxOutputTokens(maxTokens())
                        .build())
                .build();
    }

    @Override
    protected String modelName() {
        return Doubles.INFO.id();
    }

    @Override
    protected Class<? extends Exception> expectedExceptionClass() {
        return InternalServerException.class;
    }

    @Override
    protected boolean supportsTools() {
        return false;
    }
}
