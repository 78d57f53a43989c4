package org.vilam.vision.image.webp;

/** Intra prediction of VP8 (RFC 6386 section 12): a block is foretold from the samples above and left of it. */
final class Vp8Prediction {
    /** Modes of whole macroblocks, luma and chroma. */
    static final int DC = 0;

    static final int VERTICAL = 1;
    static final int HORIZONTAL = 2;
    static final int TRUE_MOTION = 3;

    private Vp8Prediction() {}

    /**
     * Predicts a square of {@code size} samples.
     *
     * @param above whether there are samples above, not only border; for the mean alone this matters
     * @param left likewise
     */
    static void whole(int mode, Plane plane, int at, int size, boolean above, boolean left) {
        byte[] s = plane.samples;
        int stride = plane.stride;
        if (mode == TRUE_MOTION) {
            trueMotion(plane, at, size);
            return;
        }
        int mean = mode == DC ? mean(plane, at, size, above, left) : 0;
        for (int y = 0; y < size; y++) {
            int row = at + y * stride;
            if (mode == VERTICAL) {
                System.arraycopy(s, at - stride, s, row, size);
            } else {
                byte value = mode == DC ? (byte) mean : s[row - 1];
                for (int x = 0; x < size; x++) {
                    s[row + x] = value;
                }
            }
        }
    }

    private static int mean(Plane plane, int at, int size, boolean above, boolean left) {
        int sum = 0;
        for (int i = 0; i < size; i++) {
            sum += above ? plane.samples[at - plane.stride + i] & 0xFF : 0;
            sum += left ? plane.samples[at - 1 + i * plane.stride] & 0xFF : 0;
        }
        int count = (above ? size : 0) + (left ? size : 0);
        return count == 0 ? 128 : (sum + count / 2) / count;
    }

    private static void trueMotion(Plane plane, int at, int size) {
        byte[] s = plane.samples;
        int corner = s[at - plane.stride - 1] & 0xFF;
        for (int y = 0; y < size; y++) {
            int row = at + y * plane.stride;
            int left = (s[row - 1] & 0xFF) - corner;
            for (int x = 0; x < size; x++) {
                int value = left + (s[at - plane.stride + x] & 0xFF);
                s[row + x] = (byte) (value < 0 ? 0 : Math.min(value, 255));
            }
        }
    }

    /**
     * Predicts a block of 4 x 4.
     *
     * @param rightAt where the four samples above and right of the block lie
     */
    static void block(int mode, Plane plane, int at, int rightAt) {
        byte[] s = plane.samples;
        int stride = plane.stride;
        // The edge from bottom left to top right: e[0..3] left upwards, e[4] corner, e[5..12] above.
        int[] e = new int[13];
        for (int i = 0; i < 4; i++) {
            e[3 - i] = s[at + i * stride - 1] & 0xFF;
            e[5 + i] = s[at - stride + i] & 0xFF;
            e[9 + i] = s[rightAt + i] & 0xFF;
        }
        e[4] = s[at - stride - 1] & 0xFF;
        if (mode == Vp8Tables.B_TM) {
            trueMotion(plane, at, 4);
            return;
        }
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 4; x++) {
                s[at + y * stride + x] = (byte) value(mode, e, x, y);
            }
        }
    }

    /** The predicted sample (x, y); diagonal modes depend on one combination of the two only. */
    private static int value(int mode, int[] e, int x, int y) {
        return switch (mode) {
            case Vp8Tables.B_DC -> (e[0] + e[1] + e[2] + e[3] + e[5] + e[6] + e[7] + e[8] + 4) >> 3;
            case Vp8Tables.B_VE -> three(e, 5 + x);
            case Vp8Tables.B_HE -> y == 3 ? (e[1] + 3 * e[0] + 2) >> 2 : three(e, 3 - y);
            case Vp8Tables.B_LD -> x + y == 6 ? (e[11] + 3 * e[12] + 2) >> 2 : three(e, 6 + x + y);
            case Vp8Tables.B_RD -> three(e, 4 + x - y);
            case Vp8Tables.B_VR -> verticalRight(e, x, y);
            case Vp8Tables.B_VL -> verticalLeft(e, x, y);
            case Vp8Tables.B_HD -> horizontalDown(e, x, y);
            case Vp8Tables.B_HU -> horizontalUp(e, x, y);
            default -> throw new IllegalArgumentException("block mode " + mode);
        };
    }

    private static int verticalRight(int[] e, int x, int y) {
        int slope = 2 * x - y;
        if (slope < 0) {
            return three(e, 4 + slope + 1);
        }
        int at = 4 + slope / 2;
        return slope % 2 == 0 ? two(e, at) : three(e, at + 1);
    }

    private static int verticalLeft(int[] e, int x, int y) {
        if (x == 3 && y >= 2) { // breaks the pattern, as in the reference
            return three(e, y == 2 ? 10 : 11);
        }
        int at = 5 + x + y / 2;
        return y % 2 == 0 ? two(e, at) : three(e, at + 1);
    }

    private static int horizontalDown(int[] e, int x, int y) {
        int slope = 2 * y - x;
        if (slope < 0) {
            return three(e, 4 - slope - 1);
        }
        int at = 3 - slope / 2;
        return slope % 2 == 0 ? two(e, at) : three(e, at);
    }

    private static int horizontalUp(int[] e, int x, int y) {
        int slope = x + 2 * y;
        if (slope > 5) {
            return e[0];
        }
        if (slope == 5) {
            return (e[1] + 3 * e[0] + 2) >> 2;
        }
        int at = 3 - slope / 2;
        return slope % 2 == 0 ? two(e, at - 1) : three(e, at - 1);
    }

    private static int two(int[] e, int at) {
        return (e[at] + e[at + 1] + 1) >> 1;
    }

    private static int three(int[] e, int middle) {
        return (e[middle - 1] + 2 * e[middle] + e[middle + 1] + 2) >> 2;
    }
}
