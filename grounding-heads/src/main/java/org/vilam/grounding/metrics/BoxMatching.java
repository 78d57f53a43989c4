package org.vilam.grounding.metrics;

import java.util.List;
import org.vilam.vision.geometry.Box;

/**
 * The outcome of pairing answered and true boxes one to one.
 *
 * @param truePositives pairs
 * @param falsePositives answers without a partner
 * @param falseNegatives truths without a partner
 */
record BoxMatching(int truePositives, int falsePositives, int falseNegatives) {
    /**
     * Pairs the two boxes with the largest overlap first, on a tie the earliest answer and then the earliest truth, until no
     * remaining pair reaches the threshold (Liu et al. 2023, GREC).
     *
     * @param threshold in (0, 1]
     */
    static BoxMatching greedy(List<Box> answers, List<Box> truths, double threshold, BoxOverlap overlap) {
        boolean[] answerTaken = new boolean[answers.size()];
        boolean[] truthTaken = new boolean[truths.size()];
        int pairs = 0;
        while (true) {
            int bestAnswer = -1;
            int bestTruth = -1;
            double best = 0;
            for (int i = 0; i < answers.size(); i++) {
                for (int j = 0; j < truths.size(); j++) {
                    if (!answerTaken[i] && !truthTaken[j]) {
                        double value = overlap.of(answers.get(i), truths.get(j));
                        if (value >= threshold && value > best) {
                            best = value;
                            bestAnswer = i;
                            bestTruth = j;
                        }
                    }
                }
            }
            if (bestAnswer < 0) {
                return new BoxMatching(pairs, answers.size() - pairs, truths.size() - pairs);
            }
            answerTaken[bestAnswer] = true;
            truthTaken[bestTruth] = true;
            pairs++;
        }
    }

    /** {@code 2 TP / (2 TP + FP + FN)} in [0, 1]; 1 where both sets are empty. */
    double f1() {
        int all = 2 * truePositives + falsePositives + falseNegatives;
        return all == 0 ? 1 : 2.0 * truePositives / all;
    }
}
