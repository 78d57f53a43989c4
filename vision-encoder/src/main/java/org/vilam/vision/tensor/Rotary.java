package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

/**
 * Rotary positions (Su et al. 2021): pairs of a head's features are turned by an angle that grows with the token's position,
 * {@code position * base^(-2 i / K)} for pair i.
 *
 * <p>Letters: B batch, H heads, T tokens, K head width. Angles are products of float32 numbers, as in Hugging Face's LLaMA: with
 * exact angles position 2000 would be turned by 1e-4 other than in the training of the released weights.
 */
public final class Rotary {
    /** Which features form a pair. */
    public enum Pairing {
        /** i and i + K / 2: Hugging Face's LLaMA and all weights converted for it. */
        HALVES,
        /** 2 i and 2 i + 1: the paper, and LLaMA's original code. */
        NEIGHBOURS
    }

    private final int headWidth; // K
    private final int limit;
    private final Pairing pairing;
    private final float[] cos; // (limit, K)
    private final float[] sin; // (limit, K)

    /**
     * @param headWidth K, even
     * @param limit positions run from 0 up to but not including this
     * @param base 10000 in LLaMA
     */
    public Rotary(int headWidth, int limit, double base, Pairing pairing) {
        if (headWidth < 2 || headWidth % 2 != 0 || limit < 1 || !(base > 1)) {
            throw new IllegalArgumentException(
                    "rotary positions need an even head width, a limit and a base above 1, got " + headWidth + ", "
                            + limit + ", " + base);
        }
        this.headWidth = headWidth;
        this.limit = limit;
        this.pairing = pairing;
        this.cos = new float[Math.multiplyExact(limit, headWidth)];
        this.sin = new float[cos.length];
        int half = headWidth / 2;
        for (int i = 0; i < half; i++) {
            float exponent = (float) (2 * i) / headWidth;
            float frequency = 1 / (float) Math.pow(base, exponent);
            int first = pairing == Pairing.HALVES ? i : 2 * i;
            int second = pairing == Pairing.HALVES ? i + half : 2 * i + 1;
            for (int position = 0; position < limit; position++) {
                float angle = position * frequency;
                int row = position * headWidth;
                cos[row + first] = cos[row + second] = (float) Math.cos(angle);
                sin[row + first] = sin[row + second] = (float) Math.sin(angle);
            }
        }
    }

    /**
     * The angles of given positions; made once a forward pass, used in every layer.
     *
     * @param positions B rows of T positions, or one row for all samples alike
     */
    public Angles at(NDManager manager, int[][] positions) {
        int rows = positions.length;
        int tokens = rows == 0 ? 0 : positions[0].length;
        float[] c = new float[Math.multiplyExact(Math.multiplyExact(rows, tokens), headWidth)];
        float[] s = new float[c.length];
        for (int row = 0; row < rows; row++) {
            if (positions[row].length != tokens) {
                throw new IllegalArgumentException("rows of positions differ in length");
            }
            for (int t = 0; t < tokens; t++) {
                int position = positions[row][t];
                if (position < 0 || position >= limit) {
                    throw Shapes.mismatch("rotary", "position", Integer.toString(position), "0 .. " + (limit - 1));
                }
                int to = (row * tokens + t) * headWidth;
                System.arraycopy(cos, position * headWidth, c, to, headWidth);
                System.arraycopy(sin, position * headWidth, s, to, headWidth);
            }
        }
        Shape shape = new Shape(rows, 1, tokens, headWidth);
        return new Angles(Constants.of(manager, c, shape), Constants.of(manager, s, shape), pairing);
    }

    /** The angles of {@code count} positions from {@code from} on, the same for all samples. */
    public Angles range(NDManager manager, int from, int count) {
        int[] positions = new int[count];
        for (int t = 0; t < count; t++) {
            positions[t] = from + t;
        }
        return at(manager, new int[][] {positions});
    }

    /**
     * Cosines and sines of the tokens of one forward pass.
     *
     * @param cos (B, 1, T, K), or 1 for B
     * @param sin the same shape
     */
    public record Angles(NDArray cos, NDArray sin, Pairing pairing) {
        /**
         * Turns queries or keys.
         *
         * @param x (B, H, T, K)
         * @return (B, H, T, K)
         */
        public NDArray rotate(NDArray x) {
            Shape angles = cos.getShape();
            Shape shape = x.getShape();
            Object batch = angles.get(0) == 1 ? "B" : angles.get(0);
            Shapes.require("rotary", "heads", x, batch, "H", angles.get(2), angles.get(3));
            long half = shape.get(3) / 2;
            return Intermediates.freeing(() -> {
                NDArray turned; // (B, H, T, K)
                if (pairing == Pairing.HALVES) {
                    NDArray first = x.get(new NDIndex("..., :" + half)); // (B, H, T, K/2)
                    NDArray second = x.get(new NDIndex("..., " + half + ":")); // (B, H, T, K/2)
                    turned = second.neg().concat(first, 3);
                } else {
                    NDList pairs = x.reshape(shape.get(0), shape.get(1), shape.get(2), half, 2)
                            .split(2, 4); // 2 of (B, H, T, K/2, 1)
                    turned = pairs.get(1).neg().concat(pairs.get(0), 4).reshape(shape);
                }
                return x.mul(cos).add(turned.mul(sin));
            });
        }
    }
}
