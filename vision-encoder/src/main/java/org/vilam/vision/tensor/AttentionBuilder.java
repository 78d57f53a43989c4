package org.vilam.vision.tensor;

/**
 * The sizes, names and options of a {@link MultiHeadAttention}; what is not said has its usual value.
 *
 * <p>Letters: D query and output width, C key and value width, H query heads, G key/value heads, K head width.
 */
public final class AttentionBuilder {
    private final long width; // D
    private final int heads; // H
    private int keyValueHeads; // G
    private int headWidth; // K; 0 until said
    private long keyValueWidth; // C
    private AttentionNames names = AttentionNames.SEPARATE;
    private boolean inputBias = true;
    private boolean outBias = true;
    private double normEps; // 0 for no norm
    private double dropout;
    private Initializer initializer = Linear.DEFAULT_WEIGHT;

    /** The checked sizes, by their letters. */
    record Sizes(long width, long keyValueWidth, int heads, int keyValueHeads, int headWidth) {}

    AttentionBuilder(long width, int heads) {
        this.width = width;
        this.heads = heads;
        this.keyValueHeads = heads;
        this.keyValueWidth = width;
    }

    /** What the parts are called; {@link AttentionNames#SEPARATE} if not said. */
    public AttentionBuilder names(AttentionNames value) {
        names = value;
        return this;
    }

    /** G, of which H is a multiple; H if not said. */
    public AttentionBuilder keyValueHeads(int value) {
        keyValueHeads = value;
        return this;
    }

    /** K; D / H if not said. */
    public AttentionBuilder headWidth(int value) {
        headWidth = value;
        return this;
    }

    /** C, for attention to tokens of another network; D if not said. */
    public AttentionBuilder keyValueWidth(long value) {
        keyValueWidth = value;
        return this;
    }

    /**
     * Whether the projections of queries, keys and values have biases (those the {@link #names} speak of), and whether the
     * output projection has; both if not said.
     */
    public AttentionBuilder bias(boolean inputs, boolean output) {
        inputBias = inputs;
        outBias = output;
        return this;
    }

    /** A LayerNorm with this epsilon in front of the output projection (sub-LayerNorm of BEiT-3); none if not said. */
    public AttentionBuilder norm(double eps) {
        normEps = LayerNorm.requirePositive(eps);
        return this;
    }

    /** The rate at which attention weights are dropped in training; 0 if not said. */
    public AttentionBuilder dropout(double rate) {
        dropout = rate;
        return this;
    }

    /** How the weights begin; {@link Linear#DEFAULT_WEIGHT} if not said. */
    public AttentionBuilder initializer(Initializer value) {
        initializer = value;
        return this;
    }

    /** Builds the attention with the weights of a scope. */
    public MultiHeadAttention build(ParameterScope p) {
        Sizes sizes = sizes();
        long queries = (long) heads * sizes.headWidth();
        return build(
                p,
                sizes,
                projections(p, sizes),
                new Linear(p.scope(names.out()), queries, width, outBias, initializer));
    }

    /**
     * Builds the attention of given projections; the scope gives the norm.
     *
     * @param query D to H * K
     * @param key C to G * K
     * @param value C to G * K
     * @param out H * K to D
     */
    public MultiHeadAttention build(
            ParameterScope p, Projection query, Projection key, Projection value, Projection out) {
        return build(p, sizes(), new QueryKeyValue.Separate(query, key, value), out);
    }

    private MultiHeadAttention build(ParameterScope p, Sizes sizes, QueryKeyValue projections, Projection out) {
        LayerNorm norm =
                normEps > 0 ? new LayerNorm(p.scope(names.norm()), (long) heads * sizes.headWidth(), normEps) : null;
        return new MultiHeadAttention(p.path(), sizes, projections, norm, out, dropout);
    }

    private QueryKeyValue projections(ParameterScope p, Sizes sizes) {
        long queries = (long) heads * sizes.headWidth();
        long keys = (long) keyValueHeads * sizes.headWidth();
        if (names instanceof AttentionNames.Separate n) {
            return new QueryKeyValue.Separate(
                    new Linear(p.scope(n.query()), width, queries, inputBias, initializer),
                    new Linear(p.scope(n.key()), keyValueWidth, keys, inputBias, initializer),
                    new Linear(p.scope(n.value()), keyValueWidth, keys, inputBias, initializer));
        }
        if (keyValueWidth != width) {
            throw new IllegalArgumentException(
                    "one weight for queries, keys and values needs them to be of one width, got " + width + " and "
                            + keyValueWidth);
        }
        return QueryKeyValue.Joint.of(p, (AttentionNames.Joint) names, width, queries, keys, inputBias, initializer);
    }

    private Sizes sizes() {
        if (width < 1 || heads < 1 || (headWidth == 0 && width % heads != 0)) {
            throw new IllegalArgumentException("width " + width + " does not divide into " + heads + " heads");
        }
        if (keyValueHeads < 1 || heads % keyValueHeads != 0) {
            throw new IllegalArgumentException(
                    heads + " query heads do not share " + keyValueHeads + " key/value heads evenly");
        }
        return new Sizes(
                width,
                keyValueWidth,
                heads,
                keyValueHeads,
                headWidth == 0 ? Math.toIntExact(width / heads) : headWidth);
    }
}
