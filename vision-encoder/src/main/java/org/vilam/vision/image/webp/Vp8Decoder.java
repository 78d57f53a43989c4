package org.vilam.vision.image.webp;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/**
 * Decodes a VP8 key frame (RFC 6386): macroblock by macroblock modes, coefficients, prediction and residue, then the loop
 * filter over the whole frame, since intra prediction looks at unfiltered samples.
 */
final class Vp8Decoder {
    private static final int WHOLE_LUMA = 0;
    private static final int LUMA_DC = 1;
    private static final int CHROMA = 2;
    private static final int BLOCK_LUMA = 3;
    /** Block modes that stand for the modes of a whole macroblock where blocks look at their neighbours. */
    private static final int[] AS_BLOCK_MODE = {Vp8Tables.B_DC, Vp8Tables.B_VE, Vp8Tables.B_HE, Vp8Tables.B_TM};

    private final Vp8Header header;
    private final int across;
    private final int down;
    private final Plane luma;
    private final Plane[] chroma;
    private final Vp8LoopFilter filter;

    /** Modes of the four blocks above each macroblock, and of the four left of the current one. */
    private final int[] modesAbove;

    private final int[] modesLeft = new int[4];
    /** Whether neighbours had coefficients: four luma, two of each chroma, one luma DC; above and left. */
    private final int[] codedAbove;

    private final int[] codedLeft = new int[9];

    private final int[] blockModes = new int[16];
    /** 16 luma, 4 + 4 chroma blocks of 16 coefficients. */
    private final int[] coefficients = new int[24 * 16];

    private final int[] lumaDc = new int[16];
    private boolean coded;

    private Vp8Decoder(Vp8Header header) {
        this.header = header;
        across = (header.width + 15) / 16;
        down = (header.height + 15) / 16;
        luma = new Plane(across * 16, down * 16);
        chroma = new Plane[] {new Plane(across * 8, down * 8), new Plane(across * 8, down * 8)};
        filter = new Vp8LoopFilter(header, across, down, luma, chroma);
        modesAbove = new int[across * 4];
        codedAbove = new int[across * 9];
    }

    /**
     * Decodes a frame.
     *
     * @param data the VP8 chunk's payload
     * @param checkpoint called once a row of macroblocks; may throw to end the decode
     * @return {@code height * width * 3} bytes of RGB
     */
    static byte[] decode(byte[] data, Runnable checkpoint) throws IOException {
        Vp8Decoder decoder = new Vp8Decoder(new Vp8Header(data));
        for (int y = 0; y < decoder.down; y++) {
            checkpoint.run();
            decoder.row(y);
        }
        decoder.filter.run(checkpoint);
        checkpoint.run();
        return YuvToRgb.convert(decoder.luma, decoder.chroma, decoder.header.width, decoder.header.height);
    }

    private void row(int y) throws EOFException {
        BoolReader tokens = header.coefficients[y & (header.coefficients.length - 1)];
        Arrays.fill(modesLeft, Vp8Tables.B_DC);
        Arrays.fill(codedLeft, 0);
        for (int x = 0; x < across; x++) {
            macroblock(x, y, tokens);
        }
    }

    private void macroblock(int x, int y, BoolReader tokens) throws EOFException {
        BoolReader modes = header.modes;
        int segment = 0;
        if (header.segmentMap) {
            int[] p = header.segmentProbabilities;
            segment = modes.bit(p[0]) == 0 ? modes.bit(p[1]) : 2 + modes.bit(p[2]);
        }
        boolean skipped = header.skipProbability >= 0 && modes.bit(header.skipProbability) != 0;
        boolean blockwise = modes.bit(145) == 0;
        int lumaMode = blockwise ? readBlockModes(x) : readLumaMode(x);
        int chromaMode = modes.bit(142) == 0
                ? Vp8Prediction.DC
                : modes.bit(114) == 0
                        ? Vp8Prediction.VERTICAL
                        : modes.bit(183) == 0 ? Vp8Prediction.HORIZONTAL : Vp8Prediction.TRUE_MOTION;
        Arrays.fill(coefficients, 0);
        coded = false;
        if (skipped) {
            skip(x, blockwise);
        } else {
            readCoefficients(x, blockwise, header.quantisers[segment], tokens);
        }
        reconstruct(x, y, blockwise, lumaMode, chromaMode);
        filter.note(x, y, header.filterLevels[segment][blockwise ? 1 : 0], blockwise || coded);
    }

    private int readLumaMode(int x) throws EOFException {
        BoolReader modes = header.modes;
        int mode = modes.bit(156) == 0
                ? (modes.bit(163) == 0 ? Vp8Prediction.DC : Vp8Prediction.VERTICAL)
                : (modes.bit(128) == 0 ? Vp8Prediction.HORIZONTAL : Vp8Prediction.TRUE_MOTION);
        Arrays.fill(modesLeft, AS_BLOCK_MODE[mode]);
        Arrays.fill(modesAbove, 4 * x, 4 * x + 4, AS_BLOCK_MODE[mode]);
        return mode;
    }

    private int readBlockModes(int x) throws EOFException {
        for (int i = 0; i < 16; i++) {
            int above = 4 * x + i % 4;
            int probabilities = (modesAbove[above] * 10 + modesLeft[i / 4]) * 9;
            int node = 0;
            do {
                node = Vp8Tables.BLOCK_MODE_TREE[
                        node + header.modes.bit(Vp8Tables.BLOCK_MODES[probabilities + (node >> 1)])];
            } while (node > 0);
            blockModes[i] = -node;
            modesAbove[above] = -node;
            modesLeft[i / 4] = -node;
        }
        return 0;
    }

