package org.vilam.web.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Holds JSON to a schema of the OpenAPI document: the keywords that the document uses, and no others. */
final class Schema {
    private final JsonNode document;

    Schema(JsonNode document) {
        this.document = document;
    }

    JsonNode resolved(JsonNode schema) {
        JsonNode node = schema;
        while (node.has("$ref")) {
            node = document.at(node.get("$ref").textValue().substring(1));
        }
        return node;
    }

    /** What is wrong with the value; empty where it fits. */
    List<String> complaints(JsonNode value, JsonNode schema) {
        List<String> complaints = new ArrayList<>();
        check(value, schema, "$", complaints);
        return complaints;
    }

    private void check(JsonNode value, JsonNode unresolved, String path, List<String> complaints) {
        JsonNode schema = resolved(unresolved);
        if (schema.isMissingNode()) {
            complaints.add(path + ": no schema at " + unresolved);
            return;
        }
        schema.path("allOf").forEach(part -> check(value, part, path, complaints));
        boolean fits = switch (schema.path("type").asText("")) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            default -> true;
        };
        if (!fits) {
            complaints.add(path + ": " + value + " is no " + schema.path("type").asText());
            return;
        }
        if (schema.has("enum")) {
            boolean known = false;
            for (JsonNode constant : schema.get("enum")) {
                known |= constant.equals(value);
            }
            if (!known) {
                complaints.add(path + ": " + value + " is not among " + schema.get("enum"));
            }
        }
        if (value.isNumber()
                && (value.doubleValue() < schema.path("minimum").asDouble(Double.NEGATIVE_INFINITY)
                        || value.doubleValue() > schema.path("maximum").asDouble(Double.POSITIVE_INFINITY))) {
            complaints.add(path + ": " + value + " is out of range");
        }
        if (value.isArray()) {
            if (value.size() < schema.path("minItems").asInt(0)
                    || value.size() > schema.path("maxItems").asInt(Integer.MAX_VALUE)) {
                complaints.add(path + ": it has " + value.size() + " items");
            }
            for (int i = 0; i < value.size() && schema.has("items"); i++) {
                check(value.get(i), schema.get("items"), path + "[" + i + "]", complaints);
            }
        }
        if (value.isObject()) {
            schema.path("required").forEach(name -> {
                if (!value.has(name.textValue())) {
                    complaints.add(path + ": " + name.textValue() + " is missing");
                }
            });
            value.properties().forEach(field -> {
                JsonNode known = schema.path("properties").path(field.getKey());
                JsonNode additional = schema.path("additionalProperties");
                if (!known.isMissingNode()) {
                    check(field.getValue(), known, path + "." + field.getKey(), complaints);
                } else if (additional.isBoolean() && !additional.booleanValue()) {
                    complaints.add(path + ": " + field.getKey() + " is not described");
                } else if (additional.isObject()) {
                    check(field.getValue(), additional, path + "." + field.getKey(), complaints);
                }
            });
        }
    }
}
