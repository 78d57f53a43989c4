package org.vilam.vision.image.webp;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.IIOException;

/** A prefix (Huffman) code of VP8L (RFC 9649 section 3.7.2.1), looked up by its next bits. */
final class PrefixCode {
    private static final int LONGEST = 15;
    private static final int ROOT_BITS = 8;
    /** Order in which the lengths of the code of code lengths are stored. */
    private static final int[] LENGTH_ORDER = {17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

    /** Bits that index the first table: 8, or the longest code's length if that is less. */
    private final int rootBits;
    /**
     * By the next bits: {@code symbol << 8 | length}; for codes longer than the root {@code place << 8 | 0x80 | bits} of a
     * further table of {@code 1 << bits} entries behind.
     */
    private final int[] table;

    private PrefixCode(int[] lengths) throws IOException {
        int[] ofLength = new int[LONGEST + 1];
        int used = 0;
        int only = 0;
        int longest = 0;
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            if (lengths[symbol] > 0) {
                ofLength[lengths[symbol]]++;
                used++;
                only = symbol;
                longest = Math.max(longest, lengths[symbol]);
            }
        }
        if (used == 0) {
            throw new IIOException("a VP8L code has no symbols");
        }
        if (used == 1) { // takes no bits, whatever its length says
            rootBits = 0;
            table = new int[] {only << 8};
            return;
        }
        int[] next = new int[LONGEST + 2];
        for (int length = 1; length <= LONGEST; length++) {
            next[length + 1] = (next[length] + ofLength[length]) << 1;
        }
        if (next[LONGEST + 1] != 1 << (LONGEST + 1)) {
            throw new IIOException("a VP8L code is incomplete or has too many symbols");
        }
        rootBits = Math.min(ROOT_BITS, longest);
        table = build(lengths, next, rootBits);
    }

    /** @param next the first code of each length (RFC 1951 section 3.2.2); used up */
    private static int[] build(int[] lengths, int[] next, int rootBits) {
        int roots = 1 << rootBits;
        int[] codes = new int[lengths.length];
        int[] furtherBits = new int[roots];
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            int length = lengths[symbol];
            if (length > 0) {
                codes[symbol] = Integer.reverse(next[length]++) >>> (32 - length);
                int root = codes[symbol] & (roots - 1);
                furtherBits[root] = Math.max(furtherBits[root], length - rootBits);
            }
        }
        int size = roots;
        int[] table = new int[roots];
        for (int root = 0; root < roots; root++) {
            if (furtherBits[root] > 0) {
                table[root] = size << 8 | 0x80 | furtherBits[root];
                size += 1 << furtherBits[root];
            }
        }
        table = Arrays.copyOf(table, size);
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            int length = lengths[symbol];
            int root = codes[symbol] & (roots - 1);
            if (length > rootBits) {
                int place = table[root] >> 8;
                for (int i = codes[symbol] >> rootBits; i < 1 << furtherBits[root]; i += 1 << (length - rootBits)) {
                    table[place + i] = symbol << 8 | (length - rootBits);
                }
            } else if (length > 0) {
                for (int i = codes[symbol]; i < roots; i += 1 << length) {
                    table[i] = symbol << 8 | length;
                }
            }
        }
        return table;
    }

    /** How many table entries the code takes. */
    int size() {
        return table.length;
    }

    /** Reads a code for {@code symbols} symbols. */
    static PrefixCode read(LsbReader in, int symbols) throws IOException {
        int[] lengths = new int[symbols];
        if (in.flag()) { // one or two symbols, given as such
            int count = 1 + in.number(1);
            int first = in.number(in.flag() ? 8 : 1);
            int second = count == 2 ? in.number(8) : first;
            if (first >= symbols || second >= symbols) {
                throw new IIOException("a VP8L code names a symbol that does not exist");
            }
            lengths[first] = 1;
            lengths[second] = 1;
            return new PrefixCode(lengths);
        }
        int[] lengthLengths = new int[LENGTH_ORDER.length];
        int stored = 4 + in.number(4);
        for (int i = 0; i < stored; i++) {
            lengthLengths[LENGTH_ORDER[i]] = in.number(3);
        }
        readLengths(in, new PrefixCode(lengthLengths), lengths);
        return new PrefixCode(lengths);
    }

    private static void readLengths(LsbReader in, PrefixCode code, int[] lengths) throws IOException {
        int tokens = in.flag() ? 2 + in.number(2 + 2 * in.number(3)) : lengths.length;
        int previous = 8;
        for (int symbol = 0; symbol < lengths.length && tokens > 0; tokens--) {
            int token = code.symbol(in);
            if (token < 16) {
                lengths[symbol++] = token;
                previous = token == 0 ? previous : token;
                continue;
            }
            int repeat = token == 16 ? 3 + in.number(2) : token == 17 ? 3 + in.number(3) : 11 + in.number(7);
            if (symbol + repeat > lengths.length) {
                throw new IIOException("a VP8L code has more lengths than symbols");
            }
            Arrays.fill(lengths, symbol, symbol + repeat, token == 16 ? previous : 0);
            symbol += repeat;
        }
    }

    /** Takes the next symbol. */
    int symbol(LsbReader in) throws EOFException {
        int bits = in.peek();
        int entry = table[bits & ((1 << rootBits) - 1)];
        if ((entry & 0x80) != 0) {
            in.skip(rootBits);
            entry = table[(entry >> 8) + (bits >>> rootBits & ((1 << (entry & 0x7F)) - 1))];
        }
        in.skip(entry & 0x7F);
        return entry >> 8;
    }
}