    private void skip(int x, boolean blockwise) {
        int dcAbove = codedAbove[9 * x + 8];
        int dcLeft = codedLeft[8];
        Arrays.fill(codedAbove, 9 * x, 9 * x + 9, 0);
        Arrays.fill(codedLeft, 0);
        if (blockwise) { // has no luma DC block, so what is known of the last one stays
            codedAbove[9 * x + 8] = dcAbove;
            codedLeft[8] = dcLeft;
        }
    }

    private void readCoefficients(int x, boolean blockwise, Vp8Header.Quantiser quantiser, BoolReader tokens)
            throws EOFException {
        int first = 0;
        if (!blockwise) {
            Arrays.fill(lumaDc, 0);
            readBlock(tokens, LUMA_DC, 9 * x + 8, 8, 0, quantiser.lumaDc(), lumaDc, 0);
            Vp8Transform.hadamard(lumaDc, coefficients);
            first = 1;
        }
        for (int i = 0; i < 16; i++) {
            int type = blockwise ? BLOCK_LUMA : WHOLE_LUMA;
            readBlock(tokens, type, 9 * x + i % 4, i / 4, first, quantiser.luma(), coefficients, 16 * i);
            coded |= coefficients[16 * i] != 0;
        }
        for (int i = 0; i < 8; i++) {
            int plane = 4 + i / 4 * 2;
            int column = 9 * x + plane + i % 2;
            int row = plane + i / 2 % 2;
            readBlock(tokens, CHROMA, column, row, 0, quantiser.chroma(), coefficients, 256 + 16 * i);
        }
    }

    /** Reads one block and notes above (index {@code column}) and left ({@code row}) whether it had coefficients. */
    private void readBlock(
            BoolReader tokens, int type, int column, int row, int first, int[] quantiser, int[] out, int at)
            throws EOFException {
        int context = codedAbove[column] + codedLeft[row];
        int end = readTokens(tokens, type, context, first, quantiser, out, at);
        int any = end > first ? 1 : 0;
        codedAbove[column] = any;
        codedLeft[row] = any;
        coded |= type != LUMA_DC && any != 0;
    }

    /** Reads the tokens of one block (section 13); returns the position behind its last coefficient. */
    private int readTokens(BoolReader tokens, int type, int firstContext, int first, int[] quantiser, int[] out, int at)
            throws EOFException {
        int[] p = header.probabilities;
        int context = firstContext;
        for (int i = first; i < 16; i++) {
            int node = node(type, i, context);
            if (tokens.bit(p[node]) == 0) {
                return i;
            }
            while (tokens.bit(p[node + 1]) == 0) {
                if (++i == 16) {
                    return 16;
                }
                node = node(type, i, 0);
            }
            int value = 1;
            context = 1;
            if (tokens.bit(p[node + 2]) != 0) {
                value = large(tokens, p, node);
                context = 2;
            }
            int scaled = value * quantiser[i > 0 ? 1 : 0];
            out[at + Vp8Tables.ZIGZAG[i]] = tokens.bit(128) != 0 ? -scaled : scaled;
        }
        return 16;
    }

    private static int node(int type, int position, int context) {
        return ((type * 8 + Vp8Tables.BANDS[position]) * 3 + context) * 11;
    }

    private static int large(BoolReader tokens, int[] p, int node) throws EOFException {
        if (tokens.bit(p[node + 3]) == 0) {
            return tokens.bit(p[node + 4]) == 0 ? 2 : 3 + tokens.bit(p[node + 5]);
        }
        if (tokens.bit(p[node + 6]) == 0) {
            return tokens.bit(p[node + 7]) == 0 ? 5 + tokens.bit(159) : 7 + 2 * tokens.bit(165) + tokens.bit(145);
        }
        int high = tokens.bit(p[node + 8]);
        int category = 2 * high + tokens.bit(p[node + 9 + high]);
        int extra = 0;
        for (int probability : Vp8Tables.LARGE[category]) {
            extra = 2 * extra + tokens.bit(probability);
        }
        return 3 + (8 << category) + extra;
    }

    private void reconstruct(int x, int y, boolean blockwise, int lumaMode, int chromaMode) {
        int at = luma.at(16 * x, 16 * y);
        if (blockwise) {
            int right = luma.at(16 * x + 16, 16 * y - 1);
            if (x == across - 1 && y > 0) { // beyond the frame: the last sample goes on
                Arrays.fill(luma.samples, right, right + 4, luma.samples[right - 1]);
            }
            for (int i = 0; i < 16; i++) {
                int block = at + (i / 4 * luma.stride + i % 4) * 4;
                // The right column looks at the macroblock above and right in all its rows.
                Vp8Prediction.block(blockModes[i], luma, block, i % 4 == 3 ? right : block - luma.stride + 4);
                addResidue(16 * i, luma, block);
            }
        } else {
            Vp8Prediction.whole(lumaMode, luma, at, 16, y > 0, x > 0);
            for (int i = 0; i < 16; i++) {
                addResidue(16 * i, luma, at + (i / 4 * luma.stride + i % 4) * 4);
            }
        }
        for (int i = 0; i < 2; i++) {
            Plane plane = chroma[i];
            int corner = plane.at(8 * x, 8 * y);
            Vp8Prediction.whole(chromaMode, plane, corner, 8, y > 0, x > 0);
            for (int j = 0; j < 4; j++) {
                addResidue(256 + 64 * i + 16 * j, plane, corner + (j / 2 * plane.stride + j % 2) * 4);
            }
        }
    }

    private void addResidue(int from, Plane plane, int at) {
        for (int i = 1; i < 16; i++) {
            if (coefficients[from + i] != 0) {
                Vp8Transform.addCosine(coefficients, from, plane, at);
                return;
            }
        }
        if (coefficients[from] != 0) {
            Vp8Transform.addConstant(coefficients[from], plane, at);
        }
    }
}
