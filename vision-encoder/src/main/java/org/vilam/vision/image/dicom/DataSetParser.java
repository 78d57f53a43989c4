package org.vilam.vision.image.dicom;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the elements of a data set (PS3.5 section 7) and keeps those of {@link Tag}.
 *
 * <p>Every length is compared with the bytes that are left before anything is done with it; each byte is visited a bounded
 * number of times and nesting is limited, so the work is linear in the file's length. Values are views, not copies.
 */
final class DataSetParser {
    /** Items kept of one sequence; the first counts, the others only for being named. */
    static final int MAX_ITEMS = 16;

    /** Items kept of the whole file: many times what functional groups and look-up tables need, and a bound on memory. */
    private static final int MAX_ITEMS_IN_ALL = 1024;

    private static final int MAX_DEPTH = 32;
    private static final int ITEM = 0xFFFE_E000;
    private static final int ITEM_END = 0xFFFE_E00D;
    private static final int SEQUENCE_END = 0xFFFE_E0DD;

    private final ByteBuffer bytes;
    private int position;
    private int itemsInAll;

    /** What precedes a value: {@code vr} is null in implicit encoding, {@code size} is where the value begins. */
    private record Header(int tag, @Nullable Vr vr, int size, long length) {}

    DataSetParser(ByteBuffer bytes, int position) {
        this.bytes = bytes;
        this.position = position;
    }

    int position() {
        return position;
    }

    /** The file meta information: elements of group 0002, always explicit little endian (PS3.10 section 7.1). */
    DataSet fileMeta() {
        DataSet meta = new DataSet();
        while (bytes.limit() - position >= 8 && Bytes.u16(bytes, position, Encoding.EXPLICIT_LITTLE.order) == 2) {
            element(meta, bytes.limit(), Encoding.EXPLICIT_LITTLE, 0);
        }
        return meta;
    }

    /** The elements up to and with the pixel data; what follows them is never needed. */
    DataSet dataSet(Encoding encoding) {
        DataSet root = new DataSet();
        while (!root.hasPixelData() && position < bytes.limit()) {
            if (bytes.limit() - position < 8 && onlyZeros()) {
                break;
            }
            element(root, bytes.limit(), encoding, 0);
        }
        return root;
    }

