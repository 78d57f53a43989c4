package org.vilam.training.cli;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.vilam.grounding.answer.Grounded;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Skeleton;
import org.vilam.vision.geometry.Visibility;
import org.vilam.vision.image.RgbImage;

/** Answers drawn over their pictures. */
final class Overlay {
    /** Colours that people with any colour vision tell apart (Okabe and Ito 2008), without black. */
    private static final List<Color> COLOURS = List.of(
            new Color(0xE69F00),
            new Color(0x56B4E9),
            new Color(0x009E73),
            new Color(0xF0E442),
            new Color(0x0072B2),
            new Color(0xD55E00),
            new Color(0xCC79A7));

    private static final int MASK_OPACITY = 110;

    private Overlay() {}

    /** Draws every object found, or the one that fits best where the set is empty; nothing where nothing is meant. */
    static void write(RgbImage image, Grounded found, Path png) throws IOException {
        BufferedImage canvas = buffered(image);
        Graphics2D g = graphics(canvas);
        List<Grounded.Found> objects = found.all().isEmpty() ? List.of(found.one()) : found.all();
        for (int i = 0; i < objects.size() && found.present(); i++) {
            Grounded.Found object = objects.get(i);
            Color colour = COLOURS.get(i % COLOURS.size());
            object.mask().ifPresent(mask -> tint(canvas, mask, colour));
            outline(g, canvas, object.box(), colour, String.format(Locale.ROOT, "%.2f", object.score()));
            keypoints(g, object, colour);
        }
        g.dispose();
        png(canvas, png);
    }

    /** Draws a region with what was said of it. */
    static void write(RgbImage image, Box region, String said, Path png) throws IOException {
        BufferedImage canvas = buffered(image);
        Graphics2D g = graphics(canvas);
        outline(g, canvas, region, COLOURS.get(0), said);
        g.dispose();
        png(canvas, png);
    }

    static BufferedImage buffered(RgbImage image) {
        BufferedImage out = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                out.setRGB(x, y, image.get(x, y, 0) << 16 | image.get(x, y, 1) << 8 | image.get(x, y, 2));
            }
        }
        return out;
    }

    static void png(BufferedImage image, Path file) throws IOException {
        if (!ImageIO.write(image, "png", file.toFile())) {
            throw new IllegalStateException("every Java platform writes PNG");
        }
    }

    private static Graphics2D graphics(BufferedImage canvas) {
        Graphics2D g = canvas.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setStroke(new BasicStroke(Math.max(2, Math.min(canvas.getWidth(), canvas.getHeight()) / 200f)));
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, Math.max(11, canvas.getHeight() / 40)));
        return g;
    }

    private static void tint(BufferedImage canvas, Mask mask, Color colour) {
        for (int y = 0; y < mask.height(); y++) {
            for (int x = 0; x < mask.width(); x++) {
                if (mask.get(x, y)) {
                    canvas.setRGB(x, y, blend(canvas.getRGB(x, y), colour.getRGB()));
                }
            }
        }
    }

    private static int blend(int under, int over) {
        int out = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int mixed = (over >> shift & 0xFF) * MASK_OPACITY + (under >> shift & 0xFF) * (255 - MASK_OPACITY);
            out |= mixed / 255 << shift;
        }
        return out;
    }

    private static void outline(Graphics2D g, BufferedImage canvas, Box box, Color colour, String label) {
        g.setColor(colour);
        g.draw(new Rectangle2D.Double(box.x1(), box.y1(), box.width(), box.height()));
        FontMetrics font = g.getFontMetrics();
        int width = font.stringWidth(label) + 6;
        int x = (int) Math.max(0, Math.min(box.x1(), canvas.getWidth() - width));
        int y = (int) Math.max(0, box.y1() - font.getHeight());
        g.fillRect(x, y, width, font.getHeight());
        g.setColor(Color.BLACK);
        g.drawString(label, x + 3, y + font.getAscent());
    }

    private static void keypoints(Graphics2D g, Grounded.Found object, Color colour) {
        if (object.keypoints().isEmpty()) {
            return;
        }
        List<String> names =
                object.keypoints().stream().map(k -> k.keypoint().name()).toList();
        g.setColor(colour);
        for (Skeleton.Edge edge : Skeleton.COCO_PERSON.edges()) {
            int from = names.indexOf(Skeleton.COCO_PERSON.names().get(edge.from()));
            int to = names.indexOf(Skeleton.COCO_PERSON.names().get(edge.to()));
            Point a = from < 0 ? null : object.keypoints().get(from).keypoint().point();
            Point b = to < 0 ? null : object.keypoints().get(to).keypoint().point();
            if (a != null && b != null) {
                g.draw(new Line2D.Double(a.x(), a.y(), b.x(), b.y()));
            }
        }
        double r = 1.5 * ((BasicStroke) g.getStroke()).getLineWidth();
        for (Grounded.ScoredKeypoint scored : object.keypoints()) {
            Point place = scored.keypoint().point();
            if (place != null) {
                Ellipse2D dot = new Ellipse2D.Double(place.x() - r, place.y() - r, 2 * r, 2 * r);
                g.setColor(scored.keypoint().visibility() == Visibility.VISIBLE ? colour : Color.GRAY);
                g.fill(dot);
            }
        }
    }
}
