package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps Java memory that autograd will read.
 *
 * <p>On the CPU an array made from Java numbers points into a Java buffer, which DJL 0.35.1 lets go when the array is closed.
 * {@code x.mul(3f)} makes such an array of the 3 and closes it at once, while libtorch has saved it for the backward pass;
 * after a garbage collection the gradient of {@code 3 x} is whatever lies there then. The same goes for {@code div},
 * {@code pow}, {@code maximum}, {@code clip} with numbers, and for every array made from Java numbers and closed early. So
 * while gradients are recorded, the buffers of all arrays made on the thread are held, until the thread next begins to
 * record.
 */
final class RecordedBuffers extends NDScope {
    /** Where DJL notes each new array of the innermost scope: the one place that is told of every array. */
    private static final VarHandle NOTED;

    private static final VarHandle BUFFER;

    static {
        try {
            NOTED = MethodHandles.privateLookupIn(NDScope.class, MethodHandles.lookup())
                    .findVarHandle(NDScope.class, "resources", IdentityHashMap.class);
            BUFFER = MethodHandles.privateLookupIn(PtNDArray.class, MethodHandles.lookup())
                    .findVarHandle(PtNDArray.class, "dataRef", ByteBuffer.class);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "This DJL keeps array memory in another way: check that gradients survive garbage collection", e);
        }
    }

    private static final ThreadLocal<Held> HELD = ThreadLocal.withInitial(Held::new);

    RecordedBuffers() {
        Held held = HELD.get();
        if (held.scopes++ == 0) {
            held.buffers = new ArrayList<>();
        }
        NOTED.set(this, new Keeper(held.buffers, false));
    }

    /** A scope that closes its arrays as any other, but where the thread records, their buffers are held as well. */
    static NDScope closing() {
        NDScope scope = new NDScope();
        Held held = HELD.get();
        if (held.scopes > 0) {
            NOTED.set(scope, new Keeper(held.buffers, true));
        }
        return scope;
    }

    @Override
    public void close() {
        super.close(); // closes no array, for none is noted
        NOTED.set(this, new IdentityHashMap<>());
        HELD.get().scopes--;
    }

    private static final class Held {
        private List<ByteBuffer> buffers = new ArrayList<>();
        private int scopes;
    }

    /** Holds an array's buffer, and notes the array if it is to be closed. */
    private static final class Keeper extends IdentityHashMap<NDArray, NDArray> {
        private static final long serialVersionUID = 1L;

        private final transient List<ByteBuffer> buffers;
        private final boolean notes;

        Keeper(List<ByteBuffer> buffers, boolean notes) {
            this.buffers = buffers;
            this.notes = notes;
        }

        @Override
        public @Nullable NDArray put(NDArray array, NDArray same) {
            if (array instanceof PtNDArray torch) {
                ByteBuffer buffer = (ByteBuffer) BUFFER.get(torch);
                if (buffer != null) {
                    buffers.add(buffer);
                }
            }
            return notes ? super.put(array, same) : null;
        }
    }
}
