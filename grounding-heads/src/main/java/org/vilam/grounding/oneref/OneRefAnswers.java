package org.vilam.grounding.oneref;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.CoordinateTransform;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.tensor.Activation;
import org.vilam.vision.tensor.Interpolation;
import org.vilam.vision.tensor.Shapes;

/** From OneRef's numbers to boxes and masks. Letters: B batch, S the side of the padded square in pixels. */
public final class OneRefAnswers {
    private OneRefAnswers() {}

    /**
     * Boxes in image pixels.
     *
     * @param boxes (B, 4), (centre x, centre y, width, height) as parts of the square
     * @param side S
     * @param toInput for each sample how image pixels became pixels of the square
     * @return B boxes, clamped to the square before they go back; empty where nothing of them lies in it
     */
    public static List<Box> boxes(NDArray boxes, int side, List<CoordinateTransform> toInput) {
        Shapes.require("OneRef answers", "boxes", boxes, toInput.size(), 4);
        float[] v = boxes.toFloatArray();
        List<Box> out = new ArrayList<>();
        for (int b = 0; b < toInput.size(); b++) {
            Box box = Box.ofCxcywh(
                    (double) v[4 * b] * side,
                    (double) v[4 * b + 1] * side,
                    (double) v[4 * b + 2] * side,
                    (double) v[4 * b + 3] * side);
            out.add(toInput.get(b).inverse().apply(box.clamp(side, side)));
        }
        return out;
    }

    /**
     * Masks in the padded square. As in the official evaluation, logits below 0 are set to 0 <em>before</em> the mask is enlarged,
     * so that a pixel belongs to it when any of the places it is interpolated from does: masks are up to a pixel of the low
     * resolution wider than the zero line of the enlarged logits.
     *
     * @param logits (B, 1, rows, columns)
     * @param side S
     * @return B masks of S by S pixels
     */
    public static List<Mask> masks(NDArray logits, int side) {
        Shapes.require("OneRef answers", "logits", logits, "B", 1, "rows", "columns");
        float[] values;
        try (NDArray probabilities = ai.djl.nn.Activation.sigmoid(logits);
                NDArray above = probabilities.sub(0.5f);
                NDArray positive = Activation.RELU.apply(above);
                NDArray enlarged = Interpolation.BILINEAR.resize(positive, side, side)) {
            values = enlarged.toFloatArray();
        }
        List<Mask> out = new ArrayList<>();
        int pixels = side * side;
        for (int b = 0; b < logits.getShape().get(0); b++) {
            int from = b * pixels;
            out.add(Mask.where(side, side, (x, y) -> values[from + y * side + x] != 0));
        }
        return out;
    }
}
