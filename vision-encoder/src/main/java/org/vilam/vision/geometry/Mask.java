package org.vilam.vision.geometry;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A set of pixels of one image, a bit each; immutable.
 *
 * <p>Bits lie column by column, pixel (x, y) at {@code x * height + y}, as COCO's {@link Rle} counts them: encoding and
 * decoding then work on whole words. Bits behind the last pixel are 0.
 */
public final class Mask {
    private final int width;
    private final int height;
    private final long[] words;

    /** Takes the words over; they are not written to afterwards. */
    Mask(int width, int height, long[] words) {
        this.width = width;
        this.height = height;
        this.words = words;
    }

    /** Decides which pixels belong to a mask. */
    @FunctionalInterface
    public interface PixelTest {
        /** True where pixel (x, y) belongs to the mask. */
        boolean test(int x, int y);
    }

    /**
     * A mask without pixels.
     *
     * @param width pixels across, at least 1
     * @param height pixels down, at least 1; at most 2^31 - 1 pixels in all
     */
    public static Mask empty(int width, int height) {
        return new Mask(width, height, new long[wordCount(width, height)]);
    }

    /** A mask of all pixels. */
    public static Mask full(int width, int height) {
        return empty(width, height).complement();
    }

    /** The pixels that pass a test. */
    public static Mask where(int width, int height, PixelTest test) {
        long[] words = new long[wordCount(width, height)];
        int at = 0;
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++, at++) {
                if (test.test(x, y)) {
                    words[at >>> 6] |= 1L << at;
                }
            }
        }
        return new Mask(width, height, words);
    }

    /**
     * From bytes.
     *
     * @param rowMajor {@code height * width} bytes, row by row from the top left; any value but 0 is a pixel of the
     *     mask
     */
    public static Mask ofBytes(int width, int height, byte[] rowMajor) {
        if (rowMajor.length != (long) width * height) {
            throw new IllegalArgumentException(
                    "a mask of " + width + " x " + height + " does not have " + rowMajor.length + " bytes");
        }
        return where(width, height, (x, y) -> rowMajor[y * width + x] != 0);
    }

    /** {@code height * width} bytes 0 or 1, row by row from the top left. */
    public byte[] toBytes() {
        byte[] rowMajor = new byte[width * height];
        int at = 0;
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++, at++) {
                rowMajor[y * width + x] = (byte) (words[at >>> 6] >>> at & 1);
            }
        }
        return rowMajor;
    }

    /** Pixels across. */
    public int width() {
        return width;
    }

    /** Pixels down. */
    public int height() {
        return height;
    }

    /** Whether pixel (x, y) belongs to the mask. */
    public boolean get(int x, int y) {
        Objects.checkIndex(x, width);
        Objects.checkIndex(y, height);
        int at = x * height + y;
        return (words[at >>> 6] >>> at & 1) != 0;
    }

    /** Number of pixels. */
    public long area() {
        long area = 0;
        for (long word : words) {
            area += Long.bitCount(word);
        }
        return area;
    }

    /** True where the mask has no pixel. */
    public boolean isEmpty() {
        for (long word : words) {
            if (word != 0) {
                return false;
            }
        }
        return true;
    }

    /** The smallest box around the pixels; {@code [0, 0, 0, 0]} for an empty mask, as pycocotools has it. */
    public Box boundingBox() {
        return Rle.of(this).boundingBox();
    }

    /** The pixels inside any of the polygons, less their holes, by COCO's rule ({@link Rle#ofPolygons}). */
    public static Mask ofPolygons(int width, int height, List<Polygon> parts) {
        return Rle.ofPolygons(width, height, parts).toMask();
    }

    /**
     * The pixel edges as polygons: one for each 4-connected part, the largest first, with its holes. Filled again
     * ({@link #ofPolygons}) they are the very same mask. {@link Outline} has simpler ones.
     */
    public List<Polygon> toPolygons() {
        return Contours.trace(this);
    }

    /** The connected parts, the largest first, equally large ones by their first pixel down the columns. */
    public List<Rle> components(Connectivity connectivity) {
        return new ColumnRuns(toRle(), connectivity).codes();
    }

    /**
     * Enlarged or reduced by taking the nearest pixel, as OpenCV's {@code resize} with {@code INTER_NEAREST} does:
     * source index {@code min(source - 1, floor(i * (1 / (target / source))))}, both divisions in double precision.
     * (The exact {@code i * source / target} differs for some sizes.)
     */
    public Mask resized(int newWidth, int newHeight) {
        int[] column = nearest(width, newWidth);
        int[] row = nearest(height, newHeight);
        return where(newWidth, newHeight, (x, y) -> get(column[x], row[y]));
    }

    private static int[] nearest(int source, int target) {
        double step = 1.0 / ((double) target / source);
        int[] index = new int[Math.max(0, target)];
        for (int i = 0; i < index.length; i++) {
            index[i] = Math.min(source - 1, (int) Math.floor(i * step));
        }
        return index;
    }

    /**
     * What is seen through a window on the plane in which this mask lies at the origin; outside the mask nothing is
     * set. A window inside cuts a piece out; one that begins at {@code (-left, -top)} puts the mask on a larger canvas.
     */
    public Mask window(int left, int top, int windowWidth, int windowHeight) {
        return where(windowWidth, windowHeight, (x, y) -> {
            long px = (long) x + left;
            long py = (long) y + top;
            return px >= 0 && px < width && py >= 0 && py < height && get((int) px, (int) py);
        });
    }

    /** Left and right exchanged. */
    public Mask mirrored() {
        return where(width, height, (x, y) -> get(width - 1 - x, y));
    }

    /** The run-length code. */
    public Rle toRle() {
        return Rle.of(this);
    }

    /** Pixels of either. */
    public Mask union(Mask other) {
        long[] out = sameSize(other).words.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] |= words[i];
        }
        return new Mask(width, height, out);
    }

    /** Pixels of both. */
    public Mask intersection(Mask other) {
        long[] out = sameSize(other).words.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] &= words[i];
        }
        return new Mask(width, height, out);
    }

    /** Pixels of this mask that are not the other's. */
    public Mask difference(Mask other) {
        long[] out = words.clone();
        sameSize(other);
        for (int i = 0; i < out.length; i++) {
            out[i] &= ~other.words[i];
        }
        return new Mask(width, height, out);
    }

    /** Pixels of exactly one of the two. */
    public Mask symmetricDifference(Mask other) {
        long[] out = sameSize(other).words.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] ^= words[i];
        }
        return new Mask(width, height, out);
    }

    /** The image's other pixels. */
    public Mask complement() {
        long[] out = new long[words.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = ~words[i];
        }
        int used = width * height & 63;
        if (used != 0) {
            out[out.length - 1] &= (1L << used) - 1;
        }
        return new Mask(width, height, out);
    }

    /** Number of pixels of both. */
    public long intersectionArea(Mask other) {
        long area = 0;
        sameSize(other);
        for (int i = 0; i < words.length; i++) {
            area += Long.bitCount(words[i] & other.words[i]);
        }
        return area;
    }

    /** Number of pixels of either. */
    public long unionArea(Mask other) {
        return area() + other.area() - intersectionArea(other);
    }

    /** Intersection over union, 0..1, symmetric; 0 where both masks are empty. */
    public double iou(Mask other) {
        long intersection = intersectionArea(other);
        return intersection == 0 ? 0 : (double) intersection / (area() + other.area() - intersection);
    }

    private Mask sameSize(Mask other) {
        if (other.width != width || other.height != height) {
            throw new IllegalArgumentException("masks of " + width + " x " + height + " and " + other.width + " x "
                    + other.height + " cannot be combined");
        }
        return other;
    }

    /** The bits, column by column; not a copy, not to be written to. */
    long[] words() {
        return words;
    }

    static int wordCount(int width, int height) {
        if (width < 1 || height < 1 || (long) width * height > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a mask cannot be " + width + " x " + height + " pixels");
        }
        return (int) (((long) width * height + 63) >>> 6);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Mask mask
                && mask.width == width
                && mask.height == height
                && Arrays.equals(mask.words, words);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + Arrays.hashCode(words);
    }

    @Override
    public String toString() {
        return "Mask[" + width + " x " + height + ", " + area() + " pixels]";
    }
}
