package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

/**
 * Learned absolute positions: one vector a place.
 *
 * <p>Letters: B batch, T tokens, N places, D width.
 */
public final class PositionTable {
    private final String name;
    private final NDArray table; // (N, D) or (1, N, D)
    private final long rows;
    private final long width;

    /**
     * A table of the scope.
     *
     * @param tensor its name, such as {@code pos_embed} or {@code position_embedding.weight}
     * @param shape (N, D), or (1, N, D) as timm and EVA store it
     */
    public PositionTable(ParameterScope p, String tensor, Shape shape, Initializer initializer) {
        int axes = shape.dimension();
        if (axes < 2 || axes > 3 || (axes == 3 && shape.get(0) != 1)) {
            throw new IllegalArgumentException("a position table is (N, D) or (1, N, D), got " + shape);
        }
        this.name = p.fullName(tensor);
        this.table = p.get(tensor, shape, initializer);
        this.rows = shape.get(axes - 2);
        this.width = shape.get(axes - 1);
    }

    /**
     * The vectors of consecutive places, for instance to add them to queries and keys only.
     *
     * @param manager what the result belongs to
     * @param from the first place; some families leave the first rows unused (2 in BEiT-3)
     * @return (count, D)
     */
    public NDArray rows(NDManager manager, long from, long count) {
        if (from < 0 || count < 1 || from + count > rows) {
            throw Shapes.mismatch(
                    name, "the range of places", from + " .. " + (from + count - 1), "within 0 .. " + (rows - 1));
        }
        NDIndex index = new NDIndex();
        if (table.getShape().dimension() == 3) {
            index.addIndices(0);
        }
        return table.get(manager, index.addSliceDim(from, from + count)); // (count, D)
    }

    /**
     * Adds the vectors of places {@code from}, {@code from + 1}, ... to tokens.
     *
     * @param x (B, T, D)
     * @return (B, T, D)
     */
    public NDArray addTo(NDArray x, long from) {
        Shapes.require(name, "tokens", x, "B", "T", width);
        return Intermediates.freeing(
                () -> x.add(rows(x.getManager(), from, x.getShape().get(1))));
    }
}
