package org.vilam.training.scene;

import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Chooses among ways to say the same: always the plainest, or now this and now that. */
final class Diction {
    /** Always the first of the ways, never a rare one. */
    static final Diction PLAIN = new Diction(null);

    private final @Nullable SplittableRandom random;

    private Diction(@Nullable SplittableRandom random) {
        this.random = random;
    }

    static Diction varied(SplittableRandom random) {
        return new Diction(random);
    }

    /** The first, plain one as often as all others together. */
    <T> T word(List<T> ways) {
        return random == null || ways.size() == 1 || random.nextBoolean() ? ways.get(0) : form(ways);
    }

    /** Any, equally often. */
    <T> T form(List<T> ways) {
        return ways.get(random == null ? 0 : random.nextInt(ways.size()));
    }

    /** True once in {@code n} times. */
    boolean once(int n) {
        return random != null && random.nextInt(n) == 0;
    }
}
