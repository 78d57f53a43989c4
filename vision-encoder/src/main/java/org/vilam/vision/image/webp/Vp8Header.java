package org.vilam.vision.image.webp;

import java.io.EOFException;
import java.io.IOException;
import javax.imageio.IIOException;

/** The header of a VP8 key frame: how it is segmented, quantised, filtered and partitioned (RFC 6386 section 9). */
final class Vp8Header {
    private static final int SEGMENTS = 4;

    /** Dequantisation factors of one segment, each {first coefficient, others}. */
    @SuppressWarnings("ArrayRecordComponent") // read by the decoder alone, never compared
    record Quantiser(int[] luma, int[] lumaDc, int[] chroma) {}

    final int width;
    final int height;
    /** The first partition, just behind the header: prediction modes. */
    final BoolReader modes;
    /** The partitions of coefficients; row {@code y} is in number {@code y & (length - 1)}. */
    final BoolReader[] coefficients;

    final boolean segmentMap;
    final int[] segmentProbabilities = {255, 255, 255};
    final Quantiser[] quantisers = new Quantiser[SEGMENTS];
    final boolean simpleFilter;
    final int sharpness;
    /** Filter level by segment, for whole (0) and for block-wise predicted (1) macroblocks. */
    final int[][] filterLevels = new int[SEGMENTS][2];
    /** Coefficient probabilities, {@code [type 4][band 8][context 3][11]}. */
    final int[] probabilities = Vp8Tables.COEFFICIENTS.clone();
    /** Probability of a macroblock not to be skipped, or -1 when none is. */
    final int skipProbability;

    /** Parses the frame tag and header at the start of {@code data}. */
    Vp8Header(byte[] data) throws IOException {
        if (data.length < 10) {
            throw new EOFException("the VP8 header is cut off");
        }
        int tag = u24(data, 0);
        if ((tag & 1) != 0 || u24(data, 3) != 0x2A019D) {
            throw new IIOException("no VP8 key frame");
        }
        width = u24(data, 6) & 0x3FFF; // the two bits above are a hint for scaling, which nobody follows
        height = u24(data, 7) >> 8 & 0x3FFF;
        int firstEnd = 10 + (tag >> 5);
        if (width == 0 || height == 0 || firstEnd > data.length) {
            throw new EOFException("the first VP8 partition is cut off");
        }
        modes = new BoolReader(data, 10, firstEnd);
        modes.number(2); // colour space and clamping, which decoders ignore as libwebp does

        int[] segmentQuantisers = new int[SEGMENTS];
        int[] segmentFilters = new int[SEGMENTS];
        boolean segmented = modes.flag();
        boolean absolute = true;
        boolean map = false;
        if (segmented) {
            map = modes.flag();
            if (modes.flag()) {
                absolute = modes.flag();
                for (int i = 0; i < SEGMENTS; i++) {
                    segmentQuantisers[i] = modes.optionalSigned(7);
                }
                for (int i = 0; i < SEGMENTS; i++) {
                    segmentFilters[i] = modes.optionalSigned(6);
                }
            }
            for (int i = 0; map && i < 3; i++) {
                segmentProbabilities[i] = modes.flag() ? modes.number(8) : 255;
            }
        }
        segmentMap = map;
        simpleFilter = modes.flag();
        int level = modes.number(6);
        sharpness = modes.number(3);
        readFilterLevels(level, segmented, absolute, segmentFilters);
        int partitions = 1 << modes.number(2);
        readQuantisers(segmented, absolute, segmentQuantisers);
        modes.flag(); // whether probabilities are kept for later frames: there are none
        for (int i = 0; i < probabilities.length; i++) {
            if (modes.bit(Vp8Tables.UPDATES[i]) != 0) {
                probabilities[i] = modes.number(8);
            }
        }
        skipProbability = modes.flag() ? modes.number(8) : -1;
        coefficients = partitions(data, firstEnd, partitions);
    }

    private void readFilterLevels(int level, boolean segmented, boolean absolute, int[] segmentFilters)
            throws EOFException {
        int wholeDelta = 0;
        int blockDelta = 0;
        boolean enabled = modes.flag();
        boolean updated = enabled && modes.flag();
        if (updated) {
            int[] deltas = new int[8];
            for (int i = 0; i < 8; i++) {
                deltas[i] = modes.optionalSigned(6);
            }
            wholeDelta = deltas[0]; // of intra frames
            blockDelta = deltas[4]; // of block-wise prediction
        }
        for (int i = 0; i < SEGMENTS; i++) {
            int base = !segmented ? level : absolute ? segmentFilters[i] : level + segmentFilters[i];
            filterLevels[i][0] = level == 0 ? 0 : clip(base + wholeDelta, 63);
            filterLevels[i][1] = level == 0 ? 0 : clip(base + wholeDelta + blockDelta, 63);
        }
    }

    private void readQuantisers(boolean segmented, boolean absolute, int[] segmentQuantisers) throws EOFException {
        int base = modes.number(7);
        int lumaDelta = modes.optionalSigned(4);
        int lumaDcDelta = modes.optionalSigned(4);
        int lumaDcAcDelta = modes.optionalSigned(4);
        int chromaDelta = modes.optionalSigned(4);
        int chromaAcDelta = modes.optionalSigned(4);
        for (int i = 0; i < SEGMENTS; i++) {
            int q = !segmented ? base : absolute ? segmentQuantisers[i] : base + segmentQuantisers[i];
            quantisers[i] = new Quantiser(
                    new int[] {Vp8Tables.DC[clip(q + lumaDelta, 127)], Vp8Tables.AC[clip(q, 127)]},
                    new int[] {
                        2 * Vp8Tables.DC[clip(q + lumaDcDelta, 127)],
                        Math.max(8, Vp8Tables.AC[clip(q + lumaDcAcDelta, 127)] * 155 / 100)
                    },
                    new int[] {Vp8Tables.DC[clip(q + chromaDelta, 117)], Vp8Tables.AC[clip(q + chromaAcDelta, 127)]});
        }
    }

    private static BoolReader[] partitions(byte[] data, int from, int count) throws EOFException {
        BoolReader[] readers = new BoolReader[count];
        int at = from + 3 * (count - 1);
        if (at > data.length) {
            throw new EOFException("the VP8 partitions are cut off");
        }
        for (int i = 0; i < count; i++) {
            int left = data.length - at;
            int length = i == count - 1 ? left : u24(data, from + 3 * i);
            if (length > left) {
                throw new EOFException("a VP8 partition is cut off");
            }
            readers[i] = new BoolReader(data, at, at + length);
            at += length;
        }
        return readers;
    }

    private static int clip(int value, int most) {
        return Math.max(0, Math.min(most, value));
    }

    private static int u24(byte[] data, int at) {
        return (data[at] & 0xFF) | (data[at + 1] & 0xFF) << 8 | (data[at + 2] & 0xFF) << 16;
    }
}
