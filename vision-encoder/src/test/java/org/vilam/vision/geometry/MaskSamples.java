package org.vilam.vision.geometry;

import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/**
 * Random masks for property tests: noise of all densities and overlapping discs, sides around the word size included.
 */
final class MaskSamples {
    private MaskSamples() {}

    static Arbitrary<Mask> masks() {
        return Combinators.combine(sides(), sides(), Arbitraries.longs()).as(MaskSamples::mask);
    }

    /** Two masks of one size. */
    static Arbitrary<Pair> pairs() {
        return Combinators.combine(sides(), sides(), Arbitraries.longs(), Arbitraries.longs())
                .as((width, height, a, b) -> new Pair(mask(width, height, a), mask(width, height, b)));
    }

    record Pair(Mask a, Mask b) {}

    private static Arbitrary<Integer> sides() {
        return Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.integers().between(1, 40).withDistribution(RandomDistribution.uniform())),
                Tuple.of(1, Arbitraries.of(1, 2, 63, 64, 65, 128)));
    }

    static Mask mask(int width, int height, long seed) {
        Random random = new Random(seed);
        if (random.nextBoolean()) {
            double density = random.nextDouble();
            boolean[][] noise = new boolean[width][height];
            for (boolean[] column : noise) {
                for (int y = 0; y < height; y++) {
                    column[y] = random.nextDouble() < density;
                }
            }
            return Mask.where(width, height, (x, y) -> noise[x][y]);
        }
        Mask mask = Mask.empty(width, height);
        for (int i = random.nextInt(6); i > 0; i--) {
            double cx = random.nextDouble() * width;
            double cy = random.nextDouble() * height;
            double radius = random.nextDouble() * 0.4 * Math.max(width, height);
            mask = mask.symmetricDifference(disc(width, height, cx, cy, radius));
        }
        return mask;
    }

    static Mask disc(int width, int height, double cx, double cy, double radius) {
        return Mask.where(width, height, (x, y) -> Math.hypot(x + 0.5 - cx, y + 0.5 - cy) < radius);
    }

    /** A mask from a picture in text: {@code #} inside, anything else outside. */
    static Mask drawn(String... rows) {
        return Mask.where(rows[0].length(), rows.length, (x, y) -> rows[y].charAt(x) == '#');
    }
}
