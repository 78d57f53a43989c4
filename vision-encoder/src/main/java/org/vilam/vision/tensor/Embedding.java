package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;

/**
 * A table of vectors looked up by number, {@code torch.nn.Embedding}.
 *
 * <p>Letters: B batch, T tokens, V rows of the table, D width.
 */
public final class Embedding {
    private final String name;
    private final NDArray weight; // (V, D)

    /** A table with the tensor {@code weight} (V, D) of the scope, beginning normal with std 0.02. */
    public Embedding(ParameterScope p, long rows, long width) {
        this(p, rows, width, Initializer.normal(0.02));
    }

    /** As the three-argument form, with the initialiser. */
    public Embedding(ParameterScope p, long rows, long width, Initializer initializer) {
        this.name = p.path();
        this.weight = p.get("weight", new Shape(rows, width), initializer);
    }

    /**
     * Looks up.
     *
     * @param ids (B, T) or any other shape, int64 or int32, 0 .. V - 1
     * @return (B, T, D), of the manager of {@code ids}
     */
    public NDArray forward(NDArray ids) {
        if (ids.getDataType() != DataType.INT64 && ids.getDataType() != DataType.INT32) {
            throw Shapes.mismatch(name, "ids", ids.getDataType() + " " + ids.getShape(), "int64 or int32");
        }
        requireRange(ids);
        return ids.getNDArrayInternal()
                .embedding(ids, weight, SparseFormat.DENSE)
                .singletonOrThrow(); // (B, T, D)
    }

    /** On a GPU an id outside the table ends the process, so it is looked for first. */
    private void requireRange(NDArray ids) {
        if (ids.size() == 0) {
            return;
        }
        try (NDArray least = ids.min();
                NDArray most = ids.max()) {
            long low = ids.getDataType() == DataType.INT64 ? least.getLong() : least.getInt();
            long high = ids.getDataType() == DataType.INT64 ? most.getLong() : most.getInt();
            if (low < 0 || high >= weight.getShape().get(0)) {
                throw Shapes.mismatch(
                        name,
                        "ids",
                        low + " .. " + high,
                        "0 .. " + (weight.getShape().get(0) - 1));
            }
        }
    }

    /** The table (V, D), for tying. */
    public NDArray weight() {
        return weight;
    }
}
