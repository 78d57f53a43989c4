package org.vilam.web.format;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.FoundObject.NamedPoint;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Polygon;
import org.vilam.vision.image.ImageDecoder;
import org.vilam.web.image.EncodedImage;

/**
 * The picture with its objects drawn on it, as a PNG of the same size: outlines filled lightly, boxes with a dark halo, numbered
 * tags that keep clear of each other. Several pictures come as a zip archive.
 */
final class OverlayExport implements ExportFormat {
    private static final float FILL = 0.25f;

    /**
     * Digits of 3 x 5 dots, row by row, the first bit top left. A font of the system's would look different on each machine, and
     * a small container has none.
     */
    private static final int[] DIGITS = {
        0b111_101_101_101_111,
        0b010_110_010_010_111,
        0b111_001_111_100_111,
        0b111_001_111_001_111,
        0b101_101_111_001_001,
        0b111_100_111_001_111,
        0b111_100_111_101_111,
        0b111_001_010_010_010,
        0b111_101_111_101_111,
        0b111_101_111_001_111
    };

    @Override
    public Exported write(List<AnnotatedImage> images) {
        if (images.size() == 1) {
            return new Exported(EncodedImage.PNG, images.get(0).stem() + "-overlay.png", png(images.get(0)));
        }
        Map<String, byte[]> files = new LinkedHashMap<>();
        images.forEach(image -> files.put(image.stem() + "-overlay.png", png(image)));
        return Exported.zip("overlays.zip", files);
    }

    private static byte[] png(AnnotatedImage image) {
        BufferedImage canvas = EncodedImage.buffered(
                new ImageDecoder().decode(image.upright().get().bytes()).pixels());
        Graphics2D graphics = canvas.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            float line = Math.max(1, Math.max(image.width(), image.height()) / 400f);
            List<FoundObject> objects = image.result().objects();
            for (int i = 0; i < objects.size(); i++) {
                draw(graphics, objects.get(i), new Color(Palette.colour(i)), line);
            }
            tags(graphics, image, line);
        } finally {
            graphics.dispose();
        }
        return EncodedImage.png(canvas).bytes();
    }

    private static void draw(Graphics2D graphics, FoundObject object, Color colour, float line) {
        Box box = object.box();
        Shape frame = new Rectangle2D.Double(box.x1(), box.y1(), box.width(), box.height());
        if (!object.polygons().isEmpty()) {
            Shape outline = outline(object.polygons());
            graphics.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, FILL));
            graphics.setColor(colour);
            graphics.fill(outline);
            graphics.setComposite(AlphaComposite.SrcOver);
            stroke(graphics, outline, colour, line / 2);
        }
        stroke(graphics, frame, colour, line);
        for (NamedPoint point : object.keypoints()) {
            Double x = point.x();
            Double y = point.y();
            if (x != null && y != null) {
                Shape dot = new Ellipse2D.Double(x - 2 * line, y - 2 * line, 4 * line, 4 * line);
                graphics.setColor(colour);
                graphics.fill(dot);
                stroke(graphics, dot, Color.BLACK, line / 2);
            }
        }
    }

    private static void stroke(Graphics2D graphics, Shape shape, Color colour, float line) {
        graphics.setColor(new Color(0, 0, 0, 160));
        graphics.setStroke(new BasicStroke(2 * line));
        graphics.draw(shape);
        graphics.setColor(colour);
        graphics.setStroke(new BasicStroke(line));
        graphics.draw(shape);
    }

    private static Shape outline(List<Polygon> parts) {
        Path2D path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
        for (Polygon part : parts) {
            append(path, part.exterior());
            part.holes().forEach(hole -> append(path, hole));
        }
        return path;
    }

    private static void append(Path2D path, List<Point> ring) {
        path.moveTo(ring.get(0).x(), ring.get(0).y());
        ring.subList(1, ring.size()).forEach(p -> path.lineTo(p.x(), p.y()));
        path.closePath();
    }

    /** A tag sits at its box's top left corner, or as far below as others leave room. */
    private static void tags(Graphics2D graphics, AnnotatedImage image, float line) {
        int dot = Math.max(2, Math.round(1.6f * line));
        List<Rectangle> taken = new ArrayList<>();
        List<FoundObject> objects = image.result().objects();
        for (int i = 0; i < objects.size(); i++) {
            String number = Integer.toString(i + 1);
            int width = dot * (4 * number.length() + 1);
            int height = dot * 7;
            Box box = objects.get(i).box();
            int x = (int) Math.max(0, Math.min(box.x1(), image.width() - width));
            int y = (int) Math.max(0, Math.min(box.y1(), image.height() - height));
            Rectangle tag = new Rectangle(x, y, width, height);
            while (overlaps(taken, tag) && tag.y + 2 * height <= image.height()) {
                tag = new Rectangle(x, tag.y + height, width, height);
            }
            taken.add(tag);
            int colour = Palette.colour(i);
            graphics.setColor(new Color(colour));
            graphics.fill(tag);
            graphics.setColor(new Color(Palette.ink(colour)));
            for (int d = 0; d < number.length(); d++) {
                digit(graphics, number.charAt(d) - '0', tag.x + dot * (1 + 4 * d), tag.y + dot, dot);
            }
        }
    }

    private static void digit(Graphics2D graphics, int digit, int x, int y, int dot) {
        for (int i = 0; i < 15; i++) {
            if ((DIGITS[digit] >> (14 - i) & 1) != 0) {
                graphics.fillRect(x + dot * (i % 3), y + dot * (i / 3), dot, dot);
            }
        }
    }

    private static boolean overlaps(List<Rectangle> taken, Rectangle tag) {
        return taken.stream().anyMatch(other -> other.intersects(tag));
    }
}
