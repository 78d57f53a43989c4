package org.vilam.vision.image.webp;

/** What a VP8L encoder did to the pixels beforehand, and how to undo it (RFC 9649 section 3.5). */
sealed interface Vp8lTransform {
    /** Pixels across as they are coded. */
    int codedWidth();

    /** Undoes the transform, in place unless the width changes. */
    int[] undo(int[] pixels, int height);

    /** Adds two pixels, channel by channel. */
    private static int add(int a, int b) {
        return (((a & 0xFF00FF00) + (b & 0xFF00FF00)) & 0xFF00FF00)
                | (((a & 0x00FF00FF) + (b & 0x00FF00FF)) & 0x00FF00FF);
    }

    /** Pixels were replaced by their difference from a prediction, of a mode for each block. */
    @SuppressWarnings("ArrayRecordComponent") // read by the decoder alone, never compared
    record Predictor(int codedWidth, int bits, int[] modes) implements Vp8lTransform {
        @Override
        public int[] undo(int[] p, int height) {
            int width = codedWidth;
            int blocks = (width + (1 << bits) - 1) >> bits;
            p[0] = add(p[0], 0xFF000000);
            for (int x = 1; x < width; x++) {
                p[x] = add(p[x], p[x - 1]);
            }
            for (int y = 1; y < height; y++) {
                int row = y * width;
                p[row] = add(p[row], p[row - width]);
                int modeRow = (y >> bits) * blocks;
                for (int x = 1; x < width; x++) {
                    int mode = modes[modeRow + (x >> bits)] >> 8 & 15;
                    p[row + x] = add(p[row + x], predict(mode, p, row + x, width));
                }
            }
            return p;
        }

        /** At the right end of a row the pixel above right is the first of the row itself. */
        private static int predict(int mode, int[] p, int at, int width) {
            int left = p[at - 1];
            int top = p[at - width];
            int topRight = p[at - width + 1];
            int topLeft = p[at - width - 1];
            return switch (mode) {
                case 1 -> left;
                case 2 -> top;
                case 3 -> topRight;
                case 4 -> topLeft;
                case 5 -> mean(mean(left, topRight), top);
                case 6 -> mean(left, topLeft);
                case 7 -> mean(left, top);
                case 8 -> mean(topLeft, top);
                case 9 -> mean(top, topRight);
                case 10 -> mean(mean(left, topLeft), mean(top, topRight));
                case 11 -> select(left, top, topLeft);
                case 12 -> full(left, top, topLeft);
                case 13 -> half(mean(left, top), topLeft);
                default -> 0xFF000000;
            };
        }

        private static int mean(int a, int b) {
            return (((a ^ b) >>> 1) & 0x7F7F7F7F) + (a & b);
        }

        private static int select(int left, int top, int topLeft) {
            int toLeft = 0;
            int toTop = 0;
            for (int shift = 0; shift < 32; shift += 8) {
                int corner = topLeft >>> shift & 0xFF;
                toLeft += Math.abs((top >>> shift & 0xFF) - corner);
                toTop += Math.abs((left >>> shift & 0xFF) - corner);
            }
            return toLeft < toTop ? left : top;
        }

        private static int full(int left, int top, int topLeft) {
            int sum = 0;
            for (int shift = 0; shift < 32; shift += 8) {
                int value = (left >>> shift & 0xFF) + (top >>> shift & 0xFF) - (topLeft >>> shift & 0xFF);
                sum |= clamp(value) << shift;
            }
            return sum;
        }

        private static int half(int mean, int topLeft) {
            int sum = 0;
            for (int shift = 0; shift < 32; shift += 8) {
                int value = mean >>> shift & 0xFF;
                sum |= clamp(value + (value - (topLeft >>> shift & 0xFF)) / 2) << shift;
            }
            return sum;
        }

        private static int clamp(int value) {
            return Math.max(0, Math.min(255, value));
        }
    }

    /** Red and blue were lessened by multiples of green and red, of factors for each block. */
    @SuppressWarnings("ArrayRecordComponent") // read by the decoder alone, never compared
    record Colour(int codedWidth, int bits, int[] factors) implements Vp8lTransform {
        @Override
        public int[] undo(int[] p, int height) {
            int blocks = (codedWidth + (1 << bits) - 1) >> bits;
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < codedWidth; x++) {
                    int at = y * codedWidth + x;
                    int factor = factors[(y >> bits) * blocks + (x >> bits)];
                    byte green = (byte) (p[at] >> 8);
                    int red = ((p[at] >> 16) + times(factor, green)) & 0xFF;
                    int blue = (p[at] + times(factor >> 8, green) + times(factor >> 16, (byte) red)) & 0xFF;
                    p[at] = (p[at] & 0xFF00FF00) | red << 16 | blue;
                }
            }
            return p;
        }

        private static int times(int factor, byte value) {
            return ((byte) factor * value) >> 5;
        }
    }

    /** Green was subtracted from red and blue. */
    record SubtractGreen(int codedWidth) implements Vp8lTransform {
        @Override
        public int[] undo(int[] p, int height) {
            for (int i = 0; i < p.length; i++) {
                int green = p[i] >> 8 & 0xFF;
                p[i] = (p[i] & 0xFF00FF00) | (((p[i] & 0x00FF00FF) + (green << 16 | green)) & 0x00FF00FF);
            }
            return p;
        }
    }

    /** Pixels were replaced by indices into a palette, of small palettes several in one pixel. */
    final class Palette implements Vp8lTransform {
        private final int width;
        private final int bits;
        private final int[] colours = new int[256];

        /** @param differences each colour less the one before it */
        Palette(int width, int bits, int[] differences) {
            this.width = width;
            this.bits = bits;
            int colour = 0;
            for (int i = 0; i < differences.length; i++) {
                colour = add(colour, differences[i]);
                colours[i] = colour; // indices beyond are transparent black
            }
        }

        @Override
        public int codedWidth() {
            return (width + (1 << bits) - 1) >> bits;
        }

        @Override
        public int[] undo(int[] coded, int height) {
            int[] pixels = bits == 0 ? coded : new int[width * height];
            int indexBits = 8 >> bits;
            int perPixel = (1 << bits) - 1;
            for (int y = 0, at = 0; y < height; y++) {
                int row = y * codedWidth();
                for (int x = 0; x < width; x++) {
                    int packed = coded[row + (x >> bits)] >> 8 & 0xFF;
                    pixels[at++] = colours[(packed >> ((x & perPixel) * indexBits)) & ((1 << indexBits) - 1)];
                }
            }
            return pixels;
        }
    }
}
