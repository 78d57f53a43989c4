package org.vilam.vision.image;

import java.nio.ByteBuffer;

/**
 * The run-length codes of BMP, 4 and 8 bits a pixel (Microsoft "Bitmap Compression").
 *
 * <p>Pixels that are skipped have index 0. A picture that stops before its last pixel is whole if it says so with an
 * end-of-bitmap code, and cut off if its bytes just end. Some writers (ImageMagick) encode the padding that fills a row to 4
 * bytes; it is dropped. Runs beyond that are an error.
 */
final class BmpRunLength {
    private final ByteBuffer file;
    private final int width;
    private final int height;
    private final int bits;
    private final byte[] indices;
    /** Pixels in a row of whole 32-bit words. */
    private final int paddedWidth;

    private int at;
    private int x;
    private int y;

    /** Codes begin at {@code at} in {@code file}. */
    BmpRunLength(ByteBuffer file, int at, int width, int height, int bits) {
        this.file = file;
        this.at = at;
        this.width = width;
        this.height = height;
        this.bits = bits;
        this.indices = new byte[width * height];
        this.paddedWidth = (int) (((long) width * bits + 31) / 32 * 32 / bits);
    }

    /** The indices, row by row as stored. */
    byte[] decode(DecodeRun run) {
        while (y < height) {
            if ((at & 0xFFF) < 2) {
                run.checkDeadline();
            }
            int count = next();
            int code = next();
            if (count > 0) {
                for (int i = 0; i < count; i++) {
                    put(nibble(code, i));
                }
            } else if (code == 0) {
                x = 0;
                y++;
            } else if (code == 1) {
                return indices;
            } else if (code == 2) {
                x += next();
                y += next();
            } else {
                literal(code);
            }
        }
        return indices;
    }

    private void literal(int count) {
        int start = at;
        int bytes = (count * bits + 7) / 8;
        for (int i = 0; i < count; i++) {
            if (bits == 8 || i % 2 == 0) {
                at = start + i * bits / 8;
            }
            put(bits == 8 ? next() : nibble(byteAt(start + i / 2), i));
        }
        at = start + bytes + bytes % 2; // padded to 16 bits
    }

    /** Pixel {@code i} of a pair of 4-bit pixels, or the one 8-bit pixel. */
    private int nibble(int code, int i) {
        return bits == 8 ? code : i % 2 == 0 ? code >> 4 : code & 15;
    }

    private void put(int index) {
        if (x >= paddedWidth || y >= height) {
            throw DecodeErrors.corrupt("BMP", "a run goes past the end of its row");
        }
        if (x < width) {
            indices[y * width + x] = (byte) index;
        }
        x++;
    }

    private int next() {
        return byteAt(at++);
    }

    private int byteAt(int index) {
        if (index < 0 || index >= file.limit()) {
            throw DecodeErrors.corrupt("BMP", "its run-length codes are cut off");
        }
        return file.get(index) & 0xFF;
    }
}
