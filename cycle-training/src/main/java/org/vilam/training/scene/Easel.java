package org.vilam.training.scene;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Keypoint;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Rle;
import org.vilam.vision.image.RgbImage;

/**
 * A canvas that remembers which pixel belongs to which object.
 *
 * <p>Each object is painted on a transparent layer of its own and laid over the canvas; where the layer is at least half
 * opaque the pixel is the object's, until a later object covers it.
 */
final class Easel {
    private static final int NOBODY = -1;
    /** Below this share of its pixels an object is not there at all. */
    private static final double VISIBLE = 0.04;

    private final BufferedImage canvas;
    private final int[] pixels;
    private final int[] owner;
    private final boolean smooth;
    private final List<Sketch> sketches = new ArrayList<>();
    private final List<int[]> extents = new ArrayList<>(); // x1, y1, x2, y2, pixels of the whole object

    /**
     * @param smooth whether edges are anti-aliased
     */
    Easel(int width, int height, boolean smooth) {
        this.canvas = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        this.pixels = ((DataBufferInt) canvas.getRaster().getDataBuffer()).getData();
        this.owner = new int[width * height];
        this.smooth = smooth;
        Arrays.fill(owner, NOBODY);
    }

    int width() {
        return canvas.getWidth();
    }

    int height() {
        return canvas.getHeight();
    }

    /** The canvas as an image over {@link #pixels}. */
    BufferedImage canvas() {
        return canvas;
    }

    /** The canvas pixels, 0xRRGGBB row by row, for backdrops and effects. */
    int[] pixels() {
        return pixels;
    }

    /** Draws something that nobody refers to: a backdrop, a shadow, clutter. */
    void decorate(java.util.function.Consumer<Graphics2D> paint) {
        Graphics2D g = hints(canvas.createGraphics());
        try {
            paint.accept(g);
        } finally {
            g.dispose();
        }
    }

    /**
     * Draws an object over all that is there.
     *
     * @return its id, or -1 when nothing of it lies on the canvas
     */
    int add(Sketch sketch) {
        Rectangle bounds = sketch.bounds();
        if (bounds.width < 1 || bounds.height < 1) {
            return NOBODY;
        }
        BufferedImage layer = new BufferedImage(bounds.width, bounds.height, BufferedImage.TYPE_INT_ARGB);
        Graphics2D g = hints(layer.createGraphics());
        g.translate(-bounds.x, -bounds.y);
        sketch.paint().accept(g);
        g.dispose();
        int[] argb = ((DataBufferInt) layer.getRaster().getDataBuffer()).getData();
        int[] extent = extent(argb, bounds);
        if (!lay(argb, bounds, sketches.size())) {
            return NOBODY;
        }
        sketches.add(sketch);
        extents.add(extent);
        return sketches.size() - 1;
    }

    /** Box and number of the pixels that are at least half opaque, on the canvas or beyond it. */
    private static int[] extent(int[] argb, Rectangle bounds) {
        int left = Integer.MAX_VALUE;
        int right = -1;
        int top = -1;
        int bottom = -1;
        int count = 0;
        for (int y = 0, i = 0; y < bounds.height; y++) {
            for (int x = 0; x < bounds.width; x++, i++) {
                if (argb[i] < 0) {
                    left = Math.min(left, x);
                    right = Math.max(right, x);
                    top = top < 0 ? y : top;
                    bottom = y;
                    count++;
                }
            }
        }
        return new int[] {left + bounds.x, top + bounds.y, right + 1 + bounds.x, bottom + 1 + bounds.y, count};
    }

    /** Lays a layer over the canvas; true where a pixel of the canvas became the object's. */
    private boolean lay(int[] argb, Rectangle bounds, int id) {
        Rectangle on = bounds.intersection(new Rectangle(width(), height()));
        boolean seen = false;
        for (int y = on.y; y < on.y + on.height; y++) {
            int from = (y - bounds.y) * bounds.width - bounds.x;
            for (int x = on.x, i = y * width() + on.x; x < on.x + on.width; x++, i++) {
                int over = argb[from + x];
                if (over < 0) {
                    owner[i] = id;
                    seen = true;
                }
                if (over >>> 24 != 0) {
                    pixels[i] = blend(pixels[i], over);
                }
            }
        }
        return seen;
    }