    private boolean onlyZeros() {
        for (int i = position; i < bytes.limit(); i++) {
            if (bytes.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Reads one element; with {@code into} null it is stepped over. */
    private void element(@Nullable DataSet into, int end, Encoding encoding, int depth) {
        Header header = header(end, encoding);
        position += header.size;
        Tag tag = into == null ? null : Tag.of(header.tag);
        if (header.length == Bytes.UNDEFINED) {
            undefinedLength(header, into, tag, end, encoding, depth);
            return;
        }
        if (header.length > end - position) {
            throw truncated(header.tag);
        }
        int valueEnd = position + (int) header.length;
        if (into != null && tag != null) {
            boolean unknown = header.vr == Vr.UN;
            if (tag.vr == Vr.SQ) {
                if (header.vr == null || unknown || header.vr == Vr.SQ) {
                    into.put(sequence(tag, sequenceItems(true, valueEnd, false, encoding, unknown, depth + 1)));
                }
            } else {
                Vr vr = header.vr == null || unknown ? tag.vr : header.vr;
                ByteBuffer value = bytes.slice(position, valueEnd - position).order(encoding.order);
                into.put(new DataElement(tag, vr, value, List.of(), null));
            }
        }
        position = valueEnd;
    }

    private void undefinedLength(
            Header header, @Nullable DataSet into, @Nullable Tag tag, int end, Encoding encoding, int depth) {
        if (header.tag == Tag.PIXEL_DATA.number || header.vr == Vr.OB || header.vr == Vr.OW) {
            boolean keep = into != null && tag == Tag.PIXEL_DATA && depth == 0;
            Fragments fragments = keep ? new Fragments(bytes) : null;
            fragments(fragments, end, encoding);
            if (into != null && tag != null && fragments != null) {
                into.put(new DataElement(tag, Vr.OB, ByteBuffer.allocate(0), List.of(), fragments));
            }
        } else if (header.vr == null || header.vr == Vr.SQ || header.vr == Vr.UN) {
            boolean keep = into != null && tag != null && tag.vr == Vr.SQ;
            List<DataSet> items = sequenceItems(keep, end, true, encoding, header.vr == Vr.UN, depth + 1);
            if (into != null && tag != null && keep) {
                into.put(sequence(tag, items));
            }
        } else {
            throw Refusal.corrupt("element " + Tag.format(header.tag) + " has no length though it is no sequence");
        }
    }

    private static DataElement sequence(Tag tag, List<DataSet> items) {
        return new DataElement(tag, Vr.SQ, ByteBuffer.allocate(0), items, null);
    }

    /**
     * Reads the items of a sequence.
     *
     * @param keep whether to hold the first items; else all are stepped over
     * @param delimited whether the sequence ends with a delimitation item instead of at {@code end}
     * @param unknown whether its representation is UN, in which items are implicit little endian (PS3.5 section 6.2.2), or
     *     explicit where a writer did not know that
     */
    private List<DataSet> sequenceItems(
            boolean keep, int end, boolean delimited, Encoding encoding, boolean unknown, int depth) {
        if (depth > MAX_DEPTH) {
            throw Refusal.corrupt("sequences are nested more than " + MAX_DEPTH + " deep");
        }
        Encoding items = unknown ? Encoding.IMPLICIT_LITTLE : encoding;
        List<DataSet> kept = new ArrayList<>(1);
        while (position < end) {
            int tag = delimiter(end, items);
            long length = Bytes.u32(bytes, position + 4, items.order);
            position += 8;
            if (tag == SEQUENCE_END && delimited) {
                return kept;
            }
            if (tag != ITEM) {
                throw Refusal.corrupt("element " + Tag.format(tag) + " stands where an item of a sequence is due");
            }
            Encoding inside = unknown && Encoding.sniff(bytes, position) == Encoding.EXPLICIT_LITTLE
                    ? Encoding.EXPLICIT_LITTLE
                    : items;
            boolean room = keep && kept.size() < MAX_ITEMS && itemsInAll < MAX_ITEMS_IN_ALL;
            DataSet item = room ? new DataSet() : null;
            if (length == Bytes.UNDEFINED) {
                delimitedItem(item, end, inside, depth);
            } else if (length > end - position) {
                throw truncated(ITEM);
            } else {
                int itemEnd = position + (int) length;
                while (item != null && position < itemEnd) {
                    element(item, itemEnd, inside, depth);
                }
                position = itemEnd;
            }
            if (item != null) {
                kept.add(item);
                itemsInAll++;
            }
        }
        if (delimited) {
            throw truncated(SEQUENCE_END);
        }
        return kept;
    }

    private void delimitedItem(@Nullable DataSet into, int end, Encoding encoding, int depth) {
        while (delimiter(end, encoding) != ITEM_END) {
            element(into, end, encoding, depth);
        }
        position += 8;
    }

    private void fragments(@Nullable Fragments into, int end, Encoding encoding) {
        while (position < end) {
            int tag = delimiter(end, encoding);
            long length = Bytes.u32(bytes, position + 4, encoding.order);
            position += 8;
            if (tag == SEQUENCE_END) {
                return;
            }
            if (tag != ITEM || length > end - position) {
                throw truncated(Tag.PIXEL_DATA.number);
            }
            if (into != null) {
                into.add(position, (int) length);
            }
            position += (int) length;
        }
        // Some writers leave out the last delimiter; then the file must end with a whole fragment, as it did if we are
        // here.
    }

    private int delimiter(int end, Encoding encoding) {
        if (end - position < 8) {
            throw truncated(SEQUENCE_END);
        }
        return Bytes.tag(bytes, position, encoding.order);
    }

    private Header header(int end, Encoding encoding) {
        if (end - position < 8) {
            throw Refusal.corrupt("the data set ends inside an element");
        }
        int tag = Bytes.tag(bytes, position, encoding.order);
        if (!encoding.explicit || tag >>> 16 == 0xFFFE) {
            return new Header(tag, null, 8, Bytes.u32(bytes, position + 4, encoding.order));
        }
        Vr vr = Vr.at(bytes, position + 4);
        if (vr == null) {
            return headerOfUnknownVr(tag, end, encoding);
        }
        if (!vr.longForm) {
            return new Header(tag, vr, 8, Bytes.u16(bytes, position + 6, encoding.order));
        }
        if (end - position < 12) {
            throw truncated(tag);
        }
        return new Header(tag, vr, 12, Bytes.u32(bytes, position + 8, encoding.order));
    }

    /**
     * Two bytes that are no representation known to us: letters of a new one, which has the long form (PS3.5 section 6.2),
     * printable signs of a misspelt one with the short form, or none at all because the element is implicit. The first
     * reading that leads to a larger tag or to the end is taken.
     */
    private Header headerOfUnknownVr(int tag, int end, Encoding encoding) {
        List<Header> readings = new ArrayList<>(3);
        int first = bytes.get(position + 4);
        int second = bytes.get(position + 5);
        boolean letters = first >= 'A' && first <= 'Z' && second >= 'A' && second <= 'Z';
        if (letters && end - position >= 12 && Bytes.u16(bytes, position + 6, encoding.order) == 0) {
            readings.add(new Header(tag, Vr.UN, 12, Bytes.u32(bytes, position + 8, encoding.order)));
        }
        if (first >= ' ' && second >= ' ') {
            readings.add(new Header(tag, Vr.UN, 8, Bytes.u16(bytes, position + 6, encoding.order)));
        }
        readings.add(new Header(tag, null, 8, Bytes.u32(bytes, position + 4, encoding.order)));
        for (Header reading : readings) {
            long next = position + reading.size + reading.length;
            boolean rises =
                    next <= end - 8L && Integer.compareUnsigned(Bytes.tag(bytes, (int) next, encoding.order), tag) > 0;
            if (rises || next == end || reading.length == Bytes.UNDEFINED) {
                return reading;
            }
        }
        throw Refusal.corrupt("element " + Tag.format(tag) + " has neither a representation nor a plausible length");
    }

    private static RuntimeException truncated(int tag) {
        String what = tag == SEQUENCE_END ? "a sequence" : tag == ITEM ? "an item" : "element " + Tag.format(tag);
        return Refusal.corrupt(what + " is longer than the bytes that are left");
    }
}
