package org.vilam.vision.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The memory that one or several tensors are views of. */
final class TorchStorage {
    /** Where the bytes are. */
    interface Memory {
        /** A little-endian view of a range. */
        ByteBuffer slice(long offset, long length);
    }

    private final @Nullable DType dtype;
    private final long bytes;
    private @Nullable Memory memory;

    /**
     * @param dtype the element type; null for an untyped storage
     * @param bytes the size
     * @param memory the bytes; null while their place is not known
     */
    TorchStorage(@Nullable DType dtype, long bytes, @Nullable Memory memory) {
        this.dtype = dtype;
        this.bytes = bytes;
        this.memory = memory;
    }

    static TorchStorage of(DType dtype, byte[] content) {
        return new TorchStorage(
                dtype,
                content.length,
                (offset, length) -> ByteBuffer.wrap(content)
                        .asReadOnlyBuffer()
                        .slice((int) offset, (int) length)
                        .order(ByteOrder.LITTLE_ENDIAN));
    }

    @Nullable
    DType dtype() {
        return dtype;
    }

    long bytes() {
        return bytes;
    }

    boolean placed() {
        return memory != null;
    }

    void place(Memory found) {
        memory = found;
    }

    ByteBuffer slice(long offset, long length) {
        if (memory == null) {
            throw new IllegalStateException("a storage without its bytes");
        }
        return memory.slice(offset, length);
    }
}
