package org.vilam.vision.image;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import org.vilam.vision.geometry.CoordinateTransform;
import org.vilam.vision.tensor.Interpolation;

/**
 * Pictures as a network sees them. Letters: B pictures, H and W the network's frame.
 *
 * @param pixelValues (B, 3, H, W) float32, normalised
 * @param paddingMask (B, H, W) boolean, true where no picture is
 * @param toNetwork for each picture its way from image pixels to frame pixels; the {@link CoordinateTransform#inverse()
 *     inverse} brings answers back
 */
public record ProcessedImages(NDArray pixelValues, NDArray paddingMask, List<CoordinateTransform> toNetwork) {
    /** Checks nothing but copies the list. */
    public ProcessedImages {
        toNetwork = List.copyOf(toNetwork);
    }

    /**
     * The padding mask on a grid of patches, as HiVG makes it: torchvision's {@code Resize} of the mask as numbers (bilinear
     * with antialias, rounded half to even).
     *
     * @return (B, rows, columns) boolean, true where a patch is padding, on the manager of {@link #paddingMask}
     */
    public NDArray paddingGrid(int rows, int columns) {
        try (NDManager scope = paddingMask.getManager().newSubManager()) {
            NDArray mask = paddingMask.toType(DataType.FLOAT32, true);
            mask.attach(scope);
            NDArray grid = Interpolation.BILINEAR
                    .withAntialias()
                    .resize(mask.expandDims(1), rows, columns)
                    .round()
                    .squeeze(1)
                    .toType(DataType.BOOLEAN, true);
            grid.attach(paddingMask.getManager());
            return grid;
        }
    }
}
