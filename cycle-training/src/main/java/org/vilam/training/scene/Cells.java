package org.vilam.training.scene;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.vilam.training.scene.Tissue.Name;

/** What a microscope shows: blood smears and stained or glowing nuclei. */
final class Cells {
    private static final Name RED = Name.of("red blood cell", "red cell", "cell");
    private static final Name WHITE = Name.of("white blood cell", "white cell", "leukocyte", "cell");
    private static final Name PLATELET = Name.of("platelet");
    private static final Name NUCLEUS = Name.of("nucleus", "cell");

    private Cells() {}

    /** White cells among red ones and platelets; in one smear of three some red cells are sickles. */
    static void smear(Easel easel, SplittableRandom random) {
        Tissue.ground(easel, hsb(0.95, 0.12, 0.03, 0.12, 0.95, random), 0.03, random);
        double red = Math.min(easel.width(), easel.height()) * (0.05 + 0.05 * random.nextDouble());
        red = Math.max(red, 6);
        List<double[]> placed = new ArrayList<>();
        int whites = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(4);
        for (int i = 0; i < whites; i++) {
            double r = red * (1.5 + 0.7 * random.nextDouble());
            double[] at = place(easel, r, r, placed, -0.05, random);
            if (at.length > 0) {
                easel.add(white(at, r, random));
            }
        }
        int platelets = random.nextInt(4);
        for (int i = 0; i < platelets; i++) {
            double r = Math.max(3, red * (0.3 + 0.2 * random.nextDouble()));
            double[] at = place(easel, r, 2 * r, placed, -0.3, random);
            if (at.length > 0) {
                easel.add(Tissue.blob(PLATELET, at, r, 1, Tissue.violet(random), random));
            }
        }
        Color stain = hsb(0.97, 0.06, 0.3, 0.25, 0.85, random);
        int sickles = random.nextInt(3) == 0 ? 2 + random.nextInt(3) : 0;
        int reds = 2 + random.nextInt(random.nextBoolean() ? 6 : 18);
        for (int i = 0; i < reds; i++) {
            double r = red * (0.85 + 0.3 * random.nextDouble());
            double[] at = place(easel, r, r, placed, 0.08, random);
            if (at.length > 0) {
                boolean sickle = random.nextInt(6) < sickles;
                easel.add(sickle ? sickle(at, r, stain, random) : disc(at, r, stain, random));
            }
        }
    }

    private static double[] place(
            Easel easel, double r, double keep, List<double[]> placed, double overlap, SplittableRandom random) {
        double[] at = Canvases.spot(easel, r, placed, random, overlap);
        if (at.length > 0) {
            placed.add(new double[] {at[0], at[1], keep});
        }
        return at;
    }

    private static Sketch disc(double[] at, double r, Color colour, SplittableRandom random) {
        Shape shape = Tissue.wobble(at[0], at[1], r, r * (0.88 + 0.12 * random.nextDouble()), 0.04, random);
        Color pale = Tissue.mix(colour, Color.WHITE, 0.25 + 0.4 * random.nextDouble());
        return Tissue.sketch(
                RED.with("cell form", "round"), shape, Tissue.shaded(shape, at, r, 0.45f, pale, colour.darker()));
    }

    private static Sketch sickle(double[] at, double r, Color colour, SplittableRandom random) {
        Area moon = new Area(new Ellipse2D.Double(-1, -1, 2, 2));
        moon.subtract(new Area(new Ellipse2D.Double(-0.55, -0.95, 1.9, 1.9)));
        AffineTransform place = AffineTransform.getTranslateInstance(at[0], at[1]);
        place.rotate(2 * Math.PI * random.nextDouble());
        place.scale(1.15 * r, 1.15 * r);
        return Tissue.flat(
                RED.with("cell form", "sickle-shaped"),
                place.createTransformedShape(moon),
                Tissue.mix(colour, Color.BLACK, 0.15));
    }

    private static Sketch white(double[] at, double r, SplittableRandom random) {
        Shape body = Tissue.wobble(at[0], at[1], r, r * (0.9 + 0.1 * random.nextDouble()), 0.05, random);
        Color plasm = hsb(0.7, 0.15, 0.18, 0, 0.9, random);
        Color dark = Tissue.violet(random);
        List<Shape> lobes = new ArrayList<>();
        int count = random.nextBoolean() ? 1 : 3 + random.nextInt(2);
        double start = 2 * Math.PI * random.nextDouble();
        for (int i = 0; i < count; i++) {
            double angle = start + 2 * Math.PI * i / count;
            double off = count == 1 ? 0.12 * r : 0.42 * r;
            double size = r * (count == 1 ? 0.68 : 0.36);
            double x = at[0] + off * Math.cos(angle);
            double y = at[1] + off * Math.sin(angle);
            lobes.add(Tissue.wobble(x, y, size, size * 0.85, 0.08, random));
        }
        Consumer<Graphics2D> paint = g -> {
            g.setColor(plasm);
            g.fill(body);
            g.setColor(dark);
            lobes.forEach(g::fill);
        };
        return Tissue.sketch(WHITE.with("lobes", count == 1 ? "single" : "lobed"), body, paint);
    }

    /** Round and long nuclei; those that glow do so in grey, or each in one of three colours. */
    static void nuclei(Easel easel, SplittableRandom random) {
        boolean glowing = random.nextBoolean();
        boolean coloured = glowing && random.nextBoolean();
        Color ground = glowing ? new Color(8, 8, 10 + random.nextInt(20)) : hsb(0.8, 0.1, 0.15, 0, 0.93, random);
        Tissue.ground(easel, ground, glowing ? 0.02 : 0.06, random);
        double side = Math.min(easel.width(), easel.height());
        List<double[]> placed = new ArrayList<>();
        int wanted = 2 + random.nextInt(random.nextBoolean() ? 5 : 12);
        for (int i = 0; i < wanted; i++) {
            double r = Math.max(5, side * (0.04 + 0.09 * random.nextDouble()));
            double[] at = place(easel, r, r, placed, 0.02, random);
            if (at.length == 0) {
                continue;
            }
            boolean round = random.nextBoolean();
            double thin = round ? 0.88 + 0.12 * random.nextDouble() : 0.42 + 0.18 * random.nextDouble();
            Name name = NUCLEUS.with("form", round ? "round" : "elongated");
            int level = 110 + random.nextInt(140);
            Color colour = glowing
                    ? new Color(level, level, level)
                    : Tissue.mix(Tissue.violet(random), Color.WHITE, 0.25 * random.nextDouble());
            if (coloured) {
                List<Colour> channels = List.of(Colour.RED, Colour.GREEN, Colour.BLUE);
                Colour channel = channels.get(random.nextInt(3));
                name = name.with("colour", channel.word());
                colour = channel.shade(random);
            }
            easel.add(Tissue.blob(name, at, r, thin, colour, random));
        }
    }

    private static Color hsb(
            double hue, double hues, double saturation, double saturations, double b, SplittableRandom random) {
        double h = hue + hues * random.nextDouble();
        double s = saturation + saturations * random.nextDouble();
        return Color.getHSBColor((float) h, (float) s, (float) b);
    }
}
