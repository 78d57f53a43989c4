package org.vilam.assistant.llama;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import org.vilam.vision.tensor.AttentionMasks;
import org.vilam.vision.tensor.KvCache;
import org.vilam.vision.tensor.Mode;

/**
 * One prompt being continued: the cache, the mask and the positions, moved forward a token at a time.
 *
 * <p>Letters: R rows (batch, or batch times beams), V vocabulary.
 */
final class Decoding implements AutoCloseable {
    private final LlamaModel model;
    private final NDManager manager;
    private final KvCache cache;
    private int[][] mask;
    private int[] next;

    Decoding(LlamaModel model, NDManager parent, Prompt prompt, int newTokens) {
        this.model = model;
        this.manager = parent.newSubManager();
        this.mask = Arrays.stream(prompt.mask()).map(int[]::clone).toArray(int[][]::new);
        int length = mask.length == 0 ? 0 : mask[0].length;
        int limit = model.config().maxPositions();
        if (length + newTokens - 1 > limit) {
            manager.close();
            throw new IllegalArgumentException("a prompt of " + length + " tokens and " + newTokens
                    + " new ones do not fit the " + limit + " positions of the model");
        }
        this.cache = model.newCache(manager, mask.length, length + newTokens);
        this.next =
                Arrays.stream(mask).mapToInt(row -> Arrays.stream(row).sum()).toArray();
    }

    /** Reads the prompt: the logits of the first new token, R rows of V. */
    float[][] begin(Prompt prompt) {
        try (NDManager scope = manager.newSubManager()) {
            return logits(scope, prompt.embeds(), prompt.positions());
        }
    }

    /** Takes row {@code rows[i]} as row i from now on. */
    void select(int... rows) {
        cache.select(rows);
        mask = Arrays.stream(rows).mapToObj(row -> mask[row].clone()).toArray(int[][]::new);
        next = Arrays.stream(rows).map(row -> next[row]).toArray();
    }

    /** Says one token a row: the logits of the one after it, R rows of V. */
    float[][] say(int[] tokens) {
        int[][] positions = new int[tokens.length][];
        for (int row = 0; row < tokens.length; row++) {
            mask[row] = Arrays.copyOf(mask[row], mask[row].length + 1);
            mask[row][mask[row].length - 1] = 1;
            positions[row] = new int[] {next[row]++};
        }
        try (NDManager scope = manager.newSubManager()) {
            NDArray ids =
                    scope.create(Arrays.stream(tokens).asLongStream().toArray()).expandDims(1); // (R, 1)
            return logits(scope, model.embed(ids), positions);
        }
    }

    private float[][] logits(NDManager scope, NDArray embeds, int[][] positions) {
        NDArray own = embeds.getManager() == scope ? embeds : embeds.stopGradient();
        own.attach(scope);
        boolean padded = Arrays.stream(mask).flatMapToInt(Arrays::stream).anyMatch(m -> m == 0);
        NDArray additive = padded ? AttentionMasks.padding(scope.create(mask)) : null; // (R, 1, 1, S)
        float[] all = model.forwardLast(own, additive, positions, cache, Mode.INFERENCE)
                .toFloatArray();
        int vocabulary = model.config().vocabSize();
        float[][] rows = new float[all.length / vocabulary][];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = Arrays.copyOfRange(all, row * vocabulary, (row + 1) * vocabulary);
        }
        return rows;
    }

    @Override
    public void close() {
        cache.close();
        manager.close();
    }
}
