package org.vilam.vision.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.imageio.IIOException;
import org.jspecify.annotations.Nullable;

/**
 * The first image file directory of a TIFF or BigTIFF structure: of a TIFF file or of an EXIF block (TIFF 6.0 section 2).
 *
 * <p>Values are read on demand and only as many as asked for, so a directory that declares billions of them costs nothing.
 */
final class TiffDirectory {
    private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
    private static final int MOST_ENTRIES = 4096;

    /** One field: where its {@code count} values of a type lie. */
    record Entry(int tag, int type, long count, long valuesAt, int entryAt) {}

    private final ByteBuffer file;
    private final boolean big;
    private final Map<Integer, Entry> entries = new LinkedHashMap<>();
    private final long firstOffset;

    private TiffDirectory(ByteBuffer file, boolean big, long firstOffset) throws IOException {
        this.file = file;
        this.big = big;
        this.firstOffset = firstOffset;
        int count = entryCount(firstOffset);
        for (int i = 0; i < Math.min(count, MOST_ENTRIES); i++) {
            int at = (int) firstOffset + (big ? 8 : 2) + i * entryBytes();
            if (at + entryBytes() > file.limit()) {
                break; // as far as the file goes; what is missing is found out when it is asked for
            }
            Entry entry = entry(at);
            entries.putIfAbsent(entry.tag(), entry);
        }
    }

    /**
     * @param block begins with II or MM; only the bytes from position to limit are looked at
     * @throws IOException when these bytes hold no directory
     */
    static TiffDirectory first(ByteBuffer block) throws IOException {
        ByteBuffer file = block.slice();
        if (file.limit() < 8) {
            throw new EOFException("the TIFF header is cut off");
        }
        file.order(file.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int magic = file.getShort(2);
        if (file.get(0) != file.get(1) || (magic != 42 && magic != 43)) {
            throw new IIOException("no TIFF header");
        }
        boolean big = magic == 43;
        if (big && file.limit() < 16) {
            throw new EOFException("the BigTIFF header is cut off");
        }
        return new TiffDirectory(file, big, big ? file.getLong(8) : file.getInt(4) & 0xFFFFFFFFL);
    }

    private int entryBytes() {
        return big ? 20 : 12;
    }

    private int entryCount(long at) throws IOException {
        if (at < 8 || at + (big ? 8 : 2) > file.limit()) {
            throw new EOFException("the image file directory lies outside the file");
        }
        long count = big ? file.getLong((int) at) : file.getShort((int) at) & 0xFFFF;
        if (count < 1 || count > 0xFFFF) {
            throw new IIOException("the image file directory declares " + count + " entries");
        }
        return (int) count;
    }

    private Entry entry(int at) {
        int tag = file.getShort(at) & 0xFFFF;
        int type = file.getShort(at + 2) & 0xFFFF;
        long count = big ? file.getLong(at + 4) : file.getInt(at + 4) & 0xFFFFFFFFL;
        int valueField = at + (big ? 12 : 8);
        long bytes = count < 0 || count > file.limit() ? Long.MAX_VALUE : count * typeBytes(type);
        boolean inline = bytes <= (big ? 8 : 4);
        long valuesAt = inline ? valueField : big ? file.getLong(valueField) : file.getInt(valueField) & 0xFFFFFFFFL;
        return new Entry(tag, type, count, valuesAt, at);
    }

    private static int typeBytes(int type) {
        return type < TYPE_BYTES.length ? TYPE_BYTES[type] : 0;
    }

    ByteOrder order() {
        return file.order();
    }

    boolean isBig() {
        return big;
    }

    @Nullable
    Entry find(int tag) {
        return entries.get(tag);
    }

    /** The entry's own 12 (BigTIFF: 20) bytes. */
    byte[] raw(Entry entry) {
        byte[] raw = new byte[entryBytes()];
        file.get(entry.entryAt(), raw);
        return raw;
    }

    /** How many values the field has whose bytes lie inside the file; 0 when there is no such field. */
    long count(int tag) {
        Entry entry = find(tag);
        return entry == null || !inside(entry) ? 0 : entry.count();
    }

    private boolean inside(Entry entry) {
        int bytes = typeBytes(entry.type());
        return bytes > 0
                && entry.count() >= 0
                && entry.valuesAt() >= 0
                && entry.count() <= file.limit()
                && entry.valuesAt() + entry.count() * bytes <= file.limit();
    }

    /** A field's first value, or {@code otherwise} when there is no such field. */
    long value(int tag, long otherwise) throws IOException {
        return find(tag) == null ? otherwise : values(tag, 1)[0];
    }

    /**
     * A field's first {@code count} values, of an integer type.
     *
     * @throws IOException when the field is missing, has fewer values or is no integer
     */
    long[] values(int tag, int count) throws IOException {
        Entry entry = find(tag);
        if (entry == null || entry.count() < count || !inside(entry)) {
            throw new IIOException("TIFF tag " + tag + " does not have the " + count + " values it needs");
        }
        long[] values = new long[count];
        int bytes = typeBytes(entry.type());
        for (int i = 0; i < count; i++) {
            int at = (int) entry.valuesAt() + i * bytes;
            values[i] = switch (entry.type()) {
                case 1, 7 -> file.get(at) & 0xFF;
                case 6 -> file.get(at);
                case 3 -> file.getShort(at) & 0xFFFF;
                case 8 -> file.getShort(at);
                case 4, 13 -> file.getInt(at) & 0xFFFFFFFFL;
                case 9 -> file.getInt(at);
                case 16, 17, 18 -> file.getLong(at);
                default -> throw new IIOException("TIFF tag " + tag + " is of type " + entry.type());
            };
        }
        return values;
    }

    /** The bytes of a field of bytes, at most {@code most}; null when there is none such. */
    byte @Nullable [] bytes(int tag, int most) {
        Entry entry = find(tag);
        if (entry == null || typeBytes(entry.type()) != 1 || !inside(entry) || entry.count() > most) {
            return null;
        }
        byte[] bytes = new byte[(int) entry.count()];
        file.get((int) entry.valuesAt(), bytes);
        return bytes;
    }

    /** Pages in the file: directories in the chain, counted up to {@code most} + 1; a chain that loops or breaks ends. */
    int countPages(int most) {
        Set<Long> seen = new HashSet<>();
        long at = firstOffset;
        while (seen.size() <= most && seen.add(at)) {
            try {
                int count = entryCount(at);
                long next = at + (big ? 8 : 2) + (long) count * entryBytes();
                if (next + (big ? 8 : 4) > file.limit()) {
                    break;
                }
                at = big ? file.getLong((int) next) : file.getInt((int) next) & 0xFFFFFFFFL;
                if (at == 0) {
                    break;
                }
                entryCount(at);
            } catch (IOException e) {
                break;
            }
        }
        return seen.size();
    }
}
