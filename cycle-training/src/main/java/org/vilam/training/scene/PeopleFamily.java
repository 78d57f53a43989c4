package org.vilam.training.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Articulated people with the 17 COCO keypoints, in varied poses and clothes, some partly hidden. */
final class PeopleFamily implements SceneFamily {
    @Override
    public String name() {
        return "people";
    }

    @Override
    public Scene draw(SplittableRandom random, Holdout holdout) {
        Easel easel = Canvases.blank(random);
        Backdrop.paint(easel, random);
        double side = Math.min(easel.width(), easel.height());
        int wanted = 1 + random.nextInt(5);
        List<double[]> placed = new ArrayList<>();
        boolean crowd = random.nextInt(4) == 0;
        for (int i = 0; i < wanted; i++) {
            double height = Math.max(56, side * (0.35 + 0.5 * random.nextDouble()));
            double reach = 0.3 * height;
            double[] spot = Canvases.spot(easel, reach, placed, random, crowd ? 0.45 : -0.05);
            if (spot.length == 0 || height > 0.98 * easel.height()) {
                continue;
            }
            Figure figure = Figure.random(random);
            if (holdout.excludes(figure.attributes().getOrDefault("shirt", ""), "shirt")
                    || holdout.excludes(figure.attributes().getOrDefault("trousers", ""), "trousers")) {
                continue;
            }
            double y = Math.max(height / 2 + 1, Math.min(easel.height() - height / 2 - 1, spot[1]));
            // One in seven reaches beyond the picture's edge, as people in photographs do.
            double x = random.nextInt(7) == 0 ? (random.nextBoolean() ? 0 : easel.width()) : spot[0];
            placed.add(new double[] {spot[0], spot[1], reach});
            easel.add(figure.sketch(x, y, height));
        }
        return Effects.finish(easel, name(), random);
    }
}
