package org.vilam.web.json;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.vilam.grounding.result.GroundingJson;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * The server's JSON: the mapping of {@link GroundingJson} with the limits of a server, and refusals that a person without Java
 * understands.
 */
public final class Json {
    /** Deep enough for GeoJSON in a list in an object, and far from the stack's end. */
    private static final int MAX_DEPTH = 64;

    /** Pictures come as data URLs; request bodies have their own limit. */
    private static final int MAX_TEXT = 512 << 20;

    private static final int MAX_ECHO = 60;
    private static final Pattern MISSING = Pattern.compile("(?s)Missing required creator property '([^']*)'.*");

    /** Reads and writes everything; not to be configured further. */
    public static final ObjectMapper MAPPER = mapper();

    private Json() {}

    private static ObjectMapper mapper() {
        ObjectMapper mapper = GroundingJson.mapper();
        mapper.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(MAX_TEXT)
                        .build());
        return mapper;
    }

    /** An empty object to fill. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /**
     * Reads a text as it came from a caller.
     *
     * @param what names the text in messages, e.g. {@code the body}
     * @throws VilamException INVALID_ARGUMENT naming the field that is unknown, missing or of another kind
     */
    public static <T> T read(byte[] json, Class<T> type, String what) {
        return read(tree(json, what), type, what);
    }

    /** As {@link #read(byte[], Class, String)}, from a tree. */
    public static <T> T read(JsonNode json, Class<T> type, String what) {
        try {
            T value = MAPPER.treeToValue(json, type);
            if (value == null) {
                throw invalid(what + " is null", "Send a JSON object.", null);
            }
            return value;
        } catch (JsonProcessingException e) {
            throw refusal(e, what);
        }
    }

    /** A tree from a caller's text. */
    public static JsonNode tree(byte[] json, String what) {
        try {
            JsonNode tree = MAPPER.readTree(json);
            if (tree == null || tree.isMissingNode()) {
                throw invalid(what + " is empty", "Send JSON.", null);
            }
            return tree;
        } catch (IOException e) {
            throw refusal(e, what);
        }
    }

    /** A tree of values of this program's own. */
    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** As text; for values of this program's own, which can always be written. */
    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write a " + value.getClass().getName(), e);
        }
    }

    /** Reads back what the store kept. */
    public static <T> T stored(String json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot read back a stored " + type.getSimpleName(), e);
        }
    }

    /** A name or value of a caller as it may be repeated to it: shortened and without control characters. */
    public static String echo(String text) {
        String plain = text.replaceAll("\\p{C}", "?");
        return plain.length() <= MAX_ECHO ? plain : plain.substring(0, MAX_ECHO) + "...";
    }

    private static VilamException refusal(IOException e, String what) {
        if (e instanceof JsonMappingException mapping && mapping.getCause() instanceof VilamException) {
            return GroundingJson.refusal(mapping);
        }
        if (e instanceof UnrecognizedPropertyException unknown) {
            return invalid(path(unknown, what) + ": there is no such field", known(unknown.getKnownPropertyIds()), e);
        }
        if (e instanceof InvalidNullException missing) {
            return invalid(path(missing, what) + ": it is null", "Give it, or leave it out where it may be.", e);
        }
        if (e instanceof InvalidFormatException format && format.getValue() != null) {
            String wanted = kind(format.getTargetType());
            return invalid(
                    path(format, what) + ": " + quoted(format.getValue()) + " is not " + wanted,
                    "Send " + wanted + ".",
                    e);
        }
        if (e instanceof MismatchedInputException mismatch) {
            var missing = MISSING.matcher(String.valueOf(mismatch.getOriginalMessage()));
            if (missing.matches()) {
                return invalid(missing.group(1) + ": the field is missing", "Add it.", e);
            }
            String wanted = kind(mismatch.getTargetType());
            return invalid(path(mismatch, what) + ": this is not " + wanted, "Send " + wanted + ".", e);
        }
        if (e instanceof StreamConstraintsException) {
            return invalid(
                    what + " nests too deep, or has a number that is too long",
                    "Send at most " + MAX_DEPTH + " levels and numbers of ordinary length.",
                    e);
        }
        if (e instanceof JsonParseException parse) {
            String where = parse.getLocation() == null
                    ? ""
                    : " at line " + parse.getLocation().getLineNr() + ", column "
                            + parse.getLocation().getColumnNr();
            return String.valueOf(parse.getOriginalMessage()).startsWith("Duplicate field")
                    ? invalid(what + " has a field twice" + where, "Send each field once.", e)
                    : invalid(what + " is not JSON" + where, "Send JSON in UTF-8 (RFC 8259), without NaN.", e);
        }
        return invalid(what + " cannot be read as JSON", "Send JSON in UTF-8 (RFC 8259).", e);
    }

    private static String known(@Nullable Collection<?> ids) {
        return ids == null || ids.isEmpty()
                ? "Leave it out."
                : "Known fields here: "
                        + String.join(
                                ", ",
                                new TreeSet<>(ids.stream().map(String::valueOf).toList())) + ".";
    }

    private static String kind(@Nullable Class<?> type) {
        if (type == null) {
            return "what is expected here";
        }
        if (type.isEnum()) {
            StringBuilder names = new StringBuilder();
            for (Object constant : type.getEnumConstants()) {
                names.append(names.isEmpty() ? "one of " : ", ")
                        .append(((Enum<?>) constant).name().toLowerCase(Locale.ROOT));
            }
            return names.toString();
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
        return type.isArray() || Collection.class.isAssignableFrom(type) ? "a list" : "a JSON object";
    }

    private static String path(JsonMappingException e, String what) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(echo(step.getFieldName()));
            }
        }
        return path.isEmpty() ? what : path.toString();
    }

    private static String quoted(Object value) {
        return value instanceof CharSequence ? '"' + echo(value.toString()) + '"' : echo(value.toString());
    }

    private static VilamException invalid(String message, String hint, @Nullable Throwable cause) {
        return new VilamException(ErrorCode.INVALID_ARGUMENT, message, hint, cause);
    }
}
