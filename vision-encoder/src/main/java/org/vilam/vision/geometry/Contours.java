package org.vilam.vision.geometry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Follows the pixel edges of a mask ("crack following"): rings of whole-numbered corners that enclose exactly the
 * pixels.
 *
 * <p>The walk keeps the mask on its right hand, so outer rings run clockwise on the screen and holes counter-clockwise.
 * Where two pixels of the mask meet only at a corner it turns right, that is, keeps them apart (4-connectivity); a ring
 * that comes by such a corner twice is cut there into two. Every part is therefore a valid polygon: its rings do not
 * cross, and touch in single corners at most.
 */
final class Contours {
    private static final int[] STEP_X = {1, 0, -1, 0}; // right, down, left, up
    private static final int[] STEP_Y = {0, 1, 0, -1};

    private final int width;
    private final int height;
    private final long[] words;
    /** The pixels whose upper edge is a mask edge not yet walked; each ring has such an edge. */
    private final long[] pending;

    // The corners of the ring being walked.
    private int[] xs = new int[64];
    private int[] ys = new int[64];
    private int corners;
    /** Where in the ring the corners lie at which it may come by again. */
    private final Map<Long, Integer> meetings = new HashMap<>();

    private Contours(Mask mask) {
        width = mask.width();
        height = mask.height();
        words = mask.words();
        pending = new long[words.length];
    }

    /** The parts of a mask, the largest first. */
    static List<Polygon> trace(Mask mask) {
        return new Contours(mask).trace(new ColumnRuns(mask.toRle(), Connectivity.FOUR));
    }

    private List<Polygon> trace(ColumnRuns runs) {
        for (int run = 0; run < runs.size(); run++) {
            int at = runs.start(run);
            pending[at >>> 6] |= 1L << at;
        }
        List<List<List<Point>>> rings = new ArrayList<>(runs.components());
        for (int c = 0; c < runs.components(); c++) {
            rings.add(new ArrayList<>());
        }
        for (int run = 0; run < runs.size(); run++) {
            int at = runs.start(run);
            if ((pending[at >>> 6] >>> at & 1) != 0) {
                walk(at / height, at % height, rings.get(runs.component(run)));
            }
        }
        List<Polygon> parts = new ArrayList<>(rings.size());
        for (List<List<Point>> ringsOfPart : rings) {
            List<Point> exterior = null;
            List<List<Point>> holes = new ArrayList<>();
            for (List<Point> ring : ringsOfPart) {
                if (Polygon.signedArea(ring) > 0) {
                    exterior = ring;
                } else {
                    holes.add(ring);
                }
            }
            if (exterior == null) {
                throw new IllegalStateException("a connected part has no outer ring");
            }
            parts.add(new Polygon(exterior, holes));
        }
        return parts;
    }

    /**
     * Walks one closed curve from the upper edge of pixel (startX, startY), rightwards. As runs are visited column by
     * column, no edge of the curve lies further left, so its start is a corner.
     */
    private void walk(int startX, int startY, List<List<Point>> rings) {
        corners = 0;
        meetings.clear();
        int x = startX;
        int y = startY;
        int direction = 0;
        corner(x, y, rings);
        do {
            if (direction == 0) {
                int at = x * height + y;
                pending[at >>> 6] &= ~(1L << at);
            }
            x += STEP_X[direction];
            y += STEP_Y[direction];
            int turned = turn(x, y, direction);
            if (x == startX && y == startY && turned == 0) {
                break;
            }
            if (turned != direction) {
                corner(x, y, rings);
                direction = turned;
            }
        } while (true);
        cut(0, rings);
    }

    /** The direction in which to leave a corner reached in {@code direction}. */
    private int turn(int x, int y, int direction) {
        boolean left;
        boolean right;
        switch (direction) {
            case 0 -> {
                left = inside(x, y - 1);
                right = inside(x, y);
            }
            case 1 -> {
                left = inside(x, y);
                right = inside(x - 1, y);
            }
            case 2 -> {
                left = inside(x - 1, y);
                right = inside(x - 1, y - 1);
            }
            default -> {
                left = inside(x - 1, y - 1);
                right = inside(x, y - 1);
            }
        }
        if (!right) {
            return direction + 1 & 3;
        }
        return left ? direction + 3 & 3 : direction;
    }

    private boolean inside(int x, int y) {
        if (x < 0 || y < 0 || x >= width || y >= height) {
            return false;
        }
        int at = x * height + y;
        return (words[at >>> 6] >>> at & 1) != 0;
    }

    private void corner(int x, int y, List<List<Point>> rings) {
        boolean diagonal = inside(x - 1, y - 1) == inside(x, y) && inside(x, y - 1) == inside(x - 1, y);
        if (diagonal) {
            Integer before = meetings.get(key(x, y));
            if (before != null) {
                cut(before, rings);
                corners++; // the corner stays in the ring
                meetings.put(key(x, y), before);
                return;
            }
            meetings.put(key(x, y), corners);
        }
        if (corners == xs.length) {
            xs = Arrays.copyOf(xs, 2 * corners);
            ys = Arrays.copyOf(ys, 2 * corners);
        }
        xs[corners] = x;
        ys[corners++] = y;
    }

    /** Takes the corners from {@code from} on out of the walk, as a ring of their own. */
    private void cut(int from, List<List<Point>> rings) {
        List<Point> ring = new ArrayList<>(corners - from);
        for (int i = from; i < corners; i++) {
            ring.add(new Point(xs[i], ys[i]));
            meetings.remove(key(xs[i], ys[i]));
        }
        rings.add(ring);
        corners = from;
    }

    private static long key(int x, int y) {
        return (long) x << 32 | y;
    }
}
