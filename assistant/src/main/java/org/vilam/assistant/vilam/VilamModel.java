package org.vilam.assistant.vilam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.llama.LlamaModel;
import org.vilam.grounding.head.QueryHead;
import org.vilam.grounding.head.RegionHead;
import org.vilam.grounding.head.TokenHead;
import org.vilam.vision.beit3.Beit3Config;
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.qformer.QFormer;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.LayerNorm;
import org.vilam.vision.tensor.Linear;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.ParameterScope;
import org.vilam.vision.tensor.PatchEmbed;
import org.vilam.vision.tensor.RmsNorm;

/**
 * The networks of a ViLaM with grounding heads. Weights only: safe for several threads.
 *
 * <p>Letters: B batch, N patches, T text tokens, D the encoder's width, Q soft prompts, R region tokens, E the language model's
 * width.
 */
public final class VilamModel {
    private final VilamConfig config;
    private final Beit3Encoder encoder;
    private final TokenHead tokenHead;
    private final QueryHead queryHead;
    private final RegionHead regionHead;
    private final Linear wordProjection;
    private final Linear wordOutput;
    private final NDArray queryTokens; // (1, Q, width of the Q-Former)
    private final @Nullable RmsNorm regionWordNorm;
    private final LayerNorm visionNorm;
    private final QFormer qformer;
    private final Linear languageProjection;
    private final LlamaModel language;

    /** Builds the networks with the weights of a scope, the root in this family's own files. */
    public VilamModel(ParameterScope p, VilamConfig config) {
        Beit3Config vision = config.encoder();
        int width = vision.embedDim();
        int hidden = config.qformer().hiddenSize();
        int tokenWidth = config.language().hiddenSize();
        this.config = config;
        this.encoder = new Beit3Encoder(p.scope("beit3"), vision);
        this.tokenHead = new TokenHead(p.scope("token_head"), width, vision.grid());
        this.queryHead = new QueryHead(p.scope("query_head"), config.heads(), width, vision.grid());
        this.regionHead = new RegionHead(
                p.scope("region_head"), config.heads(), width, vision.patchSize(), vision.grid(), tokenWidth);
        this.wordProjection = new Linear(p.scope("word_head"), width, width, true);
        this.wordOutput = new Linear("word_head.output", encoder.textEmbedding(), null);
        this.queryTokens =
                p.get("query_tokens", new Shape(1, config.queryTokens(), hidden), Initializer.normal(0.5), false);
        this.regionWordNorm = vision.stemWords() ? new RmsNorm(p.scope("region_words.norm"), tokenWidth, 1e-6) : null;
        this.visionNorm = new LayerNorm(p.scope("ln_vision"), width, 1e-5);
        this.qformer = new QFormer(p.scope("qformer"), config.qformer(), 0);
        this.languageProjection = new Linear(p.scope("language_projection"), hidden, tokenWidth, true);
        this.language = new LlamaModel(p.scope("language_model"), config.language());
    }

    /** The sizes. */
    public VilamConfig config() {
        return config;
    }

    /** Image and text to tokens. */
    public Beit3Encoder encoder() {
        return encoder;
    }

    /** One box. */
    public TokenHead tokenHead() {
        return tokenHead;
    }

    /** A set of boxes. */
    public QueryHead queryHead() {
        return queryHead;
    }

    /** Refined boxes, masks, keypoints and region tokens. */
    public RegionHead regionHead() {
        return regionHead;
    }

    /** The decoder. */
    public LlamaModel language() {
        return language;
    }

    /**
     * Which words patches tell of what lies on them: logits over the vocabulary, by likeness to the words' embeddings.
     *
     * @param patches (..., D)
     * @return (..., V)
     */
    public NDArray words(NDArray patches, Mode mode) {
        return Intermediates.freeing(() -> wordOutput.forward(wordProjection.forward(patches, mode), mode));
    }

    /**
     * The tokens that stand for regions before the language model. Where the encoder's stem tells words, the language model reads
     * them in its own embeddings, mixed by their probability: what is seen need not be learned a second time to be said.
     *
     * @param encoded the images, alone or with a text
     * @return (R, region tokens, E)
     */
    public NDArray regionTokens(RegionHead.Look look, Beit3Encoder.Encoded encoded, Mode mode) {
        RmsNorm norm = regionWordNorm;
        if (norm == null) {
            return regionHead.tokens(look, encoded, mode);
        }
        return Intermediates.freeing(() -> {
            NDArray coarsest =
                    PatchEmbed.tokens(encoded.maps().get(encoded.maps().size() - 1)); // (I, N, D)
            NDArray told =
                    encoder.stemWords().logits(coarsest, mode).softmax(2).matMul(language.embeddings()); // (I, N, E)
            NDArray words = norm.forward(regionHead.average(look, told)).expandDims(1); // (R, 1, E)
            return regionHead.tokens(look, encoded, mode).add(words);
        });
    }

    /**
     * The soft prompts that stand for images before the language model.
     *
     * @param patches (B, N, D) of images encoded alone
     * @param instructionIds (B, T)
     * @param instructionMask (B, T), 1 where a token is real
     * @return (B, Q, E)
     */
    public NDArray softPrompts(NDArray patches, NDArray instructionIds, NDArray instructionMask, Mode mode) {
        return Intermediates.freeing(() -> languageProjection.forward(
                qformer.forward(queryTokens, instructionIds, instructionMask, visionNorm.forward(patches), mode),
                mode));
    }
}
