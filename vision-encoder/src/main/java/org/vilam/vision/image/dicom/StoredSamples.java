package org.vilam.vision.image.dicom;

import java.nio.ByteBuffer;

/** The samples of one frame, read from its bytes as they are asked for. */
final class StoredSamples {
    private final PixelFormat format;
    private final ByteBuffer bytes;
    private final boolean chromaShared;
    private final int pixelStep;
    private final int sampleStep;
    private final int shift;
    private final long mask;
    private final long sign;

    /**
     * @param bytes at least a frame, in the byte order of its samples
     * @param chromaShared whether the order is Y1 Y2 Cb Cr for two pixels (PS3.3 section C.7.6.3.1.2, YBR_FULL_422)
     */
    StoredSamples(PixelFormat format, ByteBuffer bytes, boolean chromaShared) {
        this.format = format;
        this.bytes = bytes;
        this.chromaShared = chromaShared;
        this.pixelStep = format.planar() ? 1 : format.samples();
        this.sampleStep = format.planar() ? Math.toIntExact(format.pixels()) : 1;
        this.shift = format.highBit() + 1 - format.bitsStored();
        this.mask = (1L << Math.min(format.bitsStored(), 62)) - 1;
        this.sign = format.signed() ? 1L << (Math.min(format.bitsStored(), 62) - 1) : 0;
    }

    PixelFormat format() {
        return format;
    }

    int pixels() {
        return Math.toIntExact(format.pixels());
    }

    /** A whole sample: the stored bits alone, sign extended where the format is signed. */
    long integer(int pixel, int sample) {
        int index = chromaShared
                ? pixel / 2 * 4 + (sample == 0 ? pixel % 2 : sample + 1)
                : pixel * pixelStep + sample * sampleStep;
        long cell = switch (format.bitsAllocated()) {
            case 1 -> bytes.get(index >> 3) >> (index & 7);
            case 8 -> bytes.get(index);
            case 16 -> bytes.getShort(index * 2);
            default -> bytes.getInt(index * 4);
        };
        // Other bits of the cell may hold old-style overlays (PS3.5 section 8.1.1): they are cut off.
        long stored = cell >> shift & mask;
        return (stored ^ sign) - sign;
    }

    /** The sample of a grey pixel as a number of any type. */
    double grey(int pixel) {
        return switch (format.type()) {
            case INTEGER -> integer(pixel, 0);
            case FLOAT -> bytes.getFloat(pixel * 4);
            case DOUBLE -> bytes.getDouble(pixel * 8);
        };
    }
}
