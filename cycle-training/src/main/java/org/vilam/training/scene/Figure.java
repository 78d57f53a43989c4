package org.vilam.training.scene;

import java.awt.Color;
import java.awt.Rectangle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One drawn person, facing the viewer or turned away: joint angles, clothes and what can be said of them.
 *
 * <p>Left and right are the person's own: facing the viewer, the left hand is on the right of the picture.
 *
 * <p>{@link Body} lays it out and paints it.
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

    /** The person's own sides, as indices of the joint angles. */
    static final int LEFT = 0;

    static final int RIGHT = 1;

    /** Drawn so that nobody doubts which: long hair, a beard or short hair, a large head on a small body. */
    private enum Sort {
        MAN,
        WOMAN,
        CHILD
    }

    /** Children are the rarest. */
    private static final List<Sort> SORTS =
            List.of(Sort.MAN, Sort.MAN, Sort.MAN, Sort.WOMAN, Sort.WOMAN, Sort.WOMAN, Sort.CHILD, Sort.CHILD);

    private final Map<String, String> attributes = new LinkedHashMap<>();
    private final Sort sort;
    final Color shirt;
    final Color trousers;
    final Color skin;
    final Color hair;
    final Color hat;
    final boolean hatted;
    final boolean glasses;
    final boolean longHair;
    final boolean beard;
    final boolean skirt;
    final boolean facing;
    final double[] upperArm = new double[2];
    final double[] foreArm = new double[2];
    final double[] thigh = new double[2];
    final double[] shin = new double[2];
    final double lean;
    final double bulk;
    /** Half the width of the head, in standing heights. */
    final double head;

    private Figure(SplittableRandom random) {
        sort = SORTS.get(random.nextInt(SORTS.size()));
        Colour top = CLOTHES[random.nextInt(CLOTHES.length)];
        Colour legs = CLOTHES[random.nextInt(CLOTHES.length)];
        Colour cap = CLOTHES[random.nextInt(CLOTHES.length)];
        shirt = top.shade(random);
        trousers = legs.shade(random);
        skin = SKINS[random.nextInt(SKINS.length)];
        hair = HAIRS[random.nextInt(HAIRS.length)];
        hatted = random.nextInt(3) == 0;
        hat = cap.shade(random);
        facing = random.nextInt(5) > 0;
        glasses = facing && random.nextInt(4) == 0;
        longHair = sort == Sort.WOMAN;
        beard = sort == Sort.MAN && random.nextInt(5) < 2;
        skirt = sort == Sort.WOMAN && random.nextBoolean();
        head = sort == Sort.CHILD ? 0.088 : 0.062;
        lean = 0.12 * (2 * random.nextDouble() - 1);
        bulk = 0.85 + 0.4 * random.nextDouble();
        attributes.put("shirt", top.word());
        attributes.put("trousers", skirt ? SceneObject.NO_SUCH : legs.word());
        attributes.put("skirt", skirt ? legs.word() : SceneObject.NO_SUCH);
        attributes.put("hat", hatted ? "a hat" : "no hat");
        attributes.put("hat colour", hatted ? cap.word() : SceneObject.NO_SUCH);
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

    /** Children are smaller than the grown-ups around them. */
    double stature() {
        return sort == Sort.CHILD ? 0.66 : 1;
    }

    /** The person on the canvas: centre of its standing box and its standing height, pixels. */
    Sketch sketch(double x, double y, double height) {
        Body body = new Body(this, x, y, height);
        double reach = 0.75 * height;
        Rectangle bounds = new Rectangle((int) (x - reach), (int) (y - reach), (int) (2 * reach), (int) (2 * reach));
        Set<String> kinds = Set.of("person", "object", sort.name().toLowerCase(Locale.ROOT));
        return new Sketch("person", kinds, attributes, bounds, 0, body.keypoints(), body::paint);
    }
}
