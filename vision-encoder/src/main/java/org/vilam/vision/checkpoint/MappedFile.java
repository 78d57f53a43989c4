package org.vilam.vision.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * A file of any size, mapped read-only on demand.
 *
 * <p>A Java buffer ends at 2 GiB, so the file is seen through windows: window k begins at k GiB and is up to 2 GiB long, so
 * that every range of up to 1 GiB lies within one. A file of 13 GiB takes 13 mappings however many tensors it has. Buffers
 * handed out stay valid after {@link #close()}; the garbage collector unmaps them.
 */
final class MappedFile implements AutoCloseable {
    private static final int WINDOW_BITS = 30;
    private static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0).asReadOnlyBuffer();

    private final Path path;
    private final FileChannel channel;
    private final long size;
    private final AtomicReferenceArray<ByteBuffer> windows;

    private MappedFile(Path path, FileChannel channel, long size) {
        this.path = path;
        this.channel = channel;
        this.size = size;
        this.windows = new AtomicReferenceArray<>(Math.toIntExact((size >>> WINDOW_BITS) + 1));
    }

    /** Opens a regular file. */
    static MappedFile open(Path path) {
        try {
            if (!Files.exists(path)) {
                throw new NoSuchFileException(path.toString());
            }
            if (!Files.isRegularFile(path)) {
                throw new VilamException(
                        ErrorCode.FILE_UNREADABLE, path + ": not a regular file", "Name the weight file itself.");
            }
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            return new MappedFile(path, channel, channel.size());
        } catch (IOException e) {
            throw Refusals.unreadable(path, e);
        }
    }

    Path path() {
        return path;
    }

    long size() {
        return size;
    }

    /** A read-only little-endian view of a range that lies in the file; up to 2 GiB - 1. */
    ByteBuffer slice(long offset, long length) {
        if (!channel.isOpen()) {
            throw new IllegalStateException(path + " is closed");
        }
        if (offset < 0 || length < 0 || length > Integer.MAX_VALUE || offset > size - length) {
            throw new IllegalArgumentException("range " + offset + " + " + length + " of " + size + " bytes");
        }
        if (length == 0) {
            return EMPTY.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        }
        if (length > 1L << WINDOW_BITS) {
            return map(offset, length);
        }
        int index = (int) (offset >>> WINDOW_BITS);
        long begin = (long) index << WINDOW_BITS;
        ByteBuffer window = windows.get(index);
        if (window == null) {
            window = map(begin, Math.min(Integer.MAX_VALUE, size - begin));
            windows.set(index, window);
        }
        return window.slice((int) (offset - begin), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer map(long offset, long length) {
        try {
            return mapOrRead(offset, length).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw Refusals.unreadable(path, e);
        }
    }

    private ByteBuffer mapOrRead(long offset, long length) throws IOException {
        try {
            return channel.map(FileChannel.MapMode.READ_ONLY, offset, length);
        } catch (UnsupportedOperationException e) {
            // A file inside a jar's file system: such a provider can only be read from.
            ByteBuffer copy = ByteBuffer.allocateDirect((int) length);
            while (copy.hasRemaining()) {
                if (channel.read(copy, offset + copy.position()) < 0) {
                    throw new EOFException("the file ends at " + (offset + copy.position()));
                }
            }
            return copy.flip().asReadOnlyBuffer();
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw Refusals.unreadable(path, e);
        }
    }
}
