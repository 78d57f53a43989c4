package org.vilam.assistant.text;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * Which token has which id, read from {@code tokenizer.json} (DJL does not give its native table away).
 *
 * <p>{@code model.vocab} maps tokens to ids (BPE, WordPiece, WordLevel) or lists tokens with scores in the order of their ids
 * (Unigram); {@code added_tokens} adds to it and says which are special.
 */
final class TokenTable {
    /** Far above any known vocabulary; keeps a damaged id from asking for a huge embedding table. */
    private static final int MOST_TOKENS = 1 << 24;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String name;
    private final Map<String, Integer> ids;
    private final BitSet special;
    private final int size;
    private final Pattern specials;

    private TokenTable(String name, Map<String, Integer> ids, BitSet special, Set<String> normalized) {
        this.name = name;
        this.ids = ids;
        this.special = special;
        size = 1 + ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
        String any = ids.entrySet().stream()
                .filter(token -> special.get(token.getValue()))
                .map(Map.Entry::getKey)
                .sorted(Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder()))
                .map(token -> (normalized.contains(token) ? "(?iu:" : "(?:") + Pattern.quote(token) + ")")
                .collect(Collectors.joining("|"));
        specials = Pattern.compile(any.isEmpty() ? "(?!)" : any);
    }

    /** @throws VilamException {@link ErrorCode#MODEL_INVALID} if the bytes are no JSON or hold no table of tokens */
    static TokenTable read(byte[] json, String name) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (IOException e) {
            throw damaged(name, "it is not JSON: " + e.getMessage(), e);
        }
        JsonNode vocab = root.path("model").path("vocab");
        Map<String, Integer> ids = new HashMap<>();
        if (vocab.isObject()) {
            vocab.properties().forEach(token -> ids.put(token.getKey(), id(token.getValue(), name)));
        } else if (vocab.isArray()) {
            vocab.forEach(entry -> ids.put(entry.path(0).asText(), ids.size()));
        } else {
            throw damaged(name, "it has no model.vocab", null);
        }
        BitSet special = new BitSet();
        Set<String> normalized = new HashSet<>();
        for (JsonNode token : root.path("added_tokens")) {
            int id = id(token.path("id"), name);
            Integer other = ids.put(token.path("content").asText(), id);
            if (other != null && other != id) {
                throw damaged(
                        name,
                        token.path("content") + " has id " + other + " in model.vocab and " + id + " in added_tokens",
                        null);
            }
            special.set(id, token.path("special").asBoolean());
            if (token.path("normalized").asBoolean()) {
                normalized.add(token.path("content").asText());
            }
        }
        if (ids.isEmpty()) {
            throw damaged(name, "model.vocab is empty", null);
        }
        return new TokenTable(name, ids, special, normalized);
    }

    private static int id(JsonNode id, String name) {
        if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0 || id.intValue() >= MOST_TOKENS) {
            throw damaged(name, id + " is no token id", null);
        }
        return id.intValue();
    }

    /** One more than the highest id. */
    int size() {
        return size;
    }

    int id(String token) {
        Integer id = ids.get(token);
        if (id == null) {
            throw new VilamException(
                    ErrorCode.MODEL_INVALID,
                    "tokenizer " + name + " has no token " + token,
                    "Use the tokenizer.json that belongs to the model, or train one with this token.");
        }
        return id;
    }

    boolean isSpecial(long id) {
        return id >= 0 && id < size && special.get((int) id);
    }

    /** The special tokens. */
    Stream<String> specialTokens() {
        return ids.keySet().stream().filter(token -> isSpecial(id(token)));
    }

    /**
     * Finds special tokens in a text, the longest where several begin; in any case of letters where the file says that they are
     * looked for in normalised text.
     */
    Pattern specials() {
        return specials;
    }

    static VilamException damaged(String name, String why, @Nullable Throwable cause) {
        return new VilamException(
                ErrorCode.MODEL_INVALID,
                "tokenizer " + name + " is damaged: " + why,
                "Copy the tokenizer again from where the model came from.",
                cause);
    }
}
