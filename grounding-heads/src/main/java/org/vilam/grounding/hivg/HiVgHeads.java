package org.vilam.grounding.hivg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.vilam.grounding.decoder.MultiLayerPerceptron;
import org.vilam.vision.clip.ClipTextModel;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.LayerNorm;
import org.vilam.vision.tensor.Mlp;
import org.vilam.vision.tensor.MlpNames;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.ParameterScope;

/**
 * What is read from the fused sequence: a box from [REG], and from the patches, each compared with the text's end token, a
 * similarity map and a mask.
 *
 * <p>Letters: B batch, L tokens, G patches a side, N = G * G patches, T text tokens, H width.
 */
final class HiVgHeads {
    /** How many times wider the mask is than the grid of patches. */
    static final int MASK_SCALE = 8;

    private static final int PATCH_HIDDEN = 3072;
    private static final double NORM_EPS = 1e-12;

    private final int width;
    private final int patches;
    private final int grid;
    private final MultiLayerPerceptron box;
    private final LayerNorm patchNorm;
    private final Mlp patchMlp;
    private final List<NDArray> enlarging = new ArrayList<>(); // (H, H, 2, 2), in and out

    HiVgHeads(ParameterScope p, HiVgConfig config) {
        this.width = config.clip().projectionDim();
        this.grid = config.clip().vision().grid();
        this.patches = grid * grid;
        Initializer torch = Initializer.kaimingUniform(Math.sqrt(5));
        this.box = new MultiLayerPerceptron(p.scope("bbox_embed"), width, width, width, 4);
        this.patchNorm = new LayerNorm(p.scope("visu_token_norm"), width, 1e-5);
        this.patchMlp = new Mlp(
                p.scope("visu_token_mlp"),
                MlpNames.FC,
                width,
                PATCH_HIDDEN,
                org.vilam.vision.tensor.Activation.QUICK_GELU,
                OptionalDouble.empty(),
                0,
                torch);
        for (int i = 1; i <= 3; i++) {
            enlarging.add(p.scope("seg_conv" + i).get("weight", new Shape(width, width, 2, 2), torch));
        }
    }

    /** Boxes (B, 4), (centre x, centre y, width, height) as parts of the padded square, from the fused sequence (B, L, H). */
    NDArray boxes(NDArray fused) {
        return Intermediates.freeing(() -> Activation.sigmoid(box.forward(fused.get(new NDIndex(":, 0")))));
    }

    /** What the text asks for: the fused end token, of length 1, (B, H). */
    NDArray endToken(NDArray fused, NDArray ids) {
        return Intermediates.freeing(() -> ClipTextModel.atLargestId(
                        fused.get(new NDIndex(":, " + (2 + patches) + ":")), ids)
                .normalize(2, 1, NORM_EPS));
    }

    /** The product of each patch and the end token, (B, N). It is no cosine: the patches are not normalised. */
    NDArray similarity(NDArray fused, NDArray endToken, Mode mode) {
        return Intermediates.freeing(() -> patchMlp.forward(patchNorm.forward(patches(fused)), mode) // (B, N, H)
                .matMul(endToken.expandDims(2)) // (B, N, 1)
                .reshape(fused.getShape().get(0), patches));
    }

    /** The mask's logits, (B, 1, 8 G, 8 G). */
    NDArray masks(NDArray fused, NDArray endToken) {
        long batch = fused.getShape().get(0);
        long side = (long) MASK_SCALE * grid;
        return Intermediates.freeing(() -> {
            NDArray x = patches(fused).transpose(0, 2, 1).reshape(batch, width, grid, grid);
            for (NDArray weight : enlarging) {
                x = Operations.get().convTranspose2d(x, weight, null, 2, 0);
            }
            return endToken.expandDims(1)
                    .matMul(x.reshape(batch, width, side * side)) // (B, 1, 64 N)
                    .reshape(batch, 1, side, side);
        });
    }

    private NDArray patches(NDArray fused) {
        return fused.get(new NDIndex(":, 2:" + (2 + patches))); // (B, N, H)
    }
}
