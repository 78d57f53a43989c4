package org.vilam.training.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import org.vilam.training.text.BpeVocabulary.Merge;

/**
 * Learns a byte-level byte-pair encoding: again and again the pair of neighbouring tokens that occurs most often becomes a token
 * (Sennrich et al. 2016, algorithm 1), counted within words only.
 *
 * <p>Pairs that occur equally often are taken in the order of their ids, as Hugging Face's {@code BpeTrainer} does; given the same
 * settings it learns the same merges. The order of the sentences does not matter. Special tokens in sentences are passed over,
 * and no merge ever spells one.
 */
public final class BpeTrainer {
    private final BpeConfig config;
    private final PreTokenizer preTokenizer;
    private final Map<String, Long> wordCounts = new HashMap<>();

    /** A trainer that has seen nothing. */
    public BpeTrainer(BpeConfig config) {
        this.config = config;
        preTokenizer = new PreTokenizer(config);
    }

    /** Counts the words of each sentence once. */
    public BpeTrainer addAll(Iterable<String> sentences) {
        sentences.forEach(sentence -> add(sentence, 1));
        return this;
    }

    /**
     * Counts the words of a sentence.
     *
     * @param count how often the sentence occurs, 1 or more
     */
    public BpeTrainer add(String sentence, long count) {
        if (count < 1) {
            throw new IllegalArgumentException("a sentence cannot occur " + count + " times");
        }
        for (String part : preTokenizer.betweenSpecials(sentence)) {
            for (String word : preTokenizer.words(preTokenizer.normalize(part))) {
                wordCounts.merge(word, count, Math::addExact);
            }
        }
        return this;
    }

    /**
     * Learns from what was added.
     *
     * @return as many tokens as configured, or fewer if no pair is left that occurs often enough
     */
    public BpeVocabulary train() {
        List<String> tokens = new ArrayList<>(config.specials());
        tokens.addAll(PreTokenizer.alphabet());
        Map<String, Integer> ids = new HashMap<>();
        tokens.forEach(token -> ids.put(token, ids.size()));
        List<Merge> merges = new ArrayList<>();
        Corpus corpus = new Corpus(ids);
        while (tokens.size() < config.vocabularySize()) {
            Candidate best = corpus.best();
            if (best.count() < config.minimumCount()) {
                break;
            }
            Merge merge = new Merge(tokens.get(best.left()), tokens.get(best.right()));
            String merged = merge.left() + merge.right();
            if (config.specials().contains(merged)) {
                corpus.forget(best);
                continue;
            }
            // Two merges may spell the same token: "ab" + "c" and "a" + "bc".
            int id = ids.computeIfAbsent(merged, unseen -> {
                tokens.add(unseen);
                return tokens.size() - 1;
            });
            merges.add(merge);
            corpus.merge(best, id);
        }
        return new BpeVocabulary(config, tokens, merges);
    }

    /** A pair of tokens and how often it occurred when the candidate was made. */
    private record Candidate(int left, int right, long count) {
        static final Candidate NONE = new Candidate(0, 0, 0);
        static final Comparator<Candidate> MOST_FREQUENT_FIRST = Comparator.comparingLong(Candidate::count)
                .reversed()
                .thenComparingInt(Candidate::left)
                .thenComparingInt(Candidate::right);

        Pair pair() {
            return new Pair(left, right);
        }
    }

    private record Pair(int left, int right) {}

    /** All words as token ids, and where each pair of neighbours occurs. */
    private final class Corpus {
        private final List<int[]> words = new ArrayList<>();
        private final List<Long> counts = new ArrayList<>();
        private final Map<Pair, Long> pairCounts = new HashMap<>();
        private final Map<Pair, Set<Integer>> places = new HashMap<>();
        /** May hold outdated counts, never too low ones: {@link #best()} corrects them as they come up. */
        private final PriorityQueue<Candidate> queue = new PriorityQueue<>(Candidate.MOST_FREQUENT_FIRST);

        Corpus(Map<String, Integer> ids) {
            new TreeMap<>(wordCounts).forEach((word, count) -> {
                words.add(PreTokenizer.spell(word)
                        .chars()
                        .map(c -> ids.get(Character.toString(c)))
                        .toArray());
                counts.add(count);
                count(words.size() - 1, 1);
            });
            pairCounts.keySet().forEach(this::propose);
        }

        Candidate best() {
            for (Candidate top = queue.poll(); top != null; top = queue.poll()) {
                if (pairCounts.getOrDefault(top.pair(), 0L) == top.count()) {
                    return top;
                }
                propose(top.pair());
            }
            return Candidate.NONE;
        }

        void merge(Candidate pair, int id) {
            Set<Pair> changed = new HashSet<>();
            for (int word : places.getOrDefault(pair.pair(), Set.of()).stream().toList()) {
                count(word, -1);
                int[] merged = merged(words.get(word), pair, id);
                words.set(word, merged);
                changed.addAll(count(word, 1));
            }
            changed.forEach(this::propose);
        }

        void forget(Candidate pair) {
            pairCounts.remove(pair.pair());
        }

        private void propose(Pair pair) {
            long count = pairCounts.getOrDefault(pair, 0L);
            if (count > 0) {
                queue.add(new Candidate(pair.left(), pair.right(), count));
            }
        }

        /** Adds or takes away a word's pairs; returns them. */
        private List<Pair> count(int word, int sign) {
            int[] tokens = words.get(word);
            List<Pair> pairs = new ArrayList<>();
            for (int i = 1; i < tokens.length; i++) {
                Pair pair = new Pair(tokens[i - 1], tokens[i]);
                pairs.add(pair);
                pairCounts.merge(pair, sign * counts.get(word), Math::addExact);
                if (sign > 0) {
                    places.computeIfAbsent(pair, unseen -> new HashSet<>()).add(word);
                } else {
                    places.getOrDefault(pair, Set.of()).remove(word);
                }
            }
            return pairs;
        }

        private int[] merged(int[] tokens, Candidate pair, int id) {
            int[] out = new int[tokens.length];
            int size = 0;
            for (int i = 0; i < tokens.length; i++) {
                boolean here = i + 1 < tokens.length && tokens[i] == pair.left() && tokens[i + 1] == pair.right();
                out[size++] = here ? id : tokens[i];
                i += here ? 1 : 0;
            }
            return Arrays.copyOf(out, size);
        }
    }
}
