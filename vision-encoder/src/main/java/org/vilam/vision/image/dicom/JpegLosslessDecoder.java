package org.vilam.vision.image.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * JPEG lossless, Huffman coded (ITU-T T.81 annex H, process 14): 2 to 16 bits, predictors 1 to 7, interleaved scans or one a
 * component, restart intervals of whole lines, point transform.
 */
final class JpegLosslessDecoder {
    private final JpegStream stream;
    private final int bytesPerSample;
    private final byte[] out;
    private final @Nullable HuffmanTable[] tables = new HuffmanTable[4];
    private int restartInterval;

    private JpegLosslessDecoder(JpegStream stream, int bytesPerSample, int frameBytes) {
        this.stream = stream;
        this.bytesPerSample = bytesPerSample;
        this.out = new byte[frameBytes];
    }

    static StoredSamples decode(JpegStream stream, PixelFormat format) {
        if (stream.subsampled()) {
            throw Refusal.compression("JPEG lossless with subsampled components is not decoded");
        }
        int allocated = format.bitsAllocated();
        if (stream.precision() < 2 || stream.precision() > 16 || allocated > 16 || allocated < stream.precision()) {
            throw Refusal.corrupt("the JPEG frame has " + stream.precision() + " bits, but " + Tag.BITS_ALLOCATED
                    + " is " + allocated);
        }
        JpegLosslessDecoder decoder =
                new JpegLosslessDecoder(stream, allocated / 8, Math.toIntExact(format.frameBytes()));
        decoder.segments();
        return new StoredSamples(
                format.interleaved(format.photometric()),
                ByteBuffer.wrap(decoder.out).order(ByteOrder.LITTLE_ENDIAN),
                false);
    }

    private void segments() {
        boolean[] seen = new boolean[stream.components().size()];
        for (JpegStream.Segment segment : stream.segments()) {
            switch (segment.marker()) {
                case JpegStream.DHT -> huffmanTables(segment.payload());
                case JpegStream.DRI -> {
                    if (segment.payload().limit() != 2) {
                        throw Refusal.corrupt("the restart interval of the JPEG frame has the wrong length");
                    }
                    restartInterval = Bytes.u16(segment.payload(), 0, ByteOrder.BIG_ENDIAN);
                }
                case JpegStream.SOS -> scan(segment, seen);
                default -> {
                    // Application data, comments and quantisation tables, which lossless coding has no use for.
                }
            }
        }
        for (boolean component : seen) {
            if (!component) {
                throw Refusal.corrupt("a component of the JPEG frame has no scan");
            }
        }
    }

    private void huffmanTables(ByteBuffer payload) {
        for (int at = 0; at < payload.limit(); ) {
            int selector = JpegStream.u8(payload, at);
            if (selector > 3) {
                throw Refusal.corrupt("the JPEG frame has a Huffman table that lossless coding cannot have");
            }
            HuffmanTable table = new HuffmanTable(payload, at + 1);
            tables[selector] = table;
            at += 1 + table.size();
        }
    }

    private void scan(JpegStream.Segment segment, boolean[] seen) {
        ByteBuffer header = segment.payload();
        int count = header.limit() == 0 ? 0 : JpegStream.u8(header, 0);
        if (count < 1 || count > seen.length || header.limit() != 4 + 2 * count) {
            throw Refusal.corrupt("a scan header of the JPEG frame has the wrong length");
        }
        int[] components = new int[count];
        HuffmanTable[] codes = new HuffmanTable[count];
        for (int i = 0; i < count; i++) {
            int id = JpegStream.u8(header, 1 + 2 * i);
            int component = 0;
            while (component < seen.length && stream.components().get(component).id() != id) {
                component++;
            }
            int selector = JpegStream.u8(header, 2 + 2 * i) >> 4;
            HuffmanTable table = selector < tables.length ? tables[selector] : null;
            // Each component has one scan: also a bound on the work that a short stream can ask for.
            if (component == seen.length || seen[component] || table == null) {
                throw Refusal.corrupt(
                        "a scan of the JPEG frame names an unknown component or table, or one component twice");
            }
            seen[component] = true;
            components[i] = component;
            codes[i] = table;
        }
        int predictor = JpegStream.u8(header, 1 + 2 * count);
        int pointTransform = JpegStream.u8(header, 3 + 2 * count) & 15;
        if (predictor < 1 || predictor > 7 || pointTransform >= stream.precision()) {
            throw Refusal.corrupt(
                    "a scan of the JPEG frame has predictor " + predictor + " and point transform " + pointTransform);
        }
        if (restartInterval % stream.width() != 0) {
            throw Refusal.corrupt("the restart interval of the JPEG frame is no whole number of lines");
        }
        lines(new JpegBits(segment.entropy()), components, codes, predictor, pointTransform);
    }

    /** Decodes the lines of a scan; {@code above} and {@code line} hold one line of each of its components. */
    private void lines(JpegBits bits, int[] components, HuffmanTable[] codes, int predictor, int pointTransform) {
        int width = stream.width();
        int linesToRestart = restartInterval == 0 ? Integer.MAX_VALUE : restartInterval / width;
        int[][] above = new int[components.length][width];
        int[][] line = new int[components.length][width];
        for (int y = 0; y < stream.height(); y++) {
            boolean first = y % linesToRestart == 0;
            if (first && y > 0) {
                bits.restart();
            }
            if (first) {
                // Half the range predicts the first sample, its left neighbour the others (section H.1.2.1); at x = 0
                // the
                // sample above predicts, so a line of this value above gives the same.
                for (int[] samples : above) {
                    Arrays.fill(samples, 1 << (stream.precision() - pointTransform - 1));
                }
            }
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < components.length; c++) {
                    int difference = difference(bits, codes[c]);
                    int prediction = x == 0
                            ? above[c][0]
                            : predict(first ? 1 : predictor, line[c][x - 1], above[c][x], above[c][x - 1]);
                    int sample = (prediction + difference) & 0xFFFF;
                    line[c][x] = sample;
                    store(y * width + x, components[c], sample << pointTransform);
                }
            }
            int[][] done = above;
            above = line;
            line = done;
        }
    }

    /** Section H.1.2.2, table H.2: a magnitude category and, but for 0 and 16, as many more bits. */
    private static int difference(JpegBits bits, HuffmanTable codes) {
        int category = codes.decode(bits);
        if (category == 0) {
            return 0;
        }
        if (category >= 16) {
            if (category > 16) {
                throw Refusal.corrupt("the JPEG frame has a difference of more than 16 bits");
            }
            return 1 << 15;
        }
        int value = bits.take(category);
        return value < 1 << (category - 1) ? value - (1 << category) + 1 : value;
    }

    /** Section H.1.2, table H.1, of the left, upper and upper left neighbour. */
    private static int predict(int predictor, int left, int up, int corner) {
        return switch (predictor) {
            case 1 -> left;
            case 2 -> up;
            case 3 -> corner;
            case 4 -> left + up - corner;
            case 5 -> left + ((up - corner) >> 1);
            case 6 -> up + ((left - corner) >> 1);
            default -> (left + up) >> 1;
        };
    }

    private void store(int pixel, int component, int sample) {
        int at = (pixel * stream.components().size() + component) * bytesPerSample;
        out[at] = (byte) sample;
        if (bytesPerSample == 2) {
            out[at + 1] = (byte) (sample >> 8);
        }
    }
}
