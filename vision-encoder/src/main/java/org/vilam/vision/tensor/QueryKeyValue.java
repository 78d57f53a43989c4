package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The three projections in front of an attention.
 *
 * <p>Letters: B batch, T query tokens, S key tokens, D query width, C key and value width, Q width of all query heads, R width
 * of all key heads.
 */
sealed interface QueryKeyValue {
    /**
     * Projects.
     *
     * @param query (B, T, D)
     * @param key (B, S, C)
     * @param value (B, S, C)
     */
    Projected project(NDArray query, NDArray key, NDArray value, Mode mode);

    /**
     * Projected tokens.
     *
     * @param query (B, T, Q)
     * @param key (B, S, R)
     * @param value (B, S, R)
     */
    record Projected(NDArray query, NDArray key, NDArray value) {}

    /** Three layers. */
    record Separate(Projection query, Projection key, Projection value) implements QueryKeyValue {
        @Override
        public Projected project(NDArray q, NDArray k, NDArray v, Mode mode) {
            return new Projected(query.forward(q, mode), key.forward(k, mode), value.forward(v, mode));
        }
    }

    /**
     * One weight, whose rows are those of queries, keys and values.
     *
     * @param weight (Q + 2 R, D)
     * @param bias (Q + 2 R) or null
     * @param queryBias (Q) or null
     * @param valueBias (R) or null
     * @param queryWidth Q
     * @param adapter what low-rank adaptation adds to the weight, or null
     */
    record Joint(
            NDArray weight,
            @Nullable NDArray bias,
            @Nullable NDArray queryBias,
            @Nullable NDArray valueBias,
            long queryWidth,
            @Nullable LoraAdapter adapter)
            implements QueryKeyValue {
        static Joint of(
                ParameterScope p,
                AttentionNames.Joint names,
                long width,
                long queryWidth,
                long keyWidth,
                boolean biased,
                Initializer initializer) {
            Initializer zeros = Initializer.zeros();
            long rows = queryWidth + 2 * keyWidth;
            Shape shape = new Shape(rows, width);
            NDArray weight = p.get(names.weight(), shape, initializer);
            return new Joint(
                    weight,
                    biased && names.bias() != null ? p.get(names.bias(), new Shape(rows), zeros) : null,
                    biased && names.queryBias() != null ? p.get(names.queryBias(), new Shape(queryWidth), zeros) : null,
                    biased && names.valueBias() != null ? p.get(names.valueBias(), new Shape(keyWidth), zeros) : null,
                    queryWidth,
                    p.adapter(names.weight(), shape, weight));
        }

        @Override
        public Projected project(NDArray q, NDArray k, NDArray v, Mode mode) {
            long keys = queryWidth + (weight.getShape().get(0) - queryWidth) / 2; // Q + R
            Projected y;
            if (q == k && k == v) {
                NDArray whole = Linear.apply(q, effective(mode), bias, mode);
                NDList parts = (adapter == null ? whole : adapter.add(whole, q, mode))
                        .split(new long[] {queryWidth, keys}, 2); // (B, T, Q), 2 of (B, T, R)
                y = new Projected(parts.get(0), parts.get(1), parts.get(2));
            } else {
                y = new Projected(
                        rows(q, 0, queryWidth, mode), // (B, T, Q)
                        rows(k, queryWidth, keys, mode), // (B, S, R)
                        rows(v, keys, weight.getShape().get(0), mode)); // (B, S, R)
            }
            return new Projected(
                    queryBias == null ? y.query() : y.query().add(queryBias),
                    y.key(),
                    valueBias == null ? y.value() : y.value().add(valueBias));
        }

        /** The projection by some rows of the weight. */
        private NDArray rows(NDArray x, long from, long to, Mode mode) {
            NDIndex index = new NDIndex().addSliceDim(from, to);
            NDArray part = effective(mode).get(x.getManager(), index);
            NDArray y = Linear.apply(x, part, bias == null ? null : bias.get(x.getManager(), index), mode);
            return adapter == null ? y : adapter.add(y, x, from, to, mode);
        }

        /** The weight, or while the adapter is merged into it that. */
        private NDArray effective(Mode mode) {
            NDArray merged = adapter == null ? null : adapter.weight(mode);
            return merged == null ? weight : merged;
        }
    }
}
