package org.vilam.vision.tensor;

import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** In what numbers the weights of a network are kept while it is used. */
public enum WeightType {
    /** 32 bits, as networks are trained. */
    FLOAT32("fp32", 4, null),
    /** Linear layers in bfloat16: half the memory, about three significant digits. */
    BFLOAT16("bf16", 2, Packing.BFLOAT16),
    /** Linear layers in 8-bit integers with one scale an output: a quarter of the memory. */
    INT8("int8", 1, Packing.INT8);

    private final String label;
    private final int bytes;
    private final @Nullable Packing packing;

    WeightType(String label, int bytes, @Nullable Packing packing) {
        this.label = label;
        this.bytes = bytes;
        this.packing = packing;
    }

    /** What a person types: {@code fp32}, {@code bf16}, {@code int8}. */
    public String label() {
        return label;
    }

    /** The packing of linear layers; empty where they are float32. */
    public Optional<Packing> packing() {
        return Optional.ofNullable(packing);
    }

    /** Bytes of a linear layer's weight of this shape. */
    public long bytes(Shape shape) {
        return shape.size() * bytes + (this == INT8 ? shape.get(0) * Float.BYTES : 0);
    }

    @Override
    public String toString() {
        return label;
    }
}
