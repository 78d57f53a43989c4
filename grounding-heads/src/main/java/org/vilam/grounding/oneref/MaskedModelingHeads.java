package org.vilam.grounding.oneref;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import org.vilam.grounding.decoder.MultiLayerPerceptron;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Linear;
import org.vilam.vision.tensor.ParameterScope;

/**
 * The heads of MRefM, OneRef's masked referring modelling (section 3.3): what a hidden patch or word was, and how each patch and
 * word stands to what is referred to.
 *
 * <p>Letters: B batch, N patches, T text tokens, M hidden ones of the whole batch, D width, K codes of the image tokenizer, V
 * vocabulary.
 */
public final class MaskedModelingHeads {
    private static final Initializer SMALL = Initializer.truncatedNormal(0.02);

    private final OneRefHead head;
    private final Linear patchContent;
    private final MultiLayerPerceptron patchRelation;
    private final Linear wordContent;
    private final MultiLayerPerceptron wordRelation;

    /**
     * Builds the heads with the tensors {@code mim_head}, {@code mim_vts_head}, {@code mlm_head} and {@code mlm_sts_head} of a
     * scope, the root in official files.
     *
     * @param head whose features they read
     */
    public MaskedModelingHeads(ParameterScope p, OneRefHead head, int width, int codes, int vocabulary) {
        this.head = head;
        this.patchContent = new Linear(p.scope("mim_head"), width, codes, true, SMALL);
        this.patchRelation = new MultiLayerPerceptron(p.scope("mim_vts_head"), width, width, width, 4);
        this.wordContent = new Linear(p.scope("mlm_head"), width, vocabulary, true, SMALL);
        this.wordRelation = new MultiLayerPerceptron(p.scope("mlm_sts_head"), width, width, width, 1);
    }

    /**
     * Patches as what is referred to sees them: their features times the text's anchor, element by element.
     *
     * @param patches (B, N, D), the encoder's
     * @param text (B, T, D), the encoder's
     * @return (B, N, D)
     */
    public NDArray referredPatches(NDArray patches, NDArray text) {
        return Intermediates.freeing(
                () -> head.visionFeatures(patches).mul(head.languageAnchor(text).expandDims(1)));
    }

    /**
     * Words as the image sees them: their features times the image's anchor, element by element.
     *
     * @param cls (B, D), the encoder's
     * @param text (B, T, D), the encoder's
     * @return (B, T, D)
     */
    public NDArray referredWords(NDArray cls, NDArray text) {
        return Intermediates.freeing(
                () -> head.languageFeatures(text).mul(head.visionFeatures(cls).expandDims(1)));
    }

    /**
     * Which code each hidden patch had.
     *
     * @param referred (M, D), of the hidden patches alone; see {@link #referredPatches}
     * @return (M, K) logits
     */
    public NDArray patchCodes(NDArray referred) {
        return Intermediates.freeing(() -> patchContent.forward(referred.normalize(2, -1, OneRefHead.NORM_EPS)));
    }

    /**
     * The same from tokens that are not compared with the text: OneRef's vanilla variant, and that of a layer in between.
     *
     * @param tokens (M, D)
     * @return (M, K) logits
     */
    public NDArray patchCodesOfTokens(NDArray tokens) {
        return patchContent.forward(tokens);
    }

    /** How each patch lies to the region, (B, N, D) to (B, N, 4); see {@link ReferringMask#relations}. */
    public NDArray patchRelations(NDArray referred) {
        return patchRelation.forward(referred);
    }

    /**
     * Which word each hidden one was.
     *
     * @param tokens (M, D), the encoder's, of the hidden words alone; or {@link #referredWords} in a variant of the paper
     * @return (M, V) logits
     */
    public NDArray words(NDArray tokens) {
        return wordContent.forward(tokens);
    }

    /**
     * How much each word between the first and the last place tells what is referred to.
     *
     * @param referred (B, T, D), see {@link #referredWords}
     * @return (B, T - 2), adding up to 1 in each row
     */
    public NDArray wordRelations(NDArray referred) {
        return Intermediates.freeing(() -> {
            NDArray inner = referred.get(new NDIndex(":, 1:-1")); // (B, T - 2, D)
            return wordRelation.forward(inner).squeeze(2).softmax(1);
        });
    }
}
