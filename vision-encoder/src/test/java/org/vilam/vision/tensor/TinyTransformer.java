package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Two layers over an image and a text, with most blocks in it: patches and words, learned positions, pre-norm layers with
 * joint self-attention and cross-attention, drop path and dropout, and a gated layer behind.
 *
 * <p>Letters: B batch, P patches (16), T words, D width (32).
 */
final class TinyTransformer {
    private static final long WIDTH = 32;

    private final ConvStem stem;
    private final Embedding words;
    private final PositionTable places;
    private final List<Layer> layers = new ArrayList<>();
    private final RmsNorm lastNorm;
    private final SwiGlu gated;
    private final Linear head;
    private final Rotary rotary = new Rotary(8, 32, 10000, Rotary.Pairing.HALVES);

    private static final class Layer {
        final LayerNorm norm1;
        final MultiHeadAttention attention;
        final LayerNorm norm2;
        final MultiHeadAttention cross;
        final LayerNorm norm3;
        final Mlp mlp;
        final DropPath dropPath;

        Layer(ParameterScope p, double dropout, double dropPath) {
            norm1 = new LayerNorm(p.scope("norm1"), WIDTH, 1e-6);
            attention = MultiHeadAttention.of(WIDTH, 4)
                    .names(AttentionNames.EVA)
                    .dropout(dropout)
                    .build(p.scope("attn"));
            norm2 = new LayerNorm(p.scope("norm2"), WIDTH, 1e-6);
            cross = MultiHeadAttention.of(WIDTH, 4).keyValueHeads(2).norm(1e-5).build(p.scope("cross"));
            norm3 = new LayerNorm(p.scope("norm3"), WIDTH, 1e-6);
            mlp = new Mlp(
                    p.scope("mlp"),
                    MlpNames.FC,
                    WIDTH,
                    64,
                    Activation.GELU,
                    OptionalDouble.of(1e-5),
                    dropout,
                    Initializer.xavierUniform());
            this.dropPath = new DropPath(dropPath);
        }

        NDArray forward(NDArray x, NDArray memory, NDArray mask, Rotary.Angles angles, Mode mode) {
            return Intermediates.freeing(() -> {
                NDArray h = norm1.forward(x);
                NDArray y = x.add(dropPath.forward(attention.forwardCausal(h, mask, angles, null, mode), mode));
                y = y.add(cross.forward(norm2.forward(y), memory, memory, null, mode));
                return y.add(dropPath.forward(mlp.forward(norm3.forward(y), mode), mode)); // (B, T, D)
            });
        }
    }

    TinyTransformer(Parameters p, long vocabulary, long classes, double dropout, double dropPath) {
        stem = new ConvStem(p.scope("stem"), 3, 4, WIDTH);
        places = new PositionTable(p.root(), "pos_embed", new Shape(1, 16, WIDTH), Initializer.normal(0.02));
        words = new Embedding(p.scope("words"), vocabulary, WIDTH);
        for (int i = 0; i < 2; i++) {
            layers.add(new Layer(p.scope("layers").scope(i), dropout, dropPath));
        }
        lastNorm = new RmsNorm(p.scope("norm"), WIDTH, 1e-6);
        gated = new SwiGlu(p.scope("gated"), WIDTH, 48);
        head = new Linear(p.scope("head"), WIDTH, classes, true);
    }

    /**
     * Says something about each word.
     *
     * @param images (B, 3, 16, 16)
     * @param ids (B, T)
     * @param real (B, T), 0 at padding
     * @return logits (B, T, classes)
     */
    NDArray forward(NDArray images, NDArray ids, NDArray real, Mode mode) {
        return Intermediates.freeing(() -> {
            NDArray memory = places.addTo(stem.forward(images), 0); // (B, P, D)
            NDArray x = words.forward(ids); // (B, T, D)
            NDArray mask = AttentionMasks.padding(real); // (B, 1, 1, T)
            Rotary.Angles angles =
                    rotary.range(x.getManager(), 0, (int) ids.getShape().get(1));
            for (Layer layer : layers) {
                x = layer.forward(x, memory, mask, angles, mode);
            }
            x = lastNorm.forward(x);
            return head.forward(x.add(gated.forward(x, mode))); // (B, T, classes)
        });
    }

    /** Mean cross-entropy; targets are one-hot, (B, T, classes). */
    static NDArray loss(NDArray logits, NDArray targets) {
        return Constants.scale(
                logits.logSoftmax(-1).mul(targets).sum(),
                (double) -targets.getShape().get(2) / targets.size());
    }
}
