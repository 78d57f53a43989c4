package org.vilam.grounding.metrics.caption;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A one-to-one alignment of the words of two texts, as METEOR needs it.
 *
 * <p>Each stage aligns as many equal words as there are; among those alignments it takes the one with the fewest chunks, then
 * with the smallest sum of position differences (the order of Denkowski and Lavie 2011, section 2). The search goes through the
 * hypothesis from left to right and keeps the {@value #BEAM} best partial alignments, so it is exact unless one word is
 * repeated many times.
 */
final class WordAlignment {
    private static final int BEAM = 64;
    private static final int NONE = -1;

    /** For each hypothesis position the aligned reference position, or {@link #NONE}. */
    private final int[] reference;

    private WordAlignment(int[] reference) {
        this.reference = reference;
    }

    /** Aligns equal words. */
    static WordAlignment of(List<String> hypothesis, List<String> reference) {
        int[] nothing = new int[hypothesis.size()];
        Arrays.fill(nothing, NONE);
        return new WordAlignment(nothing).extended(hypothesis, reference);
    }

    /**
     * Keeps what is aligned and aligns equal forms among the rest.
     *
     * @param hypothesis a form of each hypothesis word
     * @param referenceForms a form of each reference word
     */
    WordAlignment extended(List<String> hypothesis, List<String> referenceForms) {
        BitSet taken = new BitSet();
        Arrays.stream(reference).filter(at -> at != NONE).forEach(taken::set);
        Map<String, Integer> surplus = new HashMap<>();
        for (int i = 0; i < reference.length; i++) {
            if (reference[i] == NONE) {
                surplus.merge(hypothesis.get(i), 1, Integer::sum);
            }
        }
        for (int j = 0; j < referenceForms.size(); j++) {
            if (!taken.get(j)) {
                surplus.computeIfPresent(referenceForms.get(j), (form, count) -> count - 1);
            }
        }

        List<Partial> beam = List.of(new Partial(new int[0], taken, Map.of(), 0, 0));
        for (int i = 0; i < reference.length; i++) {
            List<Partial> next = new ArrayList<>();
            for (Partial partial : beam) {
                if (reference[i] != NONE) {
                    next.add(partial.aligned(reference[i]));
                    continue;
                }
                String form = hypothesis.get(i);
                for (int j = 0; j < referenceForms.size(); j++) {
                    if (!partial.taken.get(j) && referenceForms.get(j).equals(form)) {
                        next.add(partial.aligned(j));
                    }
                }
                // A word may stay alone only as often as there are more of it here than there: so every stage is
                // complete.
                if (partial.skipped.getOrDefault(form, 0) < surplus.getOrDefault(form, 0)) {
                    next.add(partial.skipped(form));
                }
            }
            next.sort(Comparator.<Partial>comparingInt(p -> p.chunks).thenComparingInt(p -> p.distance));
            beam = next.subList(0, Math.min(BEAM, next.size()));
        }
        return new WordAlignment(beam.get(0).reference);
    }

    /** How many words are aligned. */
    int matches() {
        return (int) Arrays.stream(reference).filter(at -> at != NONE).count();
    }

    /** How many runs of aligned words are contiguous and in the same order in both texts. */
    int chunks() {
        int chunks = 0;
        for (int i = 0; i < reference.length; i++) {
            if (reference[i] != NONE && !continues(reference, i, reference[i])) {
                chunks++;
            }
        }
        return chunks;
    }

    private static boolean continues(int[] reference, int i, int at) {
        return i > 0 && reference[i - 1] != NONE && reference[i - 1] == at - 1;
    }

    /** An alignment of the first words of the hypothesis. */
    private static final class Partial {
        final int[] reference;
        final BitSet taken;
        final Map<String, Integer> skipped;
        final int chunks;
        final int distance;

        Partial(int[] reference, BitSet taken, Map<String, Integer> skipped, int chunks, int distance) {
            this.reference = reference;
            this.taken = taken;
            this.skipped = skipped;
            this.chunks = chunks;
            this.distance = distance;
        }

        Partial aligned(int at) {
            int i = reference.length;
            BitSet now = (BitSet) taken.clone();
            now.set(at);
            int added = continues(reference, i, at) ? 0 : 1;
            return new Partial(extendedBy(at), now, skipped, chunks + added, distance + Math.abs(i - at));
        }

        Partial skipped(String form) {
            Map<String, Integer> now = new HashMap<>(skipped);
            now.merge(form, 1, Integer::sum);
            return new Partial(extendedBy(NONE), taken, now, chunks, distance);
        }

        private int[] extendedBy(int at) {
            int[] longer = Arrays.copyOf(reference, reference.length + 1);
            longer[reference.length] = at;
            return longer;
        }
    }
}
