package org.vilam.grounding.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.LayerNorm;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.ParameterScope;

/**
 * DETR's decoder: a stack of {@link DecoderLayer}s and one norm that every layer's output passes on its way out (Carion et al.
 * 2020, 3.2, auxiliary decoding losses).
 *
 * <p>Letters: L layers, B batch, Q queries, M memory tokens, E width.
 */
public final class Decoder {
    private final List<DecoderLayer> layers = new ArrayList<>();
    private final LayerNorm postNorm;

    /** A decoder with the tensors {@code layers.{i}} and {@code post_norm_layer} of the scope. */
    public Decoder(ParameterScope p, DecoderConfig config) {
        for (int i = 0; i < config.layers(); i++) {
            layers.add(new DecoderLayer(p.scope("layers").scope(i), config));
        }
        this.postNorm = new LayerNorm(p.scope("post_norm_layer"), config.width(), DecoderLayer.EPS);
    }

    /**
     * The output of every layer, for auxiliary losses; arguments as in {@link DecoderLayer#forward}.
     *
     * @return (L, B, Q, E)
     */
    public NDArray forwardLayers(
            NDArray query,
            @Nullable NDArray queryPosition,
            NDArray memory,
            @Nullable NDArray memoryPosition,
            @Nullable NDArray memoryMask,
            Mode mode) {
        return Intermediates.freeing(() -> {
            NDList outputs = new NDList();
            NDArray x = query;
            for (DecoderLayer layer : layers) {
                x = layer.forward(x, queryPosition, memory, memoryPosition, memoryMask, mode);
                outputs.add(postNorm.forward(x));
            }
            return NDArrays.stack(outputs, 0); // (L, B, Q, E)
        });
    }

    /**
     * The output of the last layer; arguments as in {@link DecoderLayer#forward}.
     *
     * @return (B, Q, E)
     */
    public NDArray forward(
            NDArray query,
            @Nullable NDArray queryPosition,
            NDArray memory,
            @Nullable NDArray memoryPosition,
            @Nullable NDArray memoryMask,
            Mode mode) {
        return Intermediates.freeing(() -> {
            NDArray x = query;
            for (DecoderLayer layer : layers) {
                x = layer.forward(x, queryPosition, memory, memoryPosition, memoryMask, mode);
            }
            return postNorm.forward(x); // (B, Q, E)
        });
    }
}
