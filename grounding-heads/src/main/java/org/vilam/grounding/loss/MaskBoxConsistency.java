package org.vilam.grounding.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.List;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Shapes;

/**
 * How far a predicted box and a predicted mask of one object agree, sample by sample: C3VG's bidirectional consistency constraint
 * (Dai et al. 2025, 3.4).
 *
 * <p>The mask is taken where its probability is above 0.5, so it gets no gradient from either direction, as in the official code:
 * {@link #outside} is a constant, and {@link #boxDistance} moves the box alone.
 *
 * <p>Letters: B batch, H and W the mask's sides in pixels. Boxes are (centre x, centre y, width, height) as parts of the sides.
 */
public final class MaskBoxConsistency {
    private static final double L1_WEIGHT = 5;
    private static final double GIOU_WEIGHT = 2;

    private MaskBoxConsistency() {}

    /**
     * The share of a mask's pixels that lie outside its box (from segmentation to box, S2B). The box covers the pixels between its
     * corners, which are cut to whole numbers towards 0 and then to the image.
     *
     * @param masks (B, 1, H, W) logits
     * @param boxes (B, 4)
     * @return (B), 0..1, constants; 1 for an empty mask
     */
    public static NDArray outside(NDArray masks, NDArray boxes) {
        requireInputs(masks, boxes);
        int height = Math.toIntExact(masks.getShape().get(2));
        int width = Math.toIntExact(masks.getShape().get(3));
        boolean[] set = set(masks);
        float[] v = boxes.toFloatArray();
        float[] out = new float[v.length / 4];
        for (int b = 0; b < out.length; b++) {
            int left = pixel(v[4 * b] - 0.5f * v[4 * b + 2], width);
            int right = pixel(v[4 * b] + 0.5f * v[4 * b + 2], width);
            int top = pixel(v[4 * b + 1] - 0.5f * v[4 * b + 3], height);
            int bottom = pixel(v[4 * b + 1] + 0.5f * v[4 * b + 3], height);
            int all = 0;
            int inside = 0;
            for (int i = 0; i < height * width; i++) {
                if (set[b * height * width + i]) {
                    int x = i % width;
                    int y = Math.floorDiv(i, width);
                    all++;
                    inside += x >= left && x < right && y >= top && y < bottom ? 1 : 0;
                }
            }
            out[b] = all == 0 ? 1 : 1 - (float) inside / all;
        }
        return Constants.of(masks.getManager(), out, new Shape(out.length));
    }

    /**
     * The distance of a box from the tight box of its mask, {@code 5 L1 + 2 (1 - GIoU)} (from box to segmentation, B2S).
     * Differentiable in the box.
     *
     * @param masks (B, 1, H, W) logits
     * @param boxes (B, 4)
     * @return (B), 0 or more
     */
    public static NDArray boxDistance(NDArray masks, NDArray boxes) {
        requireInputs(masks, boxes);
        int height = Math.toIntExact(masks.getShape().get(2));
        int width = Math.toIntExact(masks.getShape().get(3));
        List<Box> tight = tightBoxes(masks);
        float[] targets = new float[4 * tight.size()];
        for (int b = 0; b < tight.size(); b++) {
            Box box = tight.get(b);
            targets[4 * b] = (float) (box.x1() + box.x2()) / 2 / width;
            targets[4 * b + 1] = (float) (box.y1() + box.y2()) / 2 / height;
            targets[4 * b + 2] = (float) box.width() / width;
            targets[4 * b + 3] = (float) box.height() / height;
        }
        return Intermediates.freeing(() ->
                boxLoss(boxes, Constants.of(boxes.getManager(), targets, new Shape(tight.size(), 4))));
    }

    /**
     * C3VG's loss of boxes, {@code 5 L1 + 2 (1 - GIoU)}, pair by pair and without any epsilon.
     *
     * @param predicted (N, 4)
     * @param target (N, 4)
     * @return (N), 0 or more
     */
    public static NDArray boxLoss(NDArray predicted, NDArray target) {
        return Intermediates.freeing(() -> Constants.scale(BoxLoss.l1(predicted, target), L1_WEIGHT)
                .add(Constants.scale(BoxLoss.giou(predicted, target, 0).neg().add(1), GIOU_WEIGHT)));
    }

    /**
     * The boxes whose corners are the first and the last pixels of masks, in pixels: without the extent of the last pixel, as in
     * the official code, so that a mask of one pixel has a box without area.
     *
     * @param masks (B, 1, H, W) logits
     * @return B boxes; at the origin without area for an empty mask
     */
    public static List<Box> tightBoxes(NDArray masks) {
        Shapes.require("consistency", "masks", masks, "B", 1, "H", "W");
        int height = Math.toIntExact(masks.getShape().get(2));
        int width = Math.toIntExact(masks.getShape().get(3));
        boolean[] set = set(masks);
        List<Box> out = new ArrayList<>();
        for (int b = 0; b < masks.getShape().get(0); b++) {
            int left = width;
            int right = -1;
            int top = height;
            int bottom = -1;
            for (int i = 0; i < height * width; i++) {
                if (set[b * height * width + i]) {
                    left = Math.min(left, i % width);
                    right = Math.max(right, i % width);
                    top = Math.min(top, Math.floorDiv(i, width));
                    bottom = Math.max(bottom, Math.floorDiv(i, width));
                }
            }
            out.add(right < 0 ? new Box(0, 0, 0, 0) : new Box(left, top, right, bottom));
        }
        return out;
    }

    /** Where the probability is above a half, (B * H * W). */
    private static boolean[] set(NDArray masks) {
        try (NDArray probabilities = Activation.sigmoid(masks);
                NDArray above = probabilities.gt(0.5)) {
            return above.toBooleanArray();
        }
    }

    /** A corner in whole pixels. */
    private static int pixel(float part, int side) {
        return Math.max(0, Math.min((int) (part * side), side));
    }

    private static void requireInputs(NDArray masks, NDArray boxes) {
        Shapes.require("consistency", "masks", masks, "B", 1, "H", "W");
        Shapes.require("consistency", "boxes", boxes, masks.getShape().get(0), 4);
    }
}
