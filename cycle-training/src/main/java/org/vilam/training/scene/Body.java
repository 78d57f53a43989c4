package org.vilam.training.scene;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Arc2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.vilam.vision.geometry.Keypoint;

/** A {@link Figure} on the canvas: where its joints lie, in units of its standing height, and how it is painted. */
final class Body {
    private static final int LEFT = Figure.LEFT;
    private static final int RIGHT = Figure.RIGHT;

    private final Figure figure;
    private final double unit;
    private final double radius; // half the width of the head
    private final double hipX;
    private final double hipY;
    private final double[][] shoulder = new double[2][];
    private final double[][] elbow = new double[2][];
    private final double[][] wrist = new double[2][];
    private final double[][] hip = new double[2][];
    private final double[][] knee = new double[2][];
    private final double[][] ankle = new double[2][];
    private final double[] neck;
    private final double[] head;

    /**
     * @param x centre of the standing figure, pixels
     * @param y centre of the standing figure, pixels
     * @param height its standing height, pixels
     */
    Body(Figure figure, double x, double y, double height) {
        this.figure = figure;
        unit = height;
        radius = figure.head * height;
        hipX = x;
        hipY = y + 0.02 * height;
        neck = at(hipX, hipY, Math.PI + figure.lean, 0.3);
        head = at(neck[0], neck[1], Math.PI + 1.4 * figure.lean, 0.105);
        for (int side = LEFT; side <= RIGHT; side++) {
            int s = sign(side);
            shoulder[side] = new double[] {neck[0] + s * 0.085 * figure.bulk * unit, neck[1] + 0.03 * unit};
            elbow[side] = at(shoulder[side], s * figure.upperArm[side], 0.155);
            wrist[side] = at(elbow[side], s * figure.foreArm[side], 0.145);
            hip[side] = new double[] {hipX + s * 0.055 * figure.bulk * unit, hipY};
            knee[side] = at(hip[side], s * figure.thigh[side], 0.225);
            ankle[side] = at(knee[side], s * figure.shin[side], 0.215);
        }
    }

    /** Which way along x a side lies: the left of one who faces us is on our right. */
    private int sign(int side) {
        return side == LEFT == figure.facing ? 1 : -1;
    }

    private double[] at(double[] from, double angle, double length) {
        return at(from[0], from[1], angle, length);
    }

    private double[] at(double x, double y, double angle, double length) {
        return new double[] {x + Math.sin(angle) * length * unit, y + Math.cos(angle) * length * unit};
    }

    List<Keypoint> keypoints() {
        List<Keypoint> out = new ArrayList<>();
        double r = radius;
        // From behind, nose and eyes are not seen; they are absent rather than guessed.
        out.add(face("nose", 0, 0.15 * r));
        out.add(face("left_eye", sign(LEFT) * 0.38 * r, -0.15 * r));
        out.add(face("right_eye", sign(RIGHT) * 0.38 * r, -0.15 * r));
        out.add(Keypoint.visible("left_ear", head[0] + sign(LEFT) * 0.95 * r, head[1]));
        out.add(Keypoint.visible("right_ear", head[0] + sign(RIGHT) * 0.95 * r, head[1]));
        pair(out, "shoulder", shoulder);
        pair(out, "elbow", elbow);
        pair(out, "wrist", wrist);
        pair(out, "hip", hip);
        pair(out, "knee", knee);
        pair(out, "ankle", ankle);
        return out;
    }

    private Keypoint face(String name, double dx, double dy) {
        return figure.facing ? Keypoint.visible(name, head[0] + dx, head[1] + dy) : Keypoint.absent(name);
    }

    private void pair(List<Keypoint> out, String joint, double[][] places) {
        out.add(Keypoint.visible("left_" + joint, places[LEFT][0], places[LEFT][1]));
        out.add(Keypoint.visible("right_" + joint, places[RIGHT][0], places[RIGHT][1]));
    }

    void paint(Graphics2D g) {
        if (figure.facing) {
            hairBehind(g);
        }
        legs(g);
        torso(g);
        arms(g);
        face(g);
        if (!figure.facing) {
            hairBehind(g);
        }
        if (figure.hatted) {
            double r = radius;
            g.setColor(figure.hat);
            g.fill(new Rectangle2D.Double(head[0] - 0.8 * r, head[1] - 1.9 * r, 1.6 * r, 1.2 * r));
            g.fill(new Rectangle2D.Double(head[0] - 1.4 * r, head[1] - 0.95 * r, 2.8 * r, 0.3 * r));
        }
    }

    /** Long hair lies behind a face that is turned to us and over the back of one that is not. */
    private void hairBehind(Graphics2D g) {
        if (figure.longHair) {
            disc(g, figure.hair, head[0], head[1] + 0.55 * radius, 1.3 * radius, 1.75 * radius);
        }
    }

