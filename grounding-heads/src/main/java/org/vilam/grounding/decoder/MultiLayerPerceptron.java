package org.vilam.grounding.decoder;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.vilam.vision.tensor.Activation;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Linear;
import org.vilam.vision.tensor.ParameterScope;

/**
 * Linear layers with ReLU between them and none after the last: DETR's {@code MLP}. One layer is a linear map.
 *
 * <p>Letters: D input width, E output width.
 */
public final class MultiLayerPerceptron {
    /** How PyTorch begins its linear layers' weights; biases begin as 0 here. */
    private static final Initializer WEIGHT = Initializer.kaimingUniform(Math.sqrt(5));

    private final List<Linear> layers = new ArrayList<>();

    /**
     * A perceptron with the tensors {@code layers.{i}} of the scope.
     *
     * @param widths D, the widths between the layers, E
     */
    public MultiLayerPerceptron(ParameterScope p, int... widths) {
        if (widths.length < 2) {
            throw new IllegalArgumentException(p.path() + ": a layer has two widths, got " + widths.length);
        }
        for (int i = 0; i + 1 < widths.length; i++) {
            layers.add(new Linear(p.scope("layers").scope(i), widths[i], widths[i + 1], true, WEIGHT));
        }
    }

    /**
     * Applies the layers to the last axis.
     *
     * @param x (..., D)
     * @return (..., E)
     */
    public NDArray forward(NDArray x) {
        return Intermediates.freeing(() -> {
            NDArray y = layers.get(0).forward(x);
            for (Linear layer : layers.subList(1, layers.size())) {
                y = layer.forward(Activation.RELU.apply(y));
            }
            return y; // (..., E)
        });
    }
}
