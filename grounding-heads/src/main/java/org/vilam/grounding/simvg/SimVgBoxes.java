package org.vilam.grounding.simvg;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.vilam.grounding.metrics.ScoredBox;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.CoordinateTransform;
import org.vilam.vision.tensor.Shapes;

/**
 * From a branch's numbers to boxes in image pixels, as the official {@code get_predictions} does: score, scale, clip to the network
 * input, drop what has no area, and go back to the image.
 */
public final class SimVgBoxes {
    /** The score from which on GREC takes a box for an answer, in the official metric and demo. */
    public static final double PRESENT = 0.7;

    private SimVgBoxes() {}

    /**
     * Reads boxes.
     *
     * @param branch logits (B, Q, 2), boxes (B, Q, 4)
     * @param inputWidth width of the network input, pixels
     * @param inputHeight height of the network input, pixels
     * @param toInput for each sample how image pixels became input pixels
     * @return for each sample at most Q boxes in image pixels, surest first, the first query first among equals; REC's answer is
     *     the first, GREC's are those that score {@link #PRESENT} or more
     */
    public static List<List<ScoredBox>> read(
            SimVgHead.Branch branch, int inputWidth, int inputHeight, List<CoordinateTransform> toInput) {
        int batch = toInput.size();
        Shapes.require("boxes", "logits", branch.logits(), batch, "Q", 2);
        long queries = branch.logits().getShape().get(1);
        Shapes.require("boxes", "boxes", branch.boxes(), batch, queries, 4);
        float[] scores;
        try (NDArray probabilities = branch.logits().softmax(2)) {
            scores = probabilities.toFloatArray();
        }
        float[] boxes = branch.boxes().toFloatArray();
        List<List<ScoredBox>> out = new ArrayList<>();
        for (int b = 0; b < batch; b++) {
            CoordinateTransform toImage = toInput.get(b).inverse();
            List<ScoredBox> sample = new ArrayList<>();
            for (int i = Math.toIntExact(b * queries); i < (b + 1) * queries; i++) {
                Box box = Box.ofCxcywh(
                                (double) boxes[4 * i] * inputWidth,
                                (double) boxes[4 * i + 1] * inputHeight,
                                (double) boxes[4 * i + 2] * inputWidth,
                                (double) boxes[4 * i + 3] * inputHeight)
                        .clamp(inputWidth, inputHeight);
                if (!box.isEmpty()) {
                    sample.add(new ScoredBox(toImage.apply(box), scores[2 * i]));
                }
            }
            sample.sort(Comparator.comparingDouble(ScoredBox::score).reversed());
            out.add(sample);
        }
        return out;
    }
}
