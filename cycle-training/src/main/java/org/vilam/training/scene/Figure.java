package org.vilam.training.scene;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.Arc2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.vilam.vision.geometry.Keypoint;

/**
 * One drawn person, facing the viewer or turned away: joint angles, clothes and what can be said of them.
 *
 * <p>Left and right are the person's own: facing the viewer, the left hand is on the right of the picture.
 *
 * <p>The body is laid out in units of its standing height, origin at the hips, y downwards.
 */
final class Figure {
    private static final Color[] SKINS = {
        new Color(255, 224, 196),
        new Color(240, 200, 160),
        new Color(205, 150, 110),
        new Color(150, 100, 65),
        new Color(95, 60, 40)
    };
    private static final Color[] HAIRS = {
        new Color(30, 25, 22),
        new Color(85, 55, 30),
        new Color(200, 160, 80),
        new Color(150, 60, 30),
        new Color(170, 170, 170)
    };
    private static final Colour[] CLOTHES = {
        Colour.RED,
        Colour.ORANGE,
        Colour.YELLOW,
        Colour.GREEN,
        Colour.CYAN,
        Colour.BLUE,
        Colour.PURPLE,
        Colour.PINK,
        Colour.BROWN,
        Colour.BLACK,
        Colour.GREY,
        Colour.WHITE
    };

    /** The person's side: {@code LEFT} is drawn at positive x when facing the viewer. */
    private static final int LEFT = 0;

    private static final int RIGHT = 1;

    private final Map<String, String> attributes = new LinkedHashMap<>();
    private final Color shirt;
    private final Color trousers;
    private final Color skin;
    private final Color hair;
    private final Color hat;
    private final boolean hatted;
    private final boolean glasses;
    private final boolean longHair;
    private final boolean facing;
    private final double[] upperArm = new double[2];
    private final double[] foreArm = new double[2];
    private final double[] thigh = new double[2];
    private final double[] shin = new double[2];
    private final double lean;
    private final double bulk;

    private Figure(SplittableRandom random) {
        Colour top = CLOTHES[random.nextInt(CLOTHES.length)];
        Colour legs = CLOTHES[random.nextInt(CLOTHES.length)];
        shirt = top.shade(random);
        trousers = legs.shade(random);
        skin = SKINS[random.nextInt(SKINS.length)];
        hair = HAIRS[random.nextInt(HAIRS.length)];
        hatted = random.nextInt(3) == 0;
        hat = CLOTHES[random.nextInt(CLOTHES.length)].shade(random);
        facing = random.nextInt(5) > 0;
        glasses = facing && random.nextInt(4) == 0;
        longHair = random.nextInt(3) == 0;
        lean = 0.12 * (2 * random.nextDouble() - 1);
        bulk = 0.85 + 0.4 * random.nextDouble();
        attributes.put("shirt", top.word());
        attributes.put("trousers", legs.word());
        attributes.put("hat", hatted ? "a hat" : "no hat");
        if (facing) {
            attributes.put("glasses", glasses ? "glasses" : "no glasses");
        }
        attributes.put("facing", facing ? "facing us" : "turned away");
        pose(random);
    }

    /** A person drawn from the random source. */
    static Figure random(SplittableRandom random) {
        return new Figure(random);
    }

    /** What can be said of the person. */
    Map<String, String> attributes() {
        return attributes;
    }

    /** Angles are measured from straight down, positive away from the body. */
    private void pose(SplittableRandom random) {
        int kind = random.nextInt(6);
        for (int side = LEFT; side <= RIGHT; side++) {
            upperArm[side] = 0.15 + 0.5 * random.nextDouble();
            foreArm[side] = upperArm[side] + 0.8 * (random.nextDouble() - 0.35);
            thigh[side] = 0.06 + 0.2 * random.nextDouble();
            shin[side] = thigh[side] - 0.15 * random.nextDouble();
        }
        boolean left = false;
        boolean right = false;
        if (kind == 1 || kind == 2) {
            left = random.nextBoolean();
            right = !left || random.nextInt(3) == 0;
        }
        if (left) {
            raise(LEFT, random);
        }
        if (right) {
            raise(RIGHT, random);
        }
        attributes.put(
                "arms",
                left && right
                        ? "both arms up"
                        : left ? "the left arm up" : right ? "the right arm up" : "the arms down");
        boolean crouching = kind == 3;
        if (crouching) {
            for (int side = LEFT; side <= RIGHT; side++) {
                thigh[side] = 0.9 + 0.3 * random.nextDouble();
                shin[side] = 0.1 * random.nextDouble();
            }
        }
        attributes.put("pose", crouching ? "crouching" : "standing");
    }

    private void raise(int side, SplittableRandom random) {
        upperArm[side] = 2.1 + 0.6 * random.nextDouble();
        foreArm[side] = 2.4 + 0.9 * random.nextDouble();
    }

    /** The person on the canvas: centre of its standing box and its standing height, pixels. */
    Sketch sketch(double x, double y, double height) {
        Body body = new Body(x, y, height);
        double reach = 0.75 * height;
        Rectangle bounds = new Rectangle((int) (x - reach), (int) (y - reach), (int) (2 * reach), (int) (2 * reach));
        return new Sketch("person", Set.of("person", "object"), attributes, bounds, 0, body.keypoints(), body::paint);
    }

    /** Joints on the canvas and how they are drawn. */
    private final class Body {
        private final double unit;
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

