package org.vilam.grounding.metrics.caption;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.vilam.grounding.metrics.statistics.Statistic;

/**
 * BLEU of a whole corpus (Papineni et al. 2002), with the conventions of the COCO caption evaluation.
 *
 * <p>{@code BLEU-n = BP * (p1 * ... * pn)^(1/n)}; pk is the number of hypothesis k-grams found in a reference, each counted
 * at most as often as in the reference that has it most often, over the number of hypothesis k-grams, both summed over the
 * corpus before dividing. {@code BP = min(1, exp(1 - r / c))} with c the summed hypothesis lengths and r the summed lengths
 * of the reference closest in length to its hypothesis, the shorter one on a tie.
 *
 * <p>There is no smoothing: without a matching n-gram BLEU-n is 0, where {@code pycocoevalcap}'s guard against division by
 * zero (1e-15 matches) leaves a value of up to about 1e-4. Where BLEU is not 0 the two agree to 1e-9.
 */
public final class Bleu {
    /** The longest n-grams counted. */
    public static final int MAX_ORDER = 4;

    private Bleu() {}

    /**
     * What BLEU needs to know about one sample; {@link Bleu#sum} adds samples up to a corpus.
     *
     * @param matches clipped matches for n = 1..4
     * @param totals hypothesis n-grams for n = 1..4
     * @param hypothesisLength tokens of the hypothesis
     * @param referenceLength tokens of the closest reference
     */
    public record Counts(List<Long> matches, List<Long> totals, long hypothesisLength, long referenceLength) {
        /** Copies the lists. */
        public Counts {
            matches = List.copyOf(matches);
            totals = List.copyOf(totals);
        }

        /** Counts one sample. */
        public static Counts of(CaptionSample sample) {
            List<String> hypothesis = sample.hypothesis();
            return new Counts(
                    orders().mapToObj(n -> clippedMatches(sample, n)).toList(),
                    orders().mapToObj(n -> Math.max(0L, hypothesis.size() - n + 1))
                            .toList(),
                    hypothesis.size(),
                    closestLength(sample));
        }

        /** BP in [0, 1]: 1 where the hypotheses are at least as long as the references, 0 for empty hypotheses. */
        public double brevityPenalty() {
            if (hypothesisLength >= referenceLength) {
                return 1;
            }
            return hypothesisLength == 0 ? 0 : Math.exp(1 - referenceLength / (double) hypothesisLength);
        }

        /**
         * BLEU-n in [0, 1]; 0 where no n-gram matches, so also where no hypothesis has n tokens.
         *
         * @param n 1..4
         */
        public double bleu(int n) {
            if (n < 1 || n > MAX_ORDER) {
                throw new IllegalArgumentException("n must be in 1.." + MAX_ORDER + ", got " + n);
            }
            double logSum = 0;
            for (int k = 0; k < n; k++) {
                if (matches.get(k) == 0) {
                    return 0;
                }
                logSum += Math.log(matches.get(k) / (double) totals.get(k));
            }
            return brevityPenalty() * Math.exp(logSum / n);
        }
    }

    /** BLEU-n of the samples' summed counts, n in 1..4; empty for no samples. */
    public static Statistic<Counts> bleu(int n) {
        return samples -> samples.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(sum(samples).bleu(n));
    }

    /** The summed counts of samples. */
    public static Counts sum(List<? extends Counts> samples) {
        long[] sums = new long[2 * MAX_ORDER + 2];
        for (Counts sample : samples) {
            for (int k = 0; k < MAX_ORDER; k++) {
                sums[k] += sample.matches.get(k);
                sums[MAX_ORDER + k] += sample.totals.get(k);
            }
            sums[2 * MAX_ORDER] += sample.hypothesisLength;
            sums[2 * MAX_ORDER + 1] += sample.referenceLength;
        }
        List<Long> all = LongStream.of(sums).boxed().toList();
        return new Counts(
                all.subList(0, MAX_ORDER),
                all.subList(MAX_ORDER, 2 * MAX_ORDER),
                all.get(2 * MAX_ORDER),
                all.get(2 * MAX_ORDER + 1));
    }

    private static IntStream orders() {
        return IntStream.rangeClosed(1, MAX_ORDER);
    }

    private static long clippedMatches(CaptionSample sample, int n) {
        Map<List<String>, Integer> most = new HashMap<>();
        for (List<String> reference : sample.references()) {
            Ngrams.count(reference, n).forEach((ngram, count) -> most.merge(ngram, count, Math::max));
        }
        return Ngrams.count(sample.hypothesis(), n).entrySet().stream()
                .mapToLong(entry -> Math.min(entry.getValue(), most.getOrDefault(entry.getKey(), 0)))
                .sum();
    }

    private static int closestLength(CaptionSample sample) {
        int length = sample.hypothesis().size();
        return sample.references().stream()
                .map(List::size)
                .min(Comparator.<Integer>comparingInt(size -> Math.abs(size - length))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }
}
