package org.vilam.vision.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a model comes from: the content of {@code provenance.json}.
 *
 * @param trainedOn data sets, or the published weights it was converted from
 * @param recipe the recipe it was trained with, or how it was converted
 * @param seed the seed of its training; null where it is not known
 * @param commit the commit of the program that made it; empty where it is not known
 * @param scores measured scores by name, such as {@code "refcoco/testA/acc@0.5"}
 * @param licence SPDX identifier, or the name of the licence
 * @param sha256 every other file of the folder, with the hexadecimal digest of its content
 */
public record Provenance(
        List<String> trainedOn,
        String recipe,
        @Nullable Long seed,
        String commit,
        Map<String, Double> scores,
        String licence,
        Map<String, String> sha256) {
    /** Copies the collections. */
    public Provenance {
        trainedOn = List.copyOf(trainedOn);
        scores = Map.copyOf(scores);
        sha256 = Map.copyOf(sha256);
    }

    /** Provenance of a folder yet to be written; {@link ModelFolder#write} adds the digests. */
    public Provenance(
            List<String> trainedOn,
            String recipe,
            @Nullable Long seed,
            String commit,
            Map<String, Double> scores,
            String licence) {
        this(trainedOn, recipe, seed, commit, scores, licence, Map.of());
    }

    Provenance withSha256(Map<String, String> digests) {
        return new Provenance(trainedOn, recipe, seed, commit, scores, licence, digests);
    }

    /** Maps are written in the order of their keys, so that equal models give equal files. */
    JsonNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        trainedOn.forEach(json.putArray("trained_on")::add);
        json.put("recipe", recipe);
        json.put("seed", seed);
        json.put("commit", commit);
        ObjectNode scored = json.putObject("scores");
        new TreeMap<>(scores).forEach(scored::put);
        json.put("licence", licence);
        ObjectNode digests = json.putObject("sha256");
        new TreeMap<>(sha256).forEach(digests::put);
        return json;
    }

    /**
     * @throws IllegalArgumentException naming the field that is missing or of another kind
     */
    static Provenance fromJson(JsonNode json) {
        List<String> trainedOn = new ArrayList<>();
        child(json, "trained_on").forEach(item -> trainedOn.add(text(item, "trained_on")));
        Map<String, Double> scores = new TreeMap<>();
        child(json, "scores").properties().forEach(score -> {
            if (!score.getValue().isNumber()) {
                throw new IllegalArgumentException("scores." + score.getKey() + " is no number");
            }
            scores.put(score.getKey(), score.getValue().doubleValue());
        });
        Map<String, String> sha256 = new TreeMap<>();
        child(json, "sha256")
                .properties()
                .forEach(file -> sha256.put(file.getKey(), text(file.getValue(), "sha256." + file.getKey())));
        JsonNode seed = child(json, "seed");
        if (!seed.isNull() && !(seed.isIntegralNumber() && seed.canConvertToLong())) {
            throw new IllegalArgumentException("seed is no whole number");
        }
        return new Provenance(
                trainedOn,
                text(child(json, "recipe"), "recipe"),
                seed.isNull() ? null : seed.longValue(),
                text(child(json, "commit"), "commit"),
                scores,
                text(child(json, "licence"), "licence"),
                sha256);
    }

    private static JsonNode child(JsonNode json, String field) {
        JsonNode child = json.get(field);
        if (child == null) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return child;
    }

    private static String text(JsonNode value, String field) {
        if (!value.isTextual()) {
            throw new IllegalArgumentException(field + " is no text");
        }
        return value.textValue();
    }
}