        Body(double x, double y, double height) {
            unit = height;
            hipX = x;
            hipY = y + 0.02 * height;
            neck = at(hipX, hipY, Math.PI + lean, 0.3);
            head = at(neck[0], neck[1], Math.PI + 1.4 * lean, 0.105);
            for (int side = LEFT; side <= RIGHT; side++) {
                int s = sign(side);
                shoulder[side] = new double[] {neck[0] + s * 0.085 * bulk * unit, neck[1] + 0.03 * unit};
                elbow[side] = at(shoulder[side], s * upperArm[side], 0.155);
                wrist[side] = at(elbow[side], s * foreArm[side], 0.145);
                hip[side] = new double[] {hipX + s * 0.055 * bulk * unit, hipY};
                knee[side] = at(hip[side], s * thigh[side], 0.225);
                ankle[side] = at(knee[side], s * shin[side], 0.215);
            }
        }

        /** Which way along x a side lies: the left of one who faces us is on our right. */
        private int sign(int side) {
            return side == LEFT == facing ? 1 : -1;
        }

        private double[] at(double[] from, double angle, double length) {
            return at(from[0], from[1], angle, length);
        }

        private double[] at(double x, double y, double angle, double length) {
            return new double[] {x + Math.sin(angle) * length * unit, y + Math.cos(angle) * length * unit};
        }

        List<Keypoint> keypoints() {
            List<Keypoint> out = new ArrayList<>();
            double r = 0.062 * unit;
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
            return facing ? Keypoint.visible(name, head[0] + dx, head[1] + dy) : Keypoint.absent(name);
        }

        private void pair(List<Keypoint> out, String joint, double[][] places) {
            out.add(Keypoint.visible("left_" + joint, places[LEFT][0], places[LEFT][1]));
            out.add(Keypoint.visible("right_" + joint, places[RIGHT][0], places[RIGHT][1]));
        }

        void paint(Graphics2D g) {
            double arm = 0.042 * bulk * unit;
            double leg = 0.062 * bulk * unit;
            double r = 0.062 * unit;
            if (longHair) {
                g.setColor(hair);
                g.fill(new Ellipse2D.Double(head[0] - 1.2 * r, head[1] - 1.1 * r, 2.4 * r, 3 * r));
            }
            for (int side = LEFT; side <= RIGHT; side++) {
                limb(g, trousers, leg, hip[side], knee[side]);
                limb(g, trousers, leg * 0.85, knee[side], ankle[side]);
                g.setColor(Color.DARK_GRAY);
                double foot = 0.05 * unit;
                g.fill(new Ellipse2D.Double(
                        ankle[side][0] - foot * 0.6 + sign(side) * foot * 0.35,
                        ankle[side][1] - foot * 0.3,
                        foot * 1.3,
                        foot * 0.75));
            }
            Path2D torso = new Path2D.Double();
            double wide = 0.105 * bulk * unit;
            torso.moveTo(neck[0] - wide, neck[1] + 0.015 * unit);
            torso.lineTo(neck[0] + wide, neck[1] + 0.015 * unit);
            torso.lineTo(hipX + 0.085 * bulk * unit, hipY + 0.03 * unit);
            torso.lineTo(hipX - 0.085 * bulk * unit, hipY + 0.03 * unit);
            torso.closePath();
            g.setColor(shirt);
            g.fill(torso);
            limb(g, skin, 0.045 * unit, neck, head);
            for (int side = LEFT; side <= RIGHT; side++) {
                limb(g, shirt, arm, shoulder[side], elbow[side]);
                limb(g, skin, arm * 0.8, elbow[side], wrist[side]);
                g.setColor(skin);
                g.fill(new Ellipse2D.Double(
                        wrist[side][0] - arm * 0.6, wrist[side][1] - arm * 0.6, arm * 1.2, arm * 1.2));
            }
            head(g, r);
        }

        private void head(Graphics2D g, double r) {
            g.setColor(facing ? skin : hair);
            g.fill(new Ellipse2D.Double(head[0] - r, head[1] - 1.15 * r, 2 * r, 2.3 * r));
            g.setColor(hair);
            g.fill(new Arc2D.Double(head[0] - 1.06 * r, head[1] - 1.25 * r, 2.12 * r, 2 * r, 0, 180, Arc2D.PIE));
            if (facing) {
                g.setColor(new Color(40, 30, 30));
                double eye = Math.max(0.8, 0.14 * r);
                for (int s = -1; s <= 1; s += 2) {
                    g.fill(new Ellipse2D.Double(
                            head[0] + s * 0.38 * r - eye, head[1] - 0.15 * r - eye, 2 * eye, 2 * eye));
                }
                g.setStroke(new BasicStroke((float) Math.max(0.8, 0.1 * r)));
                g.draw(new Line2D.Double(head[0] - 0.25 * r, head[1] + 0.6 * r, head[0] + 0.25 * r, head[1] + 0.6 * r));
                if (glasses) {
                    g.setStroke(new BasicStroke((float) Math.max(1, 0.14 * r)));
                    for (int s = -1; s <= 1; s += 2) {
                        g.draw(new Ellipse2D.Double(
                                head[0] + s * 0.4 * r - 0.33 * r, head[1] - 0.45 * r, 0.66 * r, 0.6 * r));
                    }
                }
            }
            if (hatted) {
                g.setColor(hat);
                g.fill(new Rectangle2D.Double(head[0] - 0.8 * r, head[1] - 1.9 * r, 1.6 * r, 1.2 * r));
                g.fill(new Rectangle2D.Double(head[0] - 1.4 * r, head[1] - 0.95 * r, 2.8 * r, 0.3 * r));
            }
        }

        private void limb(Graphics2D g, Color colour, double width, double[] from, double[] to) {
            g.setColor(colour);
            g.setStroke(new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            g.draw(new Line2D.Double(from[0], from[1], to[0], to[1]));
        }
    }
}
