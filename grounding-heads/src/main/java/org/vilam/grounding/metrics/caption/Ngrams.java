package org.vilam.grounding.metrics.caption;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs of n tokens with their counts. */
final class Ngrams {
    private Ngrams() {}

    /** How often each run of {@code n} tokens occurs; empty for fewer than {@code n} tokens. */
    static Map<List<String>, Integer> count(List<String> tokens, int n) {
        Map<List<String>, Integer> counts = new HashMap<>();
        for (int i = 0; i + n <= tokens.size(); i++) {
            counts.merge(tokens.subList(i, i + n), 1, Integer::sum);
        }
        return counts;
    }
}
