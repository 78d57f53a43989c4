package org.vilam.assistant.chat;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.common.AbstractChatModelIT;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import java.util.List;

/**
 * LangChain4j's own conformance suite. Its questions need knowledge of the world, so a scripted language and scripted networks answer
 * them: what is shown is the chat model, not the weights.
 */
final class ChatModelConformanceTest extends AbstractChatModelIT {
    @Override
    protected List<ChatModel> models() {
        return List.of(builder().build());
    }

    @Override
    protected ChatModel createModelWith(ChatRequestParameters parameters) {
        return builder().defaultRequestParameters(parameters).build();
    }

    @Override
    protected ChatRequestParameters createIntegrationSpecificParameters(int maxOutputTokens) {
        return VilamChatRequestParameters.builder()
                .maxOutputTokens(maxOutputTokens)
                .build();
    }

    private static VilamChatModel.Builder builder() {
        return VilamChatModel.builder().assistant(Doubles.assistant()).language(new ScriptedLanguage());
    }

    @Override
    protected boolean supportsModelNameParameter() {
        return false; // a chat model is one open model
    }

    @Override
    protected boolean supportsTools() {
        return false; // ViLaM was not trained to call tools
    }

    @Override
    protected boolean supportsToolChoiceRequired() {
        return false;
    }

    @Override
    protected boolean supportsToolChoiceRequiredWithSingleTool() {
        return false;
    }

    @Override
    protected boolean supportsToolChoiceRequiredWithMultipleTools() {
        return false;
    }

    @Override
    protected boolean supportsJsonResponseFormat() {
        return false; // the JSON is that of a grounding result; the suite asks for a city
    }

    @Override
    protected boolean supportsJsonResponseFormatWithSchema() {
        return false; // nor any other schema
    }

    @Override
    protected boolean supportsJsonResponseFormatWithRawSchema() {
        return false;
    }

    @Override
    protected boolean supportsSingleImageInputAsPublicURL() {
        return false; // nothing is fetched
    }
}
