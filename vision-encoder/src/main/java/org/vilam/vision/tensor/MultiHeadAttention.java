package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head attention (Vaswani et al. 2017, 3.2.2), of tokens to themselves or to others, with grouped key/value heads
 * (Ainslie et al. 2023) and rotary positions where a family has them.
 *
 * <p>Letters: B batch, T query tokens, S key tokens, D query and output width, C key and value width, H query heads, G
 * key/value heads (H a multiple of G), K head width. Queries are divided by sqrt(K).
 */
public final class MultiHeadAttention {
    private final String name;
    private final long width; // D
    private final long keyValueWidth; // C
    private final int heads; // H
    private final int keyValueHeads; // G
    private final int headWidth; // K
    private final QueryKeyValue projections;
    private final @Nullable LayerNorm norm;
    private final Projection out;
    private final Dropout dropout;

    MultiHeadAttention(
            String name,
            AttentionBuilder.Sizes sizes,
            QueryKeyValue projections,
            @Nullable LayerNorm norm,
            Projection out,
            double dropout) {
        this.name = name;
        this.width = sizes.width();
        this.keyValueWidth = sizes.keyValueWidth();
        this.heads = sizes.heads();
        this.keyValueHeads = sizes.keyValueHeads();
        this.headWidth = sizes.headWidth();
        this.projections = projections;
        this.norm = norm;
        this.out = out;
        this.dropout = new Dropout(dropout);
    }

    /**
     * Describes an attention; what is not said has its usual value.
     *
     * @param width D
     * @param heads H
     */
    public static AttentionBuilder of(long width, int heads) {
        return new AttentionBuilder(width, heads);
    }

    /**
     * Attention of tokens to themselves.
     *
     * @param x (B, T, D)
     * @param mask additive, broadcastable to (B, H, T, T), or null; see {@link AttentionMasks}
     * @return (B, T, D)
     */
    public NDArray forward(NDArray x, @Nullable NDArray mask, Mode mode) {
        return forward(x, x, x, mask, mode);
    }

    /**
     * Attention of tokens to others. Keys and values are given apart because some families add positions to queries and keys
     * alone.
     *
     * @param query (B, T, D)
     * @param key (B, S, C)
     * @param value (B, S, C)
     * @param mask additive, broadcastable to (B, H, T, S), or null
     * @return (B, T, D)
     */
    public NDArray forward(NDArray query, NDArray key, NDArray value, @Nullable NDArray mask, Mode mode) {
        return attend(query, key, value, mask, false, null, null, mode);
    }

    /**
     * Causal attention of tokens to themselves and to those of the cache: each sees what came before it.
     *
     * @param x (B, T, D)
     * @param mask additive, broadcastable to (B, H, T, S) with S the tokens of the cache and x, or null
     * @param angles the rotary positions of x, or null for none
     * @param cache where the keys and values of x are appended, or null for none; inference only
     * @return (B, T, D)
     */
    public NDArray forwardCausal(
            NDArray x,
            @Nullable NDArray mask,
            Rotary.@Nullable Angles angles,
            KvCache.@Nullable Layer cache,
            Mode mode) {
        if (cache != null && mode.isTraining()) {
            throw new IllegalArgumentException(name + ": a cache passes no gradients back, so training has none");
        }
        return attend(x, x, x, mask, true, angles, cache, mode);
    }

    private NDArray attend(
            NDArray query,
            NDArray key,
            NDArray value,
            @Nullable NDArray mask,
            boolean causal,
            Rotary.@Nullable Angles angles,
            KvCache.@Nullable Layer cache,
            Mode mode) {
        Shapes.require(name, "query", query, "B", "T", width);
        long batch = query.getShape().get(0);
        Shapes.require(name, "key", key, batch, "S", keyValueWidth);
        long keys = key.getShape().get(1);
        Shapes.require(name, "value", value, batch, keys, keyValueWidth);
        long seen = keys + (cache == null ? 0 : cache.length());
        if (mask != null) {
            Shapes.requireBroadcast(
                    name, "mask", mask, batch, heads, query.getShape().get(1), seen);
        }
        return Intermediates.freeing(() -> {
            QueryKeyValue.Projected projected = projections.project(query, key, value, mode);
            NDArray q = splitHeads(projected.query(), heads); // (B, H, T, K)
            NDArray k = splitHeads(projected.key(), keyValueHeads); // (B, G, S, K)
            NDArray v = splitHeads(projected.value(), keyValueHeads); // (B, G, S, K)
            if (angles != null) {
                q = angles.rotate(q);
                k = angles.rotate(k);
            }
            if (cache != null) {
                KvCache.Entry entry = cache.append(k, v);
                k = entry.keys(); // (B, G, cached + T, K)
                v = entry.values(); // (B, G, cached + T, K)
            }
            NDArray y = dropout.active(mode)
                    ? weighWithDropout(q, k, v, mask, causal, mode) // (B, H, T, K)
                    : weigh(q, k, v, mask, causal, mode); // (B, H, T, K)
            y = mergeHeads(y); // (B, T, H * K)
            if (norm != null) {
                y = norm.forward(y);
            }
            return out.forward(y, mode); // (B, T, D)
        });
    }

