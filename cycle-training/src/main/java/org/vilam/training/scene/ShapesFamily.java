package org.vilam.training.scene;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Plane shapes, letters and digits in many colours and fills, some nested, some overlapping. */
final class ShapesFamily implements SceneFamily {
    private static final Outline[] OUTLINES = Outline.values();
    private static final Colour[] COLOURS = Colour.values();

    @Override
    public String name() {
        return "shapes";
    }

    @Override
    public Scene draw(SplittableRandom random, Holdout holdout) {
        Easel easel = Canvases.blank(random);
        int ground = Backdrop.paint(easel, random);
        double side = Math.min(easel.width(), easel.height());
        int wanted = 1 + random.nextInt(9);
        // Scenes where many things share a noun or a colour are what makes attributes and orders necessary.
        Outline sharedOutline = OUTLINES[random.nextInt(OUTLINES.length)];
        Colour sharedColour = COLOURS[random.nextInt(COLOURS.length)];
        int sameOutline = random.nextInt(3);
        int sameColour = random.nextInt(4);
        List<double[]> placed = new ArrayList<>();
        for (int i = 0; i < wanted; i++) {
            Outline outline =
                    random.nextInt(3) < sameOutline ? sharedOutline : OUTLINES[random.nextInt(OUTLINES.length)];
            Colour colour = random.nextInt(5) < sameColour ? sharedColour : COLOURS[random.nextInt(COLOURS.length)];
            if (holdout.excludes(colour.word(), outline.name())) {
                continue;
            }
            double radius = side
                    * (random.nextInt(3) == 0 ? 0.14 + 0.12 * random.nextDouble() : 0.05 + 0.08 * random.nextDouble());
            double[] spot = Canvases.spot(easel, radius, placed, random, random.nextInt(6) == 0 ? 0.35 : -0.04);
            if (spot.length == 0) {
                continue;
            }
            Color shade = colour.shade(random);
            if (Colour.contrast(shade.getRGB(), ground) < 0.28) {
                continue;
            }
            placed.add(new double[] {spot[0], spot[1], radius});
            easel.add(sketch(outline, colour, shade, spot[0], spot[1], radius, ground, random));
            if (random.nextInt(5) == 0) {
                addInside(easel, spot, radius, shade, holdout, random);
            }
        }
        return Effects.finish(easel, name(), random);
    }

    /** A small shape on top of a large one: containment, and a hole in the large one's mask. */
    private static void addInside(
            Easel easel, double[] spot, double radius, Color under, Holdout holdout, SplittableRandom random) {
        Outline outline = OUTLINES[random.nextInt(OUTLINES.length)];
        Colour colour = COLOURS[random.nextInt(COLOURS.length)];
        Color shade = colour.shade(random);
        double inner = radius * (0.25 + 0.15 * random.nextDouble());
        boolean clear = Colour.contrast(shade.getRGB(), under.getRGB()) >= 0.35 && inner >= 4;
        if (clear && !holdout.excludes(colour.word(), outline.name())) {
            easel.add(sketch(outline, colour, shade, spot[0], spot[1], inner, under.getRGB(), random));
        }
    }

