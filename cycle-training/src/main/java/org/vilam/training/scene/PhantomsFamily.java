package org.vilam.training.scene;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Pictures that look medical and are not: blood smears, nuclei, chest-like and CT-like slices with nodules and devices.
 *
 * <p>Nothing in them is a diagnosis; they teach the words and the looks. In the two kinds of slices left and right in a name
 * ("left lung") are the patient's, so the left lung is on the right of the picture.
 */
final class PhantomsFamily implements SceneFamily {
    @Override
    public String name() {
        return "phantoms";
    }

    @Override
    public Scene draw(SplittableRandom random, Holdout holdout) {
        Easel easel = Canvases.blank(random);
        switch (random.nextInt(4)) {
            case 0 -> smear(easel, random);
            case 1 -> nuclei(easel, random);
            case 2 -> chest(easel, random);
            default -> slice(easel, random);
        }
        return Effects.finish(easel, name(), random);
    }

    private static void smear(Easel easel, SplittableRandom random) {
        Color plasma = Color.getHSBColor(
                (float) (0.95 + 0.12 * random.nextDouble()), (float) (0.03 + 0.12 * random.nextDouble()), 0.95f);
        ground(easel, plasma, 0.03, random);
        double side = Math.min(easel.width(), easel.height());
        double red = side * (0.05 + 0.05 * random.nextDouble());
        red = Math.max(red, 6);
        List<double[]> placed = new ArrayList<>();
        Color cell = Color.getHSBColor(
                (float) (0.97 + 0.06 * random.nextDouble()), (float) (0.3 + 0.25 * random.nextDouble()), 0.85f);
        int whites = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(3);
        for (int i = 0; i < whites; i++) {
            double r = red * (1.5 + 0.7 * random.nextDouble());
            double[] at = Canvases.spot(easel, r, placed, random, -0.05);
            if (at.length > 0) {
                placed.add(new double[] {at[0], at[1], r});
                easel.add(white(at, r, random));
            }
        }
        int platelets = random.nextInt(4);
        for (int i = 0; i < platelets; i++) {
            double r = Math.max(3, red * (0.3 + 0.2 * random.nextDouble()));
            double[] at = Canvases.spot(easel, r, placed, random, -0.3);
            if (at.length > 0) {
                placed.add(new double[] {at[0], at[1], 2 * r});
                easel.add(blob("platelet", Set.of("platelet", "object"), at, r, violet(random), random, 1));
            }
        }
        int reds = 4 + random.nextInt(18);
        for (int i = 0; i < reds; i++) {
            double r = red * (0.85 + 0.3 * random.nextDouble());
            double[] at = Canvases.spot(easel, r, placed, random, 0.08);
            if (at.length > 0) {
                placed.add(new double[] {at[0], at[1], r});
                easel.add(redCell(at, r, cell, random));
            }
        }
    }

    private static Sketch redCell(double[] at, double r, Color colour, SplittableRandom random) {
        Shape shape = wobble(at[0], at[1], r, r * (0.85 + 0.15 * random.nextDouble()), 0.04, random);
        Color pale = mix(colour, Color.WHITE, 0.25 + 0.4 * random.nextDouble());
        Consumer<Graphics2D> paint = g -> {
            g.setPaint(new RadialGradientPaint(
                    new Point2D.Double(at[0], at[1]), (float) r, new float[] {0, 0.45f, 0.8f, 1}, new Color[] {
                        pale, pale, colour, colour.darker()
                    }));
            g.fill(shape);
        };
        return new Sketch(
                "red blood cell",
                Set.of("red blood cell", "red cell", "cell", "object"),
                Map.of(),
                grown(shape),
                0,
                List.of(),
                paint);
    }

