package org.vilam.assistant.chat;

import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import org.vilam.vision.error.VilamException;

/** Our errors in LangChain4j's words, so that its retries and fallbacks know them. */
final class ChatErrors {
    private ChatErrors() {}

    /** As LangChain4j would throw it; ours is the cause. */
    static RuntimeException of(RuntimeException error) {
        if (!(error instanceof VilamException ours)) {
            return error;
        }
        String message = ours.getMessage() + " " + ours.hint();
        return switch (ours.code()) {
            case BUSY -> new RateLimitException(message, ours);
            case MODEL_OUTPUT_INVALID,
                    MODEL_INVALID,
                    TENSOR_MISMATCH,
                    CHECKPOINT_UNSUPPORTED,
                    CHECKPOINT_CORRUPT,
                    CHECKPOINT_REFUSED,
                    CHECKPOINT_MISMATCH -> new InternalServerException(message, ours);
            default -> new InvalidRequestException(message, ours);
        };
    }

    /** Something that these models do not do; the wording is LangChain4j's. */
    static UnsupportedFeatureException unsupported(String what, String instead) {
        return new UnsupportedFeatureException(what + " is not supported by this model. " + instead);
    }
}
