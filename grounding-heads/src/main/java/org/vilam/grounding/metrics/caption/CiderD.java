package org.vilam.grounding.metrics.caption;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * CIDEr-D (Vedantam et al. 2015, section 5; {@code pycocoevalcap}'s {@code CiderScorer}), in [0, 10].
 *
 * <p>A text is a vector of {@code count * idf} for each order n = 1..4, with {@code idf = ln(N / max(1, df))}: N is the number
 * of reference sets and df the number of those sets in which the n-gram occurs. For one reference,
 *
 * <pre>
 *   sim_n = sum over n-grams of min(h, r) * r / (|h| |r|) * exp(-(length difference)^2 / (2 * 6^2))
 * </pre>
 *
 * with lengths in tokens; the score is 10 times the mean of sim_n over n and over the references. Where a vector is zero the
 * similarity is 0. Counts are not stemmed. (The tool counts lengths in bigrams, which is the same difference for texts with
 * a token, and a text without one scores 0 either way.)
 *
 * <p>The idf comes from the reference sets, so a score depends on the whole test set: with a single set every idf is ln 1 = 0
 * and every score 0. To score samples of training, build it from the training set.
 */
public final class CiderD {
    private static final int MAX_ORDER = 4;
    private static final double SIGMA = 6;

    private final int documents;
    private final Map<List<String>, Integer> documentFrequency = new HashMap<>();

    /**
     * Counts document frequencies.
     *
     * @param referenceSets for each described region the token lists of its reference texts, at least one set
     */
    public CiderD(List<? extends List<? extends List<String>>> referenceSets) {
        if (referenceSets.isEmpty()) {
            throw new IllegalArgumentException("CIDEr-D needs at least one set of references to weigh n-grams");
        }
        documents = referenceSets.size();
        for (List<? extends List<String>> references : referenceSets) {
            Set<List<String>> seen = new HashSet<>();
            for (List<String> reference : references) {
                IntStream.rangeClosed(1, MAX_ORDER)
                        .forEach(n -> seen.addAll(
                                Ngrams.count(List.copyOf(reference), n).keySet()));
            }
            seen.forEach(ngram -> documentFrequency.merge(ngram, 1, Integer::sum));
        }
    }

    /** The score of one sample, in [0, 10]; 0 for a hypothesis without a token. */
    public double score(CaptionSample sample) {
        double sum = 0;
        for (int n = 1; n <= MAX_ORDER; n++) {
            Vector hypothesis = vector(sample.hypothesis(), n);
            for (List<String> reference : sample.references()) {
                sum += similarity(hypothesis, vector(reference, n))
                        * lengthFactor(sample.hypothesis().size() - reference.size());
            }
        }
        return 10 * sum / (MAX_ORDER * sample.references().size());
    }

    private static double lengthFactor(int difference) {
        return Math.exp(-(double) difference * difference / (2 * SIGMA * SIGMA));
    }

    private static double similarity(Vector hypothesis, Vector reference) {
        if (hypothesis.norm == 0 || reference.norm == 0) {
            return 0;
        }
        double dot = 0;
        for (Map.Entry<List<String>, Double> entry : hypothesis.weights.entrySet()) {
            double other = reference.weights.getOrDefault(entry.getKey(), 0.0);
            dot += Math.min(entry.getValue(), other) * other;
        }
        return dot / (hypothesis.norm * reference.norm);
    }

    private Vector vector(List<String> tokens, int n) {
        Map<List<String>, Double> weights = new HashMap<>();
        double squares = 0;
        for (Map.Entry<List<String>, Integer> entry : Ngrams.count(tokens, n).entrySet()) {
            double frequency = Math.max(1, documentFrequency.getOrDefault(entry.getKey(), 0));
            double weight = entry.getValue() * Math.log(documents / frequency);
            weights.put(entry.getKey(), weight);
            squares += weight * weight;
        }
        return new Vector(weights, Math.sqrt(squares));
    }

    private record Vector(Map<List<String>, Double> weights, double norm) {}
}
