package org.vilam.grounding.oneref;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.function.BiConsumer;
import org.vilam.grounding.decoder.MultiLayerPerceptron;
import org.vilam.vision.checkpoint.KeyMap;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Linear;
import org.vilam.vision.tensor.ParameterScope;
import org.vilam.vision.tensor.Shapes;

/**
 * OneRef's read-out: the text's first token is compared with every patch, and the box is read from the patches, each weighed by
 * its similarity.
 *
 * <p>The similarities are cosines and their softmax has no temperature, so the weights are nearly uniform; what the box is read
 * from lies mostly in the patches themselves.
 *
 * <p>Letters: B batch, N patches, T text tokens, D width.
 */
public final class OneRefHead {
    /**
     * From official checkpoints to the encoder and heads here: leaves out the counters of the batch norms, which nothing reads,
     * and the mask token, which only pre-training needs. The encoder lies in the scope {@code beit3}, the heads at the root.
     */
    public static final KeyMap CHECKPOINT = KeyMap.builder()
            .drop("bn{n:[123]}.num_batches_tracked")
            .drop("beit3.vision_embed.mask_token")
            .build();

    /** The least length that vectors are divided by, as in {@code torch.nn.functional.normalize}. */
    static final double NORM_EPS = 1e-12;

    private static final Initializer SMALL = Initializer.truncatedNormal(0.02);
    private static final Initializer TORCH_LINEAR = Initializer.kaimingUniform(Math.sqrt(5));
    /** CLIP's first temperature, 0.07, as the logarithm of its inverse. */
    private static final double LOGIT_SCALE = Math.log(1 / 0.07);

    private final String name;
    private final int width;
    private final Linear visionHead;
    private final Linear languageHead;
    private final Linear patchProjection;
    private final MultiLayerPerceptron box;
    private final NDArray logitScale;

    /** Builds the head with the weights of a scope, in the official files the root. */
    public OneRefHead(ParameterScope p, int width) {
        this.name = "OneRef head";
        this.width = width;
        this.logitScale = p.get("logit_scale", new Shape(), Initializer.constant(LOGIT_SCALE), false);
        this.languageHead = new Linear(p.scope("language_head"), width, width, false, SMALL);
        this.visionHead = new Linear(p.scope("vision_head"), width, width, false, SMALL);
        this.box = new MultiLayerPerceptron(p.scope("bbox_embed"), width, width, width, 4);
        this.patchProjection = new Linear(p.scope("visu_proj"), width, width, true, TORCH_LINEAR);
        // No forward pass of the official code uses these two; as buffers they are kept in files and never learn.
        p.scope("text_proj").buffer("weight", new Shape(width, width), TORCH_LINEAR);
        p.scope("text_proj").buffer("bias", new Shape(width), Initializer.zeros());
    }

    /**
     * What the head reads.
     *
     * @param boxes (B, 4), (centre x, centre y, width, height) as parts 0..1 of the padded square
     * @param similarity (B, N), cosine of each patch and the text, -1..1; the logits of the box-mask constraint
     * @param visionAnchor (B, D), of length 1: the image's CLS token
     * @param languageAnchor (B, D), of length 1: the text's first token
     */
    public record Output(NDArray boxes, NDArray similarity, NDArray visionAnchor, NDArray languageAnchor) {}

    /** Reads box, similarity and anchors. */
    public Output forward(NDArray cls, NDArray patches, NDArray text) {
        return forward(cls, patches, text, (tensor, value) -> {});
    }

    /**
     * Reads box, similarity and anchors.
     *
     * @param cls (B, D), the encoder's CLS token
     * @param patches (B, N, D)
     * @param text (B, T, D), of which only the first token is read
     * @param tap is shown intermediate results as they arise, by name; they are freed soon after
     */
    public Output forward(NDArray cls, NDArray patches, NDArray text, BiConsumer<String, NDArray> tap) {
        Shapes.require(name, "patches", patches, "B", "N", width);
        long batch = patches.getShape().get(0);
        Shapes.require(name, "cls", cls, batch, width);
        NDArray language = languageAnchor(text); // (B, D)
        NDArray vision = unit(visionHead, cls); // (B, D)
        NDArray similarity = Intermediates.freeing(() -> {
            NDArray features = visionHead.forward(patches); // (B, N, D)
            tap.accept("vision_head_out", features);
            return features.normalize(2, -1, NORM_EPS)
                    .matMul(language.expandDims(2)) // (B, N, 1)
                    .reshape(batch, -1);
        });
        NDArray boxes = Intermediates.freeing(() -> {
            NDArray projected = patchProjection.forward(patches); // (B, N, D)
            tap.accept("visu_proj_out", projected);
            NDArray pooled =
                    similarity.softmax(1).expandDims(1).matMul(projected).reshape(batch, width); // (B, D)
            tap.accept("z", pooled);
            NDArray logits = box.forward(pooled); // (B, 4)
            tap.accept("box_logits", logits);
            return Activation.sigmoid(logits);
        });
        return new Output(boxes, similarity, vision, language);
    }

    /**
     * What the text asks for, all that a {@link OneRefMaskHead} needs of it.
     *
     * @param text (B, T, D)
     * @return (B, D), of length 1
     */
    public NDArray languageAnchor(NDArray text) {
        Shapes.require(name, "text", text, "B", "T", width);
        return Intermediates.freeing(() -> unit(languageHead, text.get(new NDIndex(":, 0"))));
    }

    /** The logarithm of the contrastive loss's inverse temperature, one element. */
    public NDArray logitScale() {
        return logitScale;
    }

    /** Vision tokens (..., D) as they are compared, of length 1. */
    NDArray visionFeatures(NDArray x) {
        return unit(visionHead, x);
    }

    /** Text tokens (..., D) as they are compared, of length 1. */
    NDArray languageFeatures(NDArray x) {
        return unit(languageHead, x);
    }

    private static NDArray unit(Linear head, NDArray x) {
        return Intermediates.freeing(() -> head.forward(x).normalize(2, -1, NORM_EPS));
    }
}
