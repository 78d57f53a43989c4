package org.vilam.vision.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the entries of a zip archive lie. Only stored entries are accepted, so that tensors are mapped in place; that is how
 * torch.save writes them. Archives and entries of over 4 GiB (zip64) are understood.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">APPNOTE, the format</a>
 */
final class ZipDirectory {
    private static final int END = 0x06054b50;
    private static final int END64_LOCATOR = 0x07064b50;
    private static final int END64 = 0x06064b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int LOCAL = 0x04034b50;
    private static final int END_BYTES = 22;
    private static final int CENTRAL_BYTES = 46;
    private static final int LOCAL_BYTES = 30;
    private static final int MAX_COMMENT = 0xFFFF;
    // Enough for a million entries; a checkpoint has one a tensor.
    private static final long MAX_DIRECTORY_BYTES = 128L << 20;
    private static final long IN_ZIP64 = 0xFFFFFFFFL;

    /**
     * One stored entry.
     *
     * @param header where its local header begins
     * @param size its bytes
     */
    record Entry(long header, long size) {}

    private final MappedFile file;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private ZipDirectory(MappedFile file) {
        this.file = file;
    }

    static ZipDirectory read(MappedFile file) {
        ZipDirectory directory = new ZipDirectory(file);
        directory.readEnd();
        return directory;
    }

    Map<String, Entry> entries() {
        return Collections.unmodifiableMap(entries);
    }

    /** The first byte of an entry's content. */
    long position(String name, Entry entry) {
        if (entry.header() > file.size() - LOCAL_BYTES) {
            throw Refusals.corrupt(file.path(), "zip entry " + name + " lies beyond the end");
        }
        ByteBuffer local = file.slice(entry.header(), LOCAL_BYTES);
        if (local.getInt(0) != LOCAL) {
            throw Refusals.corrupt(file.path(), "zip entry " + name + " is not where the directory says");
        }
        long position = entry.header() + LOCAL_BYTES + unsigned(local.getShort(26)) + unsigned(local.getShort(28));
        if (position > file.size() || entry.size() > file.size() - position) {
            throw Refusals.corrupt(file.path(), "zip entry " + name + " goes beyond the end");
        }
        return position;
    }

    private void readEnd() {
        long tail = Math.min(file.size(), END_BYTES + MAX_COMMENT);
        ByteBuffer bytes = file.slice(file.size() - tail, tail);
        int end = (int) tail - END_BYTES;
        while (end >= 0 && bytes.getInt(end) != END) {
            end--;
        }
        if (end < 0) {
            throw Refusals.corrupt(file.path(), "a zip archive without its directory; the end is missing");
        }
        long count = unsigned(bytes.getShort(end + 10));
        long size = bytes.getInt(end + 12) & IN_ZIP64;
        long offset = bytes.getInt(end + 16) & IN_ZIP64;
        long before = file.size() - tail + end;
        if (count == 0xFFFF || size == IN_ZIP64 || offset == IN_ZIP64) {
            ByteBuffer wide = readEnd64(before);
            count = wide.getLong(32);
            size = wide.getLong(40);
            offset = wide.getLong(48);
        }
        if (size < 0 || size > MAX_DIRECTORY_BYTES || offset < 0 || offset > before - size) {
            throw Refusals.corrupt(file.path(), "a zip directory of " + size + " bytes at " + offset);
        }
        readEntries(file.slice(offset, size), count);
    }

    private ByteBuffer readEnd64(long end) {
        long locator = end - 20;
        if (locator >= 0) {
            ByteBuffer bytes = file.slice(locator, 20);
            long at = bytes.getLong(8);
            if (bytes.getInt(0) == END64_LOCATOR && at >= 0 && at <= locator - 56) {
                ByteBuffer wide = file.slice(at, 56);
                if (wide.getInt(0) == END64) {
                    return wide;
                }
            }
        }
        throw Refusals.corrupt(file.path(), "a zip64 archive without its zip64 directory");
    }

    private void readEntries(ByteBuffer bytes, long count) {
        int at = 0;
        for (long i = 0; i < count; i++) {
            if (bytes.remaining() - at < CENTRAL_BYTES || bytes.getInt(at) != CENTRAL) {
                throw Refusals.corrupt(file.path(), "the zip directory ends after " + i + " of " + count + " entries");
            }
            int nameLength = unsigned(bytes.getShort(at + 28));
            int extraLength = unsigned(bytes.getShort(at + 30));
            int end = at + CENTRAL_BYTES + nameLength + extraLength + unsigned(bytes.getShort(at + 32));
            if (end > bytes.remaining()) {
                throw Refusals.corrupt(file.path(), "the zip directory ends within entry " + i);
            }
            byte[] raw = new byte[nameLength];
            bytes.get(at + CENTRAL_BYTES, raw);
            String name = new String(raw, StandardCharsets.UTF_8);
            if ((bytes.getShort(at + 8) & 1) != 0) {
                throw unsupported("zip entry " + name + " is encrypted");
            }
            if (bytes.getShort(at + 10) != 0) {
                throw unsupported("zip entry " + name + " is compressed");
            }
            Entry entry = entry(bytes, at, bytes.slice(at + CENTRAL_BYTES + nameLength, extraLength), name);
            if (entries.put(name, entry) != null) {
                throw Refusals.corrupt(file.path(), "the zip archive has two entries " + name);
            }
            at = end;
        }
    }

    private Entry entry(ByteBuffer bytes, int at, ByteBuffer extra, String name) {
        long stored = bytes.getInt(at + 20) & IN_ZIP64;
        long size = bytes.getInt(at + 24) & IN_ZIP64;
        long header = bytes.getInt(at + 42) & IN_ZIP64;
        ByteBuffer wide = wideFields(extra);
        // The zip64 field holds, in this order, those values that do not fit the entry itself.
        size = size == IN_ZIP64 ? next(wide, name) : size;
        stored = stored == IN_ZIP64 ? next(wide, name) : stored;
        header = header == IN_ZIP64 ? next(wide, name) : header;
        if (size != stored || size < 0 || header < 0) {
            throw Refusals.corrupt(file.path(), "zip entry " + name + " has contradictory sizes");
        }
        return new Entry(header, size);
    }

    private static ByteBuffer wideFields(ByteBuffer extra) {
        ByteBuffer bytes = extra.order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        while (bytes.limit() - at >= 4) {
            int length = unsigned(bytes.getShort(at + 2));
            if (length > bytes.limit() - at - 4) {
                break;
            }
            if (bytes.getShort(at) == 1) {
                return bytes.slice(at + 4, length).order(ByteOrder.LITTLE_ENDIAN);
            }
            at += 4 + length;
        }
        return ByteBuffer.allocate(0);
    }

    private long next(ByteBuffer wide, String name) {
        if (wide.remaining() < Long.BYTES) {
            throw Refusals.corrupt(file.path(), "zip entry " + name + " lacks its zip64 sizes");
        }
        return wide.getLong();
    }

    private RuntimeException unsupported(String detail) {
        return Refusals.unsupported(
                file.path(),
                detail,
                "Unpack it and save the checkpoint again with torch.save, which stores entries plainly.");
    }

    private static int unsigned(short value) {
        return value & 0xFFFF;
    }
}
