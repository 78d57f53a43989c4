package org.vilam.grounding.metrics.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The area under the receiver operating characteristic: the chance that a positive item scores above a negative one.
 *
 * <p>Computed as the Mann-Whitney statistic with mean ranks (Hanley and McNeil 1982; scikit-learn's {@code roc_auc_score}):
 * {@code (sum of the positives' ranks - n1 (n1 + 1) / 2) / (n1 n0)}. A tie counts one half.
 */
public final class Auroc {
    private Auroc() {}

    /** The area, in [0, 1]; empty unless there are items of both classes. */
    public static OptionalDouble of(List<? extends ScoredOutcome> outcomes) {
        List<ScoredOutcome> ordered = new ArrayList<>(outcomes);
        ordered.sort(Comparator.comparingDouble(ScoredOutcome::score));
        long positives = ordered.stream().filter(ScoredOutcome::positive).count();
        long negatives = ordered.size() - positives;
        if (positives == 0 || negatives == 0) {
            return OptionalDouble.empty();
        }
        double rankSum = 0;
        for (int from = 0, to; from < ordered.size(); from = to) {
            int tied = 0;
            for (to = from;
                    to < ordered.size()
                            && ordered.get(to).score() == ordered.get(from).score();
                    to++) {
                tied += ordered.get(to).positive() ? 1 : 0;
            }
            double meanRank = (from + 1 + to) / 2.0;
            rankSum += tied * meanRank;
        }
        return OptionalDouble.of((rankSum - positives * (positives + 1) / 2.0) / ((double) positives * negatives));
    }
}
