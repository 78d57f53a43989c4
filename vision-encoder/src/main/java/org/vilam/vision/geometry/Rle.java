package org.vilam.vision.geometry;

import java.util.Arrays;
import java.util.List;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * COCO's run-length code of a mask; immutable.
 *
 * <p>Pixels are counted down the columns, left to right; the counts are runs of pixels outside and inside the mask in
 * turn, beginning with outside (so the first may be 0, no other is). All methods give what pycocotools' {@code
 * maskApi.c} gives. COCO writes an image's size as {@code [height, width]}; arguments here are width first, as
 * everywhere in this package.
 */
public final class Rle {
    private final int width;
    private final int height;
    private final int[] counts;

    /** Takes canonical counts over. */
    Rle(int width, int height, int[] counts) {
        this.width = width;
        this.height = height;
        this.counts = counts;
    }

    /** Encodes a mask ({@code rleEncode}). */
    public static Rle of(Mask mask) {
        return new Rle(
                mask.width(),
                mask.height(),
                BitRuns.counts(BitRuns.changes(mask.words()), mask.width() * mask.height()));
    }

    /**
     * From the list of counts, COCO's uncompressed form. Runs of 0 after the first are allowed, as pycocotools allows
     * them, and joined.
     *
     * @throws VilamException GEOMETRY_INVALID when the size is not positive, a count is negative or the counts do not
     *     add up to {@code width * height}
     */
    public static Rle ofCounts(int width, int height, int... counts) {
        checkSize(width, height);
        return canonical(width, height, counts);
    }

    /**
     * From COCO's compressed string ({@code rleFrString}). Memory is taken for the string's counts only; compare the
     * size with the image's before {@link #toMask} takes it for the pixels.
     *
     * @throws VilamException GEOMETRY_INVALID when the size is not positive, a character is outside 48..111, the string
     *     ends within a count, a count is negative or longer than any image, or the counts do not add up to {@code
     *     width * height}
     */
    public static Rle parse(int width, int height, String compressed) {
        checkSize(width, height);
        return canonical(width, height, RleString.decode(compressed));
    }

    /**
     * The pixels inside a COCO polygon ({@code rleFrPoly}), by the even-odd rule where it crosses itself.
     *
     * @param xy {@code x, y, x, y, ...} in pixels; the last point is joined to the first
     * @throws VilamException GEOMETRY_INVALID when the size is not positive, the list is empty or odd in length, or a
     *     coordinate is no number or beyond {@link Point#MAX_COORDINATE}
     */
    public static Rle ofPolygon(int width, int height, double... xy) {
        checkSize(width, height);
        if (xy.length == 0 || xy.length % 2 != 0) {
            throw Polygon.invalid("polygon has " + xy.length + " numbers instead of x, y pairs");
        }
        for (int i = 0; i < xy.length; i++) {
            if (!Point.inRange(xy[i])) {
                throw Polygon.invalid("polygon coordinate " + i + " is " + xy[i]);
            }
        }
        return PolygonRaster.fill(width, height, List.of(xy));
    }

    /**
     * The pixels inside any of the polygons, less their holes; none for an empty list. Filled as {@link #ofPolygon}.
     */
    public static Rle ofPolygons(int width, int height, List<Polygon> parts) {
        checkSize(width, height);
        return parts.isEmpty()
                ? new Rle(width, height, new int[] {width * height})
                : union(parts.stream()
                        .map(part -> PolygonRaster.fill(width, height, part.flatRings()))
                        .toList());
    }

    /** The pixels inside a box ({@code rleFrBbox}). */
    public static Rle ofBox(int width, int height, Box box) {
        return ofPolygon(width, height, box.x1(), box.y1(), box.x1(), box.y2(), box.x2(), box.y2(), box.x2(), box.y1());
    }

    /** COCO's compressed string ({@code rleToString}). */
    public String toCompressedString() {
        return RleString.encode(counts);
    }

    /** The mask ({@code rleDecode}). */
    public Mask toMask() {
        long[] words = new long[Mask.wordCount(width, height)];
        int at = 0;
        for (int i = 0; i < counts.length; i++) {
            if ((i & 1) != 0) {
                BitRuns.fill(words, at, at + counts[i]);
            }
            at += counts[i];
        }
        return new Mask(width, height, words);
    }

    /** Pixels across. */
    public int width() {
        return width;
    }

    /** Pixels down. */
    public int height() {
        return height;
    }

    /** The counts, outside and inside in turn; a copy. */
    public int[] counts() {
        return counts.clone();
    }

    /** Number of pixels ({@code rleArea}). */
    public long area() {
        long area = 0;
        for (int i = 1; i < counts.length; i += 2) {
            area += counts[i];
        }
        return area;
    }

    /** The smallest box around the pixels; {@code [0, 0, 0, 0]} for an empty code ({@code rleToBbox}). */
    public Box boundingBox() {
        if (counts.length < 2) {
            return new Box(0, 0, 0, 0);
        }
        int left = counts[0] / height;
        int right = left;
        int top = height;
        int bottom = 0;
        int at = 0;
        for (int i = 0; i + 1 < counts.length; i += 2) {
            int start = at + counts[i];
            int last = start + counts[i + 1] - 1;
            at = last + 1;
            right = last / height;
            boolean oneColumn = start / height == right;
            top = Math.min(top, oneColumn ? start % height : 0);
            bottom = Math.max(bottom, oneColumn ? last % height : height - 1);
        }
        return new Box(left, top, right + 1, bottom + 1);
    }