    /** Attention of split heads: q (B, H, T, K), k and v (B, G, S, K), to (B, H, T, K). */
    private static NDArray weigh(NDArray q, NDArray k, NDArray v, @Nullable NDArray mask, boolean causal, Mode mode) {
        double scale = 1 / Math.sqrt((double) q.getShape().get(3));
        return mode.isMixed()
                ? Operations.get().mixedAttention(q, k, v, mask, causal, scale)
                : Operations.get().attention(q, k, v, mask, causal, scale);
    }

    /** Attention with dropout on the weights, in float32; the fused kernels cannot take it from our generator. */
    private NDArray weighWithDropout(
            NDArray q, NDArray k, NDArray v, @Nullable NDArray mask, boolean causal, Mode mode) {
        Shape shape = q.getShape();
        long batch = shape.get(0);
        long tokens = shape.get(2);
        long keys = k.getShape().get(2);
        long group = heads / keyValueHeads;
        NDArray scores = Constants.scale(q, 1 / Math.sqrt(headWidth))
                .reshape(batch, keyValueHeads, group * tokens, headWidth)
                .matMul(k.swapAxes(2, 3)) // (B, G, H / G * T, S)
                .reshape(batch, heads, tokens, keys); // (B, H, T, S)
        if (mask != null) {
            scores = scores.add(mask);
        }
        if (causal) {
            scores = scores.add(AttentionMasks.causal(q.getManager(), Math.toIntExact(tokens), Math.toIntExact(keys)));
        }
        NDArray weights = dropout.forward(scores.softmax(3), mode);
        return weights.reshape(batch, keyValueHeads, group * tokens, keys)
                .matMul(v) // (B, G, H / G * T, K)
                .reshape(shape); // (B, H, T, K)
    }

    /**
     * Attention of tokens that are projected already, for families that project them in their own way.
     *
     * @param q (B, T, H * K)
     * @param k (B, S, H * K)
     * @param v (B, S, H * K)
     * @param heads H
     * @param mask additive, broadcastable to (B, H, T, S), or null
     * @return (B, T, H * K)
     */
    public static NDArray attend(NDArray q, NDArray k, NDArray v, int heads, @Nullable NDArray mask, Mode mode) {
        long width = q.getShape().get(q.getShape().dimension() - 1);
        Shapes.require("attention", "query", q, "B", "T", width);
        Shapes.require("attention", "key", k, q.getShape().get(0), "S", width);
        Shapes.require(
                "attention", "value", v, q.getShape().get(0), k.getShape().get(1), width);
        if (heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException("width " + width + " does not divide into " + heads + " heads");
        }
        if (mask != null) {
            Shapes.requireBroadcast(
                    "attention",
                    "mask",
                    mask,
                    q.getShape().get(0),
                    heads,
                    q.getShape().get(1),
                    k.getShape().get(1));
        }
        return Intermediates.freeing(() -> mergeHeads(weigh(
                splitHeads(q, heads), // (B, H, T, K)
                splitHeads(k, heads), // (B, H, S, K)
                splitHeads(v, heads), // (B, H, S, K)
                mask,
                false,
                mode))); // (B, T, H * K)
    }

    private static NDArray splitHeads(NDArray x, int heads) {
        Shape shape = x.getShape();
        return x.reshape(shape.get(0), shape.get(1), heads, shape.get(2) / heads)
                .transpose(0, 2, 1, 3); // (B, H, T, K)
    }

    private static NDArray mergeHeads(NDArray x) {
        Shape shape = x.getShape();
        return x.transpose(0, 2, 1, 3)
                .reshape(shape.get(0), shape.get(2), shape.get(1) * shape.get(3)); // (B, T, H * K)
    }
}
