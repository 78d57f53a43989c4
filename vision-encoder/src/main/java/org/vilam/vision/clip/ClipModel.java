package org.vilam.vision.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Linear;
import org.vilam.vision.tensor.ParameterScope;

/**
 * Both towers and the projections into the space they share.
 *
 * <p>Letters: B batch, H the width of that space.
 */
public final class ClipModel {
    private static final double NORM_EPS = 1e-12;
    /** CLIP's first temperature, 0.07, as the logarithm of its inverse. */
    private static final double LOGIT_SCALE = Math.log(1 / 0.07);

    private final ClipTextModel text;
    private final ClipVisionModel vision;
    private final Linear textProjection;
    private final Linear visualProjection;
    private final NDArray logitScale;

    /** Builds the model with the weights of a scope, in Hugging Face's files the root. */
    public ClipModel(ParameterScope p, ClipConfig config) {
        this.logitScale = p.get("logit_scale", new Shape(), Initializer.constant(LOGIT_SCALE), false);
        this.text = new ClipTextModel(p.scope("text_model"), config.text());
        this.vision = new ClipVisionModel(p.scope("vision_model"), config.vision());
        this.visualProjection =
                new Linear(p.scope("visual_projection"), config.vision().hiddenSize(), config.projectionDim(), false);
        this.textProjection =
                new Linear(p.scope("text_projection"), config.text().hiddenSize(), config.projectionDim(), false);
    }

    /** The text tower. */
    public ClipTextModel text() {
        return text;
    }

    /** The image tower. */
    public ClipVisionModel vision() {
        return vision;
    }

    /** Texts or their tokens in the shared space, (..., text width) to (..., H), not normalised. */
    public NDArray projectText(NDArray x) {
        return textProjection.forward(x);
    }

    /** Images in the shared space, (..., image width) to (..., H), not normalised. */
    public NDArray projectImage(NDArray x) {
        return visualProjection.forward(x);
    }

    /**
     * How well texts and images go together: cosines times the learned inverse temperature.
     *
     * @param texts (B, H), projected
     * @param images (C, H), projected
     * @return (B, C)
     */
    public NDArray logitsPerText(NDArray texts, NDArray images) {
        return Intermediates.freeing(() -> texts.normalize(2, 1, NORM_EPS)
                .matMul(images.normalize(2, 1, NORM_EPS).transpose())
                .mul(logitScale.exp()));
    }
}
