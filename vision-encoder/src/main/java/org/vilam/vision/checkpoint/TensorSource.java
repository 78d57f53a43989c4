package org.vilam.vision.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Named tensors that can be read one at a time: an open weight file, several shards, or a view of either under other names.
 *
 * <p>Opening reads no tensor data. Sources are safe for reading from several threads. A file must not be truncated while it
 * is open: the operating system answers access to the lost part with a fault that ends the process.
 */
public interface TensorSource extends AutoCloseable {
    /** The names, in the order in which the elements lie in the file. */
    Set<String> names();

    /**
     * The shape of a tensor; a scalar has no sides.
     *
     * @throws IllegalArgumentException when there is no tensor of that name
     */
    Shape shape(String name);

    /** The element type as stored. */
    DType dtype(String name);

    /**
     * The elements as stored: contiguous, row-major, little-endian, position 0 to limit; read-only. Memory-mapped where the
     * file allows it, so asking for it costs nothing until it is read. Stays valid after {@link #close()}.
     *
     * @throws org.vilam.vision.error.VilamException CHECKPOINT_UNSUPPORTED when the tensor takes 2 GiB or more
     */
    ByteBuffer data(String name);

    /**
     * A new array on {@code manager}: float32 for every floating type (exact for F16 and BF16, rounded for F64), the stored
     * type for integers (I16 widened to int32), boolean for BOOL. The array owns its memory: it may be written in place and
     * outlives this source.
     */
    default NDArray load(String name, NDManager manager) {
        return ArrayLoader.copy(dtype(name), shape(name), data(name), manager);
    }

    /**
     * As {@link #load}, but float32 elements are used where they lie in the mapped file when the processor allows it, so that
     * a gibibyte is there in less than a millisecond and its pages are shared between processes.
     *
     * <p>The array is read-only: an operation in place ends the process. The memory lives as long as this source is open or
     * the array itself is; a view of the array (a slice, a transposition) must not be used after both are closed.
     */
    default NDArray loadMapped(String name, NDManager manager) {
        ByteBuffer data = data(name);
        return ArrayLoader.mappable(dtype(name), data, manager)
                ? ArrayLoader.map(shape(name), data, manager)
                : ArrayLoader.copy(dtype(name), shape(name), data, manager);
    }

    /** What the file itself says of the network's sizes, in Hugging Face's names; most files say nothing. */
    default Optional<JsonNode> config() {
        return Optional.empty();
    }

    /**
     * Several sources as one. A name that several have is taken from the first of them. Closing it closes them all.
     */
    static TensorSource joined(List<TensorSource> sources) {
        return new JoinedSource(sources);
    }

    @Override
    void close();

    /**
     * Opens weights of any form this program reads: a safetensors file, a PyTorch file (its {@linkplain
     * PyTorchFile#stateDict() state dict}), a float32 checkpoint of llama2.c, the index of a sharded checkpoint, or a folder that holds one of these under its
     * usual name ({@code model.safetensors}, {@code pytorch_model.bin}, either with {@code .index.json}).
     *
     * @throws org.vilam.vision.error.VilamException FILE_UNREADABLE, CHECKPOINT_UNSUPPORTED, CHECKPOINT_CORRUPT or
     *     CHECKPOINT_REFUSED
     */
    static TensorSource open(Path path) {
        return CheckpointFormat.open(path);
    }
}
