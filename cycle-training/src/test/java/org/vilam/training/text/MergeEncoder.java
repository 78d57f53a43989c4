package org.vilam.training.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Encoding as the paper states it, without any cleverness: merge the most urgent pair, the leftmost first, until none is left. */
final class MergeEncoder {
    private final PreTokenizer preTokenizer;
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<BpeVocabulary.Merge, Integer> ranks = new HashMap<>();

    MergeEncoder(BpeVocabulary vocabulary) {
        preTokenizer = new PreTokenizer(vocabulary.config());
        vocabulary.tokens().forEach(token -> ids.put(token, ids.size()));
        vocabulary.merges().forEach(merge -> ranks.put(merge, ranks.size()));
    }

    String normalize(String text) {
        return preTokenizer.normalize(text);
    }

    long[] encode(String text) {
        List<Integer> out = new ArrayList<>();
        String[] parts = preTokenizer.betweenSpecials(text);
        List<String> specials = preTokenizer.specialsIn(text);
        for (int i = 0; i < parts.length; i++) {
            for (String word : preTokenizer.words(preTokenizer.normalize(parts[i]))) {
                merge(word).forEach(token -> out.add(id(token)));
            }
            if (i < specials.size()) {
                out.add(id(specials.get(i)));
            }
        }
        return out.stream().mapToLong(Integer::longValue).toArray();
    }

    private int id(String token) {
        Integer id = ids.get(token);
        if (id == null) {
            throw new AssertionError("no id for " + token);
        }
        return id;
    }

    private List<String> merge(String word) {
        List<String> tokens = new ArrayList<>(
                PreTokenizer.spell(word).chars().mapToObj(Character::toString).toList());
        while (true) {
            int best = -1;
            int bestRank = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < tokens.size(); i++) {
                int rank = ranks.getOrDefault(
                        new BpeVocabulary.Merge(tokens.get(i), tokens.get(i + 1)), Integer.MAX_VALUE);
                if (rank < bestRank) {
                    best = i;
                    bestRank = rank;
                }
            }
            if (best < 0) {
                return tokens;
            }
            tokens.set(best, tokens.get(best) + tokens.remove(best + 1));
        }
    }
}
