package org.vilam.vision.geometry;

import java.util.Arrays;

/**
 * COCO's text form of run-length counts ({@code rleToString} and {@code rleFrString} of pycocotools' {@code
 * maskApi.c}).
 *
 * <p>Each count is written in base 32, least digit first, as characters 48..111: five bits of value, bit 5 set where
 * more digits follow, bit 4 of the last digit the sign. From the fourth count on, the difference to the count two
 * places before is written instead, as neighbouring columns of a shape have runs of similar length.
 */
final class RleString {
    /** Digits of 2^31 - 1 with its sign are seven; an eighth is allowed as other writers may pad. */
    private static final int MAX_SHIFT = 35;

    private RleString() {}

    static String encode(int[] counts) {
        StringBuilder text = new StringBuilder(counts.length * 2);
        for (int i = 0; i < counts.length; i++) {
            int x = i > 2 ? counts[i] - counts[i - 2] : counts[i];
            boolean more;
            do {
                int digit = x & 0x1f;
                x >>= 5;
                more = (digit & 0x10) != 0 ? x != -1 : x != 0;
                text.append((char) ((more ? digit | 0x20 : digit) + 48));
            } while (more);
        }
        return text.toString();
    }

    /** The counts; memory grows with the text only. */
    static int[] decode(String text) {
        int[] counts = new int[text.length()];
        int m = 0;
        int p = 0;
        while (p < text.length()) {
            int start = p;
            long x = 0;
            int shift = 0;
            int digit;
            do {
                if (p == text.length()) {
                    throw Rle.invalid("run-length string ends within a count, at character " + p);
                }
                digit = text.charAt(p) - 48;
                if (digit < 0 || digit > 63) {
                    throw Rle.invalid(String.format(
                            "run-length string has the character U+%04X at position %d", (int) text.charAt(p), p));
                }
                if (shift > MAX_SHIFT) {
                    throw Rle.invalid("run-length string has a count of more than 8 characters at position " + start);
                }
                x |= (long) (digit & 0x1f) << shift;
                shift += 5;
                p++;
            } while ((digit & 0x20) != 0);
            if ((digit & 0x10) != 0) {
                x |= -1L << shift;
            }
            if (m > 2) {
                x += counts[m - 2];
            }
            if (x < 0 || x > Integer.MAX_VALUE) {
                throw Rle.invalid("run-length string gives count " + m + " the value " + x);
            }
            counts[m++] = (int) x;
        }
        return Arrays.copyOf(counts, m);
    }
}
