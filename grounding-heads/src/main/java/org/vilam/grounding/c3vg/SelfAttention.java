package org.vilam.grounding.c3vg;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.vilam.grounding.decoder.DecoderConfig;
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
 * DETR's encoder (Carion et al. 2020, figure 10): tokens attend to each other, positions added to queries and keys, then pass a
 * feed-forward network; each step is added and normalised after. Unlike detrex's it ends without a further norm.
 *
 * <p>Letters: B batch, N tokens, E width.
 */
final class SelfAttention {
    private static final double EPS = 1e-5;

    private final List<Layer> layers = new ArrayList<>();

    SelfAttention(ParameterScope p, DecoderConfig config) {
        for (int i = 0; i < config.layers(); i++) {
            layers.add(new Layer(p.scope("layers").scope(i), config));
        }
    }

    /**
     * Applies the layers.
     *
     * @param x (B, N, E)
     * @param positions (N, E)
     * @return (B, N, E)
     */
    NDArray forward(NDArray x, NDArray positions, Mode mode) {
        return Intermediates.freeing(() -> {
            NDArray y = layers.get(0).forward(x, positions, mode);
            for (Layer layer : layers.subList(1, layers.size())) {
                y = layer.forward(y, positions, mode);
            }
            return y;
        });
    }

    private static final class Layer {
        private final MultiHeadAttention attention;
        private final LayerNorm attentionNorm;
        private final Mlp mlp;
        private final Dropout dropout;
        private final LayerNorm mlpNorm;

        Layer(ParameterScope p, DecoderConfig config) {
            this.attention = MultiHeadAttention.of(config.width(), config.heads())
                    .names(AttentionNames.TORCH)
                    .dropout(config.dropout())
                    .initializer(Initializer.xavierUniform())
                    .build(p.scope("attentions").scope(0).scope("attn"));
            this.mlp = new Mlp(
                    p.scope("ffns").scope(0),
                    MlpNames.MMCV,
                    config.width(),
                    config.hidden(),
                    Activation.RELU,
                    OptionalDouble.empty(),
                    config.dropout(),
                    Initializer.xavierUniform());
            this.dropout = new Dropout(config.dropout());
            this.attentionNorm = new LayerNorm(p.scope("norms").scope(0), config.width(), EPS);
            this.mlpNorm = new LayerNorm(p.scope("norms").scope(1), config.width(), EPS);
        }

        NDArray forward(NDArray x, NDArray positions, Mode mode) {
            return Intermediates.freeing(() -> {
                NDArray placed = x.add(positions);
                NDArray y = attentionNorm.forward(x.add(attention.forward(placed, placed, x, null, mode)));
                return mlpNorm.forward(y.add(dropout.forward(mlp.forward(y, mode), mode))); // (B, N, E)
            });
        }
    }
}
