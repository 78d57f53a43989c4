package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Scaled dot product attention of array operations: matmul, softmax, matmul. */
final class PlainAttention {
    private PlainAttention() {}

    /** See {@link Operations#attention}; every operand and intermediate passes through {@code rounding}. */
    static NDArray attention(
            NDArray q,
            NDArray k,
            NDArray v,
            @Nullable NDArray mask,
            boolean causal,
            double scale,
            UnaryOperator<NDArray> rounding) {
        Shape query = q.getShape(); // (B, H, T, K)
        long heads = k.getShape().get(1);
        long t = query.get(2);
        long s = k.getShape().get(2);
        Shape full = new Shape(query.get(0), query.get(1), t, s);
        // The query heads of one key/value head are stacked along T: no key or value is copied.
        long rows = query.get(1) / heads * t;
        NDArray queries = rounding.apply(Constants.scale(q, scale)).reshape(query.get(0), heads, rows, query.get(3));
        NDArray scores =
                rounding.apply(queries.matMul(rounding.apply(k).swapAxes(2, 3))).reshape(full); // (B, H, T, S)
        if (mask != null) {
            scores = scores.add(mask);
        }
        if (causal && t > 1) {
            scores = scores.add(causalMask(q.getManager(), t, s));
        }
        NDArray weights = mask != null || (causal && t > s) ? safeSoftmax(scores) : scores.softmax(3);
        NDArray stacked = rounding.apply(weights).reshape(query.get(0), heads, rows, s); // (B, G, H / G * T, S)
        return rounding.apply(stacked.matMul(rounding.apply(v))).reshape(query); // (B, H, T, K)
    }

    /** Softmax over the last axis with zeros, not NaN, for a row of negative infinities. */
    private static NDArray safeSoftmax(NDArray scores) {
        NDArray seen =
                scores.max(new int[] {3}, true).gt(Float.NEGATIVE_INFINITY).toType(DataType.FLOAT32, false);
        NDArray lowest = scores.getManager().full(new Shape(), -Float.MAX_VALUE);
        return scores.maximum(lowest).softmax(3).mul(seen);
    }

    /** Zeros where token t sees key s <= S - T + t, negative infinity elsewhere. */
    private static NDArray causalMask(NDManager manager, long t, long s) {
        int keys = Math.toIntExact(s);
        float[] values = new float[Math.toIntExact(t * s)];
        for (int row = 0; row < t; row++) {
            int seen = (int) Math.max(0, s - t + row + 1);
            Arrays.fill(values, row * keys + seen, (row + 1) * keys, Float.NEGATIVE_INFINITY);
        }
        return manager.create(values, new Shape(t, s));
    }
}
