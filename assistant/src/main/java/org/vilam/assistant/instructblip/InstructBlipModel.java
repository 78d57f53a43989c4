package org.vilam.assistant.instructblip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.vilam.assistant.llama.LlamaModel;
import org.vilam.assistant.llama.Prompt;
import org.vilam.vision.eva.EvaVisionTransformer;
import org.vilam.vision.qformer.QFormer;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.LayerNorm;
import org.vilam.vision.tensor.Linear;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.ParameterScope;

/**
 * The networks of an InstructBLIP. Weights only: safe for several threads.
 *
 * <p>Letters: B batch, N image tokens, C image width, Q soft prompts, T text tokens, E the language model's width.
 */
public final class InstructBlipModel {
    private static final double DROPOUT = 0.1;

    private final InstructBlipConfig config;
    private final EvaVisionTransformer vision;
    private final LayerNorm visionNorm;
    private final NDArray queryTokens; // (1, Q, width of the Q-Former)
    private final QFormer qformer;
    private final Linear projection;
    private final LlamaModel language;

    /** Builds the networks with the weights of a scope, the root in Hugging Face's files. */
    public InstructBlipModel(ParameterScope p, InstructBlipConfig config) {
        int hidden = config.qformer().hiddenSize();
        this.config = config;
        this.vision = new EvaVisionTransformer(p.scope("vision_model"), config.vision());
        this.visionNorm = new LayerNorm(
                p.scope("vision_model.post_layernorm"), config.vision().hiddenSize(), config.visionNormEps());
        this.queryTokens =
                p.get("query_tokens", new Shape(1, config.queryTokens(), hidden), Initializer.normal(0.02), false);
        this.qformer = new QFormer(p.scope("qformer"), config.qformer(), DROPOUT);
        this.projection = new Linear(
                p.scope("language_projection"), hidden, config.language().hiddenSize(), true);
        this.language = new LlamaModel(p.scope("language_model"), config.language());
    }

    /** The sizes. */
    public InstructBlipConfig config() {
        return config;
    }

    /** The decoder. */
    public LlamaModel language() {
        return language;
    }

    /**
     * Images to tokens, normed.
     *
     * @param images (B, 3, image_size, image_size), normalised
     * @return (B, N, C)
     */
    public NDArray encodeImages(NDArray images, Mode mode) {
        return Intermediates.freeing(() -> visionNorm.forward(vision.forward(images, mode)));
    }

    /**
     * The soft prompts that stand for images before the language model.
     *
     * @param image (B, N, C) of {@link #encodeImages}
     * @param instructionIds (B, T) of the Q-Former's own tokenizer, padded on the right
     * @param instructionMask (B, T), 1 where a token is real
     * @return (B, Q, E)
     */
    public NDArray softPrompts(NDArray image, NDArray instructionIds, NDArray instructionMask, Mode mode) {
        return Intermediates.freeing(() ->
                projection.forward(qformer.forward(queryTokens, instructionIds, instructionMask, image, mode), mode));
    }

    /**
     * What the language model continues: soft prompts, then padding where a text is shorter than the longest, then the text (LAVIS
     * pads on the left and puts the image in front of all). Padding consumes no positions.
     *
     * @param soft (B, Q, E)
     * @param texts the tokens of each row, the beginning token first; none empty
     */
    public Prompt prompt(NDArray soft, List<int[]> texts) {
        int count = Math.toIntExact(soft.getShape().get(1));
        int longest = texts.stream().mapToInt(text -> text.length).max().orElse(0);
        long[][] ids = new long[texts.size()][longest];
        int[][] mask = new int[texts.size()][count + longest];
        for (int row = 0; row < ids.length; row++) {
            int[] text = texts.get(row);
            int pads = longest - text.length;
            Arrays.fill(mask[row], 0, count, 1);
            Arrays.fill(mask[row], count + pads, count + longest, 1);
            for (int t = 0; t < text.length; t++) {
                ids[row][pads + t] = text[t];
            }
        }
        NDManager manager = soft.getManager();
        return new Prompt(soft.concat(language.embed(manager.create(ids)), 1), mask, List.of());
    }
}
