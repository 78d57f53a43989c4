package org.vilam.grounding.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Shapes;

/**
 * How far predicted boxes are from their targets, pair by pair.
 *
 * <p>Letters: N pairs. Boxes are rows (centre x, centre y, width, height), float32, usually as parts of the image's sides; a
 * width or height may be 0 but not negative. All are differentiable in both boxes. At ties they have PyTorch's gradients:
 * where two edges coincide each gets half, and where boxes only touch the overlap still pulls them together.
 *
 * <p>The families differ in an epsilon that is added to the areas they divide by: SimVG (detrex) has 1e-6, C3VG, OneRef and
 * HiVG (DETR) have none. It shows on small boxes: for 0.002 by 0.003 it is a twentieth of the IoU. With epsilon 0 two boxes
 * without area make those families' code divide 0 by 0; here an area of 0 then counts as 1, so that IoU and the hull's share
 * are 0 and gradients finite, and nothing else changes. {@link org.vilam.vision.geometry.Box} does the same.
 */
public final class BoxLoss {
    private BoxLoss() {}

    /**
     * The sum of the four coordinates' absolute differences (Carion et al. 2020, eq. 3).
     *
     * @param predicted (N, 4)
     * @param target (N, 4)
     * @return (N), 0 or more
     */
    public static NDArray l1(NDArray predicted, NDArray target) {
        requireBoxes(predicted, target);
        return Intermediates.freeing(() -> predicted.sub(target).abs().sum(new int[] {1})); // (N)
    }

    /**
     * Intersection over union.
     *
     * @param predicted (N, 4)
     * @param target (N, 4)
     * @param eps added to the union, 0 or more
     * @return (N), 0..1
     */
    public static NDArray iou(NDArray predicted, NDArray target, double eps) {
        requireBoxes(predicted, target);
        return Intermediates.freeing(() -> Overlap.of(predicted, target).iou(eps)); // (N)
    }

    /**
     * Generalised IoU (Rezatofighi et al. 2019, algorithm 1): the IoU less the share of the hull that neither box covers. The
     * loss is {@code 1 - giou}.
     *
     * @param predicted (N, 4)
     * @param target (N, 4)
     * @param eps added to the union and to the hull, 0 or more
     * @return (N), -1..1
     */
    public static NDArray giou(NDArray predicted, NDArray target, double eps) {
        requireBoxes(predicted, target);
        return Intermediates.freeing(() -> {
            Overlap overlap = Overlap.of(predicted, target);
            NDArray empty = overlap.hull().sub(overlap.union()).div(divisor(overlap.hull(), eps));
            return overlap.iou(eps).sub(empty); // (N)
        });
    }

    /** Areas of pairs, each (N). */
    private record Overlap(NDArray intersection, NDArray union, NDArray hull) {
        static Overlap of(NDArray predicted, NDArray target) {
            NDArray lowP = corner(predicted, -0.5); // (N, 2)
            NDArray highP = corner(predicted, 0.5);
            NDArray lowT = corner(target, -0.5);
            NDArray highT = corner(target, 0.5);
            NDArray intersection =
                    area(highP.minimum(highT).sub(lowP.maximum(lowT)).clip(0, Float.MAX_VALUE));
            NDArray union = area(highP.sub(lowP)).add(area(highT.sub(lowT))).sub(intersection);
            return new Overlap(intersection, union, area(highP.maximum(highT).sub(lowP.minimum(lowT))));
        }

        NDArray iou(double eps) {
            return intersection.div(divisor(union, eps));
        }
    }

    /** One corner of each box: the centre and a part of the sides, (N, 2). */
    private static NDArray corner(NDArray boxes, double part) {
        return boxes.get(new NDIndex(":, :2")).add(Constants.scale(boxes.get(new NDIndex(":, 2:")), part));
    }

    /** Width times height, (N). */
    private static NDArray area(NDArray sides) {
        return sides.get(new NDIndex(":, 0")).mul(sides.get(new NDIndex(":, 1")));
    }

    private static NDArray divisor(NDArray area, double eps) {
        return eps > 0 ? area.add(eps) : area.add(area.eq(0).toType(DataType.FLOAT32, false));
    }

    private static void requireBoxes(NDArray predicted, NDArray target) {
        Shapes.require("box loss", "predicted", predicted, "N", 4);
        Shapes.require("box loss", "target", target, predicted.getShape().get(0), 4);
        requireSizes("predicted", predicted);
        requireSizes("target", target);
    }

    /** NaN passes: it comes out as NaN, and who trains skips such a step. */
    private static void requireSizes(String name, NDArray boxes) {
        if (boxes.size() == 0) {
            return;
        }
        try (NDArray sides = boxes.get(new NDIndex(":, 2:"));
                NDArray least = sides.min()) {
            if (least.getFloat() < 0) {
                throw new VilamException(
                        ErrorCode.INVALID_ARGUMENT,
                        "box loss: a " + name + " box has a side of " + least.getFloat(),
                        "Give boxes as (centre x, centre y, width, height), and pass predictions through a sigmoid.");
            }
        }
    }
}
