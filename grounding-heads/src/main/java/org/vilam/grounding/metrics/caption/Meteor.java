package org.vilam.grounding.metrics.caption;

import java.util.List;
import java.util.function.UnaryOperator;
import opennlp.tools.stemmer.PorterStemmer;

/**
 * METEOR with the exact and the Porter stem matcher (Banerjee and Lavie 2005; parameters alpha 0.9, beta 3, gamma 0.5).
 *
 * <p>Tokens are aligned one to one, first equal ones, then those of the rest with equal Porter (1980) stems; see
 * {@link WordAlignment} for the choice among alignments. With m matches in c chunks (runs that are contiguous and in the same
 * order in both texts), {@code P = m / hypothesis length} and {@code R = m / reference length}:
 *
 * <pre>
 *   Fmean = P R / (alpha P + (1 - alpha) R),   score = Fmean * (1 - gamma (c / m)^beta)
 * </pre>
 *
 * As in METEOR 1.5 a text that matches the whole reference in one chunk has no penalty, so that equal texts score 1. Of
 * several references the best counts; the score of a corpus is the mean over its samples. No match gives 0.
 *
 * <p>This is not the METEOR 1.5 number of {@code pycocoevalcap}, which adds WordNet synonyms, a paraphrase table, function word
 * weights and tuned parameters: report it as "METEOR (exact + stem)". WordNet apart, it is the definition of NLTK's
 * {@code meteor_score}, which aligns greedily and so may find more chunks.
 */
public final class Meteor {
    private static final double ALPHA = 0.9;
    private static final double BETA = 3;
    private static final double GAMMA = 0.5;

    private Meteor() {}

    /** The score of one sample, in [0, 1]: that of its best reference. */
    public static double score(CaptionSample sample) {
        return sample.references().stream()
                .mapToDouble(reference -> score(sample.hypothesis(), reference))
                .max()
                .orElseThrow();
    }

    private static double score(List<String> hypothesis, List<String> reference) {
        PorterStemmer porter = new PorterStemmer();
        UnaryOperator<String> stem = porter::stem;
        WordAlignment alignment = WordAlignment.of(hypothesis, reference)
                .extended(
                        hypothesis.stream().map(stem).toList(),
                        reference.stream().map(stem).toList());
        int matches = alignment.matches();
        if (matches == 0) {
            return 0;
        }
        double precision = matches / (double) hypothesis.size();
        double recall = matches / (double) reference.size();
        double mean = precision * recall / (ALPHA * precision + (1 - ALPHA) * recall);
        int chunks = alignment.chunks();
        boolean whole = chunks == 1 && matches == hypothesis.size() && matches == reference.size();
        double penalty = whole ? 0 : GAMMA * Math.pow(chunks / (double) matches, BETA);
        return mean * (1 - penalty);
    }
}
