package org.vilam.vision.beit3;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.vilam.vision.tensor.Embedding;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.LayerNorm;
import org.vilam.vision.tensor.Linear;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.ParameterScope;

/**
 * Words for what the convolutional stem sees on each patch, and the patches that the words of a text mean.
 *
 * <p>A patch tells words by likeness to the embeddings of the vocabulary, the same that embed the text. So before any layer it is
 * known how likely each word of the text is said of each patch (word-region alignment: Li et al. 2022, "GLIP"), and every patch
 * gets the embeddings of the words it matches. A small encoder trained from scratch then begins with words bound to places, which
 * attention alone takes very long to find.
 *
 * <p>Letters: I images, B texts, N patches, T text tokens, V vocabulary, D width.
 */
public final class StemWords {
    /** The log probability at which a word matches a patch as likely as not; an object's words share the probability. */
    private static final float HALF = 3.5f;

    private final LayerNorm norm;
    private final Linear projection;
    private final Linear output;
    private final NDArray bias; // (1)
    private final Linear value;

    StemWords(ParameterScope p, int width, double eps, Embedding words) {
        this.norm = new LayerNorm(p.scope("norm"), width, eps);
        this.projection = new Linear(p.scope("projection"), width, width, true);
        this.output = new Linear(p.path() + ".output", words.weight(), null);
        this.bias = p.get("bias", new Shape(1), (shape, random) -> new float[] {HALF}, false);
        this.value = new Linear(p.scope("value"), width, width, true, Initializer.normal(1 / Math.sqrt(width)));
    }

    /**
     * Which words the stem tells of what lies on patches.
     *
     * @param patches (..., D) of the stem's coarsest map, {@link org.vilam.vision.tensor.PatchEmbed#tokens}
     * @return (..., V) logits
     */
    public NDArray logits(NDArray patches, Mode mode) {
        return Intermediates.freeing(() -> output.forward(features(patches, mode), mode));
    }

    private NDArray features(NDArray patches, Mode mode) {
        return projection.forward(norm.forward(patches), mode);
    }

    /**
     * What patches get of the words they match: the sum of the words' embeddings, each weighed by how surely it matches.
     *
     * @param patches (I, N, D) of the stem's coarsest map
     * @param owners (B), which image each text goes with
     * @param words (B, T, D), the text's embeddings without positions
     * @param text (B, T, D), with positions; 0 where the text is padded
     * @param real (B, T, 1), 0 where the text is padded, else 1
     * @return (B, N, D)
     */
    NDArray matched(NDArray patches, NDArray owners, NDArray words, NDArray text, NDArray real, Mode mode) {
        return Intermediates.freeing(() -> {
            NDArray features = features(patches, mode); // (I, N, D)
            NDArray logits = output.forward(features, mode); // (I, N, V)
            // log sum exp over the vocabulary: what logSoftmax takes away, read off at any one word
            NDIndex first = new NDIndex("..., :1");
            NDArray whole = logits.get(first).sub(logits.logSoftmax(2).get(first)); // (I, N, 1)
            NDIndex owned = new NDIndex("{}", owners);
            NDArray said = features.get(owned)
                    .matMul(words.swapAxes(1, 2)) // (B, N, T)
                    .sub(whole.get(owned)); // log probabilities
            NDArray matches = ai.djl.nn.Activation.sigmoid(said.add(bias)).mul(real.swapAxes(1, 2));
            return matches.matMul(value.forward(text, mode)); // (B, N, D)
        });
    }
}
