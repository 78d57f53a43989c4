package org.vilam.vision.checkpoint;

import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/**
 * A safetensors file, memory-mapped: opening reads the header only, whatever the size of the file.
 *
 * @see <a href="https://github.com/huggingface/safetensors">the format</a>
 */
public final class SafetensorsFile implements TensorSource {
    private final MappedFile file;
    private final SafetensorsHeader header;

    private SafetensorsFile(MappedFile file, SafetensorsHeader header) {
        this.file = file;
        this.header = header;
    }

    /**
     * Opens a file and checks its header completely.
     *
     * @throws org.vilam.vision.error.VilamException FILE_UNREADABLE; CHECKPOINT_CORRUPT when the header contradicts itself or
     *     the file's size; CHECKPOINT_UNSUPPORTED for element types outside {@link DType}
     */
    public static SafetensorsFile open(Path path) {
        MappedFile file = MappedFile.open(path);
        try {
            CheckpointFormat.refusePointer(file);
            return new SafetensorsFile(file, SafetensorsHeader.read(file));
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** The free-form texts stored beside the tensors; empty when there are none. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(header.entries().keySet());
    }

    @Override
    public Shape shape(String name) {
        return entry(name).info().shape();
    }

    @Override
    public DType dtype(String name) {
        return entry(name).info().dtype();
    }

    @Override
    public ByteBuffer data(String name) {
        SafetensorsHeader.Entry entry = entry(name);
        long bytes = entry.info().bytes();
        if (bytes > Integer.MAX_VALUE) {
            throw Refusals.tooLarge(file.path(), name, bytes);
        }
        return file.slice(entry.begin(), bytes);
    }

    private SafetensorsHeader.Entry entry(String name) {
        SafetensorsHeader.Entry entry = header.entries().get(name);
        if (entry == null) {
            throw Refusals.noTensor(name);
        }
        return entry;
    }

    @Override
    public void close() {
        file.close();
    }
}
