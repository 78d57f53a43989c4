package org.vilam.training.scene;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Arc2D;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;
import java.util.SplittableRandom;
import org.vilam.training.scene.Tissue.Name;

/**
 * What scanners show: chest X-rays and CT slices, or rather drawings of them.
 *
 * <p>Left and right in names and in the attribute {@code side} are the patient's: the left lung is on the right of the picture.
 */
final class Scans {
    private static final String LEFT = "patient left";
    private static final String RIGHT = "patient right";
    private static final Name LEFT_LUNG = Name.of("left lung", "lung", "organ").with("side", LEFT);
    private static final Name RIGHT_LUNG =
            Name.of("right lung", "lung", "organ").with("side", RIGHT);
    private static final Name LEFT_KIDNEY =
            Name.of("left kidney", "kidney", "organ").with("side", LEFT);
    private static final Name RIGHT_KIDNEY =
            Name.of("right kidney", "kidney", "organ").with("side", RIGHT);
    private static final Name LIVER = Name.of("liver", "organ").with("side", RIGHT);
    private static final Name HEART = Name.of("heart", "organ");
    private static final Name SPINE = Name.of("spine", "bone");
    private static final Name NODULE = Name.of("nodule", "spot");
    private static final Name TUBE = Name.of("tube", "device");
    private static final Name PACEMAKER = Name.of("pacemaker", "device");

    private Scans() {}

    /** Two lungs and a heart seen from the front, with nodules and devices. */
    static void chest(Easel easel, SplittableRandom random) {
        Tissue.ground(easel, Tissue.grey(0.45 + 0.2 * random.nextDouble()), 0.06, random);
        double w = easel.width();
        double h = easel.height();
        double middle = w * (0.47 + 0.06 * random.nextDouble());
        double lungW = w * (0.15 + 0.04 * random.nextDouble());
        double lungH = h * (0.28 + 0.06 * random.nextDouble());
        double top = h * (0.44 + 0.05 * random.nextDouble());
        Color air = Tissue.grey(0.12 + 0.12 * random.nextDouble());
        Shape onLeft = Tissue.wobble(middle - lungW * 1.35, top, lungW, lungH, 0.05, random);
        Shape onRight = Tissue.wobble(middle + lungW * 1.35, top, lungW * 0.95, lungH, 0.05, random);
        easel.add(Tissue.flat(RIGHT_LUNG, onLeft, air));
        easel.add(Tissue.flat(LEFT_LUNG, onRight, air));
        Shape heart =
                Tissue.wobble(middle + lungW * 0.35, top + lungH * 0.45, lungW * 0.95, lungH * 0.45, 0.05, random);
        easel.add(Tissue.flat(HEART, heart, Tissue.grey(0.72 + 0.1 * random.nextDouble())));
        if (random.nextBoolean()) {
            ribs(easel, middle, top - lungH, lungH);
        }
        int nodules = random.nextInt(4);
        for (int i = 0; i < nodules; i++) {
            boolean left = random.nextBoolean();
            double r = nodule(easel, random);
            double x = middle + (left ? 1 : -1) * lungW * (1.35 + 0.5 * (random.nextDouble() - 0.5));
            double y = top + lungH * (random.nextDouble() - 0.6);
            Name name = NODULE.with("side", left ? LEFT : RIGHT).with("tone", "bright");
            Color bright = Tissue.grey(0.7 + 0.2 * random.nextDouble());
            easel.add(Tissue.blob(name, new double[] {x, y}, r, 0.9, bright, random));
        }
        if (random.nextInt(3) == 0) {
            easel.add(Tissue.flat(TUBE, tube(middle, w, h, random), Tissue.grey(0.95)));
        }
        if (random.nextInt(3) == 0) {
            // Most pacemakers lie under the left collar bone.
            boolean left = random.nextInt(4) > 0;
            double x = middle + (left ? 1 : -1) * lungW * 1.5;
            double y = top - lungH * 0.75;
            double r = Math.min(w, h) * 0.06;
            Shape can = new RoundRectangle2D.Double(x - r, y - r * 0.8, 2 * r, 1.6 * r, r, r);
            easel.add(Tissue.flat(PACEMAKER.with("side", left ? LEFT : RIGHT), can, Tissue.grey(0.97)));
        }
    }

