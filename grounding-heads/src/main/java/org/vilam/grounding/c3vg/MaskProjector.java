package org.vilam.grounding.c3vg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Linear;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.ParameterScope;

/**
 * A map's logits by a filter that the text makes, {@code Projector}: at each place the scalar product of its projection with a
 * projection of the text, plus a bias that the text makes too (CRIS, Wang et al. 2022, 3.3, with a kernel of one place).
 *
 * <p>Letters: B batch, E channels, C = E / 2.
 */
final class MaskProjector {
    private static final Initializer TORCH = Initializer.kaimingUniform(Math.sqrt(5));

    private final int width; // C
    private final NDArray weight; // (C, E, 1, 1)
    private final NDArray bias; // (C)
    private final Linear text; // E to C + 1

    MaskProjector(ParameterScope p, int channels) {
        this.width = channels / 2;
        this.weight = p.get("vis.weight", new Shape(width, channels, 1, 1), TORCH);
        this.bias = p.get("vis.bias", new Shape(width), Initializer.zeros());
        this.text = new Linear(p.scope("txt"), channels, width + 1L, true, TORCH);
    }

    /**
     * The logits.
     *
     * @param map (B, E, rows, columns)
     * @param pooled (B, E), the text
     * @return (B, 1, rows, columns)
     */
    NDArray forward(NDArray map, NDArray pooled) {
        Shape shape = map.getShape();
        return Intermediates.freeing(() -> {
            NDArray features = Operations.get().conv2d(map, weight, bias, 1, 0, 1);
            NDArray filter = text.forward(pooled).expandDims(1); // (B, 1, C + 1)
            NDArray logits = filter.get(new NDIndex(":, :, :{}", width))
                    .matMul(features.reshape(shape.get(0), width, -1)); // (B, 1, rows * columns)
            return logits.add(filter.get(new NDIndex(":, :, {}:", width)))
                    .reshape(shape.get(0), 1, shape.get(2), shape.get(3));
        });
    }
}
