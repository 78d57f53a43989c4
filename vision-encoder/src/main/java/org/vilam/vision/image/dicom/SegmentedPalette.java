package org.vilam.vision.image.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Expands segmented palette data (PS3.3 section C.7.9.2): discrete, linear and indirect segments. */
final class SegmentedPalette {
    private static final int DISCRETE = 0;
    private static final int LINEAR = 1;
    private static final int INDIRECT = 2;

    private final DataElement data;
    private final int width;
    private final int[] entries;
    private int filled;

    /** Where the next unit (a byte or a word, as entries are) is read. */
    private int unit;

    private SegmentedPalette(DataElement data, int width, int count) {
        this.data = data;
        this.width = width;
        this.entries = new int[count];
    }

    /** The {@code count} entries of {@code bits} bits. */
    static int[] expand(DataElement data, int count, int bits) {
        SegmentedPalette palette = new SegmentedPalette(data, bits <= 8 ? 1 : 2, count);
        while (palette.filled < count) {
            palette.segment(true);
        }
        return palette.entries;
    }

    private void segment(boolean indirectAllowed) {
        int opcode = next();
        int length = next();
        if (opcode == DISCRETE) {
            for (int i = 0; i < length; i++) {
                add(next());
            }
        } else if (opcode == LINEAR && filled > 0) {
            int from = entries[filled - 1];
            int to = next();
            for (int i = 1; i <= length; i++) {
                add((int) Math.rint(from + (to - from) * (double) i / length));
            }
        } else if (opcode == INDIRECT && indirectAllowed) {
            long low = width == 2 ? next() : next() | next() << 8;
            long high = width == 2 ? next() : next() | next() << 8;
            int resume = unit;
            // The offset counts bytes and is checked when the unit there is read.
            unit = (int) Math.min((high << 16 | low) / width, Integer.MAX_VALUE / 2);
            for (int i = 0; i < length && filled < entries.length; i++) {
                segment(false);
            }
            unit = resume;
        } else {
            throw Refusal.corrupt(data.tag() + " has a segment of kind " + opcode + " where none may be");
        }
    }

    private void add(int entry) {
        if (filled == entries.length) {
            throw Refusal.corrupt(data.tag() + " expands to more entries than its descriptor says");
        }
        entries[filled++] = entry;
    }

    private int next() {
        ByteBuffer value = data.value();
        if ((unit + 1) * (long) width > value.limit()) {
            throw Refusal.corrupt(data.tag() + " ends before its table is full");
        }
        int at = unit++ * width;
        if (width == 2) {
            return value.getShort(at) & 0xFFFF;
        }
        boolean swapped = value.order() == ByteOrder.BIG_ENDIAN && data.vr() != Vr.OB && (at ^ 1) < value.limit();
        return value.get(swapped ? at ^ 1 : at) & 0xFF;
    }
}