    /** Intersection over union, 0..1, symmetric; 0 where both are empty ({@code rleIou}). */
    public double iou(Rle other) {
        long intersection = intersectionArea(other);
        return intersection == 0 ? 0 : (double) intersection / (area() + other.area() - intersection);
    }

    /**
     * Intersection over this code's own area: the overlap of a detection (this) with an {@code iscrowd} ground truth.
     */
    public double crowdIou(Rle crowd) {
        long intersection = intersectionArea(crowd);
        return intersection == 0 ? 0 : (double) intersection / area();
    }

    /** Number of pixels of both. */
    public long intersectionArea(Rle other) {
        sameSize(other);
        long area = 0;
        int i = 0;
        int j = 0;
        int endA = counts[0];
        int endB = other.counts[0];
        int at = 0;
        while (i < counts.length && j < other.counts.length) {
            int end = Math.min(endA, endB);
            if ((i & j & 1) != 0) {
                area += end - at;
            }
            at = end;
            if (endA == end && ++i < counts.length) {
                endA += counts[i];
            }
            if (endB == end && ++j < other.counts.length) {
                endB += other.counts[j];
            }
        }
        return area;
    }

    /** The pixels of any of the codes ({@code rleMerge}); the list is not empty and all sizes are equal. */
    public static Rle union(List<Rle> codes) {
        return merge(codes, false);
    }

    /** The pixels of all the codes ({@code rleMerge} with {@code intersect}). */
    public static Rle intersection(List<Rle> codes) {
        return merge(codes, true);
    }

    private static Rle merge(List<Rle> codes, boolean intersect) {
        if (codes.isEmpty()) {
            throw new IllegalArgumentException("nothing to merge");
        }
        if (codes.size() == 1) {
            return codes.get(0);
        }
        int half = codes.size() / 2; // by halves, so that many parts are not merged one by one into a long code
        Rle left = merge(codes.subList(0, half), intersect);
        return merge(left, left.sameSize(merge(codes.subList(half, codes.size()), intersect)), intersect);
    }

    private static Rle merge(Rle a, Rle b, boolean intersect) {
        int[] out = new int[a.counts.length + b.counts.length];
        int m = 0;
        int i = 0;
        int j = 0;
        int endA = a.counts[0];
        int endB = b.counts[0];
        int from = 0;
        int inside = 0;
        while (i < a.counts.length && j < b.counts.length) {
            int end = Math.min(endA, endB);
            if (endA == end && ++i < a.counts.length) {
                endA += a.counts[i];
            }
            if (endB == end && ++j < b.counts.length) {
                endB += b.counts[j];
            }
            int now = (intersect ? i & j : i | j) & 1;
            if (now != inside && i < a.counts.length && j < b.counts.length) {
                out[m++] = end - from;
                from = end;
                inside = now;
            }
        }
        out[m++] = a.width * a.height - from;
        return new Rle(a.width, a.height, Arrays.copyOf(out, m));
    }

    private Rle sameSize(Rle other) {
        if (other.width != width || other.height != height) {
            throw new IllegalArgumentException("run-length codes of " + width + " x " + height + " and " + other.width
                    + " x " + other.height + " cannot be combined");
        }
        return other;
    }

    private static Rle canonical(int width, int height, int[] counts) {
        int length = counts.length;
        long sum = 0;
        int[] out = new int[length];
        int m = 0;
        for (int i = 0; i < length; i++) {
            if (counts[i] < 0) {
                throw invalid("run-length count " + i + " is negative: " + counts[i]);
            }
            sum += counts[i];
            if (i > 0 && counts[i] == 0) {
                if (++i < length) { // outside, nothing, outside: one run
                    if (counts[i] < 0) {
                        throw invalid("run-length count " + i + " is negative: " + counts[i]);
                    }
                    sum += counts[i];
                    out[m - 1] += counts[i];
                }
            } else {
                out[m++] = counts[i];
            }
        }
        if (sum != (long) width * height) {
            throw invalid("run-length counts add up to " + sum + ", but " + width + " x " + height + " pixels are "
                    + (long) width * height);
        }
        return new Rle(width, height, Arrays.copyOf(out, m));
    }

    private static void checkSize(int width, int height) {
        if (width < 1 || height < 1 || (long) width * height > Integer.MAX_VALUE) {
            throw invalid("run-length size is " + width + " x " + height + " pixels");
        }
    }

    static VilamException invalid(String message) {
        return new VilamException(
                ErrorCode.GEOMETRY_INVALID,
                message,
                "Give COCO run-length codes: size [height, width] and counts down the columns, beginning outside.");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Rle rle
                && rle.width == width
                && rle.height == height
                && Arrays.equals(rle.counts, counts);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return "Rle[" + width + " x " + height + ", " + area() + " pixels in " + counts.length + " runs]";
    }
}
