package org.vilam.grounding.metrics.statistics;

/**
 * A confidence interval.
 *
 * @param low lower end
 * @param high upper end, not below {@code low}
 * @param level the share of repetitions in which such an interval covers the true value, in (0, 1), for example 0.95
 */
public record Interval(double low, double high, double level) {
    /** Checks the order of the ends and the level. */
    public Interval {
        if (!(low <= high)) {
            throw new IllegalArgumentException("low must not be above high, got " + low + ", " + high);
        }
        checkLevel(level);
    }

    /**
     * Wilson's score interval of a proportion (Wilson 1927, equation 7; no continuity correction).
     *
     * <p>With {@code p = successes / trials} and the normal quantile z: centre {@code (p + z^2 / 2n) / (1 + z^2 / n)}, half
     * width {@code z sqrt(p (1 - p) / n + z^2 / 4n^2) / (1 + z^2 / n)}. Unlike {@code p ± z s} it stays inside [0, 1] and
     * keeps a width at 0 and at n successes. No trials give [0, 1].
     *
     * @param successes 0..{@code trials}
     * @param trials not negative; independent of each other (for several questions on one image use {@link Bootstrap} with
     *     clusters)
     * @param level in (0, 1)
     */
    public static Interval wilson(long successes, long trials, double level) {
        checkLevel(level);
        if (successes < 0 || successes > trials) {
            throw new IllegalArgumentException("successes must be in 0.." + trials + ", got " + successes);
        }
        if (trials == 0) {
            return new Interval(0, 1, level);
        }
        double n = trials;
        double p = successes / n;
        double z = NormalQuantile.of(0.5 + level / 2);
        double scale = 1 + z * z / n;
        double centre = (p + z * z / (2 * n)) / scale;
        double half = z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / scale;
        // The ends are exactly 0 and 1 in exact arithmetic at 0 and n successes.
        double low = successes == 0 ? 0 : Math.max(0, centre - half);
        double high = successes == trials ? 1 : Math.min(1, centre + half);
        return new Interval(low, high, level);
    }

    /** True where the value lies inside or on an end. */
    public boolean contains(double value) {
        return value >= low && value <= high;
    }

    static void checkLevel(double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("level must be in (0, 1), got " + level);
        }
    }
}
