package org.vilam.grounding.hivg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.vilam.vision.clip.ClipConfig;
import org.vilam.vision.tensor.Activation;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.LayerNorm;
import org.vilam.vision.tensor.Linear;
import org.vilam.vision.tensor.Mlp;
import org.vilam.vision.tensor.MlpNames;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.MultiHeadAttention;
import org.vilam.vision.tensor.ParameterScope;

/**
 * The multi-layer adaptive cross-modal bridge of one image block (section 3.2): the image's tokens attend to those of several
 * text blocks, each place of which has learned weights of its own.
 *
 * <p>Letters: B batch, T text tokens, E text width, D image width.
 */
final class CrossModalBridge {
    private final LayerNorm norm;
    private final MultiHeadAttention attention;
    private final Mlp mlp;
    private final Linear gate;
    private final List<NDArray> weights = new ArrayList<>(); // (T, E) a tap

    /** Builds the bridge beside the other tensors of an image block. */
    CrossModalBridge(ParameterScope block, HiVgConfig config) {
        ClipConfig.Vision vision = config.clip().vision();
        int width = vision.hiddenSize();
        int textWidth = config.clip().text().hiddenSize();
        int taps = config.textTaps().size();
        this.norm = new LayerNorm(block.scope("cross_norm"), width, vision.layerNormEps());
        this.attention = MultiHeadAttention.of(width, vision.heads()).build(block.scope("cross_attn"));
        this.mlp =
                new Mlp(block.scope("cross_mlp"), MlpNames.FC, width, vision.intermediateSize(), Activation.QUICK_GELU);
        this.gate = new Linear(block.scope("cross_gate"), (long) textWidth * taps, width, true);
        for (int j = 0; j < taps; j++) {
            weights.add(block.scope("cross_adaptive_weights")
                    .scope(j)
                    .get("weight", new Shape(config.textLength(), textWidth), Initializer.normal(0.02)));
        }
    }

    /**
     * The text as this bridge sees it.
     *
     * @param taps the hidden states of the text tower, (B, T, E) each
     * @return (B, T, D)
     */
    NDArray adapt(List<NDArray> taps) {
        return Intermediates.freeing(() -> {
            NDList adapted = new NDList();
            for (int j = 0; j < weights.size(); j++) {
                adapted.add(taps.get(j).mul(weights.get(j)).add(taps.get(j)));
            }
            // of one array DJL's concat is a copy, which has no gradient
            NDArray all = adapted.size() == 1 ? adapted.get(0) : NDArrays.concat(adapted, -1); // (B, T, taps * E)
            return gate.forward(all); // (B, T, D)
        });
    }

    /**
     * Adds what the image learns from the text.
     *
     * @param x (B, 1 + N, D), after the block's own attention
     * @param text (B, T, D), padding included, which is seen like all else
     * @return (B, 1 + N, D)
     */
    NDArray forward(NDArray x, NDArray text, BridgePolicy policy, Mode mode) {
        return Intermediates.freeing(() -> {
            NDArray seen = policy == BridgePolicy.FAITHFUL ? recut(text) : text;
            NDArray attended = attention.forward(norm.forward(x), seen, seen, null, mode);
            return x.add(mlp.forward(attended, mode));
        });
    }

    /** (B, T, D) laid out as (T, B, D) and read as (B, T, D) again: see {@link BridgePolicy#FAITHFUL}. */
    private static NDArray recut(NDArray text) {
        Shape shape = text.getShape();
        return text.transpose(1, 0, 2).reshape(shape);
    }
}
