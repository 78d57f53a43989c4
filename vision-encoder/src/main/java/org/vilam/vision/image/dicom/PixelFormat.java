package org.vilam.vision.image.dicom;

import java.util.Locale;
import java.util.Set;

/**
 * How samples are laid out (image pixel module, PS3.3 section C.7.6.3), checked for contradictions.
 *
 * @param rows pixels down
 * @param columns pixels across
 * @param photometric what samples mean
 * @param planar whether all samples of a component stand together
 * @param bitsAllocated 1, 8, 16, 32, or 64 for {@link SampleType#DOUBLE}
 * @param bitsStored bits that carry a value
 * @param highBit index of the highest of them
 * @param signed whether they are a two's complement number
 * @param type whole or floating numbers
 */
record PixelFormat(
        int rows,
        int columns,
        Photometric photometric,
        boolean planar,
        int bitsAllocated,
        int bitsStored,
        int highBit,
        boolean signed,
        SampleType type) {
    enum SampleType {
        INTEGER,
        FLOAT,
        DOUBLE
    }

    private static final Set<Integer> INTEGER_BITS = Set.of(1, 8, 16, 32);

    /** Reads and checks the elements; {@code pixelData} says which of the three pixel data elements there is. */
    static PixelFormat of(DataSet dataSet, Tag pixelData) {
        int rows = dataSet.required(Tag.ROWS);
        int columns = dataSet.required(Tag.COLUMNS);
        if (rows < 1 || columns < 1 || rows > 0xFFFF || columns > 0xFFFF) {
            throw Refusal.corrupt("a picture of " + columns + " x " + rows + " (Columns x Rows) cannot be");
        }
        Photometric photometric = photometric(dataSet);
        int samples = dataSet.optional(Tag.SAMPLES_PER_PIXEL, photometric.samples);
        if (samples != photometric.samples) {
            throw Refusal.corrupt(
                    Tag.SAMPLES_PER_PIXEL + " is " + samples + ", but " + photometric + " has " + photometric.samples);
        }
        int planar = samples == 1 ? 0 : dataSet.optional(Tag.PLANAR_CONFIGURATION, 0);
        if (planar != 0 && planar != 1) {
            throw Refusal.corrupt(Tag.PLANAR_CONFIGURATION + " is " + planar + ", not 0 or 1");
        }
        int allocated = dataSet.required(Tag.BITS_ALLOCATED);
        if (pixelData != Tag.PIXEL_DATA) {
            int bits = pixelData == Tag.FLOAT_PIXEL_DATA ? 32 : 64;
            if (allocated != bits || !photometric.grey()) {
                throw Refusal.corrupt(pixelData + " needs grey samples of " + bits + " bits allocated, not "
                        + photometric + " of " + allocated);
            }
            SampleType type = bits == 32 ? SampleType.FLOAT : SampleType.DOUBLE;
            return new PixelFormat(rows, columns, photometric, false, bits, bits, bits - 1, true, type);
        }
        return integers(dataSet, rows, columns, photometric, planar == 1, allocated);
    }

    private static PixelFormat integers(
            DataSet dataSet, int rows, int columns, Photometric photometric, boolean planar, int allocated) {
        if (!INTEGER_BITS.contains(allocated)) {
            throw Refusal.unsupported(
                    "samples of " + allocated + " bits allocated are not read, only 1, 8, 16 and 32",
                    "Convert the file to 16 bits allocated, for example with gdcmconv or dcmconv.");
        }
        int stored = dataSet.optional(Tag.BITS_STORED, allocated);
        int highBit = dataSet.optional(Tag.HIGH_BIT, stored - 1);
        if (stored < 1 || stored > allocated || highBit < stored - 1 || highBit >= allocated) {
            throw Refusal.corrupt(
                    "contradictory bits: allocated " + allocated + ", stored " + stored + ", high bit " + highBit);
        }
        int representation = dataSet.optional(Tag.PIXEL_REPRESENTATION, 0);
        if (representation != 0 && representation != 1) {
            throw Refusal.corrupt(Tag.PIXEL_REPRESENTATION + " is " + representation + ", not 0 or 1");
        }
        // Of one bit there is no sign to be had, and colour intensities are unsigned whatever the element says.
        boolean signed = representation == 1 && stored > 1 && photometric.samples == 1;
        if (photometric == Photometric.PALETTE_COLOR && allocated == 32) {
            throw Refusal.unsupported("palette indices of 32 bits are not read", "Convert the picture to RGB.");
        }
        if (photometric.ybr() && (allocated != 8 || stored != 8)) {
            throw Refusal.unsupported(
                    photometric + " of " + stored + " bits stored in " + allocated + " is not read, only 8 in 8",
                    "Convert the picture to RGB, for example with dcmconv or gdcmconv.");
        }
        return new PixelFormat(
                rows, columns, photometric, planar, allocated, stored, highBit, signed, SampleType.INTEGER);
    }

    private static Photometric photometric(DataSet dataSet) {
        String value = dataSet.text(Tag.PHOTOMETRIC_INTERPRETATION);
        if (value == null || value.isEmpty()) {
            throw Refusal.corrupt(Tag.PHOTOMETRIC_INTERPRETATION + " is missing");
        }
        Photometric photometric = Photometric.of(value.toUpperCase(Locale.ROOT));
        if (photometric == null) {
            String named = value.matches("[A-Za-z0-9_ ]{1,16}") ? value : "a malformed value";
            throw Refusal.unsupported(
                    "the photometric interpretation " + named + " is not read",
                    "Convert the picture to RGB or MONOCHROME2, for example with dcmconv or gdcmconv.");
        }
        return photometric;
    }

    int samples() {
        return photometric.samples;
    }

    /** Pixels of the picture; may exceed an int before the limits have been checked. */
    long pixels() {
        return (long) rows * columns;
    }

    /** The least value a whole sample can have. */
    double least() {
        return signed ? -Math.scalb(1.0, bitsStored - 1) : 0;
    }

    /** The greatest value a whole sample can have. */
    double greatest() {
        return Math.scalb(1.0, signed ? bitsStored - 1 : bitsStored) - 1;
    }

    /** Bytes of one frame as decoders deliver it: every sample of its own. */
    long frameBytes() {
        return (pixels() * samples() * bitsAllocated + 7) / 8;
    }

    /** The same layout with components side by side and another meaning of the samples, as decoders deliver it. */
    PixelFormat interleaved(Photometric delivered) {
        return new PixelFormat(rows, columns, delivered, false, bitsAllocated, bitsStored, highBit, signed, type);
    }
}
