package org.vilam.training.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.vilam.grounding.metrics.ScoreTable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * What an evaluation measured, beside what was aimed at.
 *
 * @param model the model's name
 * @param weights sha256 of its weights
 * @param seed of the pictures
 * @param count questions of each sort that were wanted
 * @param seconds it took
 * @param sections one for each family and split
 */
public record EvaluationReport(
        String model, String weights, long seed, int count, double seconds, List<Section> sections) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Copies the list. */
    public EvaluationReport {
        sections = List.copyOf(sections);
    }

    /**
     * A family in a split.
     *
     * @param pictures that were drawn
     * @param seconds it took
     * @param scores what was measured
     */
    public record Section(String family, Split split, long pictures, double seconds, ScoreTable scores) {
        private Optional<ScoreTable.Row> row(String metric) {
            return scores.rows().stream().filter(r -> r.metric().equals(metric)).findFirst();
        }

        /** A score by its name in the table; empty where it was not measured. */
        public OptionalDouble score(String metric) {
            return row(metric).map(ScoreTable.Row::value).orElse(OptionalDouble.empty());
        }
    }

    /** The names of the scores that something is aimed at, in their order. */
    public static List<String> mainScores() {
        return Target.SCORES;
    }

    /** The scores of sections by {@code family/split/metric}. */
    public static Map<String, Double> named(List<Section> sections) {
        Map<String, Double> out = new TreeMap<>();
        for (Section section : sections) {
            String prefix = section.family() + "/" + section.split() + "/";
            section.scores().rows().forEach(row -> row.value().ifPresent(v -> out.put(prefix + row.metric(), v)));
        }
        return out;
    }

    /** The report for people: targets and measured values, how each is measured, and every score with its interval. */
    public String toMarkdown() {
        StringBuilder out = new StringBuilder("# Evaluation of ").append(model).append("\n\n");
        out.append("Weights sha256 `")
                .append(weights)
                .append("`, pictures of seed ")
                .append(seed);
        out.append(", ").append(count).append(" questions of each sort about each family in each split, ");
        out.append(String.format(Locale.ROOT, "%.0f", seconds)).append(" s.\n\n");
        out.append("Measured / aimed at; **bold** where the aim is missed. The intervals are further down.\n\n");
        out.append("| |");
        sections.forEach(s -> out.append(' ')
                .append(s.family())
                .append(", ")
                .append(s.split())
                .append(" |"));
        out.append("\n|---|").append("---|".repeat(sections.size())).append('\n');
        for (String score : Target.SCORES) {
            if (sections.stream().anyMatch(s -> s.score(score).isPresent())) {
                out.append("| ").append(score).append(" |");
                sections.forEach(s -> out.append(' ').append(beside(s, score)).append(" |"));
                out.append('\n');
            }
        }
        out.append('\n').append(METHOD).append('\n');
        for (Section section : sections) {
            out.append('\n').append(section.scores().toMarkdown());
            out.append('\n')
                    .append(section.pictures())
                    .append(" pictures, ")
                    .append(String.format(Locale.ROOT, "%.0f s.%n", section.seconds())
                            .replace("\r\n", "\n"));
        }
        return out.toString();
    }

    private static String beside(Section section, String score) {
        OptionalDouble value = section.score(score);
        if (value.isEmpty()) {
            return "";
        }
        OptionalDouble target = Target.of(section.family(), section.split(), score);
        String text = String.format(Locale.ROOT, "%.3f", value.getAsDouble());
        if (target.isEmpty()) {
            return text;
        }
        String measured = value.getAsDouble() < target.getAsDouble() ? "**" + text + "**" : text;
        return measured + String.format(Locale.ROOT, " / %.2f", target.getAsDouble());
    }

    private static final String METHOD = """
            * rec: expressions that mean exactly one object, their kinds drawn with equal chances from those a picture offers;
              the one box answered, whatever the presence score. Ambiguous expressions are not asked.
            * sets: "all ..." and "the three ..."; boxes paired greedily at IoU 0.5, counts summed over all expressions (micro F1).
            * no-target: as many expressions that mean nothing as that mean one object; said by a presence below 0.5.
            * mask: of the rec expressions, predicted against visible pixels, whether the box was right or not.
            * keypoints: labelled points, visible and hidden, within 0.1 of the height of the whole person; where the box was
              found (IoU 0.5).
            * describe: the true box of an object that words can single out is described, the description grounded; a presence
              below 0.5 or another box is a failure.
            * category: the answer is the object's first noun, exactly.
            * Intervals are 95 % percentile bootstraps over pictures, 2000 resamples.
            """;

    /** The report for programs. */
    public ObjectNode toJson() {
        ObjectNode json = JSON.createObjectNode()
                .put("model", model)
                .put("weights_sha256", weights)
                .put("seed", seed)
                .put("count", count)
                .put("seconds", seconds);
        ArrayNode list = json.putArray("sections");
        for (Section section : sections) {
            ObjectNode node = list.addObject()
                    .put("family", section.family())
                    .put("split", section.split().toString())
                    .put("pictures", section.pictures())
                    .put("seconds", section.seconds());
            ObjectNode targets = node.putObject("targets");
            for (String score : Target.SCORES) {
                Target.of(section.family(), section.split(), score).ifPresent(t -> targets.put(score, t));
            }
            node.set("scores", section.scores().toJson().get("rows"));
        }
        return json;
    }

    /** Writes the report as Markdown, and as JSON beside it. */
    public void write(Path markdown, Path json) {
        try {
            Files.writeString(markdown, toMarkdown());
            Files.writeString(json, JSON.writeValueAsString(toJson()).replace("\r\n", "\n") + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The scores of a written report, by {@code family/split/metric}.
     *
     * @throws VilamException FILE_UNREADABLE, or INVALID_ARGUMENT when the file is no such report
     */
    public static Map<String, Double> readScores(Path json) {
        JsonNode report;
        try {
            report = JSON.readTree(Files.readString(json));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT, json + ": is no JSON", "Give the JSON report of an evaluation.");
        } catch (IOException e) {
            throw new VilamException(
                    ErrorCode.FILE_UNREADABLE, json + ": cannot be read", "Give the JSON report of an evaluation.");
        }
        Map<String, Double> out = new TreeMap<>();
        for (JsonNode section : report.path("sections")) {
            String prefix = section.path("family").asText() + "/"
                    + section.path("split").asText() + "/";
            for (JsonNode row : section.path("scores")) {
                if (row.path("value").isNumber()) {
                    out.put(
                            prefix + row.path("metric").asText(),
                            row.get("value").doubleValue());
                }
            }
        }
        if (out.isEmpty()) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT, json + ": has no scores", "Give the JSON report of an evaluation.");
        }
        return new TreeMap<>(out);
    }
}
