package org.vilam.vision.image.webp;

/** The inverse transforms of VP8 (RFC 6386 section 14). */
final class Vp8Transform {
    private Vp8Transform() {}

    /** Inverse Walsh-Hadamard: the 16 values of {@code in} become the first coefficients of the 16 luma blocks. */
    static void hadamard(int[] in, int[] coefficients) {
        int[] t = new int[16];
        for (int i = 0; i < 4; i++) {
            int a0 = in[i] + in[12 + i];
            int a1 = in[4 + i] + in[8 + i];
            int a2 = in[4 + i] - in[8 + i];
            int a3 = in[i] - in[12 + i];
            t[i] = a0 + a1;
            t[8 + i] = a0 - a1;
            t[4 + i] = a3 + a2;
            t[12 + i] = a3 - a2;
        }
        for (int i = 0; i < 4; i++) {
            int dc = t[4 * i] + 3;
            int a0 = dc + t[4 * i + 3];
            int a1 = t[4 * i + 1] + t[4 * i + 2];
            int a2 = t[4 * i + 1] - t[4 * i + 2];
            int a3 = dc - t[4 * i + 3];
            coefficients[(4 * i) * 16] = (a0 + a1) >> 3;
            coefficients[(4 * i + 1) * 16] = (a3 + a2) >> 3;
            coefficients[(4 * i + 2) * 16] = (a0 - a1) >> 3;
            coefficients[(4 * i + 3) * 16] = (a3 - a2) >> 3;
        }
    }

    /** Adds the inverse cosine transform of the block {@code coefficients[from..from+16)} to the samples at {@code at}. */
    static void addCosine(int[] coefficients, int from, Plane plane, int at) {
        int[] t = new int[16];
        for (int i = 0; i < 4; i++) { // down the columns
            int in0 = coefficients[from + i];
            int in4 = coefficients[from + 4 + i];
            int in8 = coefficients[from + 8 + i];
            int in12 = coefficients[from + 12 + i];
            int a = in0 + in8;
            int b = in0 - in8;
            int c = mul2(in4) - mul1(in12);
            int d = mul1(in4) + mul2(in12);
            t[4 * i] = a + d;
            t[4 * i + 1] = b + c;
            t[4 * i + 2] = b - c;
            t[4 * i + 3] = a - d;
        }
        for (int i = 0; i < 4; i++) { // along the rows
            int dc = t[i] + 4;
            int a = dc + t[8 + i];
            int b = dc - t[8 + i];
            int c = mul2(t[4 + i]) - mul1(t[12 + i]);
            int d = mul1(t[4 + i]) + mul2(t[12 + i]);
            int row = at + i * plane.stride;
            add(plane.samples, row, a + d);
            add(plane.samples, row + 1, b + c);
            add(plane.samples, row + 2, b - c);
            add(plane.samples, row + 3, a - d);
        }
    }

    /** As {@link #addCosine} of a block whose only coefficient is the first. */
    static void addConstant(int dc, Plane plane, int at) {
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 4; x++) {
                add(plane.samples, at + y * plane.stride + x, dc + 4);
            }
        }
    }

    private static void add(byte[] samples, int at, int value) {
        int sum = (samples[at] & 0xFF) + (value >> 3);
        samples[at] = (byte) (sum < 0 ? 0 : Math.min(sum, 255));
    }

    /** {@code a * sqrt(2) * cos(pi / 8)}. */
    private static int mul1(int a) {
        return ((a * 20091) >> 16) + a;
    }

    /** {@code a * sqrt(2) * sin(pi / 8)}. */
    private static int mul2(int a) {
        return (a * 35468) >> 16;
    }
}
