package org.vilam.vision.geometry;

import java.util.Arrays;

/** Runs of equal bits in packed words, bit i being bit {@code i & 63} of word {@code i >> 6}. */
final class BitRuns {
    private BitRuns() {}

    /** In each word the bits that differ from the bit before; the bit before the first counts as 0. */
    static long[] changes(long[] words) {
        long[] changes = new long[words.length];
        long before = 0;
        for (int i = 0; i < words.length; i++) {
            changes[i] = words[i] ^ (words[i] << 1 | before);
            before = words[i] >>> 63;
        }
        return changes;
    }

    /** The lengths of the runs of the first {@code bits} bits, zeros first, given where they change. */
    static int[] counts(long[] changes, int bits) {
        int runs = 1;
        for (long word : changes) {
            runs += Long.bitCount(word);
        }
        int[] counts = new int[runs];
        int m = 0;
        int from = 0;
        for (int i = 0; i < changes.length; i++) {
            for (long word = changes[i]; word != 0; word &= word - 1) {
                int at = (i << 6) + Long.numberOfTrailingZeros(word);
                if (at < bits) { // the change behind the last bit begins no run
                    counts[m++] = at - from;
                    from = at;
                }
            }
        }
        counts[m++] = bits - from;
        return Arrays.copyOf(counts, m);
    }

    /** Sets the bits from {@code from} up to but not including {@code to}. */
    static void fill(long[] words, int from, int to) {
        if (from == to) {
            return;
        }
        int first = from >>> 6;
        int last = (to - 1) >>> 6;
        long head = -1L << from;
        long tail = -1L >>> -to;
        if (first == last) {
            words[first] |= head & tail;
        } else {
            words[first] |= head;
            Arrays.fill(words, first + 1, last, -1L);
            words[last] |= tail;
        }
    }
}