    private static void ribs(Easel easel, double middle, double top, double lungH) {
        double w = easel.width();
        double h = easel.height();
        easel.decorate(g -> {
            g.setColor(new Color(255, 255, 255, 34));
            g.setStroke(new BasicStroke((float) (h * 0.018)));
            for (int i = 0; i < 6; i++) {
                double y = top + i * lungH * 0.36;
                g.draw(new Arc2D.Double(middle - w * 0.36, y, w * 0.72, h * 0.3, 15, 150, Arc2D.OPEN));
            }
        });
    }

    private static Shape tube(double middle, double w, double h, SplittableRandom random) {
        Path2D path = new Path2D.Double();
        double end = h * (0.4 + 0.25 * random.nextDouble());
        path.moveTo(middle, 0);
        path.curveTo(middle + w * 0.02, h * 0.2, middle - w * 0.03, h * 0.3, middle + w * 0.01, end);
        return new BasicStroke((float) Math.max(2, w * 0.014)).createStrokedShape(path);
    }

    /** A cut across the body, seen from the feet: spine at the bottom, and either lungs and heart or liver and kidneys. */
    static void slice(Easel easel, SplittableRandom random) {
        Tissue.ground(easel, Tissue.grey(0.02), 0.0, random);
        double x = easel.width() / 2.0;
        double y = easel.height() / 2.0;
        double a = easel.width() * 0.44;
        double b = easel.height() * 0.42;
        double[] turned = {x, y, a, b};
        Shape body = Tissue.wobble(x, y, a, b, 0.02, random);
        Color tissue = Tissue.grey(0.42 + 0.1 * random.nextDouble());
        easel.decorate(g -> {
            g.setColor(tissue);
            g.fill(body);
        });
        easel.add(Tissue.flat(SPINE, organ(turned, 0, 0.62, 0.13, 0.15, random), Tissue.grey(0.93)));
        boolean thorax = random.nextBoolean();
        if (thorax) {
            Color air = Tissue.grey(0.08 + 0.08 * random.nextDouble());
            easel.add(Tissue.flat(RIGHT_LUNG, organ(turned, -0.5, 0, 0.33, 0.55, random), air));
            easel.add(Tissue.flat(LEFT_LUNG, organ(turned, 0.5, 0, 0.33, 0.55, random), air));
            easel.add(Tissue.flat(HEART, organ(turned, 0.08, -0.15, 0.2, 0.28, random), Tissue.grey(0.68)));
        } else {
            easel.add(Tissue.flat(LIVER, organ(turned, -0.42, -0.2, 0.42, 0.42, random), Tissue.grey(0.62)));
            easel.add(Tissue.flat(RIGHT_KIDNEY, organ(turned, -0.45, 0.48, 0.15, 0.19, random), Tissue.grey(0.76)));
            easel.add(Tissue.flat(LEFT_KIDNEY, organ(turned, 0.45, 0.48, 0.15, 0.19, random), Tissue.grey(0.76)));
        }
        int nodules = random.nextInt(4);
        for (int i = 0; i < nodules; i++) {
            double r = nodule(easel, random);
            boolean left = random.nextBoolean();
            // Against the air of a lung even soft tissue is bright; in the liver a nodule is either.
            boolean bright = thorax || random.nextBoolean();
            double[] at = {
                x + (left ? 1 : -1) * a * (0.35 + 0.3 * random.nextDouble()), y + b * 0.7 * (random.nextDouble() - 0.6)
            };
            Name name = NODULE.with("side", left ? LEFT : RIGHT).with("tone", bright ? "bright" : "dark");
            double level = bright ? 0.86 + 0.1 * random.nextDouble() : 0.22 + 0.08 * random.nextDouble();
            easel.add(Tissue.blob(name, at, r, 0.9, Tissue.grey(level), random));
        }
    }

    /** An organ at a place of the body, all in shares of the body's half axes. */
    private static Shape organ(double[] body, double x, double y, double a, double b, SplittableRandom random) {
        return Tissue.wobble(body[0] + x * body[2], body[1] + y * body[3], a * body[2], b * body[3], 0.07, random);
    }

    private static double nodule(Easel easel, SplittableRandom random) {
        return Math.max(3, Math.min(easel.width(), easel.height()) * (0.018 + 0.028 * random.nextDouble()));
    }
}
