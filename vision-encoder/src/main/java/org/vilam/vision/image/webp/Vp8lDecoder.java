package org.vilam.vision.image.webp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.IIOException;

/** Decodes VP8L, lossless pictures of ARGB pixels (RFC 9649 section 3). */
final class Vp8lDecoder {
    private static final int LENGTHS = 24;
    private static final int DISTANCES = 40;
    /** Entries of all look-up tables together, 64 MB; what libwebp writes keeps far below. */
    private static final int MOST_ENTRIES = 1 << 24;
    /** The 120 short distances: {@code dy << 4 | 8 - dx} (section 3.5.2.2). */
    private static final int[] NEAR = {
        0x18, 0x07, 0x17, 0x19, 0x28, 0x06, 0x27, 0x29, 0x16, 0x1a, 0x26, 0x2a, 0x38, 0x05, 0x37, 0x39, 0x15, 0x1b,
        0x36, 0x3a, 0x25, 0x2b, 0x48, 0x04, 0x47, 0x49, 0x14, 0x1c, 0x35, 0x3b, 0x46, 0x4a, 0x24, 0x2c, 0x58, 0x45,
        0x4b, 0x34, 0x3c, 0x03, 0x57, 0x59, 0x13, 0x1d, 0x56, 0x5a, 0x23, 0x2d, 0x44, 0x4c, 0x55, 0x5b, 0x33, 0x3d,
        0x68, 0x02, 0x67, 0x69, 0x12, 0x1e, 0x66, 0x6a, 0x22, 0x2e, 0x54, 0x5c, 0x43, 0x4d, 0x65, 0x6b, 0x32, 0x3e,
        0x78, 0x01, 0x77, 0x79, 0x53, 0x5d, 0x11, 0x1f, 0x64, 0x6c, 0x42, 0x4e, 0x76, 0x7a, 0x21, 0x2f, 0x75, 0x7b,
        0x31, 0x3f, 0x63, 0x6d, 0x52, 0x5e, 0x00, 0x74, 0x7c, 0x41, 0x4f, 0x10, 0x20, 0x62, 0x6e, 0x30, 0x73, 0x7d,
        0x51, 0x5f, 0x40, 0x72, 0x7e, 0x61, 0x6f, 0x50, 0x71, 0x7f, 0x60, 0x70
    };

    /** Codes of green with lengths and cache, red, blue, alpha, distances. */
    private record Group(PrefixCode green, PrefixCode red, PrefixCode blue, PrefixCode alpha, PrefixCode distance) {}

    private final LsbReader in;
    private final Runnable checkpoint;
    private int entries;

    private Vp8lDecoder(LsbReader in, Runnable checkpoint) {
        this.in = in;
        this.checkpoint = checkpoint;
    }

    /**
     * Decodes a picture whose size is known.
     *
     * @param data holds the image stream from {@code from} on, behind the header with the size
     * @param checkpoint called now and then; may throw to end the decode
     * @return {@code height * width} pixels, ARGB
     */
    static int[] decode(byte[] data, int from, int width, int height, Runnable checkpoint) throws IOException {
        Vp8lDecoder decoder = new Vp8lDecoder(new LsbReader(data, from, data.length), checkpoint);
        List<Vp8lTransform> transforms = new ArrayList<>();
        int seen = 0;
        int coded = width;
        while (decoder.in.flag()) {
            int type = decoder.in.number(2);
            if ((seen & 1 << type) != 0) {
                throw new IIOException("a VP8L transform comes twice");
            }
            seen |= 1 << type;
            Vp8lTransform transform = decoder.transform(type, coded, height);
            transforms.add(transform);
            coded = transform.codedWidth();
        }
        int[] pixels = decoder.pixels(coded, height, true);
        for (int i = transforms.size() - 1; i >= 0; i--) {
            checkpoint.run();
            pixels = transforms.get(i).undo(pixels, height);
        }
        return pixels;
    }

    private Vp8lTransform transform(int type, int width, int height) throws IOException {
        return switch (type) {
            case 0, 1 -> {
                int bits = 2 + in.number(3);
                int[] blocks = pixels(blocks(width, bits), blocks(height, bits), false);
                yield type == 0
                        ? new Vp8lTransform.Predictor(width, bits, blocks)
                        : new Vp8lTransform.Colour(width, bits, blocks);
            }
            case 2 -> new Vp8lTransform.SubtractGreen(width);
            default -> {
                int size = 1 + in.number(8);
                int[] differences = pixels(size, 1, false);
                int bits = size <= 2 ? 3 : size <= 4 ? 2 : size <= 16 ? 1 : 0;
                yield new Vp8lTransform.Palette(width, bits, differences);
            }
        };
    }

