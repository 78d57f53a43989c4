package org.vilam.assistant.chat;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.internal.ChatRequestValidationUtils;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.Options;
import org.vilam.assistant.Region;
import org.vilam.prompts.Task;

/**
 * A request that has been read and can be answered.
 *
 * @param json whether the canonical result is wanted rather than sentences
 */
record ChatQuestion(
        Conversation conversation,
        Language.Sampling sampling,
        int maxTokens,
        List<String> stops,
        boolean json,
        @Nullable Task task,
        List<Region> regions,
        Options options) {
    ChatQuestion {
        stops = List.copyOf(stops);
        regions = List.copyOf(regions);
    }

    /**
     * Reads a request.
     *
     * @param model the only name that may be asked for
     * @throws dev.langchain4j.exception.UnsupportedFeatureException naming what this model does not do
     * @throws InvalidRequestException naming what is out of range
     */
    static ChatQuestion of(ChatRequest request, String model, boolean speaks) {
        ChatRequestParameters parameters = request.parameters();
        check(parameters, model);
        List<ChatMessage> messages = request.messages();
        Conversation conversation = Conversation.of(messages);
        boolean pictured = !conversation.images().isEmpty();
        boolean json = json(parameters.responseFormat());
        double temperature = Objects.requireNonNullElse(parameters.temperature(), 0.0);
        if (pictured && temperature > 0) {
            throw ChatErrors.unsupported(
                    "The 'temperature' parameter above 0 for a chat about an image",
                    "Such answers are the same each time: leave it out.");
        } else if (!pictured && json) {
            throw ChatErrors.unsupported(
                    "The JSON response format for a chat without an image", "The JSON is that of a grounding result.");
        } else if (!pictured && !speaks) {
            throw ChatErrors.unsupported(
                    "A chat without an image",
                    "Send the picture with the question, or give the chat model a language model.");
        }
        boolean ours = parameters instanceof VilamChatRequestParameters;
        VilamChatRequestParameters more = ours
                ? (VilamChatRequestParameters) parameters
                : VilamChatRequestParameters.builder().build();
        Integer most = parameters.maxOutputTokens();
        return new ChatQuestion(
                conversation,
                new Language.Sampling(
                        temperature,
                        Objects.requireNonNullElse(parameters.topP(), 1.0),
                        Objects.requireNonNullElse(most, Language.Sampling.MAX_TOKENS)),
                Objects.requireNonNullElse(most, Integer.MAX_VALUE),
                Objects.requireNonNullElse(parameters.stopSequences(), List.of()),
                json,
                more.task(),
                more.regions(),
                Objects.requireNonNullElse(more.options(), Options.DEFAULT));
    }

    /** Refuses what no request to the model may ask for. */
    static void check(ChatRequestParameters parameters, String model) {
        String name = parameters.modelName();
        if (name != null && !name.equals(model)) {
            throw ChatErrors.unsupported(
                    "The 'modelName' parameter \"" + name + "\"", "The model is \"" + model + "\".");
        }
        refuse("topK", parameters.topK());
        refuse("frequencyPenalty", parameters.frequencyPenalty());
        refuse("presencePenalty", parameters.presencePenalty());
        ChatRequestValidationUtils.validate(parameters.toolChoice());
        ChatRequestValidationUtils.validate(parameters.toolSpecifications());
        json(parameters.responseFormat());
        range("temperature", parameters.temperature(), 0, 2);
        range("topP", parameters.topP(), Double.MIN_VALUE, 1);
        range("maxOutputTokens", parameters.maxOutputTokens(), 1, Integer.MAX_VALUE);
        List<String> stops = parameters.stopSequences();
        if (stops != null && stops.stream().anyMatch(String::isEmpty)) {
            throw new InvalidRequestException("stopSequences: one is empty. Leave it out.");
        }
    }

    private static boolean json(@Nullable ResponseFormat format) {
        if (format == null || format.type() != ResponseFormatType.JSON) {
            return false;
        }
        if (format.jsonSchema() != null) {
            throw ChatErrors.unsupported(
                    "The JSON response format with a schema", "Ask for JSON without one: it is a grounding result.");
        }
        return true;
    }

    private static void refuse(String name, @Nullable Number value) {
        if (value != null && value.doubleValue() != 0) {
            throw ChatErrors.unsupported("The '" + name + "' parameter", "Leave it out.");
        }
    }

    private static void range(String name, @Nullable Number value, double least, double most) {
        if (value != null && !(value.doubleValue() >= least && value.doubleValue() <= most)) {
            throw new InvalidRequestException(name + ": " + value + " is out of range. Leave it out for the default.");
        }
    }
}
