package org.vilam.training.scene;

import java.awt.AlphaComposite;
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
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.image.RgbImage;

/**
 * A canvas that remembers which pixel belongs to which object.
 *
 * <p>Each object is painted on a transparent layer of its own and laid over the canvas; where the layer is at least half
 * opaque the pixel is the object's, until a later object covers it.
 */
final class Easel {
    private static final int NOBODY = -1;

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
        int id = sketches.size();
        int[] extent = {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE, 0};
        int seen = 0;
        for (int y = 0; y < bounds.height; y++) {
            for (int x = 0; x < bounds.width; x++) {
                if (argb[y * bounds.width + x] >>> 24 >= 128) {
                    int cx = x + bounds.x;
                    int cy = y + bounds.y;
                    extent[0] = Math.min(extent[0], cx);
                    extent[1] = Math.min(extent[1], cy);
                    extent[2] = Math.max(extent[2], cx + 1);
                    extent[3] = Math.max(extent[3], cy + 1);
                    extent[4]++;
                    if (cx >= 0 && cy >= 0 && cx < width() && cy < height()) {
                        owner[cy * width() + cx] = id;
                        seen++;
                    }
                }
            }
        }
        if (seen == 0) {
            return NOBODY;
        }
        Graphics2D on = canvas.createGraphics();
        on.setComposite(AlphaComposite.SrcOver);
        on.drawImage(layer, bounds.x, bounds.y, null);
        on.dispose();
        sketches.add(sketch);
        extents.add(extent);
        return id;
    }

    /** The share of an object's pixels that can be seen now, 0..1. */
    double visible(int id) {
        int seen = 0;
        for (int who : owner) {
            if (who == id) {
                seen++;
            }
        }
        return (double) seen / extents.get(id)[4];
    }

    /** Pixels of the canvas that belong to no object yet. */
    boolean free(int x, int y) {
        return owner[y * width() + x] == NOBODY;
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
            byte[] mine = new byte[owner.length];
            int count = 0;
            for (int i = 0; i < owner.length; i++) {
                if (owner[i] == id) {
                    mine[i] = 1;
                    count++;
                }
            }
            Mask mask = Mask.ofBytes(width(), height(), mine);
            Map<String, String> attributes = sketch.attributes().entrySet().stream()
                    .filter(e -> !disputed.contains(e.getKey()))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
            objects.add(new SceneObject(
                    objects.size(),
                    sketch.category(),
                    sketch.kinds(),
                    attributes,
                    mask.boundingBox(),
                    mask,
                    new Box(extent[0], extent[1], extent[2], extent[3]),
                    sketch.size() > 0 ? sketch.size() : Math.sqrt(extent[4]),
                    (double) count / extent[4],
                    id,
                    sketch.keypoints().stream().map(k -> seen(k, self)).toList()));
        }
        byte[] rgb = new byte[pixels.length * 3];
        for (int i = 0; i < pixels.length; i++) {
            rgb[3 * i] = (byte) (pixels[i] >> 16);
            rgb[3 * i + 1] = (byte) (pixels[i] >> 8);
            rgb[3 * i + 2] = (byte) pixels[i];
        }
        return new Scene(new RgbImage(width(), height(), rgb), family, objects);
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
