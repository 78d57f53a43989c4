package org.vilam.grounding.hivg;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.vilam.vision.tensor.Activation;
import org.vilam.vision.tensor.AttentionNames;
import org.vilam.vision.tensor.Dropout;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.LayerNorm;
import org.vilam.vision.tensor.Mlp;
import org.vilam.vision.tensor.MlpNames;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.MultiHeadAttention;
import org.vilam.vision.tensor.ParameterScope;

/**
 * The encoder that fuses image and text, DETR's with norms in front (Carion et al. 2020, A.4): positions are added to queries and
 * keys alone.
 *
 * <p>Letters: B batch, L tokens, H width.
 */
final class FusionEncoder {
    private static final double EPS = 1e-5;
    private static final double DROPOUT = 0.1;

    private final List<Layer> layers = new ArrayList<>();
    private final LayerNorm norm;
    private final Dropout dropout = new Dropout(DROPOUT);

    private record Layer(LayerNorm norm1, MultiHeadAttention attention, LayerNorm norm2, Mlp mlp) {}

    /** Builds the encoder with the weights of a scope, {@code vl_transformer.encoder} in the official files. */
    FusionEncoder(ParameterScope p, int width, HiVgConfig config) {
        Initializer xavier = Initializer.xavierUniform();
        for (int i = 0; i < config.fusionLayers(); i++) {
            ParameterScope s = p.scope("layers").scope(i);
            layers.add(new Layer(
                    new LayerNorm(s.scope("norm1"), width, EPS),
                    MultiHeadAttention.of(width, config.fusionHeads())
                            .names(AttentionNames.TORCH)
                            .dropout(DROPOUT)
                            .initializer(xavier)
                            .build(s.scope("self_attn")),
                    new LayerNorm(s.scope("norm2"), width, EPS),
                    new Mlp(
                            s,
                            MlpNames.TORCH,
                            width,
                            config.fusionHidden(),
                            Activation.RELU,
                            OptionalDouble.empty(),
                            DROPOUT,
                            xavier)));
        }
        this.norm = new LayerNorm(p.scope("norm"), width, EPS);
    }

    /**
     * Fuses.
     *
     * @param x (B, L, H)
     * @param positions (L, H)
     * @param mask additive, broadcastable to (B, heads, L, L)
     * @return (B, L, H)
     */
    NDArray forward(NDArray x, NDArray positions, NDArray mask, Mode mode) {
        return Intermediates.freeing(() -> {
            NDArray y = x;
            for (Layer layer : layers) {
                y = forward(layer, y, positions, mask, mode);
            }
            return norm.forward(y);
        });
    }

    private NDArray forward(Layer layer, NDArray x, NDArray positions, NDArray mask, Mode mode) {
        return Intermediates.freeing(() -> {
            NDArray normed = layer.norm1().forward(x);
            NDArray placed = normed.add(positions);
            NDArray y = x.add(dropout.forward(layer.attention().forward(placed, placed, normed, mask, mode), mode));
            return y.add(dropout.forward(layer.mlp().forward(layer.norm2().forward(y), mode), mode));
        });
    }
}
