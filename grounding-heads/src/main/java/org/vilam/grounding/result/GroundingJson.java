package org.vilam.grounding.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.util.List;
import java.util.stream.Collectors;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * The one mapping between the records of this project and JSON: names in snake_case, enum constants in lower case, geometry as in
 * DESIGN (a box is {@code [x1, y1, x2, y2]}, a point {@code [x, y]}).
 *
 * <p>Reading is strict. A component that is not marked nullable has to be there and not null; what is unknown, given twice or of
 * another type is refused, and the error names the field.
 */
public final class GroundingJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .annotationIntrospector(new RecordIntrospector())
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .withCoercionConfig(LogicalType.Textual, text -> {
                for (CoercionInputShape shape :
                        List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
                    text.setCoercion(shape, CoercionAction.Fail);
                }
            })
            .addModule(new GeometryModule())
            .build();

    private GroundingJson() {}

    /** A mapper of its own for a part that has more to say, such as a web server; what it writes is the same. */
    public static ObjectMapper mapper() {
        return MAPPER.copy();
    }

    /** As JSON, on one line. */
    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "no JSON for a " + value.getClass().getName(), e);
        }
    }

    /**
     * From JSON.
     *
     * @throws VilamException INVALID_ARGUMENT or GEOMETRY_INVALID, naming the field
     */
    public static <T> T read(String json, Class<T> type) {
        T value;
        try {
            value = MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw refusal(e);
        }
        if (value == null) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT, "the JSON is null", "Send a JSON object with the documented fields.");
        }
        return value;
    }

    /** What is wrong with some JSON, from what Jackson says of it. */
    public static VilamException refusal(JsonProcessingException e) {
        String where = e instanceof JsonMappingException mapping ? path(mapping) : "";
        String what = e.getOriginalMessage();
        ErrorCode code = ErrorCode.INVALID_ARGUMENT;
        String hint = "Correct the field and send it again.";
        if (e.getCause() instanceof VilamException cause) {
            // The records name their own field first, "box: ...".
            what = cause.getMessage();
            code = cause.code();
            hint = cause.hint();
        } else if (e instanceof UnrecognizedPropertyException unknown) {
            what = "there is no such field";
            hint = "Known fields here: "
                    + unknown.getKnownPropertyIds().stream()
                            .map(String::valueOf)
                            .sorted()
                            .collect(Collectors.joining(", "))
                    + ".";
        } else if (!(e instanceof JsonMappingException)) {
            what = "this is no JSON: " + what;
            hint = "Send well-formed JSON.";
        }
        return new VilamException(code, join(where, String.valueOf(what)), hint, e);
    }

    /** "objects[0].box" and "box: ..." are "objects[0].box: ...". */
    private static String join(String where, String what) {
        if (where.isEmpty()) {
            return what;
        }
        boolean named = what.matches("(?s)[a-z_]+(\\[\\d+])?(\\.[a-z_]+)?: .*");
        String last = where.substring(where.lastIndexOf('.') + 1);
        if (named && what.startsWith(last + ":")) {
            return where + what.substring(last.length());
        }
        return where + (named ? "." : ": ") + what;
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        List<JsonMappingException.Reference> references = e.getPath();
        for (JsonMappingException.Reference reference : references) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return path.toString();
    }
}
