package org.vilam.assistant.library;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.vilam.vision.checkpoint.Provenance;

/** What a model knows, in words, from the record of its training alone. */
final class Knowledge {
    /** Scores that say something to a person, by the last part of their names. */
    private static final Map<String, String> WORDS = new LinkedHashMap<>();

    static {
        WORDS.put("rec acc@0.5", "finds the one meant");
        WORDS.put("sets f1@0.5", "finds all of a kind (F1)");
        WORDS.put("no-target f1", "sees that there is none (F1)");
        WORDS.put("describe round trip@0.5", "describes so that it is found again");
    }

    private Knowledge() {}

    static String words(Provenance provenance) {
        StringBuilder text = new StringBuilder();
        if (!provenance.trainedOn().isEmpty()) {
            text.append("Trained on ")
                    .append(String.join("; ", provenance.trainedOn()))
                    .append(". Expect little of other kinds of pictures.");
        }
        String scores = WORDS.entrySet().stream()
                .map(score -> measured(score.getKey(), score.getValue(), provenance.scores()))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("; "));
        if (!scores.isEmpty()) {
            text.append(text.isEmpty() ? "" : " ")
                    .append("Measured: it ")
                    .append(scores)
                    .append(".");
        }
        return text.toString();
    }

    /** For instance "finds the one meant: shapes 40 %, people 71 %"; the ordinary split needs no name. */
    private static String measured(String score, String words, Map<String, Double> scores) {
        Map<String, Double> of = new TreeMap<>();
        scores.forEach((name, value) -> {
            if (name.endsWith("/" + score)) {
                String where = name.substring(0, name.length() - score.length() - 1);
                of.put(where.endsWith("/seed") ? where.substring(0, where.length() - "/seed".length()) : where, value);
            }
        });
        return of.isEmpty()
                ? ""
                : of.entrySet().stream()
                        .map(e -> String.format(Locale.ROOT, "%s %.0f %%", e.getKey(), 100 * e.getValue()))
                        .collect(Collectors.joining(", ", words + ": ", ""));
    }
}