    private static Sketch white(double[] at, double r, SplittableRandom random) {
        Shape body = wobble(at[0], at[1], r, r * (0.9 + 0.1 * random.nextDouble()), 0.05, random);
        Color plasm = Color.getHSBColor((float) (0.7 + 0.15 * random.nextDouble()), 0.18f, 0.9f);
        Color dark = violet(random);
        List<Shape> lobes = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            double angle = 2 * Math.PI * i / count + random.nextDouble();
            double off = count == 1 ? 0.12 * r : 0.36 * r;
            double size = r * (count == 1 ? 0.68 : 0.42);
            lobes.add(wobble(
                    at[0] + off * Math.cos(angle), at[1] + off * Math.sin(angle), size, size * 0.85, 0.08, random));
        }
        Consumer<Graphics2D> paint = g -> {
            g.setColor(plasm);
            g.fill(body);
            g.setColor(dark);
            lobes.forEach(g::fill);
        };
        return new Sketch(
                "white blood cell",
                Set.of("white blood cell", "white cell", "leukocyte", "cell", "object"),
                Map.of(),
                grown(body),
                0,
                List.of(),
                paint);
    }

    private static void nuclei(Easel easel, SplittableRandom random) {
        boolean fluorescent = random.nextBoolean();
        Color ground = fluorescent
                ? new Color(8, 8, 10 + random.nextInt(20))
                : Color.getHSBColor((float) (0.8 + 0.1 * random.nextDouble()), 0.15f, 0.93f);
        ground(easel, ground, fluorescent ? 0.02 : 0.06, random);
        double side = Math.min(easel.width(), easel.height());
        List<double[]> placed = new ArrayList<>();
        int wanted = 2 + random.nextInt(12);
        for (int i = 0; i < wanted; i++) {
            double r = Math.max(5, side * (0.04 + 0.09 * random.nextDouble()));
            double[] at = Canvases.spot(easel, r, placed, random, 0.02);
            if (at.length == 0) {
                continue;
            }
            placed.add(new double[] {at[0], at[1], r});
            int level = 90 + random.nextInt(160);
            Color colour =
                    fluorescent ? glow(level, random) : mix(violet(random), Color.WHITE, 0.25 * random.nextDouble());
            double thin = 0.55 + 0.45 * random.nextDouble();
            easel.add(blob("nucleus", Set.of("nucleus", "cell", "object"), at, r, colour, random, thin));
        }
    }

    private static void chest(Easel easel, SplittableRandom random) {
        ground(easel, grey(0.45 + 0.2 * random.nextDouble()), 0.06, random);
        double w = easel.width();
        double h = easel.height();
        double middle = w * (0.47 + 0.06 * random.nextDouble());
        double lungW = w * (0.15 + 0.04 * random.nextDouble());
        double lungH = h * (0.28 + 0.06 * random.nextDouble());
        double top = h * (0.44 + 0.05 * random.nextDouble());
        Color air = grey(0.12 + 0.12 * random.nextDouble());
        Shape onLeft = wobble(middle - lungW * 1.35, top, lungW, lungH, 0.05, random);
        Shape onRight = wobble(middle + lungW * 1.35, top, lungW * 0.95, lungH, 0.05, random);
        easel.add(organ("right lung", Set.of("right lung", "lung", "object"), onLeft, air));
        easel.add(organ("left lung", Set.of("left lung", "lung", "object"), onRight, air));
        Shape heart = wobble(middle + lungW * 0.35, top + lungH * 0.45, lungW * 0.95, lungH * 0.45, 0.05, random);
        easel.add(organ("heart", Set.of("heart", "object"), heart, grey(0.72 + 0.1 * random.nextDouble())));
        if (random.nextBoolean()) {
            Color rib = new Color(255, 255, 255, 34);
            easel.decorate(g -> {
                g.setColor(rib);
                g.setStroke(new BasicStroke((float) (h * 0.018)));
                for (int i = 0; i < 6; i++) {
                    double y = top - lungH + i * lungH * 0.36;
                    g.draw(new java.awt.geom.Arc2D.Double(
                            middle - w * 0.36, y, w * 0.72, h * 0.3, 15, 150, java.awt.geom.Arc2D.OPEN));
                }
            });
        }
        int nodules = random.nextInt(3);
        for (int i = 0; i < nodules; i++) {
            double s = random.nextBoolean() ? -1 : 1;
            double r = Math.max(3, Math.min(w, h) * (0.018 + 0.025 * random.nextDouble()));
            double[] at = {
                middle + s * lungW * (1.35 + 0.5 * (random.nextDouble() - 0.5)),
                top + lungH * (random.nextDouble() - 0.6)
            };
            easel.add(blob(
                    "nodule",
                    Set.of("nodule", "spot", "object"),
                    at,
                    r,
                    grey(0.7 + 0.2 * random.nextDouble()),
                    random,
                    0.9));
        }
        if (random.nextInt(3) == 0) {
            Path2D tube = new Path2D.Double();
            tube.moveTo(middle, 0);
            tube.curveTo(
                    middle + w * 0.02,
                    h * 0.2,
                    middle - w * 0.03,
                    h * 0.3,
                    middle + w * 0.01,
                    h * (0.4 + 0.25 * random.nextDouble()));
            Shape line = new BasicStroke((float) Math.max(2, w * 0.014)).createStrokedShape(tube);
            easel.add(organ("tube", Set.of("tube", "device", "object"), line, grey(0.95)));
        }
        if (random.nextInt(3) == 0) {
            double s = random.nextInt(4) == 0 ? -1 : 1;
            double px = middle + s * lungW * 1.5;
            double py = top - lungH * 0.75;
            double r = Math.min(w, h) * 0.06;
            Shape can = new java.awt.geom.RoundRectangle2D.Double(px - r, py - r * 0.8, 2 * r, 1.6 * r, r, r);
            easel.add(organ("pacemaker", Set.of("pacemaker", "device", "object"), can, grey(0.97)));
        }
    }

    private static void slice(Easel easel, SplittableRandom random) {
        ground(easel, grey(0.02), 0.0, random);
        double w = easel.width();
        double h = easel.height();
        double a = w * 0.44;
        double b = h * 0.42;
        Shape body = wobble(w / 2, h / 2, a, b, 0.02, random);
        Color tissue = grey(0.42 + 0.1 * random.nextDouble());
        easel.decorate(g -> {
            g.setColor(tissue);
            g.fill(body);
        });
        Shape spine = wobble(w / 2, h / 2 + b * 0.62, a * 0.13, b * 0.15, 0.1, random);
        easel.add(organ("spine", Set.of("spine", "bone", "object"), spine, grey(0.93)));
        if (random.nextBoolean()) {
            Color air = grey(0.08 + 0.08 * random.nextDouble());
            easel.add(organ(
                    "right lung",
                    Set.of("right lung", "lung", "object"),
                    wobble(w / 2 - a * 0.5, h / 2, a * 0.33, b * 0.55, 0.06, random),
                    air));
            easel.add(organ(
                    "left lung",
                    Set.of("left lung", "lung", "object"),
                    wobble(w / 2 + a * 0.5, h / 2, a * 0.33, b * 0.55, 0.06, random),
                    air));
            easel.add(organ(
                    "heart",
                    Set.of("heart", "object"),
                    wobble(w / 2 + a * 0.08, h / 2 - b * 0.15, a * 0.2, b * 0.28, 0.08, random),
                    grey(0.68)));
        } else {
            easel.add(organ(
                    "liver",
                    Set.of("liver", "object"),
                    wobble(w / 2 - a * 0.42, h / 2 - b * 0.2, a * 0.42, b * 0.42, 0.1, random),
                    grey(0.62)));
            easel.add(organ(
                    "right kidney",
                    Set.of("right kidney", "kidney", "object"),
                    wobble(w / 2 - a * 0.45, h / 2 + b * 0.48, a * 0.15, b * 0.19, 0.06, random),
                    grey(0.76)));
            easel.add(organ(
                    "left kidney",
                    Set.of("left kidney", "kidney", "object"),
                    wobble(w / 2 + a * 0.45, h / 2 + b * 0.48, a * 0.15, b * 0.19, 0.06, random),
                    grey(0.76)));
        }
        int nodules = random.nextInt(4);
        for (int i = 0; i < nodules; i++) {
            double r = Math.max(3, Math.min(w, h) * (0.018 + 0.03 * random.nextDouble()));
            double s = random.nextBoolean() ? -1 : 1;
            double[] at = {
                w / 2 + s * a * (0.35 + 0.3 * random.nextDouble()), h / 2 + b * 0.7 * (random.nextDouble() - 0.6)
            };
            easel.add(blob(
                    "nodule",
                    Set.of("nodule", "spot", "object"),
                    at,
                    r,
                    grey(random.nextBoolean() ? 0.9 : 0.3),
                    random,
                    0.9));
        }
    }

    private static Sketch organ(String name, Set<String> kinds, Shape shape, Color colour) {
        return new Sketch(name, kinds, Map.of(), grown(shape), 0, List.of(), g -> {
            g.setColor(colour);
            g.fill(shape);
        });
    }

    private static Sketch blob(
            String name, Set<String> kinds, double[] at, double r, Color colour, SplittableRandom random, double thin) {
        Shape shape = AffineTransform.getRotateInstance(Math.PI * random.nextDouble(), at[0], at[1])
                .createTransformedShape(wobble(at[0], at[1], r, r * thin, 0.07, random));
        Color edge = mix(colour, Color.BLACK, 0.25);
        return new Sketch(name, new LinkedHashSet<>(kinds), Map.of(), grown(shape), 0, List.of(), g -> {
            g.setPaint(new RadialGradientPaint(
                    new Point2D.Double(at[0], at[1]), (float) Math.max(2, r), new float[] {0, 0.7f, 1}, new Color[] {
                        colour, colour, edge
                    }));
            g.fill(shape);
        });
    }

    private static Rectangle grown(Shape shape) {
        Rectangle bounds = shape.getBounds();
        bounds.grow(2, 2);
        return bounds;
    }

    /** An ellipse whose radius wavers smoothly by about the given share. */
    private static Shape wobble(double x, double y, double a, double b, double share, SplittableRandom random) {
        double[] phase = {random.nextDouble() * 6.3, random.nextDouble() * 6.3, random.nextDouble() * 6.3};
        Path2D path = new Path2D.Double();
        int steps = 64;
        for (int i = 0; i < steps; i++) {
            double t = 2 * Math.PI * i / steps;
            double k = 1
                    + share
                            * (Math.sin(2 * t + phase[0])
                                    + 0.7 * Math.sin(3 * t + phase[1])
                                    + 0.4 * Math.sin(5 * t + phase[2]));
            double px = x + a * k * Math.cos(t);
            double py = y + b * k * Math.sin(t);
            if (i == 0) {
                path.moveTo(px, py);
            } else {
                path.lineTo(px, py);
            }
        }
        path.closePath();
        return path;
    }

    private static void ground(Easel easel, Color colour, double strength, SplittableRandom random) {
        double cell = Math.max(8, easel.width() * (0.08 + 0.2 * random.nextDouble()));
        Backdrop.cloud(easel, colour.getRGB(), cell, strength, random);
    }

    private static Color violet(SplittableRandom random) {
        return Color.getHSBColor(
                (float) (0.7 + 0.1 * random.nextDouble()), (float) (0.45 + 0.3 * random.nextDouble()), (float)
                        (0.4 + 0.25 * random.nextDouble()));
    }

    private static Color glow(int level, SplittableRandom random) {
        return random.nextInt(3) == 0
                ? new Color(level / 4, level / 3, level)
                : random.nextInt(3) == 0 ? new Color(level / 5, level, level / 4) : new Color(level, level, level);
    }

    private static Color grey(double level) {
        float l = (float) Math.max(0, Math.min(1, level));
        return new Color(l, l, l);
    }

    private static Color mix(Color a, Color b, double t) {
        return new Color(
                (int) (a.getRed() + t * (b.getRed() - a.getRed())),
                (int) (a.getGreen() + t * (b.getGreen() - a.getGreen())),
                (int) (a.getBlue() + t * (b.getBlue() - a.getBlue())));
    }
}
