package org.vilam.training.scene;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Soft outlines, shaded bodies and colours of cells and organs. */
final class Tissue {
    private Tissue() {}

    /** What is said of a body: its category, every noun that fits, its attributes. */
    record Name(String category, Set<String> kinds, Map<String, String> attributes) {
        static Name of(String category, String... broader) {
            Set<String> kinds = new java.util.LinkedHashSet<>(List.of(broader));
            kinds.addAll(List.of(category, "object"));
            return new Name(category, kinds, Map.of());
        }

        Name with(String attribute, String value) {
            Map<String, String> more = new java.util.HashMap<>(attributes);
            more.put(attribute, value);
            return new Name(category, kinds, more);
        }
    }

    static Sketch sketch(Name name, Shape extent, Consumer<Graphics2D> paint) {
        Rectangle bounds = extent.getBounds();
        bounds.grow(2, 2);
        return new Sketch(name.category(), name.kinds(), name.attributes(), bounds, 0, List.of(), paint);
    }

    /** A body in one colour. */
    static Sketch flat(Name name, Shape shape, Color colour) {
        return sketch(name, shape, g -> {
            g.setColor(colour);
            g.fill(shape);
        });
    }

    /**
     * A round body with a darker rim, turned at random.
     *
     * @param thin its smaller half axis as a share of {@code r}
     */
    static Sketch blob(Name name, double[] at, double r, double thin, Color colour, SplittableRandom random) {
        Shape shape = AffineTransform.getRotateInstance(Math.PI * random.nextDouble(), at[0], at[1])
                .createTransformedShape(wobble(at[0], at[1], r, r * thin, 0.05, random));
        return sketch(name, shape, shaded(shape, at, Math.max(2, r), 0.7f, colour, mix(colour, Color.BLACK, 0.25)));
    }

    /** One colour up to {@code inner} of the radius, then blending into the colour of the edge. */
    static Consumer<Graphics2D> shaded(Shape shape, double[] at, double r, float inner, Color middle, Color edge) {
        return g -> {
            g.setPaint(new RadialGradientPaint(
                    new Point2D.Double(at[0], at[1]), (float) r, new float[] {0, inner, 1}, new Color[] {
                        middle, middle, edge
                    }));
            g.fill(shape);
        };
    }

    /** An ellipse whose radius wavers smoothly by about the given share. */
    static Shape wobble(double x, double y, double a, double b, double share, SplittableRandom random) {
        double two = random.nextDouble() * 2 * Math.PI;
        double three = random.nextDouble() * 2 * Math.PI;
        double five = random.nextDouble() * 2 * Math.PI;
        Path2D path = new Path2D.Double();
        int steps = a > 40 ? 64 : 32;
        for (int i = 0; i < steps; i++) {
            double t = 2 * Math.PI * i / steps;
            double waver = Math.sin(2 * t + two) + 0.7 * Math.sin(3 * t + three) + 0.4 * Math.sin(5 * t + five);
            double px = x + a * (1 + share * waver) * Math.cos(t);
            double py = y + b * (1 + share * waver) * Math.sin(t);
            if (i == 0) {
                path.moveTo(px, py);
            } else {
                path.lineTo(px, py);
            }
        }
        path.closePath();
        return path;
    }

    /** Fills the canvas with a colour and smooth noise. */
    static void ground(Easel easel, Color colour, double strength, SplittableRandom random) {
        double cell = Math.max(8, easel.width() * (0.08 + 0.2 * random.nextDouble()));
        Backdrop.cloud(easel, colour.getRGB(), cell, strength, random);
    }

    static Color violet(SplittableRandom random) {
        double hue = 0.7 + 0.1 * random.nextDouble();
        double saturation = 0.45 + 0.3 * random.nextDouble();
        return Color.getHSBColor((float) hue, (float) saturation, (float) (0.4 + 0.25 * random.nextDouble()));
    }

    static Color grey(double level) {
        float l = (float) Math.max(0, Math.min(1, level));
        return new Color(l, l, l);
    }

    static Color mix(Color a, Color b, double t) {
        return new Color(
                (int) (a.getRed() + t * (b.getRed() - a.getRed())),
                (int) (a.getGreen() + t * (b.getGreen() - a.getGreen())),
                (int) (a.getBlue() + t * (b.getBlue() - a.getBlue())));
    }
}
