package org.vilam.web.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Collection;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * The program's JSON: snake_case names, unknown and repeated fields refused, no number made of a text or the other way round.
 */
public final class Json {
    /** Deep enough for GeoJSON in a list in an object, and far from the stack's end. */
    private static final int MAX_DEPTH = 64;

    private static final int MAX_ECHO = 60;

    /** Reads and writes everything; immutable in use. */
    public static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(256 << 20) // a picture as data URL; bodies have a limit of their own
                            .build())
                    .build())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private Json() {}

    /**
     * Reads a request's body.
     *
     * @param what names the text in messages, e.g. {@code the body}
     * @throws VilamException INVALID_ARGUMENT naming the field that is unknown, missing or of another kind
     */
    public static <T> T read(byte[] json, Class<T> type, String what) {
        try {
            return read(MAPPER.readTree(json), type, what);
        } catch (IOException e) {
            throw refusal(e, what);
        }
    }

    /** As {@link #read(byte[], Class, String)}. */
    public static <T> T read(String json, Class<T> type, String what) {
        try {
            return read(MAPPER.readTree(json), type, what);
        } catch (IOException e) {
            throw refusal(e, what);
        }
    }

    /** As {@link #read(byte[], Class, String)}, from a tree. */
    public static <T> T read(@Nullable JsonNode json, Class<T> type, String what) {
        if (json == null || json.isMissingNode() || json.isNull()) {
            throw invalid(what + " is empty", "Send a JSON object.");
        }
        try {
            return MAPPER.treeToValue(json, type);
        } catch (JsonProcessingException e) {
            throw refusal(e, what);
        }
    }

    /** A tree from a request's text, with the same limits. */
    public static JsonNode tree(byte[] json, String what) {
        try {
            JsonNode tree = MAPPER.readTree(json);
            if (tree == null || tree.isMissingNode()) {
                throw invalid(what + " is empty", "Send JSON.");
            }
            return tree;
        } catch (IOException e) {
            throw refusal(e, what);
        }
    }

    /** As text; for values of this program's own, which can always be written. */
    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass(), e);
        }
    }

    /** Reads what {@link #write} wrote. */
    public static <T> T stored(String json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot read back a stored " + type.getSimpleName(), e);
        }
    }

    private static VilamException refusal(IOException e, String what) {
        if (e.getCause() instanceof VilamException ours && e instanceof JsonMappingException mapping) {
            return new VilamException(ours.code(), field(mapping) + ours.getMessage(), ours.hint(), ours);
        }
        if (e instanceof UnrecognizedPropertyException unknown) {
            return invalid(
                    "unknown field " + path(unknown),
                    known(unknown.getKnownPropertyIds()),
                    e);
        }
        if (e instanceof ValueInstantiationException built
                && built.getCause() instanceof IllegalArgumentException cause) {
            return invalid(field(built) + cause.getMessage(), "Correct the field and send the request again.", e);
        }
        if (e instanceof InvalidNullException missing) {
            return invalid("field " + path(missing) + " is missing", "Add the field.", e);
        }
        if (e instanceof InvalidTypeIdException type) {
            return invalid("field " + path(type) + " is of no known kind", "See /docs for the kinds there are.", e);
        }
        if (e instanceof InvalidFormatException format) {
            Class<?> target = format.getTargetType();
            String wanted = target != null && target.isEnum()
                    ? "one of " + constants(target)
                    : kind(target);
            return invalid(
                    "field " + path(format) + " is " + echo(format.getValue()) + ", not " + wanted,
                    "Send " + wanted + ".",
                    e);
        }
        if (e instanceof MismatchedInputException mismatch) {
            String wanted = kind(mismatch.getTargetType());
            return mismatch.getPath().isEmpty()
                    ? invalid(what + " is not " + wanted, "Send " + wanted + ".", e)
                    : invalid("field " + path(mismatch) + " is not " + wanted, "Send " + wanted + ".", e);
        }
        if (e instanceof StreamConstraintsException) {
            return invalid(
                    what + " nests too deep or holds a number or text that is too long",
                    "Send at most " + MAX_DEPTH + " levels.",
                    e);
        }
        if (e instanceof JsonParseException parse) {
            String where = parse.getLocation() == null
                    ? ""
                    : " at line " + parse.getLocation().getLineNr() + ", column "
                            + parse.getLocation().getColumnNr();
            String why = String.valueOf(parse.getOriginalMessage());
            return why.startsWith("Duplicate field")
                    ? invalid(what + " has a field twice" + where, "Send each field once.", e)
                    : invalid(what + " is not JSON" + where, "Send JSON in UTF-8 (RFC 8259), without NaN.", e);
        }
        return invalid(what + " cannot be read as JSON", "Send JSON in UTF-8 (RFC 8259).", e);
    }

    private static String known(@Nullable Collection<?> ids) {
        return ids == null || ids.isEmpty()
                ? "Leave it out."
                : "Known here: " + new TreeSet<>(ids.stream().map(String::valueOf).toList()).stream()
                        .collect(Collectors.joining(", ")) + ".";
    }

    private static String constants(Class<?> type) {
        StringBuilder names = new StringBuilder();
        for (Object constant : type.getEnumConstants()) {
            names.append(names.isEmpty() ? "" : ", ")
                    .append(MAPPER.convertValue(constant, String.class));
        }
        return names.toString();
    }

    private static String kind(@Nullable Class<?> type) {
        if (type == null) {
            return "of the kind that is expected";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
            return "a whole number";
        }
        if (Number.class.isAssignableFrom(type) || type == double.class || type == float.class) {
            return "a number";
        }
        if (CharSequence.class.isAssignableFrom(type)) {
            return "a text";
        }
        if (type.isEnum()) {
            return "one of " + constants(type);
        }
        return type.isArray() || Collection.class.isAssignableFrom(type) ? "a list" : "a JSON object";
    }

    private static String field(JsonMappingException e) {
        return e.getPath().isEmpty() ? "" : "field " + path(e) + ": ";
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(clipped(step.getFieldName()));
            } else if (step.getIndex() >= 0) {
                path.append('[').append(step.getIndex()).append(']');
            }
        }
        return path.toString();
    }

    private static String echo(@Nullable Object value) {
        return value instanceof CharSequence text ? '"' + clipped(text.toString()) + '"' : clipped(String.valueOf(value));
    }

    /** Names and values of a caller are repeated to it shortened and without control characters. */
    private static String clipped(String text) {
        String plain = text.replaceAll("\\p{C}", "?");
        return plain.length() <= MAX_ECHO ? plain : plain.substring(0, MAX_ECHO) + "...";
    }

    private static VilamException invalid(String message, String hint) {
        return new VilamException(ErrorCode.INVALID_ARGUMENT, message, hint);
    }

    private static VilamException invalid(String message, String hint, Throwable cause) {
        return new VilamException(ErrorCode.INVALID_ARGUMENT, message, hint, cause);
    }
}
