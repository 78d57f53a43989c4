package org.vilam.vision.image.webp;

/**
 * VP8's luma and chroma (ITU-R BT.601, studio range) to RGB, chroma smoothed between its samples: libwebp's "fancy
 * upsampling" and its integer arithmetic (src/dsp/upsampling.c, src/dsp/yuv.h), which is what browsers show.
 */
final class YuvToRgb {
    private final Plane luma;
    private final Plane u;
    private final Plane v;
    private final int width;
    private final byte[] rgb;

    private YuvToRgb(Plane luma, Plane[] chroma, int width, int height) {
        this.luma = luma;
        this.u = chroma[0];
        this.v = chroma[1];
        this.width = width;
        this.rgb = new byte[width * height * 3];
    }

    /** The upper left {@code width x height} pixels in RGB. */
    static byte[] convert(Plane luma, Plane[] chroma, int width, int height) {
        YuvToRgb converter = new YuvToRgb(luma, chroma, width, height);
        for (int y = 0; y < height; y++) {
            // A row lies between the chroma row of its own pair and the nearer row of the pair beside it.
            int near = y / 2;
            int far = Math.max(0, Math.min((height + 1) / 2 - 1, y % 2 == 0 ? near - 1 : near + 1));
            converter.row(y, near, far);
        }
        return converter.rgb;
    }

    private void row(int y, int near, int far) {
        int nearAt = u.at(0, near);
        int farAt = u.at(0, far);
        pixel(0, y, edge(u.samples, nearAt, farAt), edge(v.samples, nearAt, farAt));
        int pairs = (width - 1) / 2;
        for (int i = 1; i <= pairs; i++) {
            int n = nearAt + i;
            int f = farAt + i;
            pixel(2 * i - 1, y, left(u.samples, n, f), left(v.samples, n, f));
            pixel(2 * i, y, right(u.samples, n, f), right(v.samples, n, f));
        }
        if (width % 2 == 0) {
            int n = nearAt + pairs;
            int f = farAt + pairs;
            pixel(width - 1, y, edge(u.samples, n, f), edge(v.samples, n, f));
        }
    }

    /** Chroma at the picture's side: 3/4 of the near sample, 1/4 of the far one. */
    private static int edge(byte[] s, int near, int far) {
        return (3 * (s[near] & 0xFF) + (s[far] & 0xFF) + 2) >> 2;
    }

    /** Chroma right beside the left of two samples: 9/16 of it, 3/16 of its two neighbours, 1/16 of the fourth. */
    private static int left(byte[] s, int near, int far) {
        int nl = s[near - 1] & 0xFF;
        int nr = s[near] & 0xFF;
        int fl = s[far - 1] & 0xFF;
        int fr = s[far] & 0xFF;
        int diagonal = (nl + nr + fl + fr + 8 + 2 * (nr + fl)) >> 3;
        return (diagonal + nl) >> 1;
    }

    /** Chroma left beside the right of two samples. */
    private static int right(byte[] s, int near, int far) {
        int nl = s[near - 1] & 0xFF;
        int nr = s[near] & 0xFF;
        int fl = s[far - 1] & 0xFF;
        int fr = s[far] & 0xFF;
        int diagonal = (nl + nr + fl + fr + 8 + 2 * (nl + fr)) >> 3;
        return (diagonal + nr) >> 1;
    }

    private void pixel(int x, int y, int uValue, int vValue) {
        int brightness = ((luma.samples[luma.at(x, y)] & 0xFF) * 19077) >> 8;
        int to = (y * width + x) * 3;
        rgb[to] = clip(brightness + ((vValue * 26149) >> 8) - 14234);
        rgb[to + 1] = clip(brightness - ((uValue * 6419) >> 8) - ((vValue * 13320) >> 8) + 8708);
        rgb[to + 2] = clip(brightness + ((uValue * 33050) >> 8) - 17685);
    }

    private static byte clip(int value) {
        return (byte) (value < 0 ? 0 : Math.min(255, value >> 6));
    }
}
