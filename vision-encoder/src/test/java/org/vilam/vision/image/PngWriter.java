package org.vilam.vision.image;

import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Writes PNG files of every kind for tests, unfiltered. */
final class PngWriter {
    private static final int[][] PASSES = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
    };
    private static final int[] CHANNELS = {1, 0, 3, 1, 2, 0, 4};

    private final int width;
    private final int height;
    private final int colourType;
    private final int bits;
    private boolean interlaced;
    private final Bytes before = new Bytes();
    private final Bytes after = new Bytes();

    PngWriter(int width, int height, int colourType, int bits) {
        this.width = width;
        this.height = height;
        this.colourType = colourType;
        this.bits = bits;
    }

    PngWriter interlaced() {
        interlaced = true;
        return this;
    }

    /** A chunk between header and picture. */
    PngWriter with(String type, byte[] data) {
        before.raw(chunk(type, data));
        return this;
    }

    /** A chunk after the picture. */
    PngWriter ending(String type, byte[] data) {
        after.raw(chunk(type, data));
        return this;
    }

    /** The file of these samples, row by row, channels interleaved. */
    byte[] write(int... samples) {
        Bytes rows = new Bytes();
        if (interlaced) {
            for (int[] pass : PASSES) {
                pass(rows, samples, pass[0], pass[1], pass[2], pass[3]);
            }
        } else {
            pass(rows, samples, 0, 0, 1, 1);
        }
        return file(deflate(rows.done()));
    }

    byte[] file(byte[] idat) {
        byte[] header = new Bytes()
                .be32(width, height)
                .raw(bits, colourType, 0, 0, interlaced ? 1 : 0)
                .done();
        return new Bytes()
                .raw(0x89, 'P', 'N', 'G', 13, 10, 26, 10)
                .raw(chunk("IHDR", header))
                .raw(before.done())
                .raw(chunk("IDAT", idat))
                .raw(after.done())
                .raw(chunk("IEND", new byte[0]))
                .done();
    }

    private void pass(Bytes rows, int[] samples, int x0, int y0, int dx, int dy) {
        if (x0 >= width) {
            return;
        }
        int channels = CHANNELS[colourType];
        for (int y = y0; y < height; y += dy) {
            rows.raw(0); // filter: none
            int gathered = 0;
            int filled = 0;
            for (int x = x0; x < width; x += dx) {
                for (int c = 0; c < channels; c++) {
                    int sample = samples[(y * width + x) * channels + c];
                    if (bits == 16) {
                        rows.be16(sample);
                    } else {
                        gathered = gathered << bits | sample;
                        filled += bits;
                        if (filled == 8) {
                            rows.raw(gathered);
                            gathered = 0;
                            filled = 0;
                        }
                    }
                }
            }
            if (filled > 0) {
                rows.raw(gathered << (8 - filled));
            }
        }
    }

    static byte[] deflate(byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out, new Deflater())) {
            deflater.write(data);
        } catch (java.io.IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
        return out.toByteArray();
    }

    static byte[] chunk(String type, byte[] data) {
        byte[] checked = new Bytes().text(type).raw(data).done();
        CRC32 crc = new CRC32();
        crc.update(checked);
        return new Bytes()
                .be32(data.length)
                .raw(checked)
                .be32((int) crc.getValue())
                .done();
    }
}
