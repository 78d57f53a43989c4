package org.vilam.vision.image.webp;

import java.util.Arrays;

/**
 * One of the three planes of a VP8 frame, in whole macroblocks, with the border that prediction looks at: above it a row
 * of 127, left of it a column of 129 (RFC 6386 section 12.2).
 */
final class Plane {
    private static final int LEFT = 1;
    private static final int RIGHT = 4;

    final byte[] samples;
    final int stride;

    Plane(int width, int height) {
        stride = LEFT + width + RIGHT;
        samples = new byte[stride * (height + 1)];
        Arrays.fill(samples, 0, stride, (byte) 127);
        for (int y = 1; y <= height; y++) {
            samples[y * stride] = (byte) 129;
        }
    }

    /** Index of sample (x, y), each from -1 on. */
    int at(int x, int y) {
        return (y + 1) * stride + LEFT + x;
    }
}
