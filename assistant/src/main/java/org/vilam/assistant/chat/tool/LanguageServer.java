package org.vilam.assistant.chat.tool;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * An OpenAI-compatible server and how to speak to it. As JSON {@code {"base_url": "http://127.0.0.1:8080/v1", "model": "vicuna-13b",
 * "api_key": null, "connect_timeout_seconds": 5, "timeout_seconds": 60, "tools": "auto", "max_rounds": 6, "temperature": 0,
 * "max_tokens": 512}}; only the first two have to be there.
 *
 * @param baseUrl where {@code /chat/completions} is, http or https
 * @param apiKey sent as bearer token, or null for none; never printed
 * @param model as the server calls it
 * @param connectTimeout longest wait for a connection
 * @param timeout longest silence, and longest wait for the first word
 * @param tools how the model is told of its tools
 * @param maxRounds most answers of the model to one question, tool calls included, 1..50
 * @param temperature 0..2
 * @param maxTokens most tokens of each answer
 */
public record LanguageServer(
        URI baseUrl,
        @Nullable String apiKey,
        String model,
        Duration connectTimeout,
        Duration timeout,
        ToolCalling tools,
        int maxRounds,
        double temperature,
        int maxTokens) {
    /** How a model is told of its tools. */
    public enum ToolCalling {
        /** As {@link #NATIVE} until the server says that it does not know tools, then as {@link #PROMPT}. */
        AUTO,
        /** By the {@code tools} of the request. */
        NATIVE,
        /** In words; it calls them by answering with a JSON object. For models that were not trained on tools. */
        PROMPT
    }

    /** Checks the ranges. */
    public LanguageServer {
        String scheme = String.valueOf(baseUrl.getScheme());
        require(
                (scheme.equals("http") || scheme.equals("https")) && baseUrl.getHost() != null,
                "base_url",
                "an http or https URL such as http://127.0.0.1:8080/v1");
        require(baseUrl.getUserInfo() == null, "base_url", "without a password; use api_key");
        require(!model.isBlank(), "model", "the name of a model on the server");
        require(connectTimeout.compareTo(Duration.ZERO) > 0, "connect_timeout_seconds", "above 0");
        require(timeout.compareTo(Duration.ZERO) > 0, "timeout_seconds", "above 0");
        require(maxRounds >= 1 && maxRounds <= 50, "max_rounds", "within 1..50");
        require(temperature >= 0 && temperature <= 2, "temperature", "within 0..2");
        require(maxTokens >= 1, "max_tokens", "above 0");
    }

    /** A server with everything else as it is by default. */
    public static LanguageServer at(URI baseUrl, String model) {
        return new LanguageServer(
                baseUrl, null, model, Duration.ofSeconds(5), Duration.ofSeconds(60), ToolCalling.AUTO, 6, 0, 512);
    }

    @JsonCreator
    static LanguageServer of(
            @JsonProperty("base_url") @Nullable URI baseUrl,
            @JsonProperty("api_key") @Nullable String apiKey,
            @JsonProperty("model") @Nullable String model,
            @JsonProperty("connect_timeout_seconds") @Nullable Double connectTimeout,
            @JsonProperty("timeout_seconds") @Nullable Double timeout,
            @JsonProperty("tools") @Nullable ToolCalling tools,
            @JsonProperty("max_rounds") @Nullable Integer maxRounds,
            @JsonProperty("temperature") @Nullable Double temperature,
            @JsonProperty("max_tokens") @Nullable Integer maxTokens) {
        LanguageServer usual = at(baseUrl == null ? URI.create("") : baseUrl, model == null ? "" : model);
        return new LanguageServer(
                usual.baseUrl,
                apiKey,
                usual.model,
                connectTimeout == null ? usual.connectTimeout : seconds("connect_timeout_seconds", connectTimeout),
                timeout == null ? usual.timeout : seconds("timeout_seconds", timeout),
                tools == null ? usual.tools : tools,
                maxRounds == null ? usual.maxRounds : maxRounds,
                temperature == null ? usual.temperature : temperature,
                maxTokens == null ? usual.maxTokens : maxTokens);
    }

    private static Duration seconds(String field, double value) {
        require(value > 0 && value <= 3600, field, "above 0 and at most 3600");
        return Duration.ofMillis(Math.max(1, Math.round(1000 * value)));
    }

    private static void require(boolean holds, String field, String rule) {
        if (!holds) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    field + ": it has to be " + rule,
                    "Correct it in the configuration of the language server.");
        }
    }

    /** For people; the key is left out. */
    @Override
    public String toString() {
        return model + " at " + baseUrl;
    }
}
