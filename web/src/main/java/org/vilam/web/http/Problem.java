package org.vilam.web.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * A problem document (RFC 9457, {@code application/problem+json}).
 *
 * @param status the HTTP status
 * @param code stable, snake_case, e.g. {@code image_corrupt}; programs rely on this
 * @param detail what is wrong, for people, naming the field or file
 * @param hint the next step
 * @param requestId the request's id, also in its {@code X-Request-Id} header and in the log
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"type", "title", "status", "code", "detail", "hint", "request_id"})
public record Problem(
        int status,
        String code,
        String detail,
        String hint,
        @JsonProperty("request_id") @Nullable String requestId) {
    /** The media type of problem documents. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** Identifies the kind of problem; a name, not an address. */
    @JsonProperty
    public String type() {
        return "urn:vilam:problem:" + code;
    }

    /** The code in plain words. */
    @JsonProperty
    public String title() {
        String words = code.replace('_', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /** The problem that an exception of this program states. */
    public static Problem of(VilamException e, @Nullable String requestId) {
        return new Problem(
                ProblemStatus.of(e.code()), code(e.code()), String.valueOf(e.getMessage()), e.hint(), requestId);
    }

    /** What is said about a defect of ours: the log has the rest. */
    public static Problem internal(@Nullable String requestId) {
        return new Problem(
                500,
                "internal",
                "The program failed at this request.",
                "Try again; if it happens again, report it with the request id and the lines of the log that have it.",
                requestId);
    }

    private static String code(ErrorCode code) {
        return code.name().toLowerCase(Locale.ROOT);
    }
}
