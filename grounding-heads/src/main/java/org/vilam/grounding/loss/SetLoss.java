package org.vilam.grounding.loss;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * The parts of a set prediction's loss, weights included, one element each.
 *
 * @param classification cross-entropy of "object" against "no object"
 * @param l1 L1 distance of matched boxes
 * @param giou 1 - GIoU of matched boxes
 * @param matches for each sample which query answers for which target, by query
 */
public record SetLoss(NDArray classification, NDArray l1, NDArray giou, List<List<Match>> matches) {
    /** Copies the lists. */
    public SetLoss {
        matches = matches.stream().map(List::copyOf).toList();
    }

    /** The sum of the parts, one element. */
    public NDArray total() {
        try (NDArray boxes = l1.add(giou)) {
            return classification.add(boxes);
        }
    }
}
