package org.vilam.grounding.metrics.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The percentile bootstrap (Efron and Tibshirani 1993, chapter 13): draw as many samples as there are, with replacement,
 * compute the statistic, repeat; the interval lies between the quantiles {@code (1 ± level) / 2} of the results
 * ({@link Quantile} rule).
 *
 * <p>Samples that belong together, such as the expressions of one image, are not independent. Given a cluster for each
 * sample, whole clusters are drawn, as many as there are (the cluster bootstrap); without it each sample is its own.
 *
 * <p>The generator is {@link Random} from the seed, whose sequence the Java platform specifies: the same samples in the same
 * order give the same interval on every machine. Resamples on which the statistic is undefined are left out; where that
 * happens to more than half of them there is no interval.
 *
 * @param resamples how many resamples, at least 1
 * @param level in (0, 1)
 * @param seed of the draws
 */
public record Bootstrap(int resamples, double level, long seed) {
    /** Checks the counts. */
    public Bootstrap {
        if (resamples < 1) {
            throw new IllegalArgumentException("resamples must be at least 1, got " + resamples);
        }
        Interval.checkLevel(level);
    }

    /** 2000 resamples, 95 %, seed 0. */
    public static Bootstrap standard() {
        return new Bootstrap(2000, 0.95, 0);
    }

    /** The interval of a statistic of independent samples; empty for no samples or an undefined statistic. */
    public <S> Optional<Interval> interval(List<? extends S> samples, Statistic<S> statistic) {
        return interval(samples, ownClusters(samples), statistic);
    }

    /**
     * The interval of a statistic of clustered samples.
     *
     * @param clusters for each sample what it belongs to, compared by {@code equals}
     */
    public <S> Optional<Interval> interval(List<? extends S> samples, List<?> clusters, Statistic<S> statistic) {
        List<int[]> groups = groups(samples.size(), clusters);
        if (groups.isEmpty()) {
            return Optional.empty();
        }
        Random random = new Random(seed);
        double[] values = IntStream.range(0, resamples)
                .mapToObj(i -> statistic.of(pick(samples, draw(groups, random))))
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .toArray();
        return interval(values);
    }

    /** As the form with clusters, every sample its own. */
    public <S> Optional<PairedDifference> difference(
            List<? extends S> first, List<? extends S> second, Statistic<S> statistic) {
        return difference(first, second, ownClusters(first), statistic);
    }

    /**
     * Compares two systems on the same items: each resample takes the same items from both (paired bootstrap, Koehn 2004).
     *
     * @param first samples of the first system
     * @param second samples of the second system on the same items in the same order
     * @param clusters for each item what it belongs to
     * @return empty where there are no samples or the statistic is undefined
     */
    public <S> Optional<PairedDifference> difference(
            List<? extends S> first, List<? extends S> second, List<?> clusters, Statistic<S> statistic) {
        if (first.size() != second.size()) {
            throw new IllegalArgumentException(
                    "paired samples must be equally many, got " + first.size() + " and " + second.size());
        }
        List<int[]> groups = groups(first.size(), clusters);
        OptionalDouble before = statistic.of(first);
        OptionalDouble after = statistic.of(second);
        if (groups.isEmpty() || before.isEmpty() || after.isEmpty()) {
            return Optional.empty();
        }
        Random random = new Random(seed);
        double[] differences = new double[resamples];
        int defined = 0;
        double above = 0;
        for (int i = 0; i < resamples; i++) {
            int[] drawn = draw(groups, random);
            OptionalDouble a = statistic.of(pick(first, drawn));
            OptionalDouble b = statistic.of(pick(second, drawn));
            if (a.isPresent() && b.isPresent()) {
                double difference = b.getAsDouble() - a.getAsDouble();
                differences[defined++] = difference;
                above += difference > 0 ? 1 : difference == 0 ? 0.5 : 0;
            }
        }
        double share = above / Math.max(1, defined);
        return interval(Arrays.copyOf(differences, defined))
                .map(interval -> new PairedDifference(after.getAsDouble() - before.getAsDouble(), interval, share));
    }

    private Optional<Interval> interval(double[] values) {
        if (2 * values.length < resamples) {
            return Optional.empty();
        }
        Arrays.sort(values);
        return Optional.of(new Interval(
                Quantile.ofSorted(values, (1 - level) / 2), Quantile.ofSorted(values, (1 + level) / 2), level));
    }

    private static List<Integer> ownClusters(Collection<?> samples) {
        return IntStream.range(0, samples.size()).boxed().toList();
    }

    /** The sample numbers of each cluster, in order of appearance. */
    private static List<int[]> groups(int samples, List<?> clusters) {
        if (samples != clusters.size()) {
            throw new IllegalArgumentException("got " + samples + " samples and " + clusters.size() + " clusters");
        }
        Map<Object, List<Integer>> members = new LinkedHashMap<>();
        for (int i = 0; i < samples; i++) {
            members.computeIfAbsent(clusters.get(i), key -> new ArrayList<>()).add(i);
        }
        return members.values().stream()
                .map(group -> group.stream().mapToInt(Integer::intValue).toArray())
                .toList();
    }

    private static int[] draw(List<int[]> groups, Random random) {
        int[][] drawn = new int[groups.size()][];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = groups.get(random.nextInt(drawn.length));
        }
        return Arrays.stream(drawn).flatMapToInt(Arrays::stream).toArray();
    }

    private static <S> List<S> pick(List<? extends S> samples, int[] indices) {
        List<S> picked = new ArrayList<>(indices.length);
        for (int index : indices) {
            picked.add(samples.get(index));
        }
        return picked;
    }
}
