package org.vilam.training.scene;

import java.util.List;
import java.util.SplittableRandom;

/** Sizes of pictures and free places on them. */
final class Canvases {
    private Canvases() {}

    /**
     * An empty canvas: sides 96..1024, any aspect up to 2.2 to 1; one in six without anti-aliasing. One longer side in twenty
     * is above 512 pixels and one in ten above 288, the rest are close to what a small model is fed.
     */
    static Easel blank(SplittableRandom random) {
        int size = random.nextInt(20);
        double longer = size == 0
                ? between(512, 1024, random)
                : size < 3 ? between(288, 512, random) : between(96, 288, random);
        double aspect = random.nextInt(3) == 0 ? 1 : Math.exp(random.nextDouble() * Math.log(2.2));
        int a = (int) Math.round(longer);
        int b = Math.max(96, (int) Math.round(longer / aspect));
        boolean wide = random.nextInt(3) > 0;
        return new Easel(
                wide ? Math.max(a, b) : Math.min(a, b), wide ? Math.min(a, b) : Math.max(a, b), random.nextInt(6) > 0);
    }

    /** Between two lengths, each doubling equally often. */
    private static double between(double low, double high, SplittableRandom random) {
        return low * Math.exp(random.nextDouble() * Math.log(high / low));
    }

    /**
     * A place for a disc of the given radius.
     *
     * @param placed x, y, radius of what is there
     * @param overlap how far discs may overlap, as a share of the sum of their radii; negative keeps a gap
     * @return x and y, or an empty array when none was found in a bounded number of tries
     */
    static double[] spot(Easel easel, double radius, List<double[]> placed, SplittableRandom random, double overlap) {
        if (2 * radius + 2 >= Math.min(easel.width(), easel.height())) {
            return new double[0];
        }
        for (int tries = 0; tries < 40; tries++) {
            double x = radius + 1 + random.nextDouble() * (easel.width() - 2 * radius - 2);
            double y = radius + 1 + random.nextDouble() * (easel.height() - 2 * radius - 2);
            boolean free = true;
            for (double[] other : placed) {
                double sum = radius + other[2];
                free &= Math.hypot(x - other[0], y - other[1]) >= sum * (1 - overlap);
            }
            if (free) {
                return new double[] {x, y};
            }
        }
        return new double[0];
    }
}
