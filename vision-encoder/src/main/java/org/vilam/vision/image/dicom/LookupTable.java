package org.vilam.vision.image.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A table from whole numbers to whole numbers: modality, VOI (PS3.3 section C.11.1.1, C.11.2.1.1) or palette (C.7.6.3.1.5). */
final class LookupTable {
    private final int first;
    private final int[] entries;
    private final int bits;

    private LookupTable(int first, int[] entries, int bits) {
        this.first = first;
        this.entries = entries;
        this.bits = bits;
    }

    /**
     * Reads a table.
     *
     * @param signed whether its input can be negative, which decides how the first mapped value is to be read where the
     *     file does not say
     */
    static LookupTable read(DataSet dataSet, Tag descriptorTag, Tag dataTag, boolean signed) {
        Descriptor descriptor = Descriptor.read(dataSet, descriptorTag, signed);
        DataElement data = dataSet.get(dataTag);
        if (data == null) {
            throw Refusal.corrupt(dataTag + " is missing");
        }
        ByteBuffer value = data.value();
        int count = descriptor.count;
        int[] entries = new int[count];
        if (value.remaining() >= 2 * count) {
            for (int i = 0; i < count; i++) {
                entries[i] = value.getShort(2 * i) & 0xFFFF;
            }
        } else if (value.remaining() >= count && descriptor.bits <= 8) {
            // Two entries of 8 bits share a word, the first in its lower byte.
            boolean swapped = value.order() == ByteOrder.BIG_ENDIAN && data.vr() != Vr.OB;
            for (int i = 0; i < count; i++) {
                int at = swapped && (i ^ 1) < value.limit() ? i ^ 1 : i;
                entries[i] = value.get(at) & 0xFF;
            }
        } else {
            throw Refusal.corrupt(dataTag + " has " + value.remaining() + " bytes, too few for the " + count
                    + " entries that " + descriptorTag + " says");
        }
        return new LookupTable(descriptor.first, entries, descriptor.bits);
    }

    /** As {@link #read} for data in segments. */
    static LookupTable readSegmented(DataSet dataSet, Tag descriptorTag, Tag dataTag, boolean signed) {
        Descriptor descriptor = Descriptor.read(dataSet, descriptorTag, signed);
        DataElement data = dataSet.get(dataTag);
        if (data == null) {
            throw Refusal.corrupt(dataTag + " is missing");
        }
        int[] entries = SegmentedPalette.expand(data, descriptor.count, descriptor.bits);
        return new LookupTable(descriptor.first, entries, descriptor.bits);
    }

    /** The entry for an input; inputs before the first or after the last entry get that one. */
    int at(double input) {
        long index = Math.round(input) - first;
        return entries[(int) Math.max(0, Math.min(entries.length - 1L, index))];
    }

    /** The input that gets the first entry. */
    int first() {
        return first;
    }

    /** The input that gets the last entry. */
    int last() {
        return first + entries.length - 1;
    }

    /** The entry for an input as a grey level, 0..255. */
    double level(double input) {
        return Math.min(255, at(input) * 255.0 / ((1 << bits) - 1));
    }

    /** Bits that the entries need: those the descriptor says, or more where a greater entry contradicts it. */
    int bits() {
        return Math.max(bits, Integer.SIZE - Integer.numberOfLeadingZeros(greatest()));
    }

    int greatest() {
        return Arrays.stream(entries).max().orElse(0);
    }

    private record Descriptor(int count, int first, int bits) {
        static Descriptor read(DataSet dataSet, Tag tag, boolean signed) {
            DataElement element = dataSet.get(tag);
            double[] numbers = dataSet.numbers(tag);
            if (element == null || numbers == null || numbers.length != 3) {
                throw Refusal.corrupt(tag + (element == null ? " is missing" : " has not three values"));
            }
            // The three are written with one representation, but only the second can be negative.
            int count = (int) numbers[0] & 0xFFFF;
            int first = (int) numbers[1] & 0xFFFF;
            int bits = (int) numbers[2];
            if (bits < 1 || bits > 16) {
                throw Refusal.corrupt(tag + " says entries of " + bits + " bits, not 8 to 16");
            }
            boolean negative = element.vr() == Vr.SS || signed;
            return new Descriptor(count == 0 ? 1 << 16 : count, negative ? (short) first : first, bits);
        }
    }
}