    private static int blocks(int size, int bits) {
        return (size + (1 << bits) - 1) >> bits;
    }

    /** Reads an entropy-coded picture; only the outermost has several groups of codes. */
    private int[] pixels(int width, int height, boolean outermost) throws IOException {
        boolean cached = in.flag();
        int cacheBits = cached ? in.number(4) : 0;
        if (cacheBits > 11 || (cached && cacheBits == 0)) {
            throw new IIOException("the VP8L colour cache has " + cacheBits + " bits");
        }
        int groupBits = 0;
        int[] groupMap = {};
        int groupCount = 1;
        if (outermost && in.flag()) {
            groupBits = 2 + in.number(3);
            groupMap = pixels(blocks(width, groupBits), blocks(height, groupBits), false);
            for (int i = 0; i < groupMap.length; i++) {
                groupMap[i] = groupMap[i] >> 8 & 0xFFFF;
                groupCount = Math.max(groupCount, groupMap[i] + 1);
            }
        }
        Group[] groups = new Group[groupCount];
        for (int i = 0; i < groupCount; i++) {
            if ((i & 0xFF) == 0) {
                checkpoint.run();
            }
            groups[i] = new Group(
                    code(256 + LENGTHS + (cacheBits > 0 ? 1 << cacheBits : 0)),
                    code(256),
                    code(256),
                    code(256),
                    code(DISTANCES));
        }
        int[] pixels = new int[width * height];
        fill(pixels, width, groups, groupMap, groupBits, new int[cacheBits > 0 ? 1 << cacheBits : 0], cacheBits);
        return pixels;
    }

    private PrefixCode code(int symbols) throws IOException {
        PrefixCode code = PrefixCode.read(in, symbols);
        entries += code.size();
        if (entries > MOST_ENTRIES) {
            throw new IIOException("the VP8L picture has too many codes");
        }
        return code;
    }

    private void fill(
            int[] pixels, int width, Group[] groups, int[] groupMap, int groupBits, int[] cache, int cacheBits)
            throws IOException {
        int mapWidth = blocks(width, groupBits);
        Group group = groups[0];
        int cached = 0; // pixels before this one are in the cache
        int x = 0;
        int y = 0;
        boolean look = true;
        for (int at = 0; at < pixels.length; ) {
            if (groupMap.length > 0 && (look || (x & ((1 << groupBits) - 1)) == 0)) {
                group = groups[groupMap[(y >> groupBits) * mapWidth + (x >> groupBits)]];
                look = false;
            }
            int symbol = group.green.symbol(in);
            int count = 1;
            if (symbol < 256) {
                int red = group.red.symbol(in);
                int blue = group.blue.symbol(in);
                pixels[at] = group.alpha.symbol(in) << 24 | red << 16 | symbol << 8 | blue;
            } else if (symbol < 256 + LENGTHS) {
                count = extended(symbol - 256);
                int distance = distance(extended(group.distance.symbol(in)), width);
                if (distance > at || count > pixels.length - at) {
                    throw new IIOException("VP8L data refer to pixels outside the picture");
                }
                for (int end = at + count, to = at; to < end; to++) {
                    pixels[to] = pixels[to - distance];
                }
                look = true;
            } else {
                for (; cached < at; cached++) {
                    cache[hash(pixels[cached], cacheBits)] = pixels[cached];
                }
                pixels[at] = cache[symbol - 256 - LENGTHS];
            }
            at += count;
            x += count;
            if (x >= width) {
                checkpoint.run();
                y += x / width;
                x %= width;
            }
        }
    }

    private static int hash(int pixel, int bits) {
        return (pixel * 0x1E35A7BD) >>> (32 - bits);
    }

    /** A length or distance: a prefix and the extra bits it asks for. */
    private int extended(int prefix) throws IOException {
        if (prefix < 4) {
            return prefix + 1;
        }
        int extra = (prefix - 2) >> 1;
        return ((2 + (prefix & 1)) << extra) + in.number(extra) + 1;
    }

    private static int distance(int code, int width) {
        if (code > NEAR.length) {
            return code - NEAR.length;
        }
        int near = NEAR[code - 1];
        return Math.max(1, (near >> 4) * width + 8 - (near & 15));
    }

    /** Alpha of a lossy picture, coded as the green of a lossless one. */
    static byte[] green(byte[] data, int from, int width, int height, Runnable checkpoint) throws IOException {
        int[] pixels = decode(data, from, width, height, checkpoint);
        byte[] green = new byte[pixels.length];
        for (int i = 0; i < green.length; i++) {
            green[i] = (byte) (pixels[i] >> 8);
        }
        return green;
    }
}