    private static Sketch sketch(
            Outline outline,
            Colour colour,
            Color shade,
            double x,
            double y,
            double radius,
            int ground,
            SplittableRandom random) {
        Outline.Figure figure = outline.draw(random);
        AffineTransform place = AffineTransform.getTranslateInstance(x, y);
        place.rotate(outline.maximumTurn() * (2 * random.nextDouble() - 1) * (random.nextInt(3) == 0 ? 0 : 1));
        place.scale(radius * (random.nextInt(4) == 0 ? -1 : 1), radius);
        if (outline == Outline.LETTER || outline == Outline.DIGIT) {
            place = AffineTransform.getTranslateInstance(x, y);
            place.rotate(0.3 * (2 * random.nextDouble() - 1));
            place.scale(radius, radius);
        }
        Shape shape = place.createTransformedShape(figure.shape());
        boolean glyph = outline == Outline.LETTER || outline == Outline.DIGIT;
        Fill fill = glyph || radius < 9 || outline == Outline.RING ? Fill.SOLID : Fill.pick(random);
        Map<String, String> attributes = new HashMap<>();
        attributes.put("colour", colour.word());
        if (!glyph && radius >= 9 && outline != Outline.RING) {
            attributes.put("fill", fill.word());
        }
        if (glyph) {
            attributes.put("character", figure.noun().substring(figure.noun().length() - 1));
        }
        Set<String> kinds = new LinkedHashSet<>(figure.kinds());
        kinds.add(figure.noun());
        double line = Math.max(1.5, radius * (0.08 + 0.1 * random.nextDouble()));
        boolean outlined = fill != Fill.HOLLOW && !glyph && random.nextInt(5) == 0;
        Color edge = Colour.contrast(ground, 0) > 0.8 ? shade.darker().darker() : shade.brighter();
        Consumer<Graphics2D> paint = g -> {
            fill.paint(g, shape, shade, radius, line);
            if (outlined) {
                g.setColor(edge);
                g.setStroke(new BasicStroke((float) Math.max(1, line / 3)));
                g.draw(shape);
            }
        };
        Rectangle bounds = shape.getBounds();
        int grow = (int) Math.ceil(line) + 2;
        bounds.grow(grow, grow);
        return new Sketch(figure.noun(), kinds, attributes, bounds, 0, List.of(), paint);
    }

    /** How the inside of a shape is filled. */
    private enum Fill {
        SOLID,
        STRIPED,
        DOTTED,
        HOLLOW,
        GRADIENT;

        static Fill pick(SplittableRandom random) {
            int n = random.nextInt(10);
            return n < 5 ? SOLID : values()[1 + (n - 5) % 4];
        }

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        /** Stripes and dots lie on a lighter or darker mix of the same colour, so that colour stays beyond dispute. */
        void paint(Graphics2D g, Shape shape, Color shade, double radius, double line) {
            Rectangle b = shape.getBounds();
            switch (this) {
                case SOLID -> {
                    g.setColor(shade);
                    g.fill(shape);
                }
                case HOLLOW -> {
                    g.setColor(shade);
                    g.fill(new BasicStroke((float) Math.max(2, line), BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER)
                            .createStrokedShape(shape));
                }
                case GRADIENT -> {
                    g.setPaint(new GradientPaint(
                            b.x, b.y, shade, b.x + b.width, b.y + b.height, mix(shade, pale(shade), 0.6)));
                    g.fill(shape);
                }
                case STRIPED, DOTTED -> {
                    g.setColor(pale(shade));
                    g.fill(shape);
                    g.setColor(shade);
                    Shape clip = g.getClip();
                    g.clip(shape);
                    double step = Math.max(4, radius * 0.32);
                    if (this == STRIPED) {
                        g.setStroke(new BasicStroke((float) (step * 0.5)));
                        for (double t = b.x - b.height; t < b.x + b.width; t += step) {
                            g.draw(new Line2D.Double(t, b.y + b.height, t + b.height, b.y));
                        }
                    } else {
                        double dot = step * 0.6;
                        for (double y = b.y; y < b.y + b.height; y += step) {
                            for (double x = b.x; x < b.x + b.width; x += step) {
                                g.fill(new Ellipse2D.Double(x, y, dot, dot));
                            }
                        }
                    }
                    g.setClip(clip);
                    g.setStroke(new BasicStroke((float) Math.max(1, radius * 0.06)));
                    g.draw(shape);
                }
            }
        }

        private static Color pale(Color c) {
            double luminance = (0.3 * c.getRed() + 0.6 * c.getGreen() + 0.1 * c.getBlue()) / 255;
            return luminance > 0.75 ? mix(c, Color.GRAY, 0.45) : mix(c, Color.WHITE, 0.6);
        }

        private static Color mix(Color a, Color b, double t) {
            return new Color(
                    (int) (a.getRed() + t * (b.getRed() - a.getRed())),
                    (int) (a.getGreen() + t * (b.getGreen() - a.getGreen())),
                    (int) (a.getBlue() + t * (b.getBlue() - a.getBlue())));
        }
    }
}
