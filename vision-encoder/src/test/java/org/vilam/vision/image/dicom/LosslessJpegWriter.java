package org.vilam.vision.image.dicom;

import java.io.ByteArrayOutputStream;

/**
 * Writes JPEG lossless streams (ITU-T T.81 annex H) with one fixed Huffman table of 17 codes of 5 bits; shares no code with
 * the reader.
 *
 * @param restartLines lines between restart markers, 0 for none
 * @param interleaved one scan of all components, or one for each
 */
record LosslessJpegWriter(
        int width,
        int height,
        int components,
        int precision,
        int predictor,
        int pointTransform,
        int restartLines,
        boolean interleaved) {

    byte[] encode(int[] samples) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        marker(out, 0xD8);
        marker(out, 0xC3, 8 + 3 * components, precision, height >> 8, height, width >> 8, width, components);
        for (int c = 0; c < components; c++) {
            bytes(out, c + 1, 0x11, 0);
        }
        marker(out, 0xC4, 2 + 17 + 17, 0, 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        for (int category = 0; category <= 16; category++) {
            out.write(category);
        }
        marker(out, 0xDD, 4, (restartLines * width) >> 8, restartLines * width);
        if (interleaved) {
            int[] all = new int[components];
            for (int c = 0; c < components; c++) {
                all[c] = c;
            }
            scan(out, samples, all);
        } else {
            for (int c = 0; c < components; c++) {
                scan(out, samples, new int[] {c});
            }
        }
        marker(out, 0xD9);
        return out.toByteArray();
    }

    private void scan(ByteArrayOutputStream out, int[] samples, int[] scanned) {
        marker(out, 0xDA, 6 + 2 * scanned.length, scanned.length);
        for (int c : scanned) {
            bytes(out, c + 1, 0);
        }
        bytes(out, predictor, 0, pointTransform);
        Bits bits = new Bits(out);
        int restarts = 0;
        for (int y = 0; y < height; y++) {
            boolean fresh = y == 0 || (restartLines > 0 && y % restartLines == 0);
            if (fresh && y > 0) {
                bits.flush();
                marker(out, 0xD0 + restarts++ % 8);
            }
            for (int x = 0; x < width; x++) {
                for (int c : scanned) {
                    int difference = at(samples, x, y, c) - prediction(samples, x, y, c, fresh);
                    write(bits, (short) difference);
                }
            }
        }
        bits.flush();
    }

    private int at(int[] samples, int x, int y, int c) {
        return samples[(y * width + x) * components + c] >> pointTransform;
    }

    private int prediction(int[] samples, int x, int y, int c, boolean fresh) {
        if (x == 0) {
            return fresh ? 1 << (precision - pointTransform - 1) : at(samples, 0, y - 1, c);
        }
        int ra = at(samples, x - 1, y, c);
        if (fresh) {
            return ra;
        }
        int rb = at(samples, x, y - 1, c);
        int rc = at(samples, x - 1, y - 1, c);
        return switch (predictor) {
            case 1 -> ra;
            case 2 -> rb;
            case 3 -> rc;
            case 4 -> ra + rb - rc;
            case 5 -> ra + ((rb - rc) >> 1);
            case 6 -> rb + ((ra - rc) >> 1);
            default -> (ra + rb) / 2;
        };
    }

    private static void write(Bits bits, int difference) {
        if (difference == Short.MIN_VALUE) {
            bits.put(16, 5);
            return;
        }
        int category = 32 - Integer.numberOfLeadingZeros(Math.abs(difference));
        bits.put(category, 5);
        bits.put(difference < 0 ? (difference - 1) & ((1 << category) - 1) : difference, category);
    }

    private static void marker(ByteArrayOutputStream out, int marker, int... lengthAndPayload) {
        bytes(out, 0xFF, marker);
        for (int i = 0; i < lengthAndPayload.length; i++) {
            if (i == 0) {
                out.write(lengthAndPayload[0] >> 8);
            }
            out.write(lengthAndPayload[i]);
        }
    }

    private static void bytes(ByteArrayOutputStream out, int... values) {
        for (int value : values) {
            out.write(value);
        }
    }

    private static final class Bits {
        private final ByteArrayOutputStream out;
        private int buffer;
        private int count;

        Bits(ByteArrayOutputStream out) {
            this.out = out;
        }

        void put(int value, int bits) {
            for (int i = bits - 1; i >= 0; i--) {
                buffer = (buffer << 1) | ((value >> i) & 1);
                if (++count == 8) {
                    out.write(buffer);
                    if ((buffer & 0xFF) == 0xFF) {
                        out.write(0);
                    }
                    buffer = 0;
                    count = 0;
                }
            }
        }

        /** Fills the last byte with ones. */
        void flush() {
            while (count != 0) {
                put(1, 1);
            }
        }
    }
}
