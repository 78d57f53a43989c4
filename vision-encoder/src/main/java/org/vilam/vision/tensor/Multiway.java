package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Two experts for two kinds of tokens in one sequence (Multiway Transformer, Wang et al. 2022, "Image as a foreign language"):
 * the first tokens go through A, the others through B, as torchscale's {@code MultiwayNetwork}.
 *
 * <p>Letters: B batch, T tokens, D width, E output width.
 *
 * @param <M> a block
 * @param a the expert of the first tokens (vision)
 * @param b the expert of the others (language)
 */
public record Multiway<M>(M a, M b) {
    /** Builds both experts, with the weights of the scopes {@code A} and {@code B}. */
    public static <M> Multiway<M> of(ParameterScope p, Function<ParameterScope, M> build) {
        return new Multiway<>(build.apply(p.scope("A")), build.apply(p.scope("B")));
    }

    /**
     * Sends tokens to their experts.
     *
     * @param x (B, T, D)
     * @param split how many tokens go to A: 0 for text alone, T for an image alone
     * @param forward applies an expert, (B, t, D) to (B, t, E)
     * @return (B, T, E)
     */
    public NDArray forward(NDArray x, long split, BiFunction<M, NDArray, NDArray> forward) {
        long tokens = x.getShape().get(1);
        if (split < 0 || split > tokens) {
            throw new IllegalArgumentException("split " + split + " lies outside the " + tokens + " tokens");
        }
        if (split == 0 || split == tokens) {
            return forward.apply(split == 0 ? b : a, x);
        }
        return Intermediates.freeing(() -> {
            NDArray first = forward.apply(a, x.get(new NDIndex(":, :" + split))); // (B, split, E)
            NDArray second = forward.apply(b, x.get(new NDIndex(":, " + split + ":"))); // (B, T - split, E)
            return first.concat(second, 1); // (B, T, E)
        });
    }
}