    /** Porter-Duff's "over" for a colour that is not premultiplied, rounded. */
    private static int blend(int under, int over) {
        int alpha = over >>> 24;
        if (alpha == 255) {
            return over & 0xFFFFFF;
        }
        int out = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int mixed = (over >> shift & 0xFF) * alpha + (under >> shift & 0xFF) * (255 - alpha);
            out |= ((mixed + 127) / 255) << shift;
        }
        return out;
    }

    /**
     * The scene as it stands.
     *
     * @param family its family's name
     * @param disputed attributes that can no longer be told, e.g. colour in a grey-scale picture
     */
    Scene finish(String family, java.util.Set<String> disputed) {
        List<SceneObject> objects = new ArrayList<>();
        for (int id = 0; id < sketches.size(); id++) {
            Sketch sketch = sketches.get(id);
            int[] extent = extents.get(id);
            int self = id;
            Rle code = code(id);
            Box box = code.boundingBox();
            long count = code.area();
            if (count < VISIBLE * extent[4]) {
                continue; // what is left of it nobody would notice
            }
            Map<String, String> attributes = sketch.attributes().entrySet().stream()
                    .filter(e -> !disputed.contains(e.getKey()))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
            objects.add(new SceneObject(
                    objects.size(),
                    sketch.category(),
                    sketch.kinds(),
                    attributes,
                    box,
                    code.toMask(),
                    new Box(extent[0], extent[1], extent[2], extent[3]),
                    sketch.size() > 0 ? sketch.size() : Math.sqrt(extent[4]),
                    (double) count / extent[4],
                    id,
                    sketch.keypoints().stream().map(k -> seen(k, self)).toList()));
        }
        byte[] rgb = new byte[pixels.length * 3];
        for (int i = 0, to = 0; i < pixels.length; i++, to += 3) {
            int p = pixels[i];
            rgb[to] = (byte) (p >> 16);
            rgb[to + 1] = (byte) (p >> 8);
            rgb[to + 2] = (byte) p;
        }
        return new Scene(new RgbImage(width(), height(), rgb), family, objects);
    }

    /** The pixels of an object that can be seen, looked for where it was painted only. */
    private Rle code(int id) {
        int[] extent = extents.get(id);
        int right = Math.min(width(), extent[2]);
        int top = Math.max(0, extent[1]);
        int bottom = Math.min(height(), extent[3]);
        int[] counts = new int[16];
        int used = 0;
        int end = 0; // of the last run
        for (int x = Math.max(0, extent[0]); x < right; x++) {
            boolean inside = false;
            for (int y = top; y <= bottom; y++) {
                boolean mine = y < bottom && owner[y * width() + x] == id;
                if (mine != inside) {
                    counts = used + 1 < counts.length ? counts : Arrays.copyOf(counts, 2 * counts.length);
                    counts[used++] = x * height() + y - end;
                    end = x * height() + y;
                    inside = mine;
                }
            }
        }
        counts[used++] = width() * height() - end;
        return Rle.ofCounts(width(), height(), Arrays.copyOf(counts, used));
    }

    /** A keypoint off the canvas is absent; one under another object is occluded. */
    private Keypoint seen(Keypoint keypoint, int id) {
        Point place = keypoint.point();
        if (place == null) {
            return keypoint;
        }
        int x = (int) Math.floor(place.x());
        int y = (int) Math.floor(place.y());
        if (x < 0 || y < 0 || x >= width() || y >= height()) {
            return Keypoint.absent(keypoint.name());
        }
        int who = owner[y * width() + x];
        return who == id || who == NOBODY ? keypoint : Keypoint.occluded(keypoint.name(), place.x(), place.y());
    }

    private Graphics2D hints(Graphics2D g) {
        g.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING,
                smooth ? RenderingHints.VALUE_ANTIALIAS_ON : RenderingHints.VALUE_ANTIALIAS_OFF);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        g.setColor(Color.BLACK);
        return g;
    }
}
