package org.vilam.vision.image.webp;

/** Smooths the edges between macroblocks and blocks (RFC 6386 section 15), in the arithmetic of libwebp. */
final class Vp8LoopFilter {
    private final boolean simple;
    private final int sharpness;
    private final int across;
    private final int down;
    private final Plane luma;
    private final Plane[] chroma;
    /** By macroblock: the filter level, 0 for none. */
    private final byte[] levels;
    /** By macroblock: whether the edges inside are filtered. */
    private final boolean[] inner;

    Vp8LoopFilter(Vp8Header header, int across, int down, Plane luma, Plane[] chroma) {
        this.simple = header.simpleFilter;
        this.sharpness = header.sharpness;
        this.across = across;
        this.down = down;
        this.luma = luma;
        this.chroma = chroma;
        this.levels = new byte[across * down];
        this.inner = new boolean[across * down];
    }

    /** Notes how macroblock (x, y) is to be filtered. */
    void note(int x, int y, int level, boolean innerEdges) {
        levels[y * across + x] = (byte) level;
        inner[y * across + x] = innerEdges;
    }

    /** Filters the frame; {@code checkpoint} is called once a row. */
    void run(Runnable checkpoint) {
        for (int y = 0; y < down; y++) {
            checkpoint.run();
            for (int x = 0; x < across; x++) {
                int level = levels[y * across + x];
                if (level > 0) {
                    macroblock(x, y, level, inner[y * across + x]);
                }
            }
        }
    }

    private void macroblock(int x, int y, int level, boolean innerEdges) {
        int interior = level;
        if (sharpness > 0) {
            interior = Math.min(interior >> (sharpness > 4 ? 2 : 1), 9 - sharpness);
        }
        interior = Math.max(1, interior);
        int limit = 2 * (2 * level + interior) + 1;
        int strong = limit + 8; // of the edges between macroblocks
        int variance = level >= 40 ? 2 : level >= 15 ? 1 : 0;
        int at = luma.at(16 * x, 16 * y);
        if (simple) {
            if (x > 0) {
                simpleEdge(at, 1, luma.stride, strong);
            }
            for (int i = 4; innerEdges && i < 16; i += 4) {
                simpleEdge(at + i, 1, luma.stride, limit);
            }
            if (y > 0) {
                simpleEdge(at, luma.stride, 1, strong);
            }
            for (int i = 4; innerEdges && i < 16; i += 4) {
                simpleEdge(at + i * luma.stride, luma.stride, 1, limit);
            }
            return;
        }
        int atChroma = chroma[0].at(8 * x, 8 * y);
        if (x > 0) {
            edge(luma, at, 1, luma.stride, 16, strong, interior, variance, true);
            for (Plane plane : chroma) {
                edge(plane, atChroma, 1, plane.stride, 8, strong, interior, variance, true);
            }
        }
        if (innerEdges) {
            for (int i = 4; i < 16; i += 4) {
                edge(luma, at + i, 1, luma.stride, 16, limit, interior, variance, false);
            }
            for (Plane plane : chroma) {
                edge(plane, atChroma + 4, 1, plane.stride, 8, limit, interior, variance, false);
            }
        }
        if (y > 0) {
            edge(luma, at, luma.stride, 1, 16, strong, interior, variance, true);
            for (Plane plane : chroma) {
                edge(plane, atChroma, plane.stride, 1, 8, strong, interior, variance, true);
            }
        }
        if (innerEdges) {
            for (int i = 4; i < 16; i += 4) {
                edge(luma, at + i * luma.stride, luma.stride, 1, 16, limit, interior, variance, false);
            }
            for (Plane plane : chroma) {
                edge(plane, atChroma + 4 * plane.stride, plane.stride, 1, 8, limit, interior, variance, false);
            }
        }
    }

    private void simpleEdge(int from, int step, int along, int limit) {
        byte[] s = luma.samples;
        for (int i = 0, at = from; i < 16; i++, at += along) {
            int p1 = s[at - 2 * step] & 0xFF;
            int p0 = s[at - step] & 0xFF;
            int q0 = s[at] & 0xFF;
            int q1 = s[at + step] & 0xFF;
            if (4 * Math.abs(p0 - q0) + Math.abs(p1 - q1) <= limit) {
                two(s, at, step, p1, p0, q0, q1);
            }
        }
    }

    /**
     * Filters one edge.
     *
     * @param step from a sample to the next across the edge
     * @param along from a sample to the next along it
     * @param wide whether three samples on each side change, not two
     */
    private static void edge(
            Plane plane,
            int from,
            int step,
            int along,
            int length,
            int limit,
            int interior,
            int variance,
            boolean wide) {
        byte[] s = plane.samples;
        for (int i = 0, at = from; i < length; i++, at += along) {
            int p1 = s[at - 2 * step] & 0xFF;
            int p0 = s[at - step] & 0xFF;
            int q0 = s[at] & 0xFF;
            int q1 = s[at + step] & 0xFF;
            if (4 * Math.abs(p0 - q0) + Math.abs(p1 - q1) > limit) {
                continue;
            }
            int p3 = s[at - 4 * step] & 0xFF;
            int p2 = s[at - 3 * step] & 0xFF;
            int q2 = s[at + 2 * step] & 0xFF;
            int q3 = s[at + 3 * step] & 0xFF;
            int left = Math.abs(p1 - p0);
            int right = Math.abs(q1 - q0);
            if (Math.abs(p3 - p2) > interior
                    || Math.abs(p2 - p1) > interior
                    || left > interior
                    || right > interior
                    || Math.abs(q2 - q1) > interior
                    || Math.abs(q3 - q2) > interior) {
                continue;
            }
            if (left > variance || right > variance) {
                two(s, at, step, p1, p0, q0, q1);
            } else if (wide) {
                int a = signed(3 * (q0 - p0) + signed(p1 - q1));
                int a1 = (27 * a + 63) >> 7;
                int a2 = (18 * a + 63) >> 7;
                int a3 = (9 * a + 63) >> 7;
                s[at - 3 * step] = clip(p2 + a3);
                s[at - 2 * step] = clip(p1 + a2);
                s[at - step] = clip(p0 + a1);
                s[at] = clip(q0 - a1);
                s[at + step] = clip(q1 - a2);
                s[at + 2 * step] = clip(q2 - a3);
            } else {
                int a = 3 * (q0 - p0);
                int a1 = small((a + 4) >> 3);
                int a2 = small((a + 3) >> 3);
                int a3 = (a1 + 1) >> 1;
                s[at - 2 * step] = clip(p1 + a3);
                s[at - step] = clip(p0 + a2);
                s[at] = clip(q0 - a1);
                s[at + step] = clip(q1 - a3);
            }
        }
    }

    private static void two(byte[] s, int at, int step, int p1, int p0, int q0, int q1) {
        int a = 3 * (q0 - p0) + signed(p1 - q1);
        s[at - step] = clip(p0 + small((a + 3) >> 3));
        s[at] = clip(q0 - small((a + 4) >> 3));
    }

    private static int signed(int value) {
        return Math.max(-128, Math.min(127, value));
    }

    private static int small(int value) {
        return Math.max(-16, Math.min(15, value));
    }

    private static byte clip(int value) {
        return (byte) Math.max(0, Math.min(255, value));
    }
}