    private void legs(Graphics2D g) {
        double leg = 0.062 * figure.bulk * unit;
        Color cloth = figure.skirt ? figure.skin : figure.trousers;
        for (int side = LEFT; side <= RIGHT; side++) {
            limb(g, cloth, figure.skirt ? 0.75 * leg : leg, hip[side], knee[side]);
            limb(g, cloth, figure.skirt ? 0.65 * leg : 0.85 * leg, knee[side], ankle[side]);
            double foot = 0.033 * unit;
            double toes = sign(side) * 0.018 * unit;
            disc(g, Color.DARK_GRAY, ankle[side][0] + toes, ankle[side][1] + 0.3 * foot, foot, 0.57 * foot);
        }
        if (figure.skirt) {
            double waist = 0.09 * figure.bulk * unit;
            double hem = (knee[LEFT][1] + knee[RIGHT][1]) / 2 - 0.03 * unit;
            double out = 0.05 * unit;
            double west = Math.min(hipX - waist, Math.min(knee[LEFT][0], knee[RIGHT][0])) - out;
            double east = Math.max(hipX + waist, Math.max(knee[LEFT][0], knee[RIGHT][0])) + out;
            quad(g, figure.trousers, new double[] {hipX - waist, hipX + waist, east, west}, hipY - 0.02 * unit, hem);
        }
    }

    private void torso(Graphics2D g) {
        double wide = 0.105 * figure.bulk * unit;
        double narrow = 0.085 * figure.bulk * unit;
        double[] x = {neck[0] - wide, neck[0] + wide, hipX + narrow, hipX - narrow};
        quad(g, figure.shirt, x, neck[1] + 0.015 * unit, hipY + (figure.skirt ? -0.01 : 0.03) * unit);
        limb(g, figure.skin, 0.045 * unit, neck, head);
    }

    private void arms(Graphics2D g) {
        double arm = 0.042 * figure.bulk * unit;
        for (int side = LEFT; side <= RIGHT; side++) {
            limb(g, figure.shirt, arm, shoulder[side], elbow[side]);
            limb(g, figure.skin, arm * 0.8, elbow[side], wrist[side]);
            disc(g, figure.skin, wrist[side][0], wrist[side][1], 0.6 * arm, 0.6 * arm);
        }
    }

    private void face(Graphics2D g) {
        double r = radius;
        for (int s = -1; s <= 1; s += 2) {
            disc(g, figure.skin, head[0] + s * 0.98 * r, head[1], 0.2 * r, 0.28 * r);
        }
        disc(g, figure.facing ? figure.skin : figure.hair, head[0], head[1], r, 1.15 * r);
        if (figure.beard && figure.facing) {
            g.setColor(figure.hair);
            g.fill(new Arc2D.Double(head[0] - r, head[1] - 1.1 * r, 2 * r, 2.35 * r, 200, 140, Arc2D.CHORD));
        }
        g.setColor(figure.hair);
        g.fill(new Arc2D.Double(head[0] - 1.06 * r, head[1] - 1.25 * r, 2.12 * r, 2 * r, 0, 180, Arc2D.PIE));
        if (!figure.facing) {
            return;
        }
        Color ink = figure.beard ? new Color(190, 110, 100) : new Color(40, 30, 30);
        double eye = Math.max(0.8, 0.14 * r);
        for (int s = -1; s <= 1; s += 2) {
            disc(g, new Color(40, 30, 30), head[0] + s * 0.38 * r, head[1] - 0.15 * r, eye, eye);
        }
        disc(g, figure.skin.darker(), head[0], head[1] + 0.15 * r, 0.11 * r, 0.2 * r);
        g.setColor(ink);
        g.setStroke(new BasicStroke((float) Math.max(0.8, 0.1 * r)));
        g.draw(new Line2D.Double(head[0] - 0.25 * r, head[1] + 0.6 * r, head[0] + 0.25 * r, head[1] + 0.6 * r));
        if (figure.glasses) {
            g.setColor(new Color(30, 25, 40));
            g.setStroke(new BasicStroke((float) Math.max(1, 0.14 * r)));
            for (int s = -1; s <= 1; s += 2) {
                g.draw(new Ellipse2D.Double(head[0] + s * 0.42 * r - 0.34 * r, head[1] - 0.48 * r, 0.68 * r, 0.66 * r));
            }
        }
    }

    private static void disc(Graphics2D g, Color colour, double x, double y, double a, double b) {
        g.setColor(colour);
        g.fill(new Ellipse2D.Double(x - a, y - b, 2 * a, 2 * b));
    }

    /** Two corners at the upper edge, two at the lower one, clockwise. */
    private static void quad(Graphics2D g, Color colour, double[] x, double upper, double lower) {
        Path2D path = new Path2D.Double();
        path.moveTo(x[0], upper);
        path.lineTo(x[1], upper);
        path.lineTo(x[2], lower);
        path.lineTo(x[3], lower);
        path.closePath();
        g.setColor(colour);
        g.fill(path);
    }

    private void limb(Graphics2D g, Color colour, double width, double[] from, double[] to) {
        g.setColor(colour);
        g.setStroke(new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.draw(new Line2D.Double(from[0], from[1], to[0], to[1]));
    }
}
