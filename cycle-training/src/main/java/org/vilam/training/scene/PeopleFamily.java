package org.vilam.training.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Articulated men, women and children with the 17 COCO keypoints, in varied poses and clothes, some partly hidden; in one
 * picture of three everyday things stand among them.
 */
final class PeopleFamily implements SceneFamily {
    private final ThingsFamily things = new ThingsFamily();

    @Override
    public String name() {
        return "people";
    }

    @Override
    public Scene draw(SplittableRandom random, Holdout holdout) {
        Easel easel = Canvases.blank(random);
        int ground = Backdrop.paint(easel, random);
        double side = Math.min(easel.width(), easel.height());
        int wanted = 1 + random.nextInt(5);
        boolean crowd = random.nextInt(4) == 0;
        // The more there are, the smaller they are, or they would not find a place.
        double tallest = wanted < 3 ? 0.9 : wanted < 4 ? 0.75 : 0.62;
        List<double[]> placed = new ArrayList<>();
        for (int i = 0; i < wanted; i++) {
            Figure figure = Figure.random(random);
            double height = side * (0.36 + (tallest - 0.36) * random.nextDouble()) * figure.stature();
            height = Math.max(48, height);
            double reach = 0.3 * height;
            double[] spot = Canvases.spot(easel, reach, placed, random, crowd ? 0.45 : -0.05);
            if (spot.length == 0 || height > 0.98 * easel.height() || excluded(figure, holdout)) {
                continue;
            }
            double y = Math.max(height / 2 + 1, Math.min(easel.height() - height / 2 - 1, spot[1]));
            // One in seven reaches beyond the picture's edge, as people in photographs do.
            double x = random.nextInt(7) == 0 ? (random.nextBoolean() ? 0 : easel.width()) : spot[0];
            placed.add(new double[] {x, y, reach});
            easel.add(figure.sketch(x, y, height));
        }
        int others = !placed.isEmpty() && random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
        for (int i = 0; i < others; i++) {
            double radius = Math.max(9, side * (0.07 + 0.06 * random.nextDouble()));
            double[] spot = Canvases.spot(easel, radius, placed, random, -0.05);
            if (spot.length > 0) {
                placed.add(new double[] {spot[0], spot[1], radius});
                things.add(easel, things.pick(random), false, ground, spot, radius, holdout, random);
            }
        }
        return Effects.finish(easel, name(), random);
    }

    private static boolean excluded(Figure figure, Holdout holdout) {
        for (Map.Entry<String, String> clothes : figure.attributes().entrySet()) {
            boolean coloured = Vocabulary.COLOURED.contains(clothes.getKey());
            if (coloured && holdout.excludes(clothes.getValue(), clothes.getKey())) {
                return true;
            }
        }
        return false;
    }
}
