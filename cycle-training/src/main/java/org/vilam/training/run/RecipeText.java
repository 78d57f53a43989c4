package org.vilam.training.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Whether the text of a recipe is one, and what is wrong with it, told with the path of the field. */
final class RecipeText {
    private RecipeText() {}

    /**
     * Checks that a text has no fields but those of a record and of the records in it. So a field that is misspelt is told as
     * that, not as one that is missing; and the records of published models, which let a file say more, are as strict as ours.
     *
     * @throws IllegalArgumentException naming the field
     */
    static void requireKnown(Class<?> record, JsonNode text) {
        if (!text.isObject()) {
            throw new IllegalArgumentException("there are no fields");
        }
        requireKnown(record, text, "");
    }

    private static void requireKnown(Class<?> record, JsonNode text, String path) {
        List<String> known = new ArrayList<>();
        for (RecordComponent component : record.getRecordComponents()) {
            JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
            String name = property == null ? component.getName() : property.value();
            known.add(name);
            if (component.getType().isRecord() && text.path(name).isObject()) {
                requireKnown(component.getType(), text.get(name), path + name + ".");
            }
            if (component.getGenericType() instanceof ParameterizedType list
                    && list.getRawType() == List.class
                    && list.getActualTypeArguments()[0] instanceof Class<?> element
                    && element.isRecord()) {
                for (int i = 0; i < text.path(name).size(); i++) {
                    requireKnown(element, text.get(name).get(i), path + name + "[" + i + "].");
                }
            }
        }
        for (Map.Entry<String, JsonNode> field : text.properties()) {
            if (!known.contains(field.getKey())) {
                throw new IllegalArgumentException("there is no field " + path + field.getKey() + ", only " + known);
            }
        }
    }

    /** {@code optimizer.rate must be above 0}. */
    static String problem(Exception e) {
        if (!(e instanceof JsonMappingException mapping)) {
            return e instanceof JacksonException jackson
                    ? jackson.getOriginalMessage()
                    : String.valueOf(e.getMessage());
        }
        String path = mapping.getPath().stream()
                .map(part -> part.getFieldName() == null ? "[" + part.getIndex() + "]" : part.getFieldName())
                .collect(Collectors.joining("."));
        if (mapping.getCause()
                instanceof IllegalArgumentException own) { // a record's own, which begins with the field's name
            return path.isEmpty() ? String.valueOf(own.getMessage()) : path + "." + own.getMessage();
        }
        return path.isEmpty() ? mapping.getOriginalMessage() : path + ": " + mapping.getOriginalMessage();
    }
}
