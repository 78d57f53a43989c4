package org.vilam.grounding.oneref;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.vilam.grounding.mask.BatchNorm;
import org.vilam.vision.tensor.Activation;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.ParameterScope;
import org.vilam.vision.tensor.Shapes;

/**
 * OneRef's segmentation head: patches enlarged eightfold by three transposed convolutions, each place compared with the text.
 *
 * <p>The logits are cosines, so that their sigmoid stays in 0.27..0.73.
 *
 * <p>Letters: B batch, G patches a side, D width.
 */
public final class OneRefMaskHead {
    private static final int STEPS = 3;
    /** How many times wider the mask is than the grid of patches. */
    public static final int SCALE = 1 << STEPS;

    private final int width;
    private final List<NDArray> weights = new ArrayList<>(); // (D, D, 2, 2), in and out
    private final List<BatchNorm> norms = new ArrayList<>();

    /** Builds the head with the tensors {@code seg_conv{1,2,3}} and {@code bn{1,2,3}} of the scope, the root in official files. */
    public OneRefMaskHead(ParameterScope p, int width) {
        this.width = width;
        Initializer torch = Initializer.kaimingUniform(Math.sqrt(5));
        for (int i = 1; i <= STEPS; i++) {
            weights.add(p.scope("seg_conv" + i).get("weight", new Shape(width, width, 2, 2), torch));
            norms.add(new BatchNorm(p.scope("bn" + i), width));
        }
    }

    /**
     * The mask's logits.
     *
     * @param patches (B, G * G, D), row by row
     * @param languageAnchor (B, D), of length 1; see {@link OneRefHead#languageAnchor}
     * @param mode training normalises by the batch and changes the running statistics
     * @return (B, 1, 8 G, 8 G), -1..1
     */
    public NDArray forward(NDArray patches, NDArray languageAnchor, Mode mode) {
        Shapes.require("OneRef mask head", "patches", patches, "B", "G * G", width);
        long batch = patches.getShape().get(0);
        long grid = Math.round(Math.sqrt((double) patches.getShape().get(1)));
        Shapes.require("OneRef mask head", "patches", patches, batch, grid * grid, width);
        Shapes.require("OneRef mask head", "language anchor", languageAnchor, batch, width);
        return Intermediates.freeing(() -> {
            NDArray x = patches.transpose(0, 2, 1).reshape(batch, width, grid, grid);
            for (int i = 0; i < STEPS; i++) {
                x = norms.get(i).forward(Operations.get().convTranspose2d(x, weights.get(i), null, 2, 0), mode);
                x = i < STEPS - 1 ? Activation.RELU.apply(x) : x; // (B, D, 2^(i+1) G, 2^(i+1) G)
            }
            x = x.normalize(2, 1, OneRefHead.NORM_EPS).reshape(batch, width, -1); // (B, D, 64 G G)
            return languageAnchor.expandDims(1).matMul(x).reshape(batch, 1, SCALE * grid, SCALE * grid);
        });
    }
}
