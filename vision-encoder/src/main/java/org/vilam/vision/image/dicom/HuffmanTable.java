package org.vilam.vision.image.dicom;

import java.nio.ByteBuffer;

/** A Huffman table of a JPEG stream (ITU-T T.81 annexes C and F.2.2.3). */
final class HuffmanTable {
    private static final int MAX_LENGTH = 16;

    /** Greatest code of each length, -1 where there is none. */
    private final int[] greatest = new int[MAX_LENGTH + 1];

    /** Index of a code of each length in {@link #symbols}, less the code. */
    private final int[] offset = new int[MAX_LENGTH + 1];

    private final byte[] symbols;

    /**
     * @param payload of the segment that defines it
     * @param at where its 16 counts begin
     */
    HuffmanTable(ByteBuffer payload, int at) {
        if (payload.limit() - at < MAX_LENGTH) {
            throw Refusal.corrupt("a JPEG Huffman table is cut off");
        }
        int code = 0;
        int index = 0;
        for (int length = 1; length <= MAX_LENGTH; length++) {
            int count = JpegStream.u8(payload, at + length - 1);
            offset[length] = index - code;
            code += count;
            index += count;
            greatest[length] = count == 0 ? -1 : code - 1;
            if (code > 1 << length) {
                throw Refusal.corrupt("a JPEG Huffman table has more codes of " + length + " bits than there are");
            }
            code <<= 1;
        }
        if (payload.limit() - at - MAX_LENGTH < index) {
            throw Refusal.corrupt("a JPEG Huffman table is cut off");
        }
        symbols = new byte[index];
        payload.get(at + MAX_LENGTH, symbols);
    }

    /** Bytes this table takes in its segment. */
    int size() {
        return MAX_LENGTH + symbols.length;
    }

    /** Reads the next symbol, 0..255. */
    int decode(JpegBits bits) {
        int ahead = bits.peek16();
        for (int length = 1; length <= MAX_LENGTH; length++) {
            int code = ahead >>> (MAX_LENGTH - length);
            if (code <= greatest[length]) {
                bits.skip(length);
                return symbols[offset[length] + code] & 0xFF;
            }
        }
        throw Refusal.corrupt("the JPEG frame has a code that its Huffman table lacks");
    }
}
