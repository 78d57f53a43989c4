package org.vilam.vision.checkpoint;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * Writes a safetensors file one tensor at a time: the names and sizes are given first, the elements in any order.
 *
 * <p>The layout is that of the reference library (wider types first, then by name; header padded with spaces to a multiple
 * of eight bytes), so equal tensors give equal bytes. The file appears under its name when {@link #finish()} returns, and
 * never half written; {@link #close()} without it leaves no trace.
 */
public final class SafetensorsWriter implements TensorSink {
    private static final JsonFactory JSON = new JsonFactory();
    // The order in which the reference library lays out types.
    private static final List<DType> LAYOUT = List.of(
            DType.I64,
            DType.F64,
            DType.F32,
            DType.I32,
            DType.BF16,
            DType.F16,
            DType.I16,
            DType.I8,
            DType.U8,
            DType.BOOL);

    private final Path target;
    private final Path temporary;
    private final Map<String, SafetensorsHeader.Entry> entries;
    private final Set<String> written = new HashSet<>();
    private @Nullable FileChannel channel;

    private SafetensorsWriter(
            Path target, Path temporary, Map<String, SafetensorsHeader.Entry> entries, FileChannel channel) {
        this.target = target;
        this.temporary = temporary;
        this.entries = entries;
        this.channel = channel;
    }

    /**
     * Begins a file; its folder must exist.
     *
     * @param target where the file will appear, replacing one that is there
     * @param tensors all tensors it will have, in any order
     * @param metadata free-form texts kept beside the tensors; may be empty
     * @throws VilamException FILE_UNREADABLE when the folder cannot be written
     * @throws IllegalArgumentException when a name occurs twice, is reserved or is no Unicode text
     */
    public static SafetensorsWriter create(Path target, Collection<TensorInfo> tensors, Map<String, String> metadata) {
        Map<String, SafetensorsHeader.Entry> entries = layout(tensors);
        byte[] header = header(entries.values(), metadata);
        Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        FileChannel channel = null;
        try {
            channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            SafetensorsWriter writer = new SafetensorsWriter(
                    target, temporary, shifted(entries, Long.BYTES + (long) header.length), channel);
            ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            writer.writeFully(length.putLong(0, header.length), 0);
            writer.writeFully(ByteBuffer.wrap(header), Long.BYTES);
            return writer;
        } catch (IOException e) {
            discard(channel, temporary);
            throw unwritable(target, e);
        }
    }

    /** Writes every tensor of {@code source} under its own name and type. */
    public static void copy(TensorSource source, Path target, Map<String, String> metadata) {
        try (SafetensorsWriter writer = create(target, infos(source), metadata)) {
            writer.writeAll(source);
            writer.finish();
        }
    }

    /** What {@code source} holds, in its order. */
    static List<TensorInfo> infos(TensorSource source) {
        List<TensorInfo> infos = new ArrayList<>();
        source.names().forEach(name -> infos.add(new TensorInfo(name, source.dtype(name), source.shape(name))));
        return infos;
    }

    @Override
    public void write(String name, ByteBuffer elements) {
        SafetensorsHeader.Entry entry = begin(name);
        if (elements.remaining() != entry.info().bytes()) {
            throw new IllegalArgumentException(
                    "tensor " + name + " takes " + entry.info().bytes() + " bytes, not " + elements.remaining());
        }
        try {
            writeFully(elements.duplicate(), entry.begin());
        } catch (IOException e) {
            throw unwritable(target, e);
        }
        written.add(name);
    }

    @Override
    public void write(String name, NDArray array) {
        SafetensorsHeader.Entry entry = begin(name);
        long[] position = {entry.begin()};
        ArrayElements.forEachPart(array, entry.info(), part -> {
            try {
                position[0] += writeFully(part, position[0]);
            } catch (IOException e) {
                throw unwritable(target, e);
            }
        });
        written.add(name);
    }

    /** Checks that every tensor has been written, flushes the file to the disk and gives it its name. */
    @Override
    public void finish() {
        seal();
        publish();
    }

    /** All of {@link #finish()} but the name; for several files that must appear together. */
    void seal() {
        if (written.size() != entries.size()) {
            List<String> missing = entries.keySet().stream()
                    .filter(name -> !written.contains(name))
                    .toList();
            throw new IllegalStateException(
                    missing.size() + " tensors were not written, the first is " + missing.get(0));
        }
        try {
            FileChannel open = openChannel();
            open.force(true);
            open.close();
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    void publish() {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            channel = null;
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    /** Gives up the file unless it was finished. */
    @Override
    public void close() {
        if (channel != null) {
            discard(channel, temporary);
            channel = null;
        }
    }

    private SafetensorsHeader.Entry begin(String name) {
        SafetensorsHeader.Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("tensor " + name + " was not announced");
        }
        if (written.contains(name)) {
            throw new IllegalArgumentException("tensor " + name + " is written already");
        }
        return entry;
    }

    private FileChannel openChannel() {
        if (channel == null) {
            throw new IllegalStateException(target + " is finished or given up");
        }
        return channel;
    }

    private int writeFully(ByteBuffer bytes, long position) throws IOException {
        FileChannel open = openChannel();
        int count = bytes.remaining();
        long at = position;
        while (bytes.hasRemaining()) {
            at += open.write(bytes, at);
        }
        return count;
    }

    private static Map<String, SafetensorsHeader.Entry> layout(Collection<TensorInfo> tensors) {
        List<TensorInfo> sorted = new ArrayList<>(tensors);
        sorted.sort(Comparator.<TensorInfo>comparingInt(info -> LAYOUT.indexOf(info.dtype()))
                .thenComparing(info -> info.name().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned));
        Map<String, SafetensorsHeader.Entry> entries = new LinkedHashMap<>();
        long at = 0;
        for (TensorInfo info : sorted) {
            checkName(info.name());
            if (entries.put(info.name(), new SafetensorsHeader.Entry(info, at)) != null) {
                throw new IllegalArgumentException("tensor " + info.name() + " is announced twice");
            }
            at = Math.addExact(at, info.bytes());
        }
        return entries;
    }

    private static void checkName(String name) {
        if (name.equals(SafetensorsHeader.METADATA)
                || !StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
            throw new IllegalArgumentException("a tensor cannot be named " + name);
        }
    }

    private static Map<String, SafetensorsHeader.Entry> shifted(
            Map<String, SafetensorsHeader.Entry> entries, long dataBegin) {
        Map<String, SafetensorsHeader.Entry> placed = new LinkedHashMap<>();
        entries.forEach((name, entry) ->
                placed.put(name, new SafetensorsHeader.Entry(entry.info(), dataBegin + entry.begin())));
        return placed;
    }

    private static byte[] header(Collection<SafetensorsHeader.Entry> entries, Map<String, String> metadata) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(SafetensorsHeader.METADATA);
                for (Map.Entry<String, String> text : new TreeMap<>(metadata).entrySet()) {
                    json.writeStringField(text.getKey(), text.getValue());
                }
                json.writeEndObject();
            }
            for (SafetensorsHeader.Entry entry : entries) {
                TensorInfo info = entry.info();
                json.writeObjectFieldStart(info.name());
                json.writeStringField("dtype", info.dtype().name());
                json.writeFieldName("shape");
                json.writeArray(info.shape().getShape(), 0, info.shape().dimension());
                json.writeFieldName("data_offsets");
                json.writeArray(new long[] {entry.begin(), entry.begin() + info.bytes()}, 0, 2);
                json.writeEndObject();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalArgumentException("a text of the metadata cannot be written", e);
        }
        while (bytes.size() % Long.BYTES != 0) {
            bytes.write(' ');
        }
        if (bytes.size() > SafetensorsHeader.MAX_BYTES) {
            throw new IllegalArgumentException("the header would take " + bytes.size() + " bytes");
        }
        return bytes.toByteArray();
    }

    private static void discard(@Nullable FileChannel channel, Path temporary) {
        try {
            if (channel != null) {
                channel.close();
            }
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw unwritable(temporary, e);
        }
    }

    static VilamException unwritable(Path target, IOException cause) {
        return new VilamException(
                ErrorCode.FILE_UNREADABLE,
                target + ": cannot be written: " + cause.getMessage(),
                "Check that the folder exists, may be written and has space left.",
                cause);
    }
}
