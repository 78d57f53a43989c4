package org.vilam.grounding.c3vg;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.List;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.CoordinateTransform;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.tensor.Shapes;

/** From a stage's numbers to boxes in image pixels and masks, as the official {@code get_predictions} does. */
public final class C3VgAnswers {
    private static final float HALF = 0.5f;

    private C3VgAnswers() {}

    /**
     * Boxes in image pixels, not clipped to the image.
     *
     * @param width of the network input, pixels
     * @param height of the network input, pixels
     * @param toInput for each sample how image pixels became input pixels
     */
    public static List<Box> boxes(C3VgHead.Stage stage, int width, int height, List<CoordinateTransform> toInput) {
        Shapes.require("C3VG's answers", "boxes", stage.boxes(), toInput.size(), 4);
        float[] v = stage.boxes().toFloatArray();
        List<Box> out = new ArrayList<>();
        for (int b = 0; b < toInput.size(); b++) {
            Box box = Box.ofCxcywh(
                    (double) v[4 * b] * width,
                    (double) v[4 * b + 1] * height,
                    (double) v[4 * b + 2] * width,
                    (double) v[4 * b + 3] * height);
            out.add(toInput.get(b).inverse().apply(box));
        }
        return out;
    }

    /**
     * A mask.
     *
     * @param mask where the probability is a half or more
     * @param confidence the mean probability of its pixels, 0 for an empty mask: how sure the network is of what it drew. The
     *     official model has no score.
     */
    public record Drawn(Mask mask, double confidence) {}

    /** Masks of the size of the network input; {@link Mask#resized} brings them to the image as the official code does. */
    public static List<Drawn> masks(C3VgHead.Stage stage, int width, int height) {
        float[] p;
        try (NDArray logits = stage.enlarged(height, width);
                NDArray probabilities = Activation.sigmoid(logits)) {
            p = probabilities.toFloatArray();
        }
        int area = width * height;
        List<Drawn> out = new ArrayList<>();
        for (int from = 0; from < p.length; from += area) {
            int at = from;
            Mask mask = Mask.where(width, height, (x, y) -> p[at + y * width + x] >= HALF);
            double sum = 0;
            for (int i = from; i < from + area; i++) {
                sum += p[i] >= HALF ? p[i] : 0;
            }
            out.add(new Drawn(mask, mask.isEmpty() ? 0 : sum / mask.area()));
        }
        return out;
    }
}
