package org.vilam.grounding.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.tensor.Activation;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Linear;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.ParameterScope;

/**
 * One box: the fused CLS token and the mean of the text look at the patches, and the box is read where they look.
 *
 * <p>The look is supervised (the softmax over patches learns which part of the object meant lies in each), without which a small
 * encoder does not learn to ground from boxes alone.
 *
 * <p>Letters: B batch, N patches, T text tokens, D width.
 */
public final class TokenHead {
    private final int grid;
    private final int width;
    private final Linear query;
    private final Linear key;
    private final Linear referent;
    private final Linear hidden;
    private final Linear box;
    private final Linear presence;

    /**
     * Builds the head.
     *
     * @param width D
     * @param grid patches along one side
     */
    public TokenHead(ParameterScope p, int width, int grid) {
        this.grid = grid;
        this.width = width;
        this.query = new Linear(p.scope("query"), 2L * width, width, true);
        this.key = new Linear(p.scope("key"), width, width, true);
        this.referent = new Linear(p.scope("referent"), width, 1, true);
        this.hidden = new Linear(p.scope("hidden"), 3L * width + 3, width, true);
        this.box = new Linear(p.scope("box"), width, 4, true);
        this.presence = new Linear(p.scope("presence"), width, 1, true);
    }

    /**
     * What the head answers.
     *
     * @param attention (B, N) logits over the patches: where the object meant is, if it is one
     * @param referent (B, N) logits, each patch on its own: whether it lies on something meant
     * @param box (B, 4), (centre x, centre y, width, height); the centre may leave 0..1 by little
     * @param presence (B) logits: whether anything in the picture is meant
     */
    public record Output(NDArray attention, NDArray referent, NDArray box, NDArray presence) {}

    /**
     * Answers.
     *
     * @param encoded an image and a text
     * @param textPadding (B, T), 1 where the text is padding, any type
     */
    public Output forward(Beit3Encoder.Encoded encoded, NDArray textPadding, Mode mode) {
        NDArray attention = Intermediates.freeing(() -> {
            NDArray q = query.forward(summary(encoded, textPadding), mode).expandDims(2); // (B, D, 1)
            NDArray k = key.forward(encoded.patches(), mode); // (B, N, D)
            return Constants.scale(k.matMul(q).squeeze(2), 1 / Math.sqrt(width));
        });
        NDArray referents =
                Intermediates.freeing(() -> referent.forward(encoded.patches()).squeeze(2));
        NDArray h = Intermediates.freeing(() -> {
            NDArray weights = attention.softmax(1).expandDims(1); // (B, 1, N)
            NDArray seen = weights.matMul(encoded.patches()).squeeze(1); // (B, D)
            NDArray xy = place(weights).squeeze(1); // (B, 2)
            NDArray sure = referents.max(new int[] {1}, true); // (B, 1)
            NDList parts = new NDList(summary(encoded, textPadding), seen, xy, sure);
            return Activation.GELU.apply(hidden.forward(NDArrays.concat(parts, 1), mode)); // (B, D)
        });
        NDArray boxes = Intermediates.freeing(() -> {
            NDArray raw = box.forward(h); // (B, 4)
            NDArray centre =
                    place(attention.softmax(1).expandDims(1)).squeeze(1).add(raw.get(new NDIndex(":, :2")));
            return centre.concat(ai.djl.nn.Activation.sigmoid(raw.get(new NDIndex(":, 2:"))), 1);
        });
        // Something is meant where some patch is sure to lie on it; the rest is a correction to that.
        NDArray present =
                Intermediates.freeing(() -> presence.forward(h).squeeze(1).add(referents.max(new int[] {1}))); // (B)
        h.close();
        return new Output(attention, referents, boxes, present);
    }

    /** CLS and the mean of the real text, (B, 2 D). */
    private static NDArray summary(Beit3Encoder.Encoded encoded, NDArray textPadding) {
        NDArray real = textPadding.toType(DataType.FLOAT32, false).neg().add(1); // (B, T)
        NDArray share = real.div(real.sum(new int[] {1}, true).maximum(1)).expandDims(1); // (B, 1, T)
        NDArray text = encoded.text(); // (B, T, D)
        return encoded.cls().concat(share.matMul(text).squeeze(1), 1);
    }

    /** The expected place under weights over the patches: (B, 1, N) to (B, 1, 2). */
    private NDArray place(NDArray weights) {
        return weights.matMul(centres(weights.getManager()));
    }

    /** The centres (x, y) of the patches, (N, 2). */
    private NDArray centres(NDManager manager) {
        float[] values = new float[2 * grid * grid];
        for (int i = 0; i < grid * grid; i++) {
            values[2 * i] = (i % grid + 0.5f) / grid;
            values[2 * i + 1] = (Math.floorDiv(i, grid) + 0.5f) / grid;
        }
        return Constants.of(manager, values, new Shape((long) grid * grid, 2));
    }
}
