package org.vilam.assistant.llama;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * What an answer continues: embedded tokens and soft prompts.
 *
 * <p>Letters: B batch, T tokens, D width.
 *
 * @param embeds (B, T, D)
 * @param mask (B, T), 1 where a token is real, 0 where it is padding; padding may lie anywhere
 * @param ids the token ids that the repetition penalty counts as said already, one row each; empty for none, as when the prompt
 *     is given as embeddings (LAVIS)
 */
@SuppressWarnings("ArrayRecordComponent") // read by the generation loop alone, never compared
public record Prompt(NDArray embeds, int[][] mask, List<int[]> ids) {
    /** Checks that the parts have the same number of rows and tokens. */
    public Prompt {
        if (embeds.getShape().dimension() != 3 || embeds.getShape().get(0) != mask.length) {
            throw new IllegalArgumentException(
                    "embeddings " + embeds.getShape() + " do not fit a mask of " + mask.length + " rows");
        }
        for (int[] row : mask) {
            if (row.length != embeds.getShape().get(1)) {
                throw new IllegalArgumentException(
                        "a mask of " + row.length + " tokens does not fit embeddings " + embeds.getShape());
            }
        }
        ids = List.copyOf(ids);
        if (!ids.isEmpty() && ids.size() != mask.length) {
            throw new IllegalArgumentException("there are ids for " + ids.size() + " rows of " + mask.length);
        }
    }

    /** A prompt without padding. */
    public static Prompt of(NDArray embeds) {
        int[][] mask = new int[Math.toIntExact(embeds.getShape().get(0))]
                [Math.toIntExact(embeds.getShape().get(1))];
        for (int[] row : mask) {
            java.util.Arrays.fill(row, 1);
        }
        return new Prompt(embeds, mask, List.of());
    }

    /**
     * The position of each token: how many real tokens came before it, and 1 at padding, so that padding consumes no positions
     * (Hugging Face's generation).
     */
    public int[][] positions() {
        int[][] out = new int[mask.length][];
        for (int row = 0; row < mask.length; row++) {
            out[row] = new int[mask[row].length];
            int seen = 0;
            for (int t = 0; t < mask[row].length; t++) {
                seen += mask[row][t];
                out[row][t] = mask[row][t] == 0 ? 1 : seen - 1;
            }
        }
        return out;
    }
}
